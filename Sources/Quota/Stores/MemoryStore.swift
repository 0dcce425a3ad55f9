import Synchronization

/// Keeps the places of this process alone.
package final class MemoryStore: LimiterStore {
    package let kind = QuotaStoreKind.memory
    private let state: Mutex<QuotaState>
    private let clock: any QuotaClock

    package let layout: QuotaLayout

    package init(_ rules: QuotaRules, clock: any QuotaClock) {
        layout = rules.layout
        state = Mutex(QuotaState(rules))
        self.clock = clock
    }

    package func take(_ demand: PermitDemand) async throws(QuotaError) -> PermitDecision {
        state.withLock { $0.take(demand, at: clock.now) }
    }

    package func settle(_ ended: [EndedPermit]) async throws(QuotaError) -> [LimitNotice] {
        state.withLock { $0.settle(ended, at: clock.now) }
    }

    package func learn(accountID: Int64, dayEndsAt instant: Duration?) async {
        if let instant { state.withLock { $0.learn(dayEndsAt: instant) } }
    }

    package func openConsole(for lease: Duration) async {
        state.withLock { $0.openConsole(for: .consoleOfThisProcess, at: clock.now) }
    }

    package func closeConsole() async { state.withLock { $0.closeConsole(at: clock.now) } }

    package func snapshot() async throws(QuotaError) -> QuotaSnapshot {
        state.withLock { $0.snapshot(at: clock.now) }
    }

    package func primaryFree(_ count: Int) async throws(QuotaError) -> Duration? {
        state.withLock { $0.primaryFree(count, at: clock.now) }
    }
}
