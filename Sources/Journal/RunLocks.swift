import Glibc
import Synchronization

/// Tells which runs go on: each holds the lock of one byte of a file beside the journal, which ends with its process,
/// however that ends.
final class RunLocks: Sendable {
    // Linux' locks of an open file, which end with it (fcntl(2)); the module map does not import their names.
    private static let getLock: Int32 = 36
    private static let setLock: Int32 = 37

    private let file: Int32
    private let held = Mutex<Set<Int64>>([])

    /// - Throws: ``JournalProblem`` where the file cannot be made.
    init(_ path: String) throws {
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw JournalProblem(path, errno: errno) }
    }

    deinit { close(file) }

    /// This process's run goes on from now on. A file system that does not lock tells of no run that it has ended.
    func hold(_ run: Int64) {
        var lock = Self.lock(run, Int16(F_WRLCK))
        _ = fcntl(file, Self.setLock, &lock)
        held.withLock { _ = $0.insert(run) }
    }

    func letGo(_ run: Int64) {
        var lock = Self.lock(run, Int16(F_UNLCK))
        _ = fcntl(file, Self.setLock, &lock)
        held.withLock { _ = $0.remove(run) }
    }

    /// Checkpoints have the bytes behind those of all runs.
    private static let firstCheckpoint: Int64 = 1 << 48

    /// Takes a checkpoint for this process.
    /// - Returns: False where another one has it.
    func take(checkpoint: Int64) -> Bool {
        var lock = Self.lock(Self.firstCheckpoint + checkpoint, Int16(F_WRLCK))
        return fcntl(file, Self.setLock, &lock) == 0 || (errno != EAGAIN && errno != EACCES)
    }

    /// Whether another process has it.
    func isTaken(checkpoint: Int64) -> Bool {
        var lock = Self.lock(Self.firstCheckpoint + checkpoint, Int16(F_WRLCK))
        return fcntl(file, Self.getLock, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
    }

    /// Behind those of checkpoints.
    private static let firstClaim: Int64 = 1 << 52

    /// Takes what a run has written for this process.
    /// - Returns: False where another one has it.
    func claim(_ run: Int64) -> Bool {
        var lock = Self.lock(Self.firstClaim + run, Int16(F_WRLCK))
        return fcntl(file, Self.setLock, &lock) == 0 || (errno != EAGAIN && errno != EACCES)
    }

    func letGo(checkpoint: Int64) { letGo(Self.firstCheckpoint + checkpoint) }

    /// True as well where that cannot be told.
    func isRunning(_ run: Int64) -> Bool {
        if held.withLock({ $0.contains(run) }) { return true }
        var lock = Self.lock(run, Int16(F_WRLCK))
        guard fcntl(file, Self.getLock, &lock) == 0 else { return true }
        return lock.l_type != Int16(F_UNLCK)
    }

    private static func lock(_ run: Int64, _ type: Int16) -> flock {
        var lock = flock()
        lock.l_type = type
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = off_t(run)
        lock.l_len = 1
        return lock
    }
}
