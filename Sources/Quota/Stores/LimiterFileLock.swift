import Foundation

import Glibc

/// Says that this process uses the limiter's file: a shared lock on `limiter.lock` beside it, which ends with the
/// process, however that ends. It holds the boot of the last process to come.
final class LimiterFileLock {
    private let file: Int32
    private let boot: String
    /// True where no other process uses the limiter's file, and none has since the machine was started, but one had before:
    /// it holds nothing of use. Until ``share()`` no other begins to use it.
    let isFirstOfBoot: Bool

    /// - Throws: ``StoreProblem`` where the folder's file system does not lock, or another process does not share it for seconds.
    init(_ path: String, boot: String) throws {
        self.boot = boot
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreProblem(path, errno: errno) }
        file = descriptor
        if flock(file, LOCK_EX | LOCK_NB) == 0 {
            isFirstOfBoot = ![boot, ""].contains(Self.content(of: file))
            return
        }
        isFirstOfBoot = false
        var tries = 0
        while flock(file, LOCK_SH | LOCK_NB) != 0 {
            let code = errno
            tries += 1
            guard [EWOULDBLOCK, EINTR].contains(code), tries < 5_000 else {
                close(file)
                throw StoreProblem(path, errno: code)
            }
            usleep(1_000)
        }
    }

    deinit { close(file) }

    /// Lets others use the file too, from the moment at which it is in order.
    func share() {
        let text = Array(boot.utf8)
        if Self.content(of: file) != boot, ftruncate(file, 0) == 0 { _ = pwrite(file, text, text.count, 0) }
        flock(file, LOCK_SH)
    }

    private static func content(of file: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = pread(file, &bytes, bytes.count, 0)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }
}
