import TestSupport

@testable import Quota

/// HubSpot's windows as the limiter must expect them to be: every arrival counts, and none too many is let in.
struct StrictServer {
    /// N and W of each lane.
    var limits: [Lane: (count: Int, window: Duration)]
    /// Requests in the account's day; nil: any number.
    var day: Int?
    /// Whether answers say how much is left.
    var showsHeaders = true

    private(set) var admitted: [Lane: [Duration]] = [:]
    private(set) var dayUsed = 0
    /// The most that any window ever held.
    private(set) var peak: [Lane: Int] = [:]

    init(_ limits: [Lane: (count: Int, window: Duration)]) { self.limits = limits }

    /// A request of ours, or of somebody else's on the same token.
    mutating func arrive(_ lanes: LaneSet, at now: Duration) -> ObservedLimits {
        var full: Lane?
        for lane in lanes.windows {
            guard let limit = limits[lane] else { continue }
            admitted[lane, default: []].removeAll { $0 <= now - limit.window }
            if admitted[lane, default: []].count >= limit.count { full = lane }
        }
        let dayIsOver = lanes.contains(.day) && day.map { dayUsed >= $0 } ?? false
        var observation = ObservedLimits(status: full == nil && !dayIsOver ? 200 : 429)
        if dayIsOver {
            observation.refusal = .init(scope: .day, wait: .zero)
        } else if let full {
            observation.refusal = .init(scope: .lane(full), wait: limits[full]?.window ?? .seconds(10))
        } else {
            if lanes.contains(.day) { dayUsed += 1 }
            for lane in lanes.windows {
                admitted[lane, default: []].append(now)
                peak[lane] = max(peak[lane] ?? 0, admitted[lane]?.count ?? 0)
            }
        }
        if showsHeaders, lanes.contains(.burst), let burst = limits[.burst] {
            observation.limit = burst.count
            observation.window = burst.window
            observation.remaining = max(0, burst.count - (admitted[.burst]?.count ?? 0))
        }
        if showsHeaders, lanes.contains(.day), let day {
            observation.dailyLimit = day
            observation.dailyRemaining = day - dayUsed
        }
        return observation
    }
}

/// A client on a virtual clock that sends as fast as it is let, over a network that delays, reorders and loses.
struct EagerClient {
    /// What it sends, any mix of lanes.
    var demands: [LaneSet] = [[.burst, .day]]
    var requests = 300
    var inFlight = 30
    var latency: ClosedRange<Double> = 0.02...0.25
    var timeout: Duration = .seconds(12)
    /// Parts of the requests: never answered, given up before they are sent, given up under way.
    var lost = 0.0
    var unsent = 0.0
    var cancelled = 0.0
    /// Others on the token: requests a second, in the burst window.
    var others = 0.0
    /// Whether it keeps its own count beside the limiter's, which takes time.
    var compares = true
    /// When the account's burst limit changes, and to what.
    var change: (at: Duration, count: Int)?

    /// Ours that were refused: when each was granted, and when the refusal was known.
    private(set) var refused: [(granted: Duration, known: Duration)] = []
    /// When an answer first told of the change.
    private(set) var learnt: Duration?
    private(set) var sent = 0
    private(set) var elapsed: Duration = .zero
    /// Where the limiter's own count is another than a count of what was sent: lane, limiter's, ours.
    private(set) var miscounts: [String] = []
    /// Requests that were granted while the limiter knew that their lane was closed.
    private(set) var impatient = 0

    private struct Flight {
        var permit: Permit
        var granted: Duration
        var answered: Duration?
        var isUnsent = false
    }

    private enum Event {
        case arrival(Int)
        case answer(Int, ObservedLimits)
        case giveUp(Int)
        case other
        case change
        case wake
    }

    init() {}

    mutating func run(seed: Int, _ store: any LimiterStore, _ clock: ManualClock, _ server: inout StrictServer)
        async throws
    {
        var dice = SeededGenerator(seed)
        var flights: [Flight] = []
        var events: [(at: Duration, event: Event)] = []
        var flying = 0
        var over = 0
        var wakes: Set<Duration> = []
        var closed: [Lane: Duration] = [:]
        let start = clock.now
        func schedule(_ event: Event, at moment: Duration) {
            let index = events.lastIndex { $0.at > moment }.map { $0 + 1 } ?? 0
            events.insert((moment, event), at: index)
        }
        // Whole microseconds, which every store can tell apart.
        func delay() -> Duration { .microseconds(Int(Double.random(in: latency, using: &dice) * 1_000_000)) }
        schedule(.wake, at: start)
        if others > 0 { schedule(.other, at: start) }
        if let change { schedule(.change, at: start + change.at) }
        while over < requests, !events.isEmpty {
            let next = events.removeLast()
            if next.at > clock.now { clock.advance(by: next.at - clock.now) }
            let now = clock.now
            switch next.event {
            case .wake: wakes.remove(next.at)
            case .other:
                _ = server.arrive([.burst, .day], at: now)
                schedule(.other, at: now + .seconds(Double.random(in: 0.2...1.8, using: &dice) / others))
            case .change: if let change { server.limits[.burst]?.count = change.count }
            case .arrival(let index):
                let observation = server.arrive(flights[index].permit.lanes, at: now)
                if Double.random(in: 0..<1, using: &dice) >= lost {
                    schedule(.answer(index, observation), at: now + delay())
                }
            case .answer(let index, let observation):
                guard flights[index].answered == nil else { continue }
                let flight = flights[index]
                _ = try await store.settle(flight.permit, .answered(observation))
                flights[index].answered = now
                (flying, over) = (flying - 1, over + 1)
                if let change, observation.limit == change.count, learnt == nil { learnt = now }
                if let refusal = observation.refusal {
                    refused.append((flight.granted, now))
                    if case .lane(let lane) = refusal.scope {
                        closed[lane] = max(closed[lane] ?? .zero, now + refusal.wait)
                    }
                }
            case .giveUp(let index):
                guard flights[index].answered == nil else { continue }
                // Its answer, if there is one, is not heard any more; its place is held until the deadline and W.
                _ = try await store.settle(flights[index].permit, .unanswered)
                flights[index].answered = flights[index].granted + timeout
                (flying, over) = (flying - 1, over + 1)
            }
            for demand in demands.shuffled(using: &dice) {
                while flying < inFlight, sent < requests {
                    let demand = PermitDemand(lanes: demand, priority: .bulk, lifetime: timeout)
                    guard case .granted(let permit) = try await take(store, demand, &wakes, schedule) else { break }
                    if permit.lanes.windows.contains(where: { closed[$0].map { $0 > now } ?? false }) { impatient += 1 }
                    let index = flights.count
                    flights.append(Flight(permit: permit, granted: now))
                    if Double.random(in: 0..<1, using: &dice) < unsent {
                        flights[index].isUnsent = true
                        _ = try await store.settle(permit, .unsent)
                        continue
                    }
                    (flying, sent) = (flying + 1, sent + 1)
                    schedule(.arrival(index), at: now + delay())
                    let gives = Double.random(in: 0..<1, using: &dice) < cancelled
                    schedule(
                        .giveUp(index),
                        at: gives ? now + .microseconds(Int.random(in: 0...1_000_000, using: &dice)) : now + timeout)
                }
            }
            if compares, flights.count.isMultiple(of: 7) { try await compare(store, flights, server, at: now) }
        }
        elapsed = clock.now - start
    }

    private func take(
        _ store: any LimiterStore, _ demand: PermitDemand, _ wakes: inout Set<Duration>,
        _ schedule: (Event, Duration) -> Void
    ) async throws -> PermitDecision {
        let decision = try await store.take(demand)
        if case .wait(let moment?) = decision, wakes.insert(moment).inserted { schedule(.wake, moment) }
        return decision
    }

    /// The limiter's count against that of whoever has seen everything that was sent.
    private mutating func compare(
        _ store: any LimiterStore, _ flights: [Flight], _ server: StrictServer, at now: Duration
    ) async throws {
        let snapshot = try await store.snapshot()
        for lane in Lane.allCases {
            guard let window = snapshot.windows[lane] else { continue }
            let own = flights.count { flight in
                flight.permit.lanes.contains(LaneSet(lane)) && !flight.isUnsent
                    && (flight.answered ?? flight.granted + timeout) + window.window > now
            }
            // Others can only add to it.
            if others == 0 ? window.used != own : window.used < own {
                miscounts.append("\(lane) \(window.used) for \(own) at \(now)")
            }
        }
    }
}
