/// Permits that a shared store has granted for calls that were about to follow: so a row of calls costs the store a step now
/// and then, instead of one each.
///
/// They hold their places from the moment when they were granted, which is before their requests are sent, as the proof
/// of the limiter wants it. Those that no call takes within some milliseconds are given back; those of a process that is
/// killed run out with their deadlines, as the places of requests that it had sent.
struct PlacesAhead: Sendable {
    /// Places that are asked for at most.
    static let most = 16
    /// Calls that are this far apart at most follow one another.
    private static let interval: Duration = .milliseconds(12)
    /// None is used that is older: the process stood still meanwhile.
    private static let lifetime: Duration = .seconds(1)

    private var lanes: LaneSet = []
    private var callLifetime: Duration = .zero
    private var permits: [Permit] = []
    /// As many as the last lot was worth, and twice as many each time that one is used up.
    private var size = 0
    private var granted = 0
    private var lastCall: Duration?

    /// The next of them, where they are of that kind.
    mutating func take(for demand: PermitDemand, at now: Duration) -> Permit? {
        guard demand.priority == .bulk, demand.lanes == lanes, demand.lifetime == callLifetime, let last = permits.last,
            now - last.grantedAt < Self.lifetime
        else { return nil }
        lastCall = now
        return permits.popLast()
    }

    /// How many are to be asked for together with a place for a call that finds none of them.
    mutating func wanted(for demand: PermitDemand, at now: Duration) -> Int {
        guard demand.priority == .bulk else { return 0 }
        defer { lastCall = now }
        guard let lastCall, now - lastCall < Self.interval else {
            size = 0
            return 0
        }
        size = min(Self.most, max(1, size * 2))
        return size
    }

    /// Keeps permits that were granted ahead of calls like `demand`.
    mutating func keep(_ lot: [Permit], for demand: PermitDemand) {
        // The one that was granted first comes last.
        (lanes, callLifetime, permits) = (demand.lanes, demand.lifetime, lot.reversed())
        granted = lot.count
    }

    /// All of them, to be given back.
    mutating func takeAll() -> [EndedPermit] {
        guard !permits.isEmpty else { return [] }
        size = min(size, granted - permits.count)
        defer { permits = [] }
        return permits.map { EndedPermit(permit: $0, outcome: .unsent) }
    }
}
