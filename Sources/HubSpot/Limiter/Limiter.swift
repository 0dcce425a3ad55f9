import Logging
import Synchronization
import Wire

/// The queue in front of a ``LimiterStore``: who waits, who goes next, and how many are in flight.
///
/// Calls that need the same lanes stand in one line, by priority and then in the order in which they came; a line that
/// is blocked holds up no other.
actor Limiter {
    let store: any LimiterStore
    let clock: any SessionClock
    let executor: (any TaskExecutor)?
    let concurrency: Int
    private let logger: Logger

    private(set) var lines: [LaneSet: [Waiter]] = [:]
    private(set) var inFlight = 0
    var waits = LimiterWaits()
    var telling: PresenceTelling
    private var isPumping = false
    private var mustPumpAgain = false
    private var wake: (at: Duration, task: Task<Void, Never>)?
    private(set) var isClosed = false
    private(set) var totals = LimitsState.Totals()
    private var cost = DecisionCost()
    private var tickets = 0

    init(
        store: any LimiterStore, clock: any SessionClock, executor: (any TaskExecutor)? = nil, concurrency: Int,
        logger: Logger, program: String = "moonspot"
    ) {
        telling = PresenceTelling(program: program)
        self.store = store
        self.clock = clock
        self.executor = executor
        self.concurrency = max(1, concurrency)
        self.logger = logger
    }

    /// A call's place in the order, kept over its repetitions.
    struct Ticket: Sendable, Comparable {
        var priority: CallPriority
        var number: Int

        static func < (a: Ticket, b: Ticket) -> Bool {
            a.priority != b.priority ? a.priority < b.priority : a.number < b.number
        }
    }

    func ticket(_ priority: CallPriority) -> Ticket {
        tickets += 1
        return Ticket(priority: priority, number: tickets)
    }

    /// Waits for a place in each lane. Every permit must be given to ``release(_:_:)``.
    ///
    /// - Parameter collector: Hears what was waited for.
    /// - Throws: ``HubSpotError`` of kind `daily_limit`, or `cancelled` as soon as the current task is cancelled.
    func acquire(
        _ demand: LimiterDemand, ticket: Ticket, records: Int, isBatch: Bool, noting collector: WaitCollector? = nil
    ) async throws(HubSpotError) -> LimiterPermit {
        if isClosed { throw Limiter.closed }
        let since = clock.now
        let waiter = Waiter(ticket: ticket, demand: demand, since: since, collector: collector)
        var line = lines[demand.lanes, default: []]
        line.insert(waiter, at: line.firstIndex { ticket < $0.ticket } ?? line.endIndex)
        lines[demand.lanes] = line
        await pump()
        let result = await waiter.result()
        let waited = clock.now - since
        totals.waitSeconds += waited / .seconds(1)
        switch result {
        case .success(let permit):
            totals.requests += 1
            count(records: records, isBatch: isBatch)
            return permit
        case .failure(let error):
            lines[demand.lanes]?.removeAll { $0 === waiter }
            throw error
        }
    }

    /// Ends a permit.
    func release(_ permit: LimiterPermit, _ outcome: LimiterOutcome) async {
        inFlight -= 1
        switch outcome {
        case .unsent: totals.requests -= 1
        case .answered(let observation): if observation.status == 429 { totals.throttled += 1 }
        case .unanswered: break
        }
        let (settled, time) = await DecisionCost.timed { () async throws(HubSpotError) in
            try await store.settle(permit, outcome)
        }
        cost.add(time)
        switch settled {
        case .success(let notices): for notice in notices { log(notice) }
        case .failure(let error): logger.warning("limiter: \(error)")
        }
        await pump()
    }

    /// Counts what travels under a permit that was asked for before that was known.
    func count(records: Int, isBatch: Bool) {
        totals.records += records
        if isBatch { totals.batches += 1 }
    }

    func countRetry(waiting: Duration) {
        totals.retries += 1
        totals.waitSeconds += waiting / .seconds(1)
    }

    func learn(portalID: Int64, dayEndsAt instant: Duration?) async {
        await store.learn(portalID: portalID, dayEndsAt: instant)
    }

    /// Returns once that many burst places are free; takes none.
    func waitForBurst(_ count: Int) async throws(HubSpotError) {
        while true {
            guard case .limited(let limit, _)? = try await store.snapshot().windows[.burst]?.allowance else { return }
            guard count <= limit else {
                throw .invalidArgument(
                    "limits.wait: \(count) permits never come free at once, the burst limit is \(limit)")
            }
            // Where answers must come first, nobody knows when: looked at again soon.
            let moment = try await store.burstFree(count) ?? clock.now + .milliseconds(100)
            guard moment > clock.now else { return }
            try await sleep(until: moment, .places(count))
        }
    }

    /// Fails everyone who waits.
    func close() async {
        isClosed = true
        if cost.count > 0 { logger.debug("the limiter's store took \(cost)") }
        wake?.task.cancel()
        wake = nil
        for waiter in lines.values.joined() { waiter.finish(.failure(Limiter.closed)) }
        lines = [:]
        await takeLeave()
    }

    private static let closed = HubSpotError(.cancelled, "the session is closed")

    // MARK: Serving the lines

    /// Serves the lines until each is empty or blocked.
    private func pump() async {
        guard !isPumping else {
            mustPumpAgain = true
            return
        }
        isPumping = true
        var next: Duration?
        repeat {
            mustPumpAgain = false
            next = nil
            var blocked: Set<LaneSet> = []
            while inFlight < concurrency, let waiter = first(outside: blocked) {
                inFlight += 1
                let decision: LimiterDecision
                let (taken, time) = await DecisionCost.timed { () async throws(HubSpotError) in
                    try await store.take(waiter.demand)
                }
                cost.add(time)
                switch taken {
                case .success(let made): decision = made
                case .failure(let error): decision = .refused(error)
                }
                logger.trace("\(store.kind.rawValue) store: \(decision.words(waiter.demand, at: clock.now))")
                switch decision {
                case .granted(let permit):
                    noteWait(of: waiter)
                    lines[waiter.demand.lanes]?.removeAll { $0 === waiter }
                    if !waiter.finish(.success(permit)) {
                        inFlight -= 1
                        _ = try? await store.settle(permit, .unsent)
                    }
                case .refused(let error):
                    noteWait(of: waiter)
                    inFlight -= 1
                    lines[waiter.demand.lanes]?.removeAll { $0 === waiter }
                    waiter.finish(.failure(error))
                case .wait(let moment):
                    inFlight -= 1
                    blocked.insert(waiter.demand.lanes)
                    if let moment { next = min(next ?? moment, moment) }
                }
            }
            await noteWaits(blocked: blocked)
        } while mustPumpAgain
        isPumping = false
        if let next { schedule(at: next) }
        await tellOthers()
    }

    /// Who goes next among the lines that are not blocked.
    private func first(outside blocked: Set<LaneSet>) -> Waiter? {
        var best: Waiter?
        for (lanes, line) in lines where !blocked.contains(lanes) {
            guard let waiter = line.first(where: { !$0.isOver }) else { continue }
            if best.map({ waiter.ticket < $0.ticket }) ?? true { best = waiter }
        }
        return best
    }

    /// When the lines are looked at again.
    var wakesAt: Duration? { wake?.at }

    private func schedule(at moment: Duration) {
        if let wake, wake.at <= moment, wake.at > clock.now { return }
        wake?.task.cancel()
        let task = Task(executorPreference: executor) { [weak self, clock] in
            do { try await clock.sleep(until: moment) } catch { return }
            await self?.wakeUp(moment)
        }
        wake = (moment, task)
    }

    private func wakeUp(_ moment: Duration) async {
        if wake?.at == moment { wake = nil }
        await pump()
    }

    private func log(_ notice: LimiterNotice) {
        switch notice {
        case .lowered(let given, let told):
            logger.warning("the limit given is \(given), HubSpot's headers say \(told): the lower one is used")
        case .closed(let lane, let wait):
            logger.info("HubSpot refused a call for its \(lane) limit: that lane waits \(wait)")
        }
    }

    // MARK: Reading

    func state(source: LimitsState.Source) async throws(HubSpotError) -> LimitsState {
        let snapshot = try await store.snapshot()
        let now = clock.now
        func window(_ lane: Lane) -> LimitsState.Window {
            guard let known = snapshot.windows[lane] else {
                return LimitsState.Window(
                    limit: .infinity, used: 0, remaining: .infinity, window: .seconds(10), resetsIn: .zero)
            }
            let limit =
                switch known.allowance {
                case .unlimited: Double.infinity
                case .limited(let count, _): Double(count)
                }
            let used = Double(known.used)
            let remaining = known.closedUntil != nil ? 0 : max(0, limit - used)
            return LimitsState.Window(
                limit: limit, used: used, remaining: remaining, window: known.window,
                resetsIn: used == 0 && known.closedUntil == nil ? .zero : max(.zero, known.clearsAt - now),
                closedFor: known.closedUntil.map { max(.zero, $0 - now) }, opensAt: known.closedUntil.map(time))
        }
        func time(_ instant: Duration) -> String {
            Timestamp.iso((clock.unixTime + (instant - now)).components.seconds * 1000)
        }
        let resetsAt = snapshot.dayEndsAt.map(time)
        return LimitsState(
            burst: window(.burst), search: window(.search), associations: window(.associations), forms: window(.forms),
            daily: LimitsState.Day(
                limit: snapshot.dayLimit, used: snapshot.dayUsed, remaining: snapshot.dayRemaining, resetsAt: resetsAt),
            queue: LimitsState.Queue(
                waiting: lines.values.joined().count { !$0.isOver }, inFlight: inFlight),
            totals: totals, source: snapshot.limitsWereLearnt ? .headers : source, store: store.kind,
            console: LimitsState.Console(
                open: snapshot.consoles, kept: snapshot.windows[.burst]?.console?.kept ?? 0,
                cost: snapshot.windows[.burst]?.console?.cost ?? 0))
    }
}

/// Somebody in a line.
final class Waiter: Sendable {
    let ticket: Limiter.Ticket
    let demand: LimiterDemand
    let since: Duration
    /// Hears what was waited for.
    let collector: WaitCollector?

    private struct State {
        var continuation: CheckedContinuation<Result<LimiterPermit, HubSpotError>, Never>?
        var result: Result<LimiterPermit, HubSpotError>?
    }
    private let state = Mutex(State())

    init(ticket: Limiter.Ticket, demand: LimiterDemand, since: Duration, collector: WaitCollector?) {
        self.ticket = ticket
        self.demand = demand
        self.since = since
        self.collector = collector
    }

    var isOver: Bool { state.withLock { $0.result != nil } }

    /// - Returns: False where it is over already.
    @discardableResult
    func finish(_ result: Result<LimiterPermit, HubSpotError>) -> Bool {
        let (isFirst, continuation) = state.withLock { state in
            guard state.result == nil else {
                return (false, nil) as (Bool, CheckedContinuation<Result<LimiterPermit, HubSpotError>, Never>?)
            }
            state.result = result
            defer { state.continuation = nil }
            return (true, state.continuation)
        }
        continuation?.resume(returning: result)
        return isFirst
    }

    /// How it ends; at once with `cancelled` when the current task is cancelled.
    func result() async -> Result<LimiterPermit, HubSpotError> {
        if let result = state.withLock({ $0.result }) { return result }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let result = state.withLock { state in
                    if state.result == nil { state.continuation = continuation }
                    return state.result
                }
                if let result { continuation.resume(returning: result) }
            }
        } onCancel: {
            finish(.failure(.cancelled))
        }
    }
}
