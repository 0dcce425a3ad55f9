import Synchronization

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

    private typealias Continuation = CheckedContinuation<Bool, Never>

    /// A write that has its turn, or waits for it.
    private struct Place {
        let keys: [Key]
        /// In how many of the lines others stand before it.
        var behind: Int
        var continuation: Continuation?
    }

    private struct State {
        /// Who writes to a record, and behind it who waits to. A record that nobody writes to is missing.
        var lines: [Key: [UInt64]] = [:]
        var places: [UInt64: Place] = [:]
        var lastID: UInt64 = 0

        /// Takes a place out of all its lines.
        /// - Returns: Those whose turn it is now.
        mutating func remove(_ id: UInt64) -> [Continuation] {
            guard let place = places.removeValue(forKey: id) else { return [] }
            var next: [Continuation] = []
            for key in place.keys {
                guard var line = lines.removeValue(forKey: key), let index = line.firstIndex(of: id) else { continue }
                line.remove(at: index)
                guard let first = line.first else { continue }
                lines[key] = line
                guard index == 0 else { continue }
                places[first]?.behind -= 1
                if places[first]?.behind == 0, let continuation = places[first]?.continuation {
                    places[first]?.continuation = nil
                    next.append(continuation)
                }
            }
            return next
        }
    }
    private let state = Mutex(State())

    /// Waits for the writes to the same record that were called before. Does not suspend where there are none.
    /// - Throws: kind `cancelled` as soon as the current task is cancelled.
    func enter(_ key: Key) async throws(HubSpotError) -> WriteTurn { try await enter([key]) }

    /// Waits for the writes to any of the records that were called before. What is called later waits for this one, so
    /// that no two wait for each other.
    func enter(_ keys: some Sequence<Key>) async throws(HubSpotError) -> WriteTurn {
        let keys = Array(Set(keys))
        let (id, isFree) = state.withLock { state in
            state.lastID += 1
            let id = state.lastID
            var behind = 0
            for key in keys {
                if state.lines[key, default: []].isEmpty {
                    state.lines[key] = [id]
                } else {
                    state.lines[key]?.append(id)
                    behind += 1
                }
            }
            state.places[id] = Place(keys: keys, behind: behind)
            return (id, behind == 0)
        }
        if isFree { return WriteTurn(id, self) }
        let hasTurn = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: Continuation) in
                let verdict = state.withLock { state -> Bool? in
                    // Taken out by the cancellation.
                    guard let place = state.places[id] else { return false }
                    if place.behind == 0 { return true }
                    state.places[id]?.continuation = continuation
                    return nil
                }
                if let verdict { continuation.resume(returning: verdict) }
            }
        } onCancel: {
            let (own, next) = state.withLock { state -> (Continuation?, [Continuation]) in
                // Its turn has come already: whoever waited for it lets go.
                guard let place = state.places[id], place.behind > 0 else { return (nil, []) }
                return (place.continuation, state.remove(id))
            }
            own?.resume(returning: false)
            for continuation in next { continuation.resume(returning: true) }
        }
        guard hasTurn else { throw .cancelled }
        return WriteTurn(id, self)
    }

    fileprivate func leave(_ id: UInt64) {
        for continuation in state.withLock({ $0.remove(id) }) { continuation.resume(returning: true) }
    }

    /// Records that somebody writes to.
    var count: Int { state.withLock { $0.lines.count } }
}

extension Session {
    /// Runs a batch once the earlier writes to any of its records are finally answered; what is called meanwhile waits.
    /// - Parameter places: Those of the elements, which all fail where the caller is cancelled before.
    func inOrder(
        _ keys: [WriteOrder.Key], _ places: some Sequence<Int>, _ body: () async -> BatchOutcome
    ) async -> BatchOutcome {
        let turn: WriteTurn
        do throws(HubSpotError) {
            turn = try await self.turn(keys)
        } catch {
            return BatchOutcome(Dictionary(uniqueKeysWithValues: places.map { ($0, .failure(error)) }))
        }
        defer { turn.letGo() }
        return await body()
    }
}

/// The right to write to some records. Ends when everyone who holds it has let go: the caller, and the batch that goes
/// on without a caller who was cancelled.
final class WriteTurn: Sendable {
    private let id: UInt64
    private let order: WriteOrder
    private let holders = Atomic(1)

    fileprivate init(_ id: UInt64, _ order: WriteOrder) {
        self.id = id
        self.order = order
    }

    func hold() { holders.add(1, ordering: .relaxed) }

    func letGo() {
        if holders.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { order.leave(id) }
    }
}
