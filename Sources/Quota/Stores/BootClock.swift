import Glibc

/// The clock that all processes of a machine read alike: it goes on while the machine sleeps and begins anew with each
/// boot.
struct BootClock: Sendable {
    /// Time since the machine was started.
    var now: @Sendable () -> Duration
    /// Which start that was.
    var boot: String

    static let system = BootClock(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_BOOTTIME, &time)
            return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
        }, boot: identity)

    private static let identity: String = {
        let file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "unknown" }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
        return count > 0 ? String(decoding: bytes[..<count].filter { $0 > 0x20 }, as: UTF8.self) : "unknown"
    }()
}
