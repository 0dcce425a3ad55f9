import JSON
import Logging
import Synchronization

/// What became of a call that waited for others of its kind.
enum BatchVerdict: Sendable {
    case answered(Result<JSONSlice, HubSpotError>)
    /// Nobody came along: send the plain call, under this permit.
    case alone(Reservation)
}

/// Sends calls that wait at the same time with the same kind of call as one batch.
///
/// The waiting calls stand in the limiter's queue as one request for each 100 of a kind. When a permit is granted, and
/// the callers have nothing left to add, the ``BatchQueue`` says which batch is sealed and sent: so calls made together
/// travel together, and the tighter the quota, the fuller the batches.
final class Coalescer: Sendable {
    /// How a group's batches are made.
    struct Route: Sendable {
        /// Records in one batch at most.
        var size: Int
        var lanes: LaneSet
        /// Sends the inputs as one batch and answers what became of each, by index.
        var run: @Sendable ([Operation]) async -> Verdicts
    }

    private struct Call {
        var kind: BatchKind
        var input: Operation
        var turn: WriteTurn?
        var whenAnswered: (@Sendable (Result<JSONSlice, HubSpotError>) -> Void)?
        var continuation: CheckedContinuation<BatchVerdict, Never>
        var since: Duration
        /// What a script called.
        var context: CallContext?
        /// The batch that it travels in, once that is sealed.
        var batch: Int?
    }

    private struct Sealed {
        let task: Task<Void, Never>?
        /// Callers who still wait for it.
        var callers: Int
    }

    private struct State {
        var queue = BatchQueue()
        var routes: [BatchKind: Route] = [:]
        var calls: [UInt64: Call] = [:]
        /// Those who wait for a permit or for the callers, by number: one for each batch that the waiting calls make.
        var senders: [BatchQueue.Pool: [Int: Task<Void, Never>]] = [:]
        /// Senders that hold a permit until their batch is fuller.
        var holding: [Int: CheckedContinuation<Void, Never>] = [:]
        /// Goes up with whatever may end their waiting, and as it was when they were last woken.
        var changes = 0
        var lastWake = 0
        /// Goes up with each call.
        var joined = 0
        var sealed: [Int: Sealed] = [:]
        /// Writes under way whose callers were cancelled.
        var orphans: [UInt64: WriteTurn] = [:]
        var lastCall: UInt64 = 0
        var lastSender = 0
        /// Answers that are being handed out, and calls that are being made: their callers are about to go on.
        var deliveries = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let requests: RequestPipeline
    private let configuration: SessionConfiguration

    init(_ requests: RequestPipeline) {
        self.requests = requests
        configuration = requests.configuration
    }

    // MARK: Joining

    /// Waits with others of the kind until a batch has taken the call along, or it is alone.
    ///
    /// A caller who is cancelled gets `cancelled` at once; the batch goes on for the others, and `turn` is held until
    /// it is answered.
    func join(
        _ kind: BatchKind, _ input: Operation, _ turn: WriteTurn?,
        _ whenAnswered: (@Sendable (Result<JSONSlice, HubSpotError>) -> Void)?,
        _ route: () -> Route
    ) async -> BatchVerdict {
        let id = state.withLock { state in
            state.lastCall += 1
            return state.lastCall
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let refusal = state.withLock { state -> HubSpotError? in
                    if state.isClosed { return Self.closed }
                    if Task.isCancelled { return .cancelled }
                    state.calls[id] = Call(
                        kind: kind, input: input, turn: turn, whenAnswered: whenAnswered, continuation: continuation,
                        since: configuration.clock.now, context: CallContext.current)
                    if state.routes[kind] == nil { state.routes[kind] = route() }
                    guard let route = state.routes[kind] else { return Self.closed }
                    let pool = BatchQueue.Pool(lanes: route.lanes, priority: kind.priority)
                    let entry = BatchQueue.Entry(id: id, since: configuration.clock.now)
                    state.joined += 1
                    if state.queue.join(kind, entry, pool, size: route.size) { state.changes += 1 }
                    startSenders(pool, &state)
                    return nil
                }
                if let refusal { continuation.resume(returning: .answered(.failure(refusal))) }
                wakeHolding()
            }
        } onCancel: {
            cancel(id)
        }
    }

    private static let closed = HubSpotError(.cancelled, "the session is closed")

    /// One sender for each batch that the waiting calls make, as many as may be in flight.
    private func startSenders(_ pool: BatchQueue.Pool, _ state: inout State) {
        let wanted = min(state.queue.batches(of: pool), max(1, configuration.concurrency))
        for _ in 0..<max(0, wanted - (state.senders[pool]?.count ?? 0)) {
            state.lastSender += 1
            let number = state.lastSender
            state.senders[pool, default: [:]][number] = Task(executorPreference: configuration.executor) { [self] in
                await CallPriority.$current.withValue(pool.priority) { await send(pool, number) }
            }
        }
    }

    private func cancel(_ id: UInt64) {
        let (continuation, senders) = state.withLock { state in
            var senders: [Task<Void, Never>] = []
            guard let call = state.calls.removeValue(forKey: id) else {
                return (nil, senders) as (CheckedContinuation<BatchVerdict, Never>?, [Task<Void, Never>])
            }
            if let number = call.batch {
                if let turn = call.turn {
                    turn.hold()
                    state.orphans[id] = turn
                }
                state.sealed[number]?.callers -= 1
                // Nobody waits for the batch any more.
                if let batch = state.sealed[number], batch.callers == 0, let task = batch.task { senders.append(task) }
            } else if let pool = state.queue.groups[call.kind]?.pool {
                state.queue.leave(call.kind)
                // Nobody is left for them to send for.
                if state.queue.batches(of: pool) == 0, let idle = state.senders.removeValue(forKey: pool) {
                    senders = Array(idle.values)
                }
            }
            return (call.continuation, senders)
        }
        for sender in senders { sender.cancel() }
        continuation?.resume(returning: .answered(.failure(.cancelled)))
    }

    /// No batch is sealed while `body` makes its calls.
    func together(_ body: () -> Void) {
        state.withLock { $0.deliveries += 1 }
        defer { state.withLock { $0.deliveries -= 1 } }
        body()
    }

    /// Fails everyone who waits, and cancels what is in flight.
    func close() {
        let (calls, tasks) = state.withLock { state in
            state.isClosed = true
            let calls = Array(state.calls.values)
            let tasks = state.senders.values.flatMap(\.values) + state.sealed.values.compactMap(\.task)
            state.calls = [:]
            state.queue.removeAll()
            state.senders = [:]
            return (calls, tasks)
        }
        for task in tasks { task.cancel() }
        for call in calls { call.continuation.resume(returning: .answered(.failure(Self.closed))) }
    }

    /// Whether calls are being made or answered at this moment: their callers are about to go on.
    var isHandingOut: Bool { state.withLock { $0.deliveries > 0 } }

    /// Calls that no batch has taken along yet.
    var waitingCalls: Int { state.withLock { $0.queue.waiting } }

    // MARK: Sending

    private func send(_ pool: BatchQueue.Pool, _ number: Int) async {
        let reservation: Reservation
        let waits = WaitCollector()
        do throws(HubSpotError) {
            reservation = try await requests.reserve(pool.lanes, noting: waits)
        } catch {
            guard case .sealed(let batch) = seal(pool, number, holds: false) else { return }
            deliver(batch, number) { _ in .failure(error) }
            return
        }
        let granted = configuration.clock.now
        state.withLock { $0.queue.learn(pressure: reservation.pressure, of: pool.lanes) }
        guard let batch = await gather(pool, number) else {
            await reservation.giveBack()
            return
        }
        waits.add(.gathering, from: granted, to: configuration.clock.now)
        if batch.calls.count == 1 {
            let caller = batch.callers[0]
            caller.context?.add(waits.intervals.compactMap { $0.after(caller.since) })
            let isThere = hand(batch, number, .alone(reservation))
            if !isThere { await reservation.giveBack() }
            return
        }
        configuration.logger.debug(
            "batch \(number): \(batch.kind.description), \(batch.inputs.count) records, the first waited \(batch.waited)"
        )
        note(batch, number, batch.kind, waits.intervals)
        let verdicts = await CallContext.$current.withValue(.ofBatch) {
            await Reservation.$current.withValue(reservation) { await batch.route.run(batch.inputs) }
        }
        await reservation.giveBack()
        deliver(batch, number) { verdicts[$0] }
    }

    /// Waits until a batch is sealed for the sender. Nil where there is none left for it.
    private func gather(_ pool: BatchQueue.Pool, _ number: Int) async -> Batch? {
        while true {
            await callersSettle(pool)
            switch seal(pool, number, holds: true) {
            case .sealed(let batch): return batch
            case .none: return nil
            case .hold(let moment, let changes): await hold(number, until: moment, changes)
            }
        }
    }

    /// Returns once a full batch waits, or the callers have nothing to add: none of them runs any more, or none has
    /// called for as long as ``SessionConfiguration/callersAreIdle`` waits.
    private func callersSettle(_ pool: BatchQueue.Pool) async {
        var seen = -1
        while true {
            let (joined, isOver, isDelivering) = state.withLock { state in
                (state.joined, state.queue.batches(of: pool) == 0 || state.queue.isFull(pool), state.deliveries > 0)
            }
            if isOver || joined == seen && !isDelivering { return }
            seen = joined
            if isDelivering { try? await Task.sleep(for: .microseconds(200)) }
            if let callersAreIdle = configuration.callersAreIdle { await callersAreIdle() }
            // Those who were resumed before stand in front of us in the executor's queue.
            await Task.yield()
            await Task.yield()
        }
    }

    /// Returns at that moment, or as soon as something has changed since `changes`.
    private func hold(_ number: Int, until moment: Duration, _ changes: Int) async {
        let alarm = configuration.clock.schedule(at: moment) { [weak self] in self?.wake(number) }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard state.changes == changes, !Task.isCancelled, configuration.clock.now < moment else {
                        return false
                    }
                    state.holding[number] = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            wake(number)
        }
        alarm.cancel()
    }

    private func wake(_ number: Int) {
        state.withLock { $0.holding.removeValue(forKey: number) }?.resume()
    }

    /// Lets the senders that hold a permit look again, where something has changed for them.
    private func wakeHolding() {
        let holding = state.withLock { state in
            guard !state.holding.isEmpty, state.changes != state.lastWake else {
                return [] as [CheckedContinuation<Void, Never>]
            }
            state.lastWake = state.changes
            defer { state.holding = [:] }
            return Array(state.holding.values)
        }
        for sender in holding { sender.resume() }
    }

    /// Calls that travel together.
    private struct Batch {
        let kind: BatchKind
        let route: Route
        /// As the queue counts it.
        let id: Int
        /// Distinct records, their indices counted from zero.
        var inputs: [Operation] = []
        /// The callers, and which of the inputs is each one's.
        var calls: [(id: UInt64, index: Int)] = []
        /// The same callers: since when each has waited, and what a script called.
        var callers: [(since: Duration, context: CallContext?)] = []
        /// The longest of them.
        var waited: Duration = .zero
    }

    /// Tells the journal which batch each call goes into, and what it has waited for.
    private func note(_ batch: Batch, _ number: Int, _ kind: BatchKind, _ waits: [WaitInterval]) {
        let size = batch.callers.count
        for (offset, caller) in batch.callers.enumerated() {
            requests.journal.note(
                kind.description, for: caller.context, waits.compactMap { $0.after(caller.since) },
                batch: CallNote.Batch(number: number, size: size, position: offset + 1))
        }
    }

    private enum Sealing {
        case sealed(Batch)
        /// Until then, or until ``State/changes`` is another.
        case hold(until: Duration, changes: Int)
        case none
    }

    /// Takes the calls out of the queue that go now.
    ///
    /// - Parameter holds: Whether it is worth waiting until more come along.
    private func seal(_ pool: BatchQueue.Pool, _ number: Int, holds: Bool) -> Sealing {
        state.withLock { state in
            guard let task = state.senders[pool]?[number] else { return .none }
            let kind: BatchKind
            switch state.queue.choose(pool, at: configuration.clock.now) {
            case .go(let chosen): kind = chosen
            case .hold(let moment) where holds: return .hold(until: moment, changes: state.changes)
            case .hold:
                guard let any = state.queue.groups.first(where: { $0.value.pool == pool })?.key else { return .none }
                kind = any
            case .none:
                state.senders[pool]?[number] = nil
                return .none
            }
            guard let route = state.routes[kind] else { return .none }
            var batch = Batch(kind: kind, route: route, id: state.queue.begin())
            var places: [RecordReference: Int] = [:]
            let now = configuration.clock.now
            state.queue.take(kind) { entry in
                guard let call = state.calls[entry.id], call.batch == nil else { return .cancelled }
                var index = batch.inputs.count
                if kind.joinsDoubles, let key = call.input.record?.key {
                    if let known = places[key] { index = known } else { places[key] = index }
                }
                if index == batch.inputs.count {
                    guard index < route.size else { return .left }
                    var input = call.input
                    input.index = index
                    batch.inputs.append(input)
                }
                if batch.calls.isEmpty { batch.waited = now - call.since }
                batch.calls.append((entry.id, index))
                batch.callers.append((call.since, call.context))
                state.calls[entry.id]?.batch = number
                return .taken
            }
            if state.queue.groups[kind] == nil { state.routes[kind] = nil }
            state.senders[pool]?[number] = nil
            state.sealed[number] = Sealed(task: batch.calls.count > 1 ? task : nil, callers: batch.calls.count)
            startSenders(pool, &state)
            return .sealed(batch)
        }
    }

    /// Gives one caller its verdict.
    /// - Returns: False where it was cancelled meanwhile.
    private func hand(_ batch: Batch, _ number: Int, _ verdict: BatchVerdict) -> Bool {
        let id = batch.calls[0].id
        let (call, orphan) = state.withLock { state in
            state.sealed[number] = nil
            state.queue.end(batch.id)
            return (state.calls.removeValue(forKey: id), state.orphans.removeValue(forKey: id))
        }
        orphan?.letGo()
        call?.continuation.resume(returning: verdict)
        return call != nil
    }

    private func deliver(_ batch: Batch, _ number: Int, _ verdict: (Int) -> Result<JSONSlice, HubSpotError>?) {
        var calls: [(call: Call, verdict: Result<JSONSlice, HubSpotError>)] = []
        calls.reserveCapacity(batch.calls.count)
        var orphans: [WriteTurn] = []
        state.withLock { state in
            state.deliveries += 1
            state.sealed[number] = nil
            state.queue.end(batch.id)
            state.changes += 1
            for (id, index) in batch.calls {
                if let call = state.calls.removeValue(forKey: id) {
                    let verdict =
                        verdict(index)
                        ?? .failure(
                            HubSpotError(
                                .badResponse, "HubSpot's answer leaves the record out",
                                fateIsUnknown: batch.kind.isWrite))
                    calls.append((call, verdict))
                } else if let orphan = state.orphans.removeValue(forKey: id) {
                    orphans.append(orphan)
                }
            }
        }
        for orphan in orphans { orphan.letGo() }
        for (call, verdict) in calls { call.whenAnswered?(verdict) }
        for (call, verdict) in calls { call.continuation.resume(returning: .answered(verdict)) }
        state.withLock { $0.deliveries -= 1 }
        wakeHolding()
    }
}
