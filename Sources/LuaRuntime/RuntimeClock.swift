import HeapModule

/// The time by which scripts sleep and by which tasks are late, where that is not the machine's.
///
/// Such a clock also needs ``LuaRuntime/Options/idle``, to know when no coroutine can run, and
/// ``LuaRuntime/Options/executor``, to know when no suspended call goes on.
public protocol RuntimeClock: Sendable {
    /// Since some fixed moment; never backward.
    var nanoseconds: UInt64 { get }

    /// Runs `action` once, at or soon after that time, on any thread. It must not block.
    /// - Returns: What takes it back; without effect once it runs.
    func schedule(at nanoseconds: UInt64, _ action: @escaping @Sendable () -> Void) -> @Sendable () -> Void
}

extension Scheduler {
    /// The time by which timers go, in nanoseconds.
    var now: UInt64 { options.clock?.nanoseconds ?? monotonicNow() }

    /// Waits for letters, or for the first timer.
    func waitForLetters() -> [Mailbox.Letter] {
        guard let clock = options.clock else { return mailbox.wait(until: timers.min?.deadline, idle: options.idle) }
        let mailbox = mailbox
        let takeBack = timers.min.map { timer in clock.schedule(at: timer.deadline) { mailbox.post { _ in } } }
        defer { takeBack?() }
        return mailbox.wait(until: nil, idle: options.idle)
    }

    /// At most thirty years, and none for what is negative or no number.
    static func nanoseconds(_ seconds: Double) -> UInt64 { seconds > 0 ? UInt64(min(seconds, 1e9) * 1e9) : 0 }

    /// Two times: what is beyond every clock is the last moment.
    static func sum(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let (sum, isBeyond) = a.addingReportingOverflow(b)
        return isBeyond ? .max : sum
    }

    /// Runs `action` when so much time has passed, on any thread.
    func schedule(after seconds: Double, _ action: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        let nanoseconds = Self.nanoseconds(seconds)
        if let clock = options.clock { return clock.schedule(at: Self.sum(clock.nanoseconds, nanoseconds), action) }
        let timer = Task.detached {
            guard (try? await Task.sleep(for: .nanoseconds(Int64(nanoseconds)))) != nil else { return }
            action()
        }
        return { timer.cancel() }
    }
}
