import HubSpot

import Glibc

/// A lock between processes, on a file of its own. It ends with the process, however that ends.
final class FileLock: OAuthTokenLock {
    private let file: Int32

    private init(file: Int32) { self.file = file }

    /// Nil where another one holds it.
    private static func attempt(_ path: String) throws(FileProblem) -> FileLock? {
        var file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        // A file that is there can be locked all the same.
        if file < 0, isReadOnly(errno) { file = open(path, O_RDONLY | O_CLOEXEC) }
        guard file >= 0 else { throw .last() }
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            let isHeld = errno == EWOULDBLOCK
            let problem = FileProblem.last()
            close(file)
            if isHeld { return nil }
            throw problem
        }
        // Where another process has removed the file meanwhile, this is a lock on nothing.
        var (held, named) = (stat(), stat())
        guard fstat(file, &held) == 0, stat(path, &named) == 0, held.st_ino == named.st_ino else {
            close(file)
            return nil
        }
        return FileLock(file: file)
    }

    /// Whether that error means that the folder may be read, and not written to.
    private static func isReadOnly(_ code: Int32) -> Bool { [EROFS, EACCES, EPERM].contains(code) }

    /// The lock on a file in a folder, or where that is not there and the folder cannot be written to, on the folder: every
    /// process that shares it finds it so.
    static func take(_ name: String, in folder: String) async throws(FileProblem) -> FileLock {
        let path = "\(folder)/\(name)"
        if !FileBytes.exists(path), access(folder, W_OK) != 0, isReadOnly(errno) { return try await take(folder) }
        return try await take(path)
    }

    /// Waits for it, a minute at most: its holder waits for a server, or for nothing.
    static func take(_ path: String) async throws(FileProblem) -> FileLock {
        for _ in 0..<3_000 {
            if let lock = try attempt(path) { return lock }
            do { try await Task.sleep(for: .milliseconds(20)) } catch {
                throw FileProblem(description: "the wait for \(path) was cancelled")
            }
        }
        throw FileProblem(description: "\(path) is held by another process for a minute now; end that one")
    }

    func release() { flock(file, LOCK_UN) }

    deinit { close(file) }
}
