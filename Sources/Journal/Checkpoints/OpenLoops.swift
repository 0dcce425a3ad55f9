import Synchronization

/// The checkpoints that loops of this process go on from: no two from the same one.
final class OpenLoops: Sendable {
    private let open = Mutex<Set<Int64>>([])

    /// - Returns: False where a loop of this process has it already.
    func take(_ checkpoint: Int64) -> Bool { open.withLock { $0.insert(checkpoint).inserted } }

    func letGo(_ checkpoint: Int64) { open.withLock { _ = $0.remove(checkpoint) } }

    func contains(_ checkpoint: Int64) -> Bool { open.withLock { $0.contains(checkpoint) } }
}
