import Synchronization

/// Tells the ``IdleSignal`` of a suspended call that has been answered and is on its way back to the Lua thread: the thread
/// waits, and will soon run again.
public final class CallProgress: Sendable {
    private enum State { case waiting, running, ended }

    private let state = Mutex(State.waiting)
    private let idle: IdleSignal

    init(_ idle: IdleSignal) { self.idle = idle }

    /// The result that the call waited for is there. To be called before the call is told so.
    public func goesOn() { change(to: .running) }

    /// The call waits again.
    public func waits() { change(to: .waiting) }

    /// Its answer lies in the mailbox.
    func end() { change(to: .ended) }

    private func change(to next: State) {
        let before = state.withLock { state in
            defer { if state != .ended { state = next } }
            return state
        }
        guard before != .ended else { return }
        if next == .running, before != .running { idle.addRunning(1) }
        if next != .running, before == .running { idle.addRunning(-1) }
    }
}
