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

    private struct State {
        /// Who waits behind the write that has its turn; a key that nobody writes to is missing.
        var lines: [Key: [(id: UInt64, continuation: Continuation)]] = [:]
        var lastID: UInt64 = 0
    }
    private let state = Mutex(State())

    /// Waits for the writes to the same record that were called before. Does not suspend where there are none.
    /// - Throws: kind `cancelled` as soon as the current task is cancelled.
    func enter(_ key: Key) async throws(HubSpotError) -> WriteTurn {
        let id = state.withLock { state -> UInt64? in
            guard state.lines[key] != nil else {
                state.lines[key] = []
                return nil
            }
            state.lastID += 1
            return state.lastID
        }
        guard let id else { return WriteTurn(key, self) }
        let hasTurn = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: Continuation) in
                let verdict = state.withLock { state -> Bool? in
                    if Task.isCancelled { return false }
                    // The one before may have left since.
                    guard state.lines[key] != nil else {
                        state.lines[key] = []
                        return true
                    }
                    state.lines[key]?.append((id, continuation))
                    return nil
                }
                if let verdict { continuation.resume(returning: verdict) }
            }
        } onCancel: {
            let waiting = state.withLock { state -> Continuation? in
                guard let place = state.lines[key]?.firstIndex(where: { $0.id == id }) else { return nil }
                return state.lines[key]?.remove(at: place).continuation
            }
            waiting?.resume(returning: false)
        }
        guard hasTurn else { throw .cancelled }
        return WriteTurn(key, self)
    }

    fileprivate func leave(_ key: Key) {
        let next = state.withLock { state -> Continuation? in
            guard let line = state.lines[key], !line.isEmpty else {
                state.lines[key] = nil
                return nil
            }
            return state.lines[key]?.removeFirst().continuation
        }
        next?.resume(returning: true)
    }
}

/// The right to write to a record. Ends when everyone who holds it has let go: the caller, and the batch that goes on
/// without a caller who was cancelled.
final class WriteTurn: Sendable {
    private let key: WriteOrder.Key
    private let order: WriteOrder
    private let holders = Atomic(1)

    fileprivate init(_ key: WriteOrder.Key, _ order: WriteOrder) {
        self.key = key
        self.order = order
    }

    func hold() { holders.add(1, ordering: .relaxed) }

    func letGo() {
        if holders.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { order.leave(key) }
    }
}
