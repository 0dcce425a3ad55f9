import JSON
import Logging
import Synchronization
import Waiting
import Quota

/// The fate of a call that waited for others of its kind.
enum BatchVerdict: Sendable {
    case answered(Result<JSONSlice, HubSpotError>)
    /// No other came along: send the plain call, under this permit.
    case alone(Reservation)
}

/// Sends calls that wait at the same time with the same kind of call as one batch.
///
/// The waiting calls stand in the limiter's queue as one request for each 100 of a kind. When a permit is granted, and
/// the callers have nothing left to add, the ``CoalescerState`` says which batch is sealed and sent: so calls made together
/// travel together, and the tighter the quota, the fuller the batches. All decisions are the state's; this shell runs
/// the senders, one task for each batch to come, and hands out answers.
final class Coalescer: Sendable {
    /// How a kind's batches are made.
    struct Route: Sendable {
        /// Records in one batch at most.
        var size: Int
        var lanes: LaneSet
        /// Sends the operations as one batch and answers the fate of each, by index.
        var run: @Sendable ([Operation]) async -> Verdicts
    }

    private struct Shell {
        var state: CoalescerState
        var callers: [UInt64: OneShot<BatchVerdict>] = [:]
        var senders: [Int: Sender] = [:]
        var holds: [Int: OneShot<Void>] = [:]
    }

    private enum Sender {
        /// Its task is made once the lock is open: it would wait for the lock at once.
        case starting
        case running(Task<Void, Never>)
        /// Before its task was there.
        case stopped
    }

    private let shell: Mutex<Shell>
    private let requests: RequestPipeline
    private let configuration: SessionConfiguration

    init(_ requests: RequestPipeline) {
        self.requests = requests
        configuration = requests.configuration
        shell = Mutex(Shell(state: CoalescerState(concurrency: requests.configuration.concurrency)))
    }

    // MARK: Calls

    /// Waits with others of the kind until a batch has taken the call along, or it is alone.
    ///
    /// A caller who is cancelled gets `cancelled` at once; the batch goes on for the others, and `turn` is held until
    /// it is answered.
    ///
    /// - Parameter whenAnswered: Hears of a batch's answer, one call after another in their order, before any of them
    ///   goes on.
    func join(
        _ kind: BatchKind, _ operation: Operation, _ turn: WriteTurn?,
        _ whenAnswered: (@Sendable (Result<JSONSlice, HubSpotError>) -> Void)?, _ route: () -> Route
    ) async -> BatchVerdict {
        if Task.isCancelled { return .answered(.failure(.cancelled)) }
        let context = CallContext.current
        let call = CoalescerState.Call(
            kind: kind, operation: operation, turn: turn, whenAnswered: whenAnswered, since: configuration.clock.now,
            context: context)
        let answer = OneShot<BatchVerdict>()
        let (id, effects) = shell.withLock { shell -> (UInt64, [Effect]) in
            let id = shell.state.nextCall()
            shell.callers[id] = answer
            // Under the lock: the answer may come at once.
            defer { context?.waits() }
            return (id, translate(shell.state.join(id, call, route), &shell))
        }
        run(effects)
        return await answer.wait { [self] in
            change { $0.cancel(id) }
            return .answered(.failure(.cancelled))
        }
    }

    /// Fails all that wait, and cancels the batches in flight.
    func close() { change { $0.close() } }

    /// Calls that no batch has taken along yet.
    var waitingCalls: Int { shell.withLock { $0.state.waiting } }

    // MARK: Carrying out decisions

    /// The actions that are run once the lock is open.
    private enum Effect {
        case start(Int, BatchQueue.Pool)
        case answer(CoalescerState.Call, OneShot<BatchVerdict>, BatchVerdict)
        case wake(OneShot<Void>)
        case stop(Task<Void, Never>)
        case letGo(WriteTurn)
    }

    private func change(_ event: (inout CoalescerState) -> [CoalescerState.Action]) {
        run(shell.withLock { shell -> [Effect] in translate(event(&shell.state), &shell) })
    }

    private func translate(_ actions: [CoalescerState.Action], _ shell: inout Shell) -> [Effect] {
        actions.compactMap { action in
            switch action {
            case .start(let sender, let pool):
                shell.senders[sender] = .starting
                return .start(sender, pool)
            case .stop(let sender):
                switch shell.senders[sender] {
                case .running(let task): return .stop(task)
                case .starting: shell.senders[sender] = .stopped
                case .stopped, nil: break
                }
                return nil
            case .wake(let sender): return shell.holds.removeValue(forKey: sender).map { .wake($0) }
            case .answer(let id, let call, let verdict):
                return shell.callers.removeValue(forKey: id).map { .answer(call, $0, verdict) }
            case .letGo(let turn): return .letGo(turn)
            }
        }
    }

    /// - Returns: How many callers have taken their answers: one may be cancelled at this moment.
    @discardableResult
    private func run(_ effects: [Effect]) -> Int {
        // All are known to go on before the first of them does.
        for case .answer(let call, _, let verdict) in effects {
            if case .answered(let result) = verdict { call.whenAnswered?(result) }
            call.context?.goesOn()
        }
        var taken = 0
        for effect in effects {
            switch effect {
            case .start(let sender, let pool): start(sender, pool)
            case .answer(_, let answer, let verdict): if answer.finish(verdict) { taken += 1 }
            case .wake(let hold): hold.finish()
            case .stop(let task): task.cancel()
            case .letGo(let turn): turn.letGo()
            }
        }
        return taken
    }

    private func start(_ sender: Int, _ pool: BatchQueue.Pool) {
        let task = Task(executorPreference: configuration.executor) { [self] in
            await CallPriority.$current.withValue(pool.priority) { await send(pool, sender) }
            self.shell.withLock { $0.senders[sender] = nil }
        }
        let isStopped = shell.withLock { shell in
            // Nil: it has ended by now.
            guard let known = shell.senders[sender] else { return false }
            shell.senders[sender] = .running(task)
            if case .stopped = known { return true }
            return false
        }
        if isStopped { task.cancel() }
    }

    // MARK: Sending

    private func send(_ pool: BatchQueue.Pool, _ sender: Int) async {
        let reservation: Reservation
        let waits = WaitCollector()
        do throws(HubSpotError) {
            reservation = try await requests.reserve(pool.lanes, noting: waits)
        } catch {
            if case .sealed(let batch) = seal(pool, sender, mayHold: false) {
                change { $0.answer(batch) { _ in .answered(.failure(error)) } }
            }
            return
        }
        let granted = configuration.clock.now
        shell.withLock { $0.state.learn(pressure: reservation.pressure, of: pool.lanes) }
        guard let batch = await gather(pool, sender) else { return await reservation.giveBack() }
        waits.add(.gathering, from: granted, to: configuration.clock.now)
        guard batch.calls.count > 1 else {
            let caller = batch.callers[0]
            caller.context?.add(waits.intervals.compactMap { $0.after(caller.since) })
            let effects = shell.withLock { shell -> [Effect] in
                translate(shell.state.answer(batch) { _ in .alone(reservation) }, &shell)
            }
            if run(effects) == 0 { await reservation.giveBack() }
            return
        }
        note(batch, waits.intervals)
        let verdicts = await CallContext.$current.withValue(.ofBatch) {
            await Reservation.$current.withValue(reservation) { await batch.route.run(batch.operations) }
        }
        await reservation.giveBack()
        change { state in
            state.answer(batch) { index in
                .answered(
                    verdicts[index]
                        ?? .failure(
                            HubSpotError(
                                .badResponse, "HubSpot's answer leaves the record out",
                                fateIsUnknown: batch.kind.isWrite)))
            }
        }
    }

    /// Waits until a batch is sealed for the sender. Nil where there is none left for it.
    private func gather(_ pool: BatchQueue.Pool, _ sender: Int) async -> CoalescerState.Batch? {
        while true {
            await configuration.untilCallersAddNothing {
                shell.withLock { $0.state.isSettled(pool) ? nil : $0.state.joined }
            }
            switch seal(pool, sender, mayHold: true) {
            case .sealed(let batch): return batch
            case .nothing: return nil
            case .hold(let moment, let hold):
                let alarm = configuration.clock.schedule(at: moment) { [weak self] in
                    self?.change { $0.wake(sender) }
                }
                await hold.wait { [self] in change { $0.wake(sender) } }
                alarm.cancel()
            }
        }
    }

    private enum Sealing {
        case sealed(CoalescerState.Batch)
        case hold(until: Duration, OneShot<Void>)
        case nothing
    }

    private func seal(_ pool: BatchQueue.Pool, _ sender: Int, mayHold: Bool) -> Sealing {
        let (sealing, effects) = shell.withLock { shell -> (Sealing, [Effect]) in
            switch shell.state.seal(pool, sender, at: configuration.clock.now, mayHold: mayHold) {
            case .sealed(let batch, let actions): return (.sealed(batch), translate(actions, &shell))
            case .nothing: return (.nothing, [])
            case .hold(let moment):
                // Under the same lock: it may be woken at once.
                let hold = OneShot<Void>()
                shell.holds[sender] = hold
                return (.hold(until: moment, hold), [])
            }
        }
        run(effects)
        return sealing
    }

    /// Tells the journal which batch each call goes into, and its waits so far.
    private func note(_ batch: CoalescerState.Batch, _ waits: [WaitInterval]) {
        configuration.logger.debug(
            "batch \(batch.sender): \(batch.kind.description), \(batch.operations.count) records")
        let size = batch.callers.count
        for (offset, caller) in batch.callers.enumerated() {
            requests.journal.note(
                batch.kind.description, for: caller.context, waits.compactMap { $0.after(caller.since) },
                batch: CallNote.Batch(number: batch.sender, size: size, position: offset + 1))
        }
    }
}

extension SessionConfiguration {
    /// Returns once the callers have waited without adding anything: a whole wait in which `count` has stayed. At once where
    /// it is nil.
    func untilCallersAddNothing(_ count: () -> Int?) async {
        var seen: Int?
        while let now = count(), now != seen {
            seen = now
            if let waitUntilCallersIdle {
                await waitUntilCallersIdle()
            } else {
                // Nothing says when they are idle: those that are ready to run stand in front in the executor's queue.
                await Task.yield()
            }
        }
    }
}
