import Synchronization

/// Says when the Lua thread has nothing left to run: calls made together can then travel together.
///
/// The thread is idle while it waits for its mailbox, also where it waits on the spot because Lua cannot yield.
public final class IdleSignal: Sendable {
    private struct Waiter {
        let continuation: CheckedContinuation<Void, Never>
        let timer: Task<Void, Never>
        func resume() {
            timer.cancel()
            continuation.resume()
        }
    }
    private struct State {
        var isIdle = true
        var waiters: [UInt64: Waiter] = [:]
        var lastNumber: UInt64 = 0
    }
    private let state = Mutex(State())
    private let onChange: @Sendable (Bool) -> Void

    /// - Parameter onChange: Hears at once whether the thread is idle, when that changes. It must not block.
    public init(onChange: @escaping @Sendable (Bool) -> Void = { _ in }) { self.onChange = onChange }

    /// Returns when the thread is idle, or after `limit` at the latest: a script may run for long without waiting.
    public func wait(atMost limit: Duration) async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                guard !state.isIdle else { return true }
                state.lastNumber += 1
                let number = state.lastNumber
                let timer = Task {
                    guard (try? await Task.sleep(for: limit)) != nil else { return }
                    release(number)
                }
                state.waiters[number] = Waiter(continuation: continuation, timer: timer)
                return false
            }
            if isIdle { continuation.resume() }
        }
    }

    private func release(_ number: UInt64) {
        state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
    }

    func becomeIdle() {
        let (wasIdle, waiters) = state.withLock { state in
            defer { (state.isIdle, state.waiters) = (true, [:]) }
            return (state.isIdle, state.waiters)
        }
        for waiter in waiters.values { waiter.resume() }
        if !wasIdle { onChange(true) }
    }

    func becomeBusy() {
        let wasIdle = state.withLock { state in
            defer { state.isIdle = false }
            return state.isIdle
        }
        if wasIdle { onChange(false) }
    }
}
