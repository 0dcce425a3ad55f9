import Waiting

/// A call that waits in a queue.
final class Waiter: Sendable {
    let ticket: Limiter.Ticket
    let demand: PermitDemand
    let since: Duration
    /// Hears the reasons of the wait.
    let collector: WaitCollector?
    private let end = OneShot<Result<Permit, QuotaError>>()

    init(ticket: Limiter.Ticket, demand: PermitDemand, since: Duration, collector: WaitCollector?) {
        self.ticket = ticket
        self.demand = demand
        self.since = since
        self.collector = collector
    }

    var isOver: Bool { end.value != nil }

    /// - Returns: False where it is over already.
    @discardableResult
    func finish(_ result: Result<Permit, QuotaError>) -> Bool { end.finish(result) }

    /// How it ends; at once with `cancelled` when the current task is cancelled.
    func result() async -> Result<Permit, QuotaError> {
        await end.wait(orWhenCancelled: { .failure(.cancelled) })
    }
}
