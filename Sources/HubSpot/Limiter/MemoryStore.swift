import Synchronization

/// Keeps the places of this process alone.
public final class MemoryStore: LimiterStore {
    public let kind = LimitsState.StoreKind.memory
    private let state: Mutex<LimiterState>
    private let clock: any SessionClock

    /// - Parameter reserve: The share of the day's quota that is kept from bulk work, in 0...1.
    public init(quota: QuotaSpecification?, reserve: Double, clock: any SessionClock) {
        state = Mutex(LimiterState(quota: quota ?? QuotaSpecification(), reserve: reserve))
        self.clock = clock
    }

    public func take(_ demand: LimiterDemand) async throws(HubSpotError) -> LimiterDecision {
        state.withLock { $0.take(demand, at: clock.now) }
    }

    public func settle(
        _ permit: LimiterPermit, _ outcome: LimiterOutcome
    ) async throws(HubSpotError) -> [LimiterNotice] {
        state.withLock { $0.settle(permit, outcome, at: clock.now) }
    }

    public func learn(portalID: Int64, dayEndsAt instant: Duration?) async {
        if let instant { state.withLock { $0.learn(dayEndsAt: instant) } }
    }

    public func openConsole(for lease: Duration) async {
        state.withLock { $0.openConsole(for: .consoleOfThisProcess, at: clock.now) }
    }

    public func closeConsole() async { state.withLock { $0.closeConsole(at: clock.now) } }

    public func snapshot() async throws(HubSpotError) -> LimiterSnapshot {
        state.withLock { $0.snapshot(at: clock.now) }
    }

    public func burstFree(_ count: Int) async throws(HubSpotError) -> Duration? {
        state.withLock { $0.burstFree(count, at: clock.now) }
    }
}
