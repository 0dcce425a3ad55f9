import HubSpot
import Synchronization

/// A clock that stands still until it is advanced.
final class ManualClock: SessionClock {
    private struct State {
        var now: Duration = .zero
        var actions: [Int: (at: Duration, run: @Sendable () -> Void)] = [:]
        var nextID = 0
    }
    private let state = Mutex(State())

    var now: Duration { state.withLock { $0.now } }
    /// 2026-11-22T00:00:00Z and counting.
    var unixTime: Duration { .seconds(1_795_305_600) + now }
    var pending: Int { state.withLock { $0.actions.count } }

    func schedule(at instant: Duration, _ action: @escaping @Sendable () -> Void) -> any ScheduledAction {
        let id = state.withLock { state in
            state.nextID += 1
            if instant > state.now { state.actions[state.nextID] = (instant, action) }
            return instant > state.now ? state.nextID : 0
        }
        if id == 0 { action() }
        return Handle(clock: self, id: id)
    }

    /// Moves on, running what is due in its order.
    func advance(by duration: Duration) {
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

/// Waits until the condition holds, giving way to others; false after ten seconds.
func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(10)
    repeat {
        if try await condition() { return true }
        await Task.yield()
    } while ContinuousClock.now < end
    return false
}

/// Reproducible randomness (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: Int) { state = UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678 }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
