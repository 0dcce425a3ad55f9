import Glibc
import NIOCore
package import Quota

/// The clock of a session: limiter, retries and deadlines read it, so that a test or a simulator can make time jump.
package protocol SessionClock: QuotaClock {
    /// Time since 1970 in UTC, for what people read.
    var unixTime: Duration { get }

    /// Hears of each attempt of a request before it is sent: a clock that jumps must know what is under way. Others
    /// answer nil.
    func departure() -> (any RequestOnItsWay)?
}

/// A request that a ``SessionClock`` waits for.
package protocol RequestOnItsWay: Sendable {
    /// A header that tells the server which one it is.
    var header: (name: String, value: String) { get }
    /// Its sender is about to be told to go on without an answer.
    func giveUp()
    /// Its answer is there, or no caller waits for it any more.
    func end()
}

extension SessionClock {
    package func departure() -> (any RequestOnItsWay)? { nil }
}

/// The machine's own clock, which goes on while it sleeps.
package struct SystemClock: SessionClock {
    private static let start = ContinuousClock.now
    /// A century: 64 bits of nanoseconds hold hardly three.
    private static let longestDelay: Duration = .seconds(100 * 365 * 86_400)

    package init() {}

    package var now: Duration { SystemClock.start.duration(to: .now) }

    package var unixTime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    package func schedule(at instant: Duration, _ action: @escaping @Sendable () -> Void) -> any ScheduledAction {
        let delay = min(max(.zero, instant - now), Self.longestDelay)
        let (seconds, attoseconds) = delay.components
        // Rounded up: an action never runs before its instant.
        let nanoseconds = seconds * 1_000_000_000 + (attoseconds + 999_999_999) / 1_000_000_000
        return EventLoopAction(scheduled: WireThread.shared.loop.scheduleTask(in: .nanoseconds(nanoseconds), action))
    }
}

private struct EventLoopAction: ScheduledAction {
    let scheduled: Scheduled<Void>
    func cancel() { scheduled.cancel() }
}
