package import Logging
import Synchronization

/// The queues in front of a ``LimiterStore``: the calls that wait, the next one to go, and how many are in flight.
///
/// Calls that need the same lanes wait in one queue, by priority and then in the order in which they came; a queue that
/// is blocked holds up no other.
package actor Limiter {
    let store: any LimiterStore
    let clock: any QuotaClock
    let executor: (any TaskExecutor)?
    let concurrency: Int
    private let logger: Logger

    private(set) var queues: [LaneSet: [Waiter]] = [:]
    package private(set) var inFlight = 0
    var waits = LimiterWaits()
    var presenceSchedule: PresenceSchedule
    private var isPumping = false
    private var mustPumpAgain = false
    private var wake: (at: Duration, task: Task<Void, Never>)?
    private(set) var isClosed = false
    package private(set) var totals = QuotaTotals()
    private var cost = DecisionCost()
    private let tickets = Atomic(0)
    /// Answered permits that a shared store has not been told of: it takes them along with the next decision. Till then they
    /// hold their places, as they would without an answer.
    private var untold: [EndedPermit] = []
    /// Places that the store has granted for calls that were about to follow. They go back together with the next telling.
    private var ahead = PlacesAhead()
    /// How often an answer has closed a lane or the day.
    private var closings = 0
    private var telling: Task<Void, Never>?
    /// How long the store is not told at most.
    private static let patience: Duration = .milliseconds(50)

    package init(
        store: any LimiterStore, clock: any QuotaClock, executor: (any TaskExecutor)? = nil, concurrency: Int,
        logger: Logger, program: String
    ) {
        presenceSchedule = PresenceSchedule(program: program)
        self.store = store
        self.clock = clock
        self.executor = executor
        self.concurrency = max(1, concurrency)
        self.logger = logger
    }

    /// A call's position in the order, kept over its repetitions.
    package struct Ticket: Sendable, Comparable {
        package let priority: CallPriority
        let number: Int

        package static func < (a: Ticket, b: Ticket) -> Bool {
            a.priority != b.priority ? a.priority < b.priority : a.number < b.number
        }
    }

    package nonisolated func ticket(_ priority: CallPriority) -> Ticket {
        Ticket(priority: priority, number: tickets.add(1, ordering: .relaxed).newValue)
    }

    /// Waits for a place in each lane. Every permit must be given to ``release(_:_:)``.
    ///
    /// - Parameter collector: Hears the reasons of the wait.
    /// - Throws: also ``QuotaError/cancelled``, as soon as the current task is cancelled.
    package func acquire(
        _ demand: PermitDemand, ticket: Ticket, records: Int, isBatch: Bool, noting collector: WaitCollector? = nil
    ) async throws(QuotaError) -> Permit {
        if isClosed { throw .closed }
        let since = clock.now
        let waiter = Waiter(ticket: ticket, demand: demand, since: since, collector: collector)
        var queue = queues[demand.lanes, default: []]
        queue.insert(waiter, at: queue.firstIndex { ticket < $0.ticket } ?? queue.endIndex)
        queues[demand.lanes] = queue
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
            queues[demand.lanes]?.removeAll { $0 === waiter }
            throw error
        }
    }

    /// Ends a permit.
    package func release(_ permit: Permit, _ outcome: PermitOutcome) async {
        inFlight -= 1
        switch outcome {
        case .unsent: totals.requests -= 1
        case .answered(let observation): if observation.status == 429 { totals.throttled += 1 }
        case .unanswered: break
        }
        if mayWait(outcome) {
            untold.append(EndedPermit(permit: permit, outcome: outcome, at: clock.now))
            tellLater()
            return await pump()
        }
        var ended = [EndedPermit(permit: permit, outcome: outcome)]
        if case .answered(let observation) = outcome, observation.refusal != nil {
            // What was granted before must not be sent into it.
            closings += 1
            ended += ahead.takeAll()
        }
        await settle(ended)
        await pump()
    }

    private func settle(_ ended: [EndedPermit]) async {
        let (settled, time) = await DecisionCost.timed { () async throws(QuotaError) in
            try await store.settle(ended)
        }
        cost.add(time)
        switch settled {
        case .success(let notices): for notice in notices { log(notice) }
        case .failure(let error): logger.warning("limiter: \(error)")
        }
    }

    /// Whether nothing is lost where the store hears of it together with the next decision: no call waits for the place, and no
    /// lane closes.
    private func mayWait(_ outcome: PermitOutcome) -> Bool {
        guard store.isShared, !isClosed, case .answered(let observation) = outcome, observation.refusal == nil else {
            return false
        }
        return waiting == 0
    }

    private func tellLater() {
        guard telling == nil else { return }
        telling = Task(executorPreference: executor) { [weak self, clock] in
            do { try await clock.sleep(for: Self.patience) } catch { return }
            await self?.tellNow()
        }
    }

    private func tellNow() async {
        telling = nil
        await tell()
    }

    /// Tells the store what it has not heard yet, and gives back the places that no call has taken.
    private func tell() async {
        let ended = untold + ahead.takeAll()
        untold = []
        if !ended.isEmpty { await settle(ended) }
    }

    /// Counts the records under a permit that was asked for before they were known.
    package func count(records: Int, isBatch: Bool) {
        totals.records += records
        if isBatch { totals.batches += 1 }
    }

    package func countRetry(waiting: Duration) {
        totals.retries += 1
        totals.waitSeconds += waiting / .seconds(1)
    }

    package func learn(accountID: Int64, dayEndsAt instant: Duration?) async {
        await store.learn(accountID: accountID, dayEndsAt: instant)
    }

    /// Returns once that many places of the primary lane are free; takes none.
    package func waitForPrimary(_ count: Int) async throws(QuotaError) {
        let lane = store.layout.primary
        while true {
            await tell()
            guard case .limited(let limit, _)? = try await store.snapshot().windows[lane]?.allowance else { return }
            guard count <= limit else { throw .neverFree(count, limit: limit) }
            // Where answers must come first, the time is not known: looked at again soon.
            let moment = try await store.primaryFree(count) ?? clock.now + .milliseconds(100)
            guard moment > clock.now else { return }
            try await sleep(until: moment, .places(count, lane))
        }
    }

    /// Fails all calls that wait.
    package func close() async {
        isClosed = true
        for waiter in queues.values.joined() { waiter.finish(.failure(.closed)) }
        queues = [:]
        telling?.cancel()
        telling = nil
        await tell()
        if cost.count > 0 { logger.debug("the limiter's store took \(cost)") }
        wake?.task.cancel()
        wake = nil
        await withdrawPresence()
    }

    // MARK: Serving the queues

    /// Serves the queues until each is empty or blocked.
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
                let decision = await decision(on: waiter.demand)
                logger.trace(
                    "\(store.kind.rawValue) store: \(decision.words(waiter.demand, store.layout, at: clock.now))")
                switch decision {
                case .granted(let permit):
                    noteWait(of: waiter)
                    queues[waiter.demand.lanes]?.removeAll { $0 === waiter }
                    if !waiter.finish(.success(permit)) {
                        inFlight -= 1
                        _ = try? await store.settle(permit, .unsent)
                    }
                case .refused(let error):
                    noteWait(of: waiter)
                    inFlight -= 1
                    queues[waiter.demand.lanes]?.removeAll { $0 === waiter }
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
        await announcePresence()
    }

    /// A place that was taken ahead, or else the store's word, which hears then how permits ended. Calls that follow one
    /// another closely get places ahead.
    private func decision(on demand: PermitDemand) async -> PermitDecision {
        if let permit = ahead.take(for: demand, at: clock.now) { return .granted(permit) }
        let ended = untold + ahead.takeAll()
        untold = []
        let wanted = store.isShared && !isClosed ? ahead.wanted(for: demand, at: clock.now) : 0
        let closings = closings
        let (taken, time) = await DecisionCost.timed { () async throws(QuotaError) in
            try await store.take(demand, ahead: wanted, after: ended)
        }
        cost.add(time)
        switch taken {
        case .success(let taken):
            for notice in taken.notices { log(notice) }
            if !taken.ahead.isEmpty {
                if isClosed || closings != self.closings {
                    await settle(taken.ahead.map { EndedPermit(permit: $0, outcome: .unsent) })
                } else {
                    ahead.keep(taken.ahead, for: demand)
                    tellLater()
                }
            }
            return taken.decision
        case .failure(let error): return .refused(error)
        }
    }

    /// The next call among the queues that are not blocked.
    private func first(outside blocked: Set<LaneSet>) -> Waiter? {
        var best: Waiter?
        for (lanes, queue) in queues where !blocked.contains(lanes) {
            guard let waiter = queue.first(where: { !$0.isOver }) else { continue }
            if best.map({ waiter.ticket < $0.ticket }) ?? true { best = waiter }
        }
        return best
    }

    /// When the queues are looked at again.
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

    private func log(_ notice: LimitNotice) {
        switch notice {
        case .lowered(let given, let told):
            logger.warning("the limit given is \(given), the server's answers say \(told): the lower one is used")
        case .closed(let lane, let wait):
            logger.info("the server refused a call for its \(lane) limit: that lane waits \(wait)")
        }
    }

    // MARK: Reading

    package func snapshot() async throws(QuotaError) -> QuotaSnapshot {
        await tell()
        return try await store.snapshot()
    }

    /// The processes that share the store and told of themselves lately; none where it is not shared.
    package func members() async throws(QuotaError) -> [SharingProcess] { try await store.members() }

    /// Calls that wait for a permit.
    package var waiting: Int { queues.values.joined().count { !$0.isOver } }

    package var storeKind: QuotaStoreKind { store.kind }
}
