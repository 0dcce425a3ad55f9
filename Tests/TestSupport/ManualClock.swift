package import Quota
import Synchronization

/// A clock that stands still until it is advanced.
package final class ManualClock: QuotaClock {
    private struct State {
        var now: Duration = .zero
        var actions: [Int: (at: Duration, run: @Sendable () -> Void)] = [:]
        var nextID = 0
    }
    private let state = Mutex(State())

    package init() {}

    package var now: Duration { state.withLock { $0.now } }
    /// How many actions are still to come.
    package var pending: Int { state.withLock { $0.actions.count } }

    package func schedule(at instant: Duration, _ action: @escaping @Sendable () -> Void) -> any ScheduledAction {
        let id = state.withLock { state in
            state.nextID += 1
            if instant > state.now { state.actions[state.nextID] = (instant, action) }
            return instant > state.now ? state.nextID : 0
        }
        if id == 0 { action() }
        return Handle(clock: self, id: id)
    }

    /// Moves on, running what is due in its order.
    package func advance(by duration: Duration) {
        let end = now + duration
        while let due = state.withLock({ state -> (@Sendable () -> Void)? in
            guard let next = state.actions.filter({ $0.value.at <= end }).min(by: { $0.value.at < $1.value.at }) else {
                state.now = end
                return nil
            }
            state.now = max(state.now, next.value.at)
            state.actions[next.key] = nil
            return next.value.run
        }) { due() }
    }

    private struct Handle: ScheduledAction {
        let clock: ManualClock
        let id: Int
        func cancel() { clock.state.withLock { $0.actions[id] = nil } }
    }
}
