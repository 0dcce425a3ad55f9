import TestSupport
import Testing

@testable import Quota

/// The limiter's rule against a server that counts arrivals in every rolling window and shows no mercy.
@Suite("The limiter's rule") struct LimiterPropertyTests {
    /// One run: requests as fast as they are let, over a network that delays and reorders.
    struct Run {
        var quota = (count: 100, window: Duration.seconds(10))
        var requests = 400
        var inFlight = 10
        var latency: ClosedRange<Double> = 0.020...0.250
        /// Requests that arrive and are never answered.
        var lost = 0.0
        var showsHeaders = false

        var admitted: [Duration] = []
        var refused = 0
        var peak = 0
        var elapsed: Duration = .zero

        private enum Event {
            case arrival(Permit, isLost: Bool)
            case answer(Permit, ObservedLimits)
            case deadline(Permit)
            case wake
        }

        mutating func run(seed: Int) {
            var dice = SeededGenerator(seed)
            let configured: [Lane: Allowance] =
                showsHeaders ? [:] : [.burst: .limited(count: quota.count, per: quota.window)]
            var state = QuotaState(QuotaRules(.testing, configured: QuotaSpecification(windows: configured)))
            var events: [(at: Duration, event: Event)] = []
            var now: Duration = .zero
            var sent = 0
            var flying = 0
            var settled = 0
            var nextWake: Duration?
            let timeout: Duration = .seconds(30)
            func schedule(_ event: Event, at moment: Duration) {
                // Latest first, so that the next one is taken from the end.
                let index = events.lastIndex { $0.at > moment }.map { $0 + 1 } ?? 0
                events.insert((moment, event), at: index)
            }
            func latency() -> Duration { .seconds(Double.random(in: self.latency, using: &dice)) }
            schedule(.wake, at: .zero)
            while settled < requests, !events.isEmpty {
                let next = events.removeLast()
                now = next.at
                switch next.event {
                case .wake: nextWake = nil
                case .arrival(let permit, let isLost):
                    if let first = admitted.first, first <= now - quota.window {
                        admitted.removeAll { $0 <= now - quota.window }
                    }
                    if admitted.count >= quota.count {
                        refused += 1
                    } else {
                        admitted.append(now)
                    }
                    peak = max(peak, admitted.count)
                    var observation = ObservedLimits(status: 200)
                    if showsHeaders {
                        observation.limit = quota.count
                        observation.window = quota.window
                        observation.remaining = quota.count - admitted.count
                    }
                    if !isLost { schedule(.answer(permit, observation), at: now + latency()) }
                case .answer(let permit, let observation):
                    _ = state.settle(permit, .answered(observation), at: now)
                    flying -= 1
                    settled += 1
                case .deadline(let permit):
                    _ = state.settle(permit, .unanswered, at: now)
                    flying -= 1
                    settled += 1
                }
                while flying < inFlight, sent < requests {
                    let demand = PermitDemand(lanes: [.burst], priority: .bulk, lifetime: timeout)
                    switch state.take(demand, at: now) {
                    case .granted(let permit):
                        let isLost = Double.random(in: 0..<1, using: &dice) < lost
                        schedule(.arrival(permit, isLost: isLost), at: now + latency())
                        if isLost { schedule(.deadline(permit), at: now + timeout) }
                        flying += 1
                        sent += 1
                        continue
                    case .wait(let until):
                        if let until, nextWake.map({ until < $0 || $0 <= now }) ?? true {
                            schedule(.wake, at: until)
                            nextWake = until
                        }
                    case .refused: break
                    }
                    break
                }
            }
            elapsed = now
        }
    }

    @Test(arguments: 1...24)
    func `is never refused when it is alone`(seed: Int) {
        var dice = SeededGenerator(seed)
        let low = Double.random(in: 0.0005...0.05, using: &dice)
        var run = Run(
            quota: (Int.random(in: 3...250, using: &dice), .seconds(Int.random(in: 1...10, using: &dice))),
            requests: 500, inFlight: Int.random(in: 1...60, using: &dice),
            latency: low...(low + Double.random(in: 0...2, using: &dice)),
            lost: seed.isMultiple(of: 4) ? 0.01 : 0, showsHeaders: seed.isMultiple(of: 3))
        // Without an option it begins at 100 per 10 s: a stricter account would refuse before a header has told.
        if run.showsHeaders { run.quota = (max(run.quota.count, 100), .seconds(10)) }
        run.run(seed: seed)
        #expect(run.refused == 0)
        #expect(run.peak <= run.quota.count)
        #expect(run.peak > 0)
    }

    @Test(arguments: 1...8)
    func `gets N per window and round trip`(seed: Int) {
        var run = Run()
        run.quota = (190, .seconds(10))
        run.requests = 190 * 10
        run.inFlight = 60
        run.showsHeaders = seed.isMultiple(of: 2)
        run.run(seed: seed)
        #expect(run.refused == 0)
        // The first N leave at once; nine more rounds of W and at most the longest round trip follow.
        let rounds = run.elapsed / .seconds(10.5)
        #expect(rounds < 9.6, "\(run.elapsed)")
    }

    @Test func `would be refused if places ended with the sending`() {
        // The same strict server refuses a client that counts from its sends: the model can tell right from wrong.
        var dice = SeededGenerator(7)
        var arrivals: [Duration] = []
        var sends: [Duration] = []
        for index in 0..<1900 {
            let sent: Duration = index < 190 ? .milliseconds(index) : sends[index - 190] + .seconds(10)
            sends.append(sent)
            arrivals.append(sent + .seconds(Double.random(in: 0.020...0.250, using: &dice)))
        }
        var admitted: [Duration] = []
        var refused = 0
        for arrival in arrivals.sorted() {
            admitted.removeAll { $0 <= arrival - .seconds(10) }
            if admitted.count >= 190 { refused += 1 } else { admitted.append(arrival) }
        }
        #expect(refused > 19)
    }
}
