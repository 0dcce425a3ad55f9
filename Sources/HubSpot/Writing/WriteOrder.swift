import Synchronization
import Waiting

/// Lets the writes that concern one record go in call order: the second after the first is finally answered.
final class WriteOrder: Sendable {
    /// What two writes to one record have in common. Emails are in lower case, since HubSpot compares them so.
    struct Key: Hashable, Sendable {
        var type: String
        /// Nil where ``value`` is the record's id.
        var idProperty: String?
        var value: String

        init(type: String, idProperty: String?, value: String) {
            self.type = type
            self.idProperty = idProperty
            self.value = value
        }

        init(_ type: ObjectType, _ record: RecordReference) {
            let key = record.key
            self.type = ObjectType.canonical(type.name)
            idProperty = key.idProperty
            value = key.value
        }
    }

    /// A write that has its turn, or waits for it.
    private struct Place {
        var keys: Set<Key>
        /// In how many of the queues others stand before it.
        var behind = 0
        var waiting: Waiting?

        var isWaiting: Bool { behind > 0 }
    }

    private struct Waiting {
        /// Told that the turn has come: true.
        let turn: OneShot<Bool>
        let call: CallContext?

        func goOn() {
            call?.goesOn()
            turn.finish(true)
        }
    }

    private struct State {
        /// The write that a record is written by, and behind it those that wait. A record that is not written is missing.
        var queues: [Key: [UInt64]] = [:]
        var places: [UInt64: Place] = [:]
        /// The records that addresses have turned out to name, for as long as a write to the address waits or goes on.
        var records: [Key: Set<Key>] = [:]
        /// Writes that wait for one that was called later. As long as there is none, every write waits for earlier ones alone,
        /// and no two can wait for each other.
        var overtaken: Set<UInt64> = []
        var lastID: UInt64 = 0

        /// Puts a place at the end of the queues of some records.
        mutating func append(_ id: UInt64, _ keys: Set<Key>) {
            for key in keys {
                if queues[key, default: []].isEmpty {
                    queues[key] = [id]
                } else {
                    queues[key]?.append(id)
                    places[id]?.behind += 1
                }
            }
            for key in keys { for record in records[key] ?? [] { insert(id, record) } }
        }

        /// An address turns out to name a record: all writes to the one are writes to the other.
        mutating func claim(_ record: Key, namedBy address: Key) {
            records[address, default: []].insert(record)
            for id in queues[address] ?? [] { insert(id, record) }
        }

        /// Puts a place into a further queue: behind a write that is under way, and before later ones that wait still; but
        /// behind those that it waits for elsewhere, and before those that wait for it there, so that no two wait for each other.
        private mutating func insert(_ id: UInt64, _ key: Key) {
            guard places[id]?.keys.contains(key) == false else { return }
            var queue = queues[key] ?? []
            var index = queue.first.map { places[$0]?.isWaiting == false } ?? false ? 1 : 0
            while index < queue.count, queue[index] < id { index += 1 }
            if !overtaken.isEmpty {
                // The ones never stand behind the others: they would wait for each other already.
                let awaited = awaited(by: id)
                if let last = queue.lastIndex(where: awaited.contains) { index = max(index, last + 1) }
                if let first = queue.firstIndex(where: { self.awaited(by: $0).contains(id) }) {
                    index = min(index, first)
                }
            }
            if queue[..<index].contains(where: { $0 > id }) { overtaken.insert(id) }
            overtaken.formUnion(queue[index...].filter { $0 < id })
            if index > 0 { places[id]?.behind += 1 } else if let next = queue.first { places[next]?.behind += 1 }
            queue.insert(id, at: index)
            queues[key] = queue
            places[id]?.keys.insert(key)
        }

        /// The writes that a write waits for, and those that they wait for.
        private func awaited(by id: UInt64) -> Set<UInt64> {
            var found: Set<UInt64> = []
            var rest = [id]
            while let next = rest.popLast() {
                for key in places[next]?.keys ?? [] {
                    guard let queue = queues[key], let index = queue.firstIndex(of: next), index > 0 else { continue }
                    if found.insert(queue[index - 1]).inserted { rest.append(queue[index - 1]) }
                }
            }
            return found
        }

        /// Takes a place out of all its queues.
        /// - Returns: Those whose turn it is now.
        mutating func remove(_ id: UInt64) -> [Waiting] {
            guard let place = places.removeValue(forKey: id) else { return [] }
            overtaken.remove(id)
            var next: [Waiting] = []
            for key in place.keys {
                guard var queue = queues.removeValue(forKey: key), let index = queue.firstIndex(of: id) else {
                    continue
                }
                queue.remove(at: index)
                guard let first = queue.first else {
                    records[key] = nil
                    continue
                }
                queues[key] = queue
                guard index == 0 else { continue }
                places[first]?.behind -= 1
                next += wake(first)
            }
            return next
        }

        private mutating func wake(_ id: UInt64) -> [Waiting] {
            guard let place = places[id], !place.isWaiting, let waiting = place.waiting else { return [] }
            places[id]?.waiting = nil
            return [waiting]
        }
    }
    private let state = Mutex(State())

    /// Waits for the writes to the same record that were called before. Does not suspend where there are none.
    /// - Throws: kind `cancelled` as soon as the current task is cancelled.
    func enter(_ key: Key) async throws(HubSpotError) -> WriteTurn { try await enter([key]) }

    /// Waits for the writes to any of the records that were called before. A later write waits for this one, so
    /// that no two wait for each other.
    func enter(_ keys: some Sequence<Key>) async throws(HubSpotError) -> WriteTurn {
        let id = state.withLock { state in
            state.lastID += 1
            let keys = Set(keys)
            state.places[state.lastID] = Place(keys: keys)
            state.append(state.lastID, keys)
            return state.lastID
        }
        let hasTurn = await wait(id) { [self] in
            // Where its turn has come meanwhile, the holder lets go.
            let next = state.withLock { state in
                state.places[id]?.isWaiting == true ? state.remove(id) : nil
            }
            for waiting in next ?? [] { waiting.goOn() }
            return next == nil
        }
        guard hasTurn else { throw .cancelled }
        return WriteTurn(id, self)
    }

    /// An address has turned out to name a record. All writes to it take the places of their calls among the writes to the
    /// record: before those that were called later and have not begun.
    func claim(_ record: Key, namedBy address: Key) {
        state.withLock { if record != address { $0.claim(record, namedBy: address) } }
    }

    fileprivate func waitAgain(_ id: UInt64) async throws(HubSpotError) {
        guard await wait(id, whenCancelled: { false }) else { throw .cancelled }
    }

    /// - Returns: True once the write has its turn.
    private func wait(_ id: UInt64, whenCancelled: @escaping @Sendable () -> Bool) async -> Bool {
        let waiting = state.withLock { state -> Waiting? in
            guard state.places[id]?.isWaiting == true else { return nil }
            let waiting = Waiting(turn: OneShot(), call: CallContext.current)
            state.places[id]?.waiting = waiting
            waiting.call?.waits()
            return waiting
        }
        guard let waiting else { return true }
        return await waiting.turn.wait(orWhenCancelled: whenCancelled)
    }

    fileprivate func leave(_ id: UInt64) {
        for waiting in state.withLock({ $0.remove(id) }) { waiting.goOn() }
    }

    /// Writes that wait for their turn.
    var waiting: Int { state.withLock { $0.places.values.count { $0.isWaiting } } }

    /// Records that are written.
    var count: Int { state.withLock { $0.queues.count } }
}

/// The right to write to some records. Ends when all that hold it have let go: the caller, and the batch that goes on
/// without a caller who was cancelled.
final class WriteTurn: Sendable {
    private let id: UInt64
    private let order: WriteOrder
    private let holders = Atomic(1)

    fileprivate init(_ id: UInt64, _ order: WriteOrder) {
        self.id = id
        self.order = order
    }

    /// As ``WriteOrder/claim(_:namedBy:)``.
    func claim(_ record: WriteOrder.Key, namedBy address: WriteOrder.Key) { order.claim(record, namedBy: address) }

    /// Waits for the turn to write to all that was claimed.
    /// - Throws: kind `cancelled` as soon as the current task is cancelled.
    func untilClaimed() async throws(HubSpotError) { try await order.waitAgain(id) }

    func hold() { holders.add(1, ordering: .relaxed) }

    func letGo() {
        if holders.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { order.leave(id) }
    }
}
