import Synchronization
import TestSupport
import Testing

@testable import Quota

/// The limiter over each of its stores, against a server that counts every arrival and shows no mercy.
@Suite("The limiter against a strict server") struct LimiterModelTests {
    private static let standard: [Lane: (count: Int, window: Duration)] = [
        .burst: (100, .seconds(10)), .search: (5, .seconds(1)), .associations: (100, .seconds(10)),
        .forms: (50, .seconds(10)),
    ]
    private static let all: [LaneSet] = [
        [.burst, .day], [.search, .day], [.associations, .day], .forms, [.burst, .associations, .day],
    ]

    /// Small windows, so that many of them pass.
    private static func mixed(_ seed: Int) -> (EagerClient, StrictServer, String) {
        var dice = SeededGenerator(seed)
        var limits: [Lane: (count: Int, window: Duration)] = [:]
        for lane in Lane.allCases {
            limits[lane] = (Int.random(in: 2...60, using: &dice), .seconds(Int.random(in: 1...10, using: &dice)))
        }
        var client = EagerClient()
        client.demands = Array(all.shuffled(using: &dice).prefix(Int.random(in: 1...5, using: &dice)))
        client.inFlight = Int.random(in: 1...60, using: &dice)
        let low = Double.random(in: 0.0005...0.05, using: &dice)
        client.latency = low...(low + Double.random(in: 0...2, using: &dice))
        client.unsent = Double.random(in: 0...0.2, using: &dice)
        client.cancelled = seed.isMultiple(of: 2) ? Double.random(in: 0...0.1, using: &dice) : 0
        client.lost = seed.isMultiple(of: 3) ? 0.02 : 0
        func part(_ lane: Lane) -> String {
            let (count, window) = limits[lane] ?? (1, .seconds(1))
            return (lane == .burst ? "" : "\(lane)=") + "\(count)/\(window.components.seconds)s"
        }
        return (client, StrictServer(limits), Lane.allCases.map(part).joined(separator: ","))
    }

    /// Whoever shares looks again every few milliseconds while something is unanswered: less of it.
    private static func shared(_ seed: Int) -> (EagerClient, StrictServer, String) {
        var (client, server, limits) = mixed(seed)
        client.requests = 40
        client.lost = 0
        client.cancelled = 0
        client.latency = client.latency.lowerBound...min(client.latency.upperBound, 0.3)
        return (client, server, limits)
    }

    private static func check(_ client: EagerClient, _ server: StrictServer, _ comment: Comment) {
        #expect(client.refused.isEmpty, comment)
        #expect(client.miscounts.isEmpty, comment)
        for (lane, peak) in server.peak { #expect(peak <= server.limits[lane]?.count ?? 0, comment) }
        #expect(client.sent == client.requests, comment)
    }

    @Test(arguments: 1...40)
    func `is never refused in any mix of lanes, and counts what it sent`(seed: Int) async throws {
        var (client, server, limits) = Self.mixed(seed)
        let clock = ManualClock()
        let store = MemoryStore(try .testing(limits), clock: clock)
        try await client.run(seed: seed, store, clock, &server)
        Self.check(client, server, "seed \(seed)")
    }

    @Test(arguments: 1...6)
    func `is as exact over a file`(seed: Int) async throws {
        var (client, server, limits) = Self.shared(seed)
        let folder = TemporaryFolder()
        let clock = ManualClock()
        let store = FileStore(
            folder: folder.path, identity: .testing(), rules: try .testing(limits), clock: clock,
            bootClock: BootClock(now: { .seconds(77) + clock.now }, boot: "one"))
        try await client.run(seed: seed, Unguarded(store), clock, &server)
        Self.check(client, server, "seed \(seed)")
    }

    @Test(arguments: 1...12)
    func `is as exact where places are taken ahead of the calls`(seed: Int) async throws {
        var dice = SeededGenerator(seed)
        let (count, window) = (Int.random(in: 32...200, using: &dice), Int.random(in: 1...10, using: &dice))
        var server = StrictServer([.burst: (count, .seconds(window))])
        var client = EagerClient()
        client.requests = count * 4
        client.inFlight = Int.random(in: 5...60, using: &dice)
        client.unsent = Double.random(in: 0...0.2, using: &dice)
        // Places that wait for their calls are counted, and belong to none.
        client.compares = false
        let folder = TemporaryFolder()
        let clock = ManualClock()
        let store = FileStore(
            folder: folder.path, identity: .testing(), rules: try .testing("\(count)/\(window)s"), clock: clock,
            bootClock: BootClock(now: { .seconds(77) + clock.now }, boot: "one"))
        let following = Following(Unguarded(store), clock, seed: seed)
        try await client.run(seed: seed, following, clock, &server)
        Self.check(client, server, "seed \(seed)")
        #expect(following.servedAhead > 10, "seed \(seed)")
    }

    @Test(.disabled(if: RedisServer.isMissing))
    func `is as exact over Redis`() async throws {
        let redis = try RedisServer()
        for seed in [1, 2, 3] {
            var (client, server, limits) = Self.shared(seed)
            let clock = ManualClock()
            let store = RedisStore(
                redis.endpoint(), identity: .testing("pat-na1-\(seed)"), rules: try .testing(limits), clock: clock,
                time: { .seconds(77) + clock.now })
            try await client.run(seed: seed, Unguarded(store), clock, &server)
            Self.check(client, server, "seed \(seed)")
        }
    }

    @Test(arguments: 1...12)
    func `is refused for nothing that it sent once it knows of a lower limit`(seed: Int) async throws {
        var dice = SeededGenerator(seed)
        var server = StrictServer(Self.standard)
        var client = EagerClient()
        client.requests = 500
        client.inFlight = Int.random(in: 5...60, using: &dice)
        client.change = (.seconds(Double.random(in: 0...30, using: &dice)), Int.random(in: 10...250, using: &dice))
        let clock = ManualClock()
        try await client.run(seed: seed, MemoryStore(try .testing(), clock: clock), clock, &server)
        let learnt = try #require(client.learnt)
        #expect(client.refused.allSatisfy { $0.granted <= learnt })
        #expect(client.refused.isEmpty || (client.change?.count ?? 0) < 100)
        #expect(client.impatient == 0)
        #expect(client.miscounts.isEmpty)
    }

    @Test(arguments: 1...12)
    func `leaves room for others on the token, and waits where they take it all`(seed: Int) async throws {
        var dice = SeededGenerator(seed)
        var server = StrictServer(Self.standard)
        var client = EagerClient()
        client.requests = 400
        client.inFlight = 10
        client.others = Double.random(in: 0.2...6, using: &dice)
        let clock = ManualClock()
        try await client.run(seed: seed, MemoryStore(try .testing(), clock: clock), clock, &server)
        // What others send between an answer and the next request cannot be known; nobody spins on it.
        #expect(Double(client.refused.count) <= 0.08 * Double(client.requests), "\(client.refused.count)")
        #expect(client.impatient == 0)
        #expect(client.miscounts.isEmpty)
    }

    @Test(arguments: [
        (190, 10, 0.08, 0.08), (100, 10, 0.02, 0.25), (5, 1, 0.04, 0.12), (50, 10, 0.5, 1.5), (20, 2, 0.001, 0.002),
    ])
    func `uses N per window and mean round trip within a hundredth`(
        count: Int, window: Int, fastest: Double, slowest: Double
    ) async throws {
        var server = StrictServer([.burst: (count, .seconds(window))])
        var client = EagerClient()
        client.requests = count * 40 + 1
        client.inFlight = count
        client.compares = false
        // Each way.
        client.latency = (fastest / 2)...(slowest / 2)
        let clock = ManualClock()
        let store = MemoryStore(try .testing("\(count)/\(window)s"), clock: clock)
        try await client.run(seed: count, store, clock, &server)
        #expect(client.refused.isEmpty)
        // Forty rounds lie between the first and the last request; no place is idle between its own.
        let least = 40 * (Double(window) + (fastest + slowest) / 2)
        #expect(client.elapsed / .seconds(1) - (slowest) <= least * 1.01, "\(client.elapsed) instead of \(least) s")
    }
}

/// A shared store by itself, whose problems are failures.
private struct Unguarded: LimiterStore {
    let shared: any SharedLimiterStore
    init(_ shared: any SharedLimiterStore) { self.shared = shared }

    var layout: QuotaLayout { shared.rules.layout }
    var kind: QuotaStoreKind { shared.kind }

    func take(_ demand: PermitDemand) async throws(QuotaError) -> PermitDecision {
        try await failing { () async throws(StoreProblem) in try await shared.take(demand) }
    }
    func settle(_ ended: [EndedPermit]) async throws(QuotaError) -> [LimitNotice] {
        try await failing { () async throws(StoreProblem) in try await shared.settle(ended) }
    }
    func take(_ demand: PermitDemand, ahead: Int, after ended: [EndedPermit]) async throws(QuotaError) -> TakenPlaces {
        try await failing { () async throws(StoreProblem) in
            try await shared.take(demand, ahead: ahead, after: ended)
        }
    }
    func learn(accountID: Int64, dayEndsAt instant: Duration?) async {
        try? await shared.learn(accountID: accountID, dayEndsAt: instant)
    }
    func snapshot() async throws(QuotaError) -> QuotaSnapshot {
        try await failing { () async throws(StoreProblem) in try await shared.snapshot() }
    }
    func primaryFree(_ count: Int) async throws(QuotaError) -> Duration? {
        try await failing { () async throws(StoreProblem) in try await shared.primaryFree(count) }
    }

    private func failing<Value>(_ body: () async throws(StoreProblem) -> Value) async throws(QuotaError) -> Value {
        do { return try await body() } catch { throw .unreachable(error) }
    }
}

/// A store that asks for places ahead of every call, and now and then gives back those that no call has taken.
private final class Following: LimiterStore {
    private struct State {
        var ahead = PlacesAhead()
        var dice: SeededGenerator
        var served = 0
    }
    private let store: Unguarded
    private let clock: ManualClock
    private let state: Mutex<State>

    init(_ store: Unguarded, _ clock: ManualClock, seed: Int) {
        (self.store, self.clock) = (store, clock)
        state = Mutex(State(dice: SeededGenerator(seed)))
    }

    /// Calls that found a place.
    var servedAhead: Int { state.withLock { $0.served } }
    var layout: QuotaLayout { store.layout }
    var kind: QuotaStoreKind { store.kind }

    func take(_ demand: PermitDemand) async throws(QuotaError) -> PermitDecision {
        let (permit, ended) = state.withLock { state -> (Permit?, [EndedPermit]) in
            guard Int.random(in: 0..<20, using: &state.dice) > 0,
                let permit = state.ahead.take(for: demand, at: clock.now)
            else {
                return (nil, state.ahead.takeAll())
            }
            state.served += 1
            return (permit, [])
        }
        if let permit { return .granted(permit) }
        let taken = try await store.take(demand, ahead: PlacesAhead.most, after: ended)
        if !taken.ahead.isEmpty { state.withLock { $0.ahead.keep(taken.ahead, for: demand) } }
        return taken.decision
    }
    func settle(_ ended: [EndedPermit]) async throws(QuotaError) -> [LimitNotice] { try await store.settle(ended) }
    func learn(accountID: Int64, dayEndsAt instant: Duration?) async {}
    func snapshot() async throws(QuotaError) -> QuotaSnapshot { try await store.snapshot() }
    func primaryFree(_ count: Int) async throws(QuotaError) -> Duration? { try await store.primaryFree(count) }
}
