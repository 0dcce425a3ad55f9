import HubSpot
import Synchronization
import TestSupport
import Quota

extension ManualClock: SessionClock {
    /// 2026-11-22T00:00:00Z and counting.
    public var unixTime: Duration { .seconds(1_795_305_600) + now }
}

/// A clock on which waits below a bound are over at once: retries and windows take no time, deadlines never pass.
final class JumpingClock: SessionClock {
    private let bound: Duration
    private let state = Mutex<(now: Duration, waits: [Duration])>((.zero, []))

    init(below bound: Duration = .seconds(1000)) { self.bound = bound }

    var now: Duration { state.withLock { $0.now } }
    var unixTime: Duration { .seconds(1_795_305_600) + now }
    /// How long each wait would have been.
    var waits: [Duration] { state.withLock { $0.waits } }

    func schedule(at instant: Duration, _ action: @escaping @Sendable () -> Void) -> any ScheduledAction {
        let jumps = state.withLock { state in
            guard instant - state.now < bound else { return false }
            state.waits.append(instant - state.now)
            state.now = max(state.now, instant)
            return true
        }
        if jumps { action() }
        return Nothing()
    }

    private struct Nothing: ScheduledAction {
        func cancel() {}
    }
}
