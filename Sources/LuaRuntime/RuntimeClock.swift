/// The time by which scripts sleep and by which tasks are late, where that is not the machine's.
///
/// Such a clock also needs ``LuaRuntime/Options/idle``, to know when no coroutine can run, and
/// ``LuaRuntime/Options/executor``, to know when no suspended call goes on.
public protocol RuntimeClock: Sendable {
    /// Since some fixed moment; never backward.
    var nanoseconds: UInt64 { get }

    /// Runs `action` once, at or soon after that time, on any thread. It must not block.
    /// - Returns: A closure that takes it back; without effect once it runs.
    func schedule(at nanoseconds: UInt64, _ action: @escaping @Sendable () -> Void) -> @Sendable () -> Void
}

/// The time by which a scheduler's timers go: a given clock's, or the machine's.
struct SchedulerClock {
    let clock: (any RuntimeClock)?

    /// In nanoseconds.
    var now: UInt64 { clock?.nanoseconds ?? monotonicNow() }

    /// The time that many seconds from now: thirty years from now at the latest, and now for a number that is negative or NaN.
    func time(after seconds: Double) -> UInt64 { Self.sum(now, Self.nanoseconds(seconds)) }

    /// Waits for letters until `deadline`, a time of this clock.
    func wait(for mailbox: Mailbox, until deadline: UInt64?, idle: IdleSignal?) -> [Mailbox.Letter] {
        guard let clock else { return mailbox.wait(until: deadline, idle: idle) }
        let takeBack = deadline.map { deadline in clock.schedule(at: deadline) { mailbox.post { _ in } } }
        defer { takeBack?() }
        return mailbox.wait(until: nil, idle: idle)
    }

    /// Runs `action` when so much time has passed, on any thread.
    /// - Returns: A closure that takes it back.
    func schedule(after seconds: Double, _ action: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        if let clock { return clock.schedule(at: time(after: seconds), action) }
        let nanoseconds = Int64(Self.nanoseconds(seconds))
        let timer = Task.detached {
            guard (try? await Task.sleep(for: .nanoseconds(nanoseconds))) != nil else { return }
            action()
        }
        return { timer.cancel() }
    }

    private static func nanoseconds(_ seconds: Double) -> UInt64 { seconds > 0 ? UInt64(min(seconds, 1e9) * 1e9) : 0 }

    /// A sum beyond every clock is the last moment.
    private static func sum(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let (sum, isBeyond) = a.addingReportingOverflow(b)
        return isBeyond ? .max : sum
    }
}
