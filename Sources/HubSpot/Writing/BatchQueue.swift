import Quota

/// The calls that wait for a batch, and which of them go next: decided without a clock or tasks of its own.
///
/// A batch that is full goes at once. One that is not goes too while the quota is ample. Once it is being used up, it
/// waits for the answers to the batches that are under way: their callers are about to call again, and a request saved
/// now is one that need not be waited for later.
struct BatchQueue: Sendable {
    /// Kinds that may go under one another's permits.
    struct Pool: Hashable, Sendable {
        var lanes: LaneSet
        var priority: CallPriority
    }

    struct Entry: Sendable {
        var id: UInt64
        /// When it was called.
        var since: Duration
    }

    /// Calls of one kind.
    struct Group: Sendable {
        let pool: Pool
        /// Records in one batch at most.
        let size: Int
        /// In call order, with those that were cancelled.
        var waiting: [Entry] = []
        /// How many of ``waiting`` are still there.
        var count = 0
        /// While the batch waits to become fuller.
        var hold: Hold?

        var isFull: Bool { count >= size }
        /// The batches that its calls make.
        var batches: Int { (count + size - 1) / size }
        /// When the call was made that has waited longest, or one that was cancelled.
        var since: Duration { waiting.first?.since ?? .zero }
    }

    struct Hold: Sendable, Equatable {
        /// The newest batch that was under way when it began.
        var behind: Int
        var until: Duration
    }

    enum Choice: Equatable {
        case go(BatchKind)
        /// There is one, but it is worth waiting until then, or until something changes.
        case hold(until: Duration)
        case none
    }

    /// How full the window must be before a batch waits to become fuller.
    static let ample = 0.1
    /// How long it waits at most.
    static let patience: Duration = .milliseconds(500)

    private(set) var groups: [BatchKind: Group] = [:]
    /// Batches that are not answered yet.
    private(set) var underway: Set<Int> = []
    private var lastBatch = 0
    /// How full the window was when the last permit was granted, in 0...1.
    private var pressure: [LaneSet: Double] = [:]

    /// - Returns: True where a batch has become full.
    mutating func join(_ kind: BatchKind, _ entry: Entry, _ pool: Pool, size: Int) -> Bool {
        var group = groups.removeValue(forKey: kind) ?? Group(pool: pool, size: size)
        group.waiting.append(entry)
        group.count += 1
        groups[kind] = group
        return group.count % group.size == 0
    }

    /// One of the calls was cancelled.
    mutating func leave(_ kind: BatchKind) {
        groups[kind]?.count -= 1
        if groups[kind]?.count == 0 { groups[kind] = nil }
    }

    mutating func removeAll() { groups = [:] }

    /// How many batches the waiting calls of a pool make.
    func batches(of pool: Pool) -> Int {
        groups.values.reduce(0) { $0 + ($1.pool == pool ? $1.batches : 0) }
    }

    /// Whether a full batch waits.
    func isFull(_ pool: Pool) -> Bool { groups.values.contains { $0.pool == pool && $0.isFull } }

    var waiting: Int { groups.values.reduce(0) { $0 + $1.count } }

    mutating func learn(pressure: Double, of lanes: LaneSet) { self.pressure[lanes] = pressure }

    /// The batch that goes under a permit of the pool: the full batch whose first call has waited longest, else the other one.
    mutating func choose(_ pool: Pool, at now: Duration) -> Choice {
        var best: (kind: BatchKind, group: Group)?
        for (kind, group) in groups where group.pool == pool && group.count > 0 {
            guard let known = best else {
                best = (kind, group)
                continue
            }
            if group.isFull != known.group.isFull ? group.isFull : group.since < known.group.since {
                best = (kind, group)
            }
        }
        guard let best else { return .none }
        guard !best.group.isFull, pool.priority != .typed, pressure[pool.lanes, default: 0] > Self.ample else {
            return .go(best.kind)
        }
        var until: Duration?
        for (kind, group) in groups where group.pool == pool {
            let hold = group.hold ?? Hold(behind: lastBatch, until: now + Self.patience)
            guard now < hold.until, underway.contains(where: { $0 <= hold.behind }) else { return .go(kind) }
            groups[kind]?.hold = hold
            until = min(until ?? hold.until, hold.until)
        }
        return .hold(until: until ?? now)
    }

    /// Takes entries out of a group for as long as `body` takes them; those that were cancelled go with them.
    mutating func take(_ kind: BatchKind, _ body: (Entry) -> Taken) {
        guard var group = groups.removeValue(forKey: kind) else { return }
        var gone = 0
        loop: for entry in group.waiting {
            switch body(entry) {
            case .taken: group.count -= 1
            case .cancelled: break
            case .left: break loop
            }
            gone += 1
        }
        group.waiting.removeFirst(gone)
        group.hold = nil
        if group.count > 0 { groups[kind] = group }
    }

    enum Taken { case taken, cancelled, left }

    /// A batch goes out.
    mutating func begin() -> Int {
        lastBatch += 1
        underway.insert(lastBatch)
        return lastBatch
    }

    /// It is answered.
    mutating func end(_ batch: Int) { underway.remove(batch) }
}
