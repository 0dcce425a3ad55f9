import JSON
import Quota

/// What a ``Coalescer`` decides, without a clock, a task or a lock of its own: each event answers what is to be done.
struct CoalescerState: Sendable {
    /// A call that waits for its batch, or for that batch's answer.
    struct Call: Sendable {
        var kind: BatchKind
        var operation: Operation
        var turn: WriteTurn?
        var whenAnswered: (@Sendable (Result<JSONSlice, HubSpotError>) -> Void)?
        var since: Duration
        /// The script's call.
        var context: CallContext?
        /// The batch that it travels in, once that is sealed.
        var batch: Int?
    }

    /// Calls that travel together.
    struct Batch: Sendable {
        let kind: BatchKind
        let route: Coalescer.Route
        /// The call that sends it.
        let sender: Int
        /// As the queue counts it.
        let id: Int
        /// Distinct records, their indices counted from zero.
        var operations: [Operation] = []
        /// The callers, and which of the operations is each one's.
        var calls: [(id: UInt64, index: Int)] = []
        /// The same callers: since when each has waited, and the script's call.
        var callers: [(since: Duration, context: CallContext?)] = []
    }

    enum Action: Sendable {
        /// One more sender, which waits for a permit.
        case start(sender: Int, BatchQueue.Pool)
        /// Nothing is left that the sender would send, or no caller waits for its operations.
        case stop(sender: Int)
        /// It looks again: something has changed for it.
        case wake(sender: Int)
        case answer(UInt64, Call, BatchVerdict)
        case letGo(WriteTurn)
    }

    enum Sealing: Sendable {
        case sealed(Batch, [Action])
        /// Not before that moment, or before ``Action/wake(sender:)``.
        case hold(until: Duration)
        case nothing
    }

    /// Senders at most in one pool.
    let concurrency: Int
    private var queue = BatchQueue()
    private var routes: [BatchKind: Coalescer.Route] = [:]
    private var calls: [UInt64: Call] = [:]
    /// Those that wait for a permit or for the callers: one for each batch that the waiting calls make.
    private var senders: [BatchQueue.Pool: Set<Int>] = [:]
    /// Those of them that hold a permit until their batch is fuller.
    private var holding: Set<Int> = []
    /// How many callers wait for each batch that is under way, by its sender.
    private var underway: [Int: Int] = [:]
    /// Writes under way whose callers were cancelled.
    private var orphans: [UInt64: WriteTurn] = [:]
    private var lastCall: UInt64 = 0
    private var lastSender = 0
    private var isClosed = false
    /// Goes up with each call.
    private(set) var joined = 0

    /// Routes that are kept while no call waits for them.
    private static let mostRoutes = 32

    static let closed = HubSpotError(.cancelled, "the session is closed")

    init(concurrency: Int) { self.concurrency = max(1, concurrency) }

    /// Calls that no batch has taken along yet.
    var waiting: Int { queue.waiting }

    /// Whether waiting any longer makes no difference: a full batch waits, or none at all.
    func isSettled(_ pool: BatchQueue.Pool) -> Bool { queue.batches(of: pool) == 0 || queue.isFull(pool) }

    mutating func nextCall() -> UInt64 {
        lastCall += 1
        return lastCall
    }

    mutating func learn(pressure: Double, of lanes: LaneSet) { queue.learn(pressure: pressure, of: lanes) }

    // MARK: Events

    /// Something is called.
    mutating func join(_ id: UInt64, _ call: Call, _ route: () -> Coalescer.Route) -> [Action] {
        guard !isClosed else { return [.answer(id, call, .answered(.failure(Self.closed)))] }
        let route = routes[call.kind] ?? route()
        routes[call.kind] = route
        calls[id] = call
        joined += 1
        let pool = BatchQueue.Pool(lanes: route.lanes, priority: call.kind.priority)
        let isFull = queue.join(call.kind, .init(id: id, since: call.since), pool, size: route.size)
        return startSenders(pool) + (isFull ? wakeHolding() : [])
    }

    /// A caller is cancelled. Its batch goes on for the others.
    mutating func cancel(_ id: UInt64) -> [Action] {
        guard let call = calls.removeValue(forKey: id) else { return [] }
        var actions: [Action] = [.answer(id, call, .answered(.failure(.cancelled)))]
        if let sender = call.batch {
            if let turn = call.turn {
                turn.hold()
                orphans[id] = turn
            }
            if let left = underway[sender] {
                underway[sender] = left - 1
                if left == 1 { actions.append(.stop(sender: sender)) }
            }
        } else if let pool = queue.groups[call.kind]?.pool {
            queue.leave(call.kind)
            if queue.batches(of: pool) == 0, let idle = senders.removeValue(forKey: pool) {
                holding.subtract(idle)
                actions += idle.map { .stop(sender: $0) }
            }
        }
        return actions
    }

    /// A sender has its permit, and the callers have nothing to add: takes the calls out of the queue that go now.
    ///
    /// - Parameter mayHold: Whether it is worth waiting until more come along.
    mutating func seal(_ pool: BatchQueue.Pool, _ sender: Int, at now: Duration, mayHold: Bool) -> Sealing {
        guard senders[pool]?.contains(sender) == true else { return .nothing }
        var kind: BatchKind
        switch queue.choose(pool, at: now) {
        case .go(let chosen): kind = chosen
        case .hold(let moment) where mayHold:
            holding.insert(sender)
            return .hold(until: moment)
        case .hold:
            guard let any = queue.groups.first(where: { $0.value.pool == pool })?.key else { return .nothing }
            kind = any
        case .none:
            senders[pool]?.remove(sender)
            return .nothing
        }
        guard let route = routes[kind] else { return .nothing }
        var batch = Batch(kind: kind, route: route, sender: sender, id: queue.begin())
        var places: [RecordReference: Int] = [:]
        queue.take(kind) { entry in
            guard let call = calls[entry.id], call.batch == nil else { return .cancelled }
            var index = batch.operations.count
            if kind.joinsDoubles, let key = call.operation.record?.key {
                if let known = places[key] { index = known } else { places[key] = index }
            }
            if index == batch.operations.count {
                guard index < route.size else { return .left }
                batch.operations.append(call.operation.at(index))
            }
            batch.calls.append((entry.id, index))
            batch.callers.append((call.since, call.context))
            calls[entry.id]?.batch = sender
            return .taken
        }
        // Few kinds come again and again.
        if queue.groups[kind] == nil, routes.count > Self.mostRoutes { routes[kind] = nil }
        senders[pool]?.remove(sender)
        underway[sender] = batch.calls.count
        return .sealed(batch, startSenders(pool))
    }

    /// A batch is answered, or its one call goes by itself.
    mutating func answer(_ batch: Batch, _ verdict: (_ index: Int) -> BatchVerdict) -> [Action] {
        underway[batch.sender] = nil
        queue.end(batch.id)
        var actions: [Action] = []
        for (id, index) in batch.calls {
            if let call = calls.removeValue(forKey: id) {
                actions.append(.answer(id, call, verdict(index)))
            } else if let orphan = orphans.removeValue(forKey: id) {
                actions.append(.letGo(orphan))
            }
        }
        return actions + wakeHolding()
    }

    /// A sender that has held its permit looks again, for whatever reason.
    mutating func wake(_ sender: Int) -> [Action] { holding.remove(sender) == nil ? [] : [.wake(sender: sender)] }

    /// All callers fail, and the batches in flight are given up.
    mutating func close() -> [Action] {
        isClosed = true
        let actions: [Action] =
            (senders.values.flatMap(\.self) + underway.keys).map { .stop(sender: $0) }
            + calls.sorted { $0.key < $1.key }.map { .answer($0.key, $0.value, .answered(.failure(Self.closed))) }
            + orphans.values.map { .letGo($0) }
        (calls, orphans, senders, holding) = ([:], [:], [:], [])
        routes = [:]  // which hold the session
        queue.removeAll()
        return actions
    }

    /// One sender for each batch that the waiting calls make, as many as may be in flight.
    private mutating func startSenders(_ pool: BatchQueue.Pool) -> [Action] {
        let wanted = min(queue.batches(of: pool), concurrency)
        var actions: [Action] = []
        while senders[pool, default: []].count < wanted {
            lastSender += 1
            senders[pool, default: []].insert(lastSender)
            actions.append(.start(sender: lastSender, pool))
        }
        return actions
    }

    private mutating func wakeHolding() -> [Action] {
        defer { holding = [] }
        return holding.sorted().map { .wake(sender: $0) }
    }
}
