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
/// A group of waiting calls stands in the limiter's queue as one request for each 100 of them. When its permit is
/// granted, and the callers have nothing left to add, the batch is sealed and sent: so calls made together travel
/// together, and the tighter the quota, the fuller the batches.
final class Batcher: Sendable {
    /// How a group's batches are made.
    struct Line: Sendable {
        /// Records in one batch at most.
        var size: Int
        var lanes: LaneSet
        /// Sends the inputs as one batch and answers what became of each, by index.
        var run: @Sendable ([BatchInput]) async -> [Int: Result<JSONSlice, HubSpotError>]
    }

    private struct Call {
        var kind: BatchKind
        var input: BatchInput
        var turn: WriteTurn?
        var continuation: CheckedContinuation<BatchVerdict, Never>
        var since: Duration
        /// The batch that it travels in, once that is sealed.
        var batch: Int?
    }

    /// Calls of one kind that wait for a permit.
    private struct Group {
        let line: Line
        /// In call order, with those that were cancelled.
        var waiting: [UInt64] = []
        /// How many of ``waiting`` are still there.
        var count = 0
        /// Those who wait for a permit or for the callers, by number: one for each full batch and one for the rest.
        var senders: [Int: Task<Void, Never>] = [:]
        /// Goes up with each call.
        var joined = 0

        mutating func join(_ id: UInt64) {
            waiting.append(id)
            count += 1
            joined += 1
        }
    }

    private struct Sealed {
        let task: Task<Void, Never>?
        /// Callers who still wait for it.
        var callers: Int
    }

    private struct State {
        var groups: [BatchKind: Group] = [:]
        var calls: [UInt64: Call] = [:]
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
    private let attempts: Attempts
    private let configuration: SessionConfiguration

    init(_ attempts: Attempts) {
        self.attempts = attempts
        configuration = attempts.configuration
    }

    // MARK: Joining

    /// Waits with others of the kind until a batch has taken the call along, or it is alone.
    ///
    /// A caller who is cancelled gets `cancelled` at once; the batch goes on for the others, and `turn` is held until
    /// it is answered.
    func join(_ kind: BatchKind, _ input: BatchInput, _ turn: WriteTurn?, _ line: () -> Line) async -> BatchVerdict {
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
                        kind: kind, input: input, turn: turn, continuation: continuation, since: configuration.clock.now
                    )
                    if state.groups[kind] == nil { state.groups[kind] = Group(line: line()) }
                    state.groups[kind]?.join(id)
                    startSenders(kind, &state)
                    return nil
                }
                if let refusal { continuation.resume(returning: .answered(.failure(refusal))) }
            }
        } onCancel: {
            cancel(id)
        }
    }

    private static let closed = HubSpotError(.cancelled, "the session is closed")

    /// One sender for each batch that the waiting calls fill, as many as may be in flight.
    private func startSenders(_ kind: BatchKind, _ state: inout State) {
        guard let group = state.groups[kind] else { return }
        let wanted = min((group.count + group.line.size - 1) / group.line.size, max(1, configuration.concurrency))
        for _ in 0..<max(0, wanted - group.senders.count) {
            state.lastSender += 1
            let number = state.lastSender
            state.groups[kind]?.senders[number] = Task(executorPreference: configuration.executor) { [self] in
                await CallPriority.$current.withValue(kind.priority) { await send(kind, group.line, number) }
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
            } else {
                state.groups[call.kind]?.count -= 1
                if state.groups[call.kind]?.count == 0, let group = state.groups.removeValue(forKey: call.kind) {
                    senders = Array(group.senders.values)
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
            let tasks = state.groups.values.flatMap(\.senders.values) + state.sealed.values.compactMap(\.task)
            state.calls = [:]
            state.groups = [:]
            return (calls, tasks)
        }
        for task in tasks { task.cancel() }
        for call in calls { call.continuation.resume(returning: .answered(.failure(Self.closed))) }
    }

    /// Calls that no batch has taken along yet.
    var waitingCalls: Int { state.withLock { $0.groups.values.reduce(0) { $0 + $1.count } } }

    // MARK: Sending

    private func send(_ kind: BatchKind, _ line: Line, _ number: Int) async {
        let reservation: Reservation
        do throws(HubSpotError) {
            reservation = try await attempts.reserve(line.lanes)
        } catch {
            guard let batch = seal(kind, number) else { return }
            deliver(batch, number) { _ in .failure(error) }
            return
        }
        await callersSettle(kind, line)
        guard let batch = seal(kind, number) else {
            await reservation.giveBack()
            return
        }
        if batch.calls.count == 1 {
            if !hand(batch.calls[0].id, number, .alone(reservation)) { await reservation.giveBack() }
            return
        }
        configuration.logger.debug(
            "batch \(number): \(kind.description), \(batch.inputs.count) records, the first waited \(batch.waited)")
        let verdicts = await Reservation.$current.withValue(reservation) { await line.run(batch.inputs) }
        await reservation.giveBack()
        deliver(batch, number) { verdicts[$0] }
    }

    /// Returns once the batch is full, or the callers have nothing to add: none of them runs any more, or none has
    /// called for as long as ``SessionConfiguration/callersAreIdle`` waits.
    private func callersSettle(_ kind: BatchKind, _ line: Line) async {
        var seen = -1
        while true {
            let (joined, count, isDelivering) = state.withLock { state in
                let group = state.groups[kind]
                return (group?.joined ?? -1, group?.count ?? 0, state.deliveries > 0)
            }
            if count == 0 || count >= line.size || joined == seen && !isDelivering { return }
            seen = joined
            if isDelivering { try? await Task.sleep(for: .microseconds(200)) }
            if let callersAreIdle = configuration.callersAreIdle { await callersAreIdle() }
            // Those who were resumed before stand in front of us in the executor's queue.
            await Task.yield()
            await Task.yield()
        }
    }

    /// Calls that travel together.
    private struct Batch {
        /// Distinct records, their indices counted from zero.
        var inputs: [BatchInput] = []
        /// The callers, and which of the inputs is each one's.
        var calls: [(id: UInt64, index: Int)] = []
        /// The longest of them.
        var waited: Duration = .zero
    }

    /// Takes the calls that go now out of the group. Nil where there are none, or the sender was given up.
    private func seal(_ kind: BatchKind, _ number: Int) -> Batch? {
        state.withLock { state in
            guard let group = state.groups[kind], let task = group.senders[number] else { return nil }
            var batch = Batch()
            var places: [RecordReference: Int] = [:]
            var taken = 0
            for id in group.waiting {
                guard let call = state.calls[id], call.batch == nil else {
                    taken += 1
                    continue
                }
                var index = batch.inputs.count
                if kind.joinsDoubles, let key = call.input.record?.key {
                    if let known = places[key] { index = known } else { places[key] = index }
                }
                if index == batch.inputs.count {
                    guard index < group.line.size else { break }
                    var input = call.input
                    input.index = index
                    batch.inputs.append(input)
                }
                if batch.calls.isEmpty { batch.waited = configuration.clock.now - call.since }
                batch.calls.append((id, index))
                state.calls[id]?.batch = number
                taken += 1
            }
            state.groups[kind]?.senders[number] = nil
            state.groups[kind]?.waiting.removeFirst(taken)
            state.groups[kind]?.count -= batch.calls.count
            if state.groups[kind]?.count == 0, state.groups[kind]?.senders.isEmpty ?? false { state.groups[kind] = nil }
            guard !batch.calls.isEmpty else { return nil }
            state.sealed[number] = Sealed(task: batch.calls.count > 1 ? task : nil, callers: batch.calls.count)
            startSenders(kind, &state)
            return batch
        }
    }

    /// Gives one caller its verdict.
    /// - Returns: False where it was cancelled meanwhile.
    private func hand(_ id: UInt64, _ number: Int, _ verdict: BatchVerdict) -> Bool {
        let (call, orphan) = state.withLock { state in
            state.sealed[number] = nil
            return (state.calls.removeValue(forKey: id), state.orphans.removeValue(forKey: id))
        }
        orphan?.letGo()
        call?.continuation.resume(returning: verdict)
        return call != nil
    }

    private func deliver(_ batch: Batch, _ number: Int, _ verdict: (Int) -> Result<JSONSlice, HubSpotError>?) {
        var calls: [(CheckedContinuation<BatchVerdict, Never>, Int)] = []
        calls.reserveCapacity(batch.calls.count)
        var orphans: [WriteTurn] = []
        state.withLock { state in
            state.deliveries += 1
            state.sealed[number] = nil
            for (id, index) in batch.calls {
                if let call = state.calls.removeValue(forKey: id) {
                    calls.append((call.continuation, index))
                } else if let orphan = state.orphans.removeValue(forKey: id) {
                    orphans.append(orphan)
                }
            }
        }
        for orphan in orphans { orphan.letGo() }
        for (continuation, index) in calls {
            continuation.resume(
                returning: .answered(
                    verdict(index) ?? .failure(HubSpotError(.badResponse, "HubSpot's answer leaves the record out"))))
        }
        state.withLock { $0.deliveries -= 1 }
    }
}
