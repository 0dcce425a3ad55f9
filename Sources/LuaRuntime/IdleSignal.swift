import Glibc
import Synchronization
import Waiting

/// Says when the Lua thread has nothing left to run, and no call is about to give it something: calls made together can then
/// travel together.
///
/// The thread is idle while it waits for its mailbox, also where it waits on the spot because Lua cannot yield.
public final class IdleSignal: Sendable {
    private struct Waiter {
        /// Told whether the thread is idle.
        let end: OneShot<Bool>
        let takeBack: @Sendable () -> Void
        func goOn(_ isIdle: Bool) {
            takeBack()
            end.finish(isIdle)
        }
    }
    private struct State {
        /// Whether the thread waits.
        var isThreadIdle = true
        /// Calls that go on beside the thread, on their way back to it.
        var running = 0
        /// How much processor time the thread has used.
        var processorClock: clockid_t?
        var waiters: [UInt64: Waiter] = [:]
        var lastNumber: UInt64 = 0

        var isIdle: Bool { isThreadIdle && running == 0 }

        mutating func takeWaiters() -> [Waiter] {
            guard isIdle else { return [] }
            defer { waiters = [:] }
            return Array(waiters.values)
        }
    }
    private let state = Mutex(State())
    private let onChange: @Sendable (Bool) -> Void
    private let alarm: Alarm

    /// Runs an action later, on any thread, and answers a closure that takes it back.
    public typealias Alarm = @Sendable (Duration, @escaping @Sendable () -> Void) -> @Sendable () -> Void

    /// - Parameters:
    ///   - onChange: Hears at once whether the thread is idle, when that changes. It must not block.
    ///   - alarm: How it measures the time of those that wait; nil: by tasks of Swift's own pool.
    public init(onChange: @escaping @Sendable (Bool) -> Void = { _ in }, alarm: Alarm? = nil) {
        self.onChange = onChange
        self.alarm =
            alarm ?? { delay, action in
                let timer = Task {
                    guard (try? await Task.sleep(for: delay)) != nil else { return }
                    action()
                }
                return { timer.cancel() }
            }
    }

    /// Returns when the thread is idle, or once it has run for `limit`: a script may run for long without waiting. What counts
    /// is the processor's time, so that a busy machine cuts nothing short; at most ten times `limit` passes by the clock.
    public func wait(atMost limit: Duration) async {
        let start = processorTime
        for _ in 0..<10 {
            if await isIdle(within: limit) { return }
            guard let start, let now = processorTime, now - start < limit else { return }
        }
    }

    private func isIdle(within limit: Duration) async -> Bool {
        let end = OneShot<Bool>()
        let isIdle = state.withLock { state in
            guard !state.isIdle else { return true }
            state.lastNumber += 1
            let number = state.lastNumber
            state.waiters[number] = Waiter(end: end, takeBack: alarm(limit) { [self] in release(number) })
            return false
        }
        return isIdle ? true : await end.wait()
    }

    private func release(_ number: UInt64) {
        state.withLock { $0.waiters.removeValue(forKey: number) }?.goOn(false)
    }

    private var processorTime: Duration? {
        guard let clock = state.withLock({ $0.processorClock }) else { return nil }
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else { return nil }
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// The current thread is the Lua thread, and runs.
    func begin() {
        var clock = clockid_t()
        if pthread_getcpuclockid(pthread_self(), &clock) == 0 {
            state.withLock { $0.processorClock = clock }
        }
        becomeBusy()
    }

    func becomeIdle() {
        let (wasIdle, waiters) = state.withLock { state in
            let wasIdle = state.isThreadIdle
            state.isThreadIdle = true
            return (wasIdle, state.takeWaiters())
        }
        for waiter in waiters { waiter.goOn(true) }
        if !wasIdle { onChange(true) }
    }

    func becomeBusy() {
        let wasIdle = state.withLock { state in
            defer { state.isThreadIdle = false }
            return state.isThreadIdle
        }
        if wasIdle { onChange(false) }
    }

    func addRunning(_ calls: Int) {
        let waiters = state.withLock { state in
            state.running += calls
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.goOn(true) }
    }
}
