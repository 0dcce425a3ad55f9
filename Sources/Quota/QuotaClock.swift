import Waiting

/// The clock that a limiter reads and waits by, so that a test or a simulation can make time jump.
package protocol QuotaClock: Sendable {
    /// Time since some fixed moment; goes on while the machine sleeps, never backward.
    var now: Duration { get }

    /// Runs `action` once, at or soon after `instant`, on any thread. It must not block.
    func schedule(at instant: Duration, _ action: @escaping @Sendable () -> Void) -> any ScheduledAction
}

/// Something that a ``QuotaClock`` will run.
package protocol ScheduledAction: Sendable {
    /// Has no effect once the action runs.
    func cancel()
}

extension QuotaClock {
    /// Returns at `instant`, or throws `CancellationError` as soon as the current task is cancelled.
    package func sleep(until instant: Duration) async throws {
        try Task.checkCancellation()
        // True: the moment has come.
        let end = OneShot<Bool>()
        let action = schedule(at: instant) { end.finish(true) }
        guard await end.wait(orWhenCancelled: { false }) else {
            action.cancel()
            throw CancellationError()
        }
    }

    package func sleep(for duration: Duration) async throws { try await sleep(until: now + duration) }
}
