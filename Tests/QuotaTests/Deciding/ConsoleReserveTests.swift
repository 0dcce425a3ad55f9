import TestSupport
import Testing

@testable import Quota

/// Bulk work as fast as it is let and a person beside it, on a virtual clock, against a server that counts every arrival.
@Suite("While a console is open") struct ConsoleReserveTests {
    struct Run {
        var count = 190
        var window: Duration = .seconds(10)
        var latency: ClosedRange<Double> = 0.04...0.12
        var inFlight = 20
        /// When the console is opened; nil: never.
        var consoleAt: Duration? = .zero
        /// Typed calls, from then on; a console that was opened among bulk work has to wait for a window first.
        var typedFrom: Duration = .seconds(0)
        var typedEvery: Duration?
        var length: Duration = .seconds(100)

        var refused = 0
        var bulk = 0
        var typedWaits: [Duration] = []

        mutating func run(seed: Int = 1) throws {
            var dice = SeededGenerator(seed)
            var state = QuotaState(
                QuotaRules(
                    .testing, configured: QuotaSpecification(windows: [.burst: .limited(count: count, per: window)])))
            enum Event { case arrival(Permit), answer(Permit), wake, typed, open }
            var events: [(at: Duration, event: Event)] = []
            func schedule(_ event: Event, at moment: Duration) {
                let index = events.lastIndex { $0.at > moment }.map { $0 + 1 } ?? 0
                events.insert((moment, event), at: index)
            }
            func half() -> Duration { .seconds(Double.random(in: latency, using: &dice) / 2) }
            var admitted: [Duration] = []
            var flying = 0
            var typedSince: Duration?
            var nextWake: Duration?
            schedule(.wake, at: .zero)
            if let consoleAt { schedule(.open, at: consoleAt) }
            if typedEvery != nil { schedule(.typed, at: typedFrom) }
            while let next = events.popLast(), next.at < length {
                let now = next.at
                switch next.event {
                case .open: state.openConsole(for: .seconds(100_000), at: now)
                case .wake: nextWake = nil
                case .typed:
                    typedSince = typedSince ?? now
                    if let typedEvery { schedule(.typed, at: now + typedEvery) }
                case .arrival(let permit):
                    admitted.removeAll { $0 <= now - window }
                    if admitted.count >= count { refused += 1 } else { admitted.append(now) }
                    schedule(.answer(permit), at: now + half())
                case .answer(let permit):
                    _ = state.settle(permit, .answered(ObservedLimits(status: 200)), at: now)
                    flying -= 1
                }
                while true {
                    // What was typed goes first, and beside what is in flight.
                    let isTyped = typedSince != nil
                    guard isTyped || flying < inFlight else { break }
                    let demand = PermitDemand(
                        lanes: [.burst], priority: isTyped ? .typed : .bulk, lifetime: .seconds(30))
                    guard case .granted(let permit) = state.take(demand, at: now) else {
                        if case .wait(let until?) = state.take(demand, at: now),
                            nextWake.map({ until < $0 || $0 <= now }) ?? true
                        {
                            try #require(until > now)
                            schedule(.wake, at: until)
                            nextWake = until
                        }
                        break
                    }
                    if let since = typedSince {
                        typedWaits.append(now - since)
                        typedSince = nil
                    } else {
                        bulk += 1
                    }
                    flying += 1
                    schedule(.arrival(permit), at: now + half())
                }
            }
        }
    }

    @Test(arguments: [(190, 10), (100, 10), (250, 10), (150, 10), (40, 2), (20, 2), (60, 10), (30, 10)])
    func `what is typed goes out within a second, over and over`(count: Int, window: Int) throws {
        var run = Run(count: count, window: .seconds(window))
        run.typedFrom = .seconds(window + 1)
        run.typedEvery = .seconds(1.1)
        try run.run(seed: count)
        #expect(run.refused == 0)
        #expect(run.typedWaits.count > 75)
        #expect(run.typedWaits.allSatisfy { $0 < .seconds(1) }, "\(run.typedWaits.max() ?? .zero)")
    }

    @Test(arguments: [190, 100, 250])
    func `the first typed call goes at once`(count: Int) throws {
        var run = Run(count: count)
        run.typedFrom = .seconds(3)
        run.typedEvery = .seconds(15)
        try run.run(seed: count)
        #expect(run.typedWaits.count >= 6)
        #expect(run.typedWaits.allSatisfy { $0 == .zero }, "\(run.typedWaits)")
    }

    @Test func `a console that is opened among bulk work has its places after a window`() throws {
        var run = Run()
        run.consoleAt = .seconds(25)
        run.typedFrom = .seconds(36)
        run.typedEvery = .seconds(2)
        try run.run()
        #expect(run.refused == 0)
        #expect(run.typedWaits.count > 20)
        #expect(run.typedWaits.allSatisfy { $0 < .seconds(1) }, "\(run.typedWaits)")
    }

    @Test(arguments: [(190, 10), (100, 10), (250, 10), (40, 2), (20, 2), (60, 10), (12, 10), (5, 1)])
    func `bulk work loses less than 3 % in the long run`(count: Int, window: Int) throws {
        var (with, without) = (Run(count: count, window: .seconds(window)), Run(count: count, window: .seconds(window)))
        without.consoleAt = nil
        (with.length, without.length) = (.seconds(50 * window), .seconds(50 * window))
        try with.run(seed: count)
        try without.run(seed: count)
        #expect(with.refused == 0)
        #expect(Double(with.bulk) > 0.97 * Double(without.bulk), "\(with.bulk) of \(without.bulk)")
        let told = ConsoleReserve(count: count, window: .seconds(window)).cost
        #expect(told < 0.03)
        // It is what it says, give or take what the first window lost.
        #expect(
            Double(with.bulk) > (1 - told - 0.02) * Double(without.bulk),
            "\(with.bulk) of \(without.bulk), told \(told)")
    }

    @Test func `bulk work loses less than 3 % within a minute at HubSpot's limits`() throws {
        for count in [190, 250] {
            var (with, without) = (Run(count: count, length: .seconds(65)), Run(count: count, length: .seconds(65)))
            without.consoleAt = nil
            try with.run()
            try without.run()
            #expect(Double(with.bulk) > 0.97 * Double(without.bulk), "\(count): \(with.bulk) of \(without.bulk)")
        }
    }

    @Test func `bulk work goes on in the smallest windows`() throws {
        for count in 1...4 {
            var run = Run(count: count, window: .seconds(10), length: .seconds(200))
            try run.run(seed: count)
            #expect(run.refused == 0)
            #expect(run.bulk >= 15 * count, "\(count): \(run.bulk)")
        }
    }

    @Test func `its places are bulk work's again as soon as it is closed, or says nothing for its lease`() throws {
        let rules = try QuotaRules.testing("100/10s")
        func take(_ state: inout QuotaState, at now: Duration) -> Int {
            var count = 0
            while case .granted = state.take(
                PermitDemand(lanes: [.burst], priority: .bulk, lifetime: .seconds(30)), at: now)
            { count += 1 }
            return count
        }
        var state = QuotaState(rules)
        state.openConsole(for: .seconds(10), at: .zero)
        let first = take(&state, at: .zero)
        #expect((80..<99).contains(first))
        state.closeConsole(at: .zero)
        #expect(take(&state, at: .zero) == 100 - first)
        state = QuotaState(rules)
        state.openConsole(for: .seconds(1), at: .zero)
        #expect(take(&state, at: .zero) == first)
        #expect(take(&state, at: .seconds(1)) == 100 - first)
    }

    @Test func `other lanes are not touched`() throws {
        var state = QuotaState(try .testing("search=5/s,forms=5/10s"))
        state.openConsole(for: .seconds(10), at: .zero)
        for lanes: LaneSet in [.search, .forms] {
            for _ in 0..<5 {
                guard
                    case .granted = state.take(
                        PermitDemand(lanes: lanes, priority: .bulk, lifetime: .seconds(9)), at: .zero)
                else {
                    Issue.record("held back")
                    return
                }
            }
        }
    }

    @Test func `bulk work that is held back knows why`() throws {
        var state = QuotaState(try .testing("100/10s"))
        state.openConsole(for: .seconds(10), at: .zero)
        while case .granted = state.take(
            PermitDemand(lanes: [.burst], priority: .bulk, lifetime: .seconds(30)), at: .zero)
        {}
        let snapshot = state.snapshot(at: .zero)
        #expect(snapshot.reason(for: [.burst], .bulk) == .console(limit: 100, kept: 1))
        #expect(
            WaitReason.console(limit: 100, kept: 1).description.contains("1 of 100 places of the burst window (1.0 %)"))
        #expect(snapshot.consoles == 1)
        #expect(snapshot.reason(for: [.burst], .typed) != .console(limit: 100, kept: 1))
    }
}
