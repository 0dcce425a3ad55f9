import Foundation
import TestSupport
import Testing

@testable import Quota

@Suite("The Redis store", .disabled(if: RedisServer.isMissing)) struct RedisStoreTests {
    private let clock = ManualClock()

    /// A store as another machine would open it, on the test's clock unless `time` says otherwise.
    private func store(
        _ endpoint: RedisEndpoint, _ limits: String = "1/10s", token: String = "pat-na1-one", accountID: Int64? = nil,
        reserve: Double = 0, isOnServerTime: Bool = false
    ) throws -> RedisStore {
        let clock = clock
        var time: (@Sendable () -> Duration)?
        if !isOnServerTime { time = { .seconds(1_000_000) + clock.now } }
        return RedisStore(
            endpoint, identity: .testing(token, accountID: accountID), rules: try .testing(limits, reserve: reserve),
            clock: clock, time: time)
    }

    private func command(_ endpoint: RedisEndpoint, _ words: String...) throws -> RedisReply {
        try RedisConnection(endpoint).send(words.map { Array($0.utf8) })
    }

    @Test func `shares places between machines`() async throws {
        let server = try RedisServer()
        let (one, other) = (try store(server.endpoint()), try store(server.endpoint()))
        let permit = try #require(try await one.permit())
        #expect(try await other.permit() == nil)
        clock.advance(by: .seconds(1))
        try await one.answer(permit)
        #expect(try await other.wait() == .seconds(11))
        clock.advance(by: .seconds(10))
        #expect(try await other.permit() != nil)
        #expect(try await other.burst().used == 1)
    }

    @Test func `decides like the state machine, whatever comes`() async throws {
        let server = try RedisServer()
        for seed in 1...12 {
            var dice = SeededGenerator(seed)
            let limits = [
                "5/2s,search=2/s,associations=3/5s,forms=4/3s,40/day", "3/1s,search=1/s", "unlimited,40/day",
            ][seed % 3]
            let redis = try store(server.endpoint(), limits, token: "pat-na1-\(seed)", reserve: 0.25)
            var state = QuotaState(
                try .testing(limits, reserve: 0.25), client: ClientRecord(), account: AccountRecord(),
                sharing: nil)
            var held: [(redis: Permit, state: Permit)] = []
            let base: Duration = .seconds(1_000_000)
            for step in 1...150 {
                clock.advance(by: .milliseconds(Int.random(in: 0...400, using: &dice)))
                let now = base + clock.now
                let place = "seed \(seed), step \(step)"
                if held.isEmpty || Bool.random(using: &dice) {
                    let lanes: LaneSet = [[.burst, .day], [.search, .day], [.associations, .day], .forms][
                        Int.random(in: 0..<4, using: &dice)]
                    let demand = PermitDemand.testing(lanes, .bulk, lifetime: .seconds(1))
                    let theirs = try await redis.take(demand)
                    let ours = state.take(demand, at: now)
                    switch (theirs, ours) {
                    case (.granted(let a), .granted(let b)):
                        #expect(a.ownPrimaryPlaces == b.ownPrimaryPlaces, "\(place)")
                        #expect(a.primarySequence == b.primarySequence && a.daySequence == b.daySequence, "\(place)")
                        held.append((a, b))
                    case (.wait(let a?), .wait(let b?)): #expect(base + a <= b, "\(place)")
                    case (.refused(let a), .refused(let b)): #expect(a == b, "\(place)")
                    default: Issue.record("\(place): \(theirs) but \(ours)")
                    }
                } else {
                    let permit = held.remove(at: Int.random(in: 0..<held.count, using: &dice))
                    var observation = ObservedLimits(status: 200)
                    if Bool.random(using: &dice) {
                        (observation.limit, observation.window) = (Int.random(in: 3...6, using: &dice), .seconds(2))
                        observation.remaining = Int.random(in: 0...3, using: &dice)
                    }
                    if Int.random(in: 0..<4, using: &dice) == 0 {
                        (observation.dailyLimit, observation.dailyRemaining) = (
                            60, Int.random(in: 5...60, using: &dice)
                        )
                    }
                    if Int.random(in: 0..<12, using: &dice) == 0 {
                        let lane = permit.state.lanes.windows[0]
                        observation.refusal = .init(scope: .lane(lane), wait: .milliseconds(700))
                    }
                    let outcome: PermitOutcome =
                        Int.random(in: 0..<6, using: &dice) == 0 ? .unsent : .answered(observation)
                    let theirs = try await redis.settle(permit.redis, outcome)
                    let ours = state.settle(permit.state, outcome, at: now)
                    #expect(theirs == ours, "\(place)")
                }
                if step.isMultiple(of: 10) {
                    let (a, b) = (try await redis.snapshot(), state.snapshot(at: now))
                    for lane in Lane.allCases {
                        #expect(a.windows[lane]?.used == b.windows[lane]?.used, "\(place) \(lane)")
                        #expect(a.windows[lane]?.allowance == b.windows[lane]?.allowance, "\(place) \(lane)")
                    }
                    #expect(a.dayRemaining == b.dayRemaining && a.dayUsed == b.dayUsed, "\(place)")
                }
            }
        }
    }

    @Test func `lets what was typed go before the bulk work of any machine`() async throws {
        let server = try RedisServer()
        let (bulk, typed) = (try store(server.endpoint()), try store(server.endpoint()))
        let permit = try #require(try await bulk.permit())
        try await bulk.answer(permit)
        #expect(try await typed.wait([.burst, .day], .typed) == .seconds(10))
        clock.advance(by: .seconds(10))
        #expect(try #require(await bulk.wait()) <= .seconds(10.01))
        #expect(try await typed.permit([.burst, .day], .typed) != nil)
    }

    @Test func `moves what was counted under the token to the account once that is known`() async throws {
        let server = try RedisServer()
        let limits = "9/10s,search=1/s,9/day"
        let (one, other) = (
            try store(server.endpoint(), limits),
            try store(server.endpoint(), limits, token: "pat-na1-two", accountID: 7)
        )
        _ = try #require(try await one.permit([.search, .day]))
        #expect(try await other.permit([.search, .day]) != nil)
        try await one.learn(accountID: 7, dayEndsAt: .seconds(3600))
        #expect(try await other.snapshot().dayUsed == 2)
        #expect(try await other.snapshot().dayEndsAt == .seconds(3600))
        #expect(try await other.snapshot().windows[.search]?.used == 2)
        #expect(try await store(server.endpoint(), limits).snapshot().dayUsed == 2)
    }

    @Test func `goes by the server's clock, which never goes backward`() async throws {
        let server = try RedisServer()
        let (one, other) = (
            try store(server.endpoint(), isOnServerTime: true), try store(server.endpoint(), isOnServerTime: true)
        )
        #expect(try await one.permit() != nil)
        #expect(try await other.permit() == nil)
        // Somebody set the server's clock back by a day: time goes on from where it was.
        let later =
            "local now = redis.call('TIME') redis.call('SET', 'moonspot:2:clock', string.format('%.0f 0', (now[1] + 86400) * 1000000))"
        _ = try command(server.endpoint(), "EVAL", later, "0")
        #expect(try await other.permit() != nil)
        #expect(try await one.permit() == nil)
    }

    @Test func `leaves no key without an end, and no token`() async throws {
        let server = try RedisServer()
        let one = try store(server.endpoint(), "9/10s,search=1/s", accountID: 7, isOnServerTime: true)
        let permit = try #require(try await one.permit([.burst, .day]))
        try await one.answer(permit)
        let keys = try #require(try command(server.endpoint(), "KEYS", "*").list?.compactMap(\.text))
        #expect(
            keys.sorted() == [
                "moonspot:2:clock", "moonspot:2:portal:7",
                "moonspot:2:{c1abacac8bf10ceeea140da81a866718d497e11f0e62ca4b72a7d6ba051bed38}",
            ])
        for key in keys { #expect(try #require(command(server.endpoint(), "TTL", key).integer) > 3600) }
    }

    @Test func `goes on after the server was started anew`() async throws {
        let server = try RedisServer()
        let one = try store(server.endpoint())
        #expect(try await one.permit() != nil)
        server.stop()
        await #expect(throws: StoreProblem.self) { try await one.take(.testing()) }
        let again = try RedisServer(port: server.port)
        #expect(try await one.permit() != nil)
        again.stop()
    }

    @Test func `says who it is, and what to do where that is missing`() async throws {
        let server = try RedisServer(
            "--requirepass", "sesame", "--user", "ada", "on", ">opensesame", "~moonspot:*", "+@all")
        #expect(try await store(server.endpoint(password: "sesame")).permit() != nil)
        #expect(try await store(server.endpoint(user: "ada", password: "opensesame")).permit() == nil)
        for endpoint in [server.endpoint(), server.endpoint(password: "wrong")] {
            do {
                _ = try await store(endpoint).take(.testing())
                Issue.record("let in")
            } catch let problem as StoreProblem {
                #expect(problem.remedy == .password, "\(problem)")
                #expect(!"\(problem)".contains("wrong"))
            }
        }
    }

    @Test func `keeps databases apart`() async throws {
        let server = try RedisServer()
        #expect(try await store(server.endpoint(database: 1)).permit() != nil)
        #expect(try await store(server.endpoint(database: 2)).permit() != nil)
        #expect(try await store(server.endpoint(database: 1)).permit() == nil)
    }

    @Test func `names a server that is not there`() async throws {
        let server = try RedisServer()
        server.stop()
        do {
            _ = try await store(server.endpoint()).take(.testing())
            Issue.record("let in")
        } catch let problem as StoreProblem {
            #expect(problem.store == "redis://127.0.0.1:\(server.port)/0")
            #expect(problem.reason.contains("refused"))
        }
    }
}
