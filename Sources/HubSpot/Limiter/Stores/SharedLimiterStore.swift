import Synchronization

/// A ``LimiterStore`` that several processes share and that may be out of reach. ``GuardedStore`` stands in front of it.
protocol SharedLimiterStore: Sendable {
    var kind: LimitsState.StoreKind { get }

    func take(_ demand: LimiterDemand) async throws(StoreProblem) -> LimiterDecision
    func settle(_ permit: LimiterPermit, _ outcome: LimiterOutcome) async throws(StoreProblem) -> [LimiterNotice]
    func learn(portalID: Int64, dayEndsAt instant: Duration?) async throws(StoreProblem)
    func snapshot() async throws(StoreProblem) -> LimiterSnapshot
    func burstFree(_ count: Int) async throws(StoreProblem) -> Duration?

    /// Tells the others of this process; nil: that it ends.
    func announce(_ presence: LimiterPresence?) async throws(StoreProblem)
    /// Who told of itself lately.
    func members() async throws(StoreProblem) -> [LimiterMember]

    /// Books places that were taken while the store was out of reach.
    func adopt(_ places: [Lane: Int]) async throws(StoreProblem)
}

/// Why a shared store cannot be used.
struct StoreProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// The store: a file's path, a server's address.
    var store: String
    var reason: String
    /// What to do about it.
    var advice: String

    var description: String { "\(store): \(reason); \(advice)" }
}

/// Who shares: one of each store value, made up at random.
final class StoreMember: Sendable {
    /// In the upper half of the permits' ids too, so that they are unique among all who share.
    let id = UInt64(UInt32.random(in: 1...UInt32.max)) << 32
    private let count = Mutex<UInt32>(0)

    func nextPermit() -> UInt64 {
        id | UInt64(count.withLock { count in
            count &+= 1
            return count
        })
    }
}
