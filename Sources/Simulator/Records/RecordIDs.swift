import Synchronization

/// The last ids that were given out. The database's own counter goes back with a write that is undone; this does not,
/// so that no two records ever have the same id.
final class RecordIDs: Sendable {
    /// By the ordinal of the object type: the id after the last one.
    private let following = Mutex<[Int64: Int64]>([:])

    /// The least id that is free; 0 where none has been given out since the start.
    func next(of type: PortalObjectType) -> Int64 {
        following.withLock { $0[type.ordinal] ?? 0 }
    }

    func note(_ id: Int64, of type: PortalObjectType) {
        following.withLock { $0[type.ordinal] = max($0[type.ordinal] ?? 0, id + 1) }
    }

    /// For a portal that begins anew.
    func reset() {
        following.withLock { $0 = [:] }
    }
}
