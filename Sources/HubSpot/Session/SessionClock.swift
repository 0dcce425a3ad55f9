import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The clock of a session: limiter, retries and deadlines read it, so that a test or a simulator can make time jump.
public protocol SessionClock: Sendable {
    /// Time since some fixed moment; goes on while the machine sleeps, never backward.
    var now: Duration { get }

    /// Time since 1970 in UTC, for what people read.
    var unixTime: Duration { get }

    /// Runs `action` once, at or soon after `instant`, on any thread. It must not block.
    func schedule(at instant: Duration, _ action: @escaping @Sendable () -> Void) -> any ScheduledAction

    /// Hears of each attempt of a request before it is sent: a clock that jumps must know what is under way. Others
    /// answer nil.
    func departure() -> (any RequestOnItsWay)?
}

/// A request that a ``SessionClock`` waits for.
public protocol RequestOnItsWay: Sendable {
    /// A header that tells the server which one it is.
    var header: (name: String, value: String) { get }
    /// Its sender is about to be told to go on without an answer.
    func giveUp()
    /// Its answer is there, or nobody waits for it any more.
    func end()
}

/// Something that a ``SessionClock`` will run.
public protocol ScheduledAction: Sendable {
    /// Has no effect once the action runs.
    func cancel()
}

extension SessionClock {
    public func departure() -> (any RequestOnItsWay)? { nil }

    /// Returns at `instant`, or throws `CancellationError` as soon as the current task is cancelled.
    public func sleep(until instant: Duration) async throws {
        let sleeper = Sleeper()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard sleeper.wait(with: continuation) else { return }
                sleeper.scheduled(schedule(at: instant) { sleeper.finish(.success(())) })
            }
        } onCancel: {
            sleeper.finish(.failure(CancellationError()))
        }
    }

    public func sleep(for duration: Duration) async throws { try await sleep(until: now + duration) }
}

/// Joins the two ways in which a sleep ends.
private final class Sleeper: Sendable {
    private struct State {
        var continuation: CheckedContinuation<Void, any Error>?
        var action: (any ScheduledAction)?
        var result: Result<Void, any Error>?
    }

    private let state = Mutex(State())

    /// - Returns: False where the sleep has ended before it began.
    func wait(with continuation: CheckedContinuation<Void, any Error>) -> Bool {
        let result = state.withLock { state in
            if state.result == nil { state.continuation = continuation }
            return state.result
        }
        guard let result else { return true }
        continuation.resume(with: result)
        return false
    }

    func scheduled(_ action: any ScheduledAction) {
        let isOver = state.withLock { state in
            if state.result == nil { state.action = action }
            return state.result != nil
        }
        if isOver { action.cancel() }
    }

    func finish(_ result: Result<Void, any Error>) {
        let (continuation, action) = state.withLock { state in
            guard state.result == nil else {
                return (nil, nil) as (CheckedContinuation<Void, any Error>?, (any ScheduledAction)?)
            }
            state.result = result
            defer { (state.continuation, state.action) = (nil, nil) }
            return (state.continuation, state.action)
        }
        action?.cancel()
        continuation?.resume(with: result)
    }
}

/// The machine's own clock, which goes on while it sleeps.
public struct SystemClock: SessionClock {
    private static let start = ContinuousClock.now
    /// A century: 64 bits of nanoseconds hold hardly three.
    private static let longestDelay: Duration = .seconds(100 * 365 * 86_400)

    public init() {}

    public var now: Duration { SystemClock.start.duration(to: .now) }

    public var unixTime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    public func schedule(at instant: Duration, _ action: @escaping @Sendable () -> Void) -> any ScheduledAction {
        let delay = min(max(.zero, instant - now), Self.longestDelay)
        let (seconds, attoseconds) = delay.components
        // Rounded up: an action never runs before its instant.
        let nanoseconds = seconds * 1_000_000_000 + (attoseconds + 999_999_999) / 1_000_000_000
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        return EventLoopAction(scheduled: loop.scheduleTask(in: .nanoseconds(nanoseconds), action))
    }
}

private struct EventLoopAction: ScheduledAction {
    let scheduled: Scheduled<Void>
    func cancel() { scheduled.cancel() }
}
