/// Where the limiter's places are kept: in memory, or shared with other processes or machines. A store decides; waiting
/// and waking are the ``Limiter``'s. Its calls must not fail because the calling task is cancelled.
package protocol LimiterStore: Sendable {
    var layout: QuotaLayout { get }
    var kind: QuotaStoreKind { get }

    /// Takes a place in every lane of the demand, or in none.
    func take(_ demand: PermitDemand) async throws(QuotaError) -> PermitDecision

    /// The same, after some permits have ended, and with places for calls that are about to follow: one step of a shared store.
    ///
    /// - Parameter ahead: How many places more are wanted at most.
    func take(_ demand: PermitDemand, ahead: Int, after ended: [EndedPermit]) async throws(QuotaError) -> TakenPlaces

    /// Says how permits ended.
    /// - Returns: Notices for people, such as a limit that is lower than was given.
    func settle(_ ended: [EndedPermit]) async throws(QuotaError) -> [LimitNotice]

    /// The account that the credential belongs to, and when its day ends on the session's clock.
    func learn(accountID: Int64, dayEndsAt instant: Duration?) async

    func snapshot() async throws(QuotaError) -> QuotaSnapshot

    /// The earliest moment at which that many places of the primary lane are free; nil where answers must come first.
    func primaryFree(_ count: Int) async throws(QuotaError) -> Duration?

    /// Whether other processes may use it too.
    var isShared: Bool { get }

    /// A console is open in this process: bulk work, of any process, leaves it a few places of the primary lane. A
    /// shared store forgets it after that time unless it is told again.
    func openConsole(for lease: Duration) async

    /// The console is closed: the places left for it are free at once.
    func closeConsole() async

    /// Tells the other processes that share the store about this one; nil: that it ends.
    func announce(_ presence: ProcessPresence?) async

    /// The processes that share the store and told of themselves lately.
    func members() async throws(QuotaError) -> [SharingProcess]
}

/// A permit, and how it ended.
package struct EndedPermit: Sendable {
    var permit: Permit
    var outcome: PermitOutcome
    /// When that was, on the session's clock; nil for now.
    var at: Duration?
}

/// The outcome of one step of a store's.
package struct TakenPlaces: Sendable {
    var decision: PermitDecision
    /// Further permits like the one that was granted. Each must be used or end as ``PermitOutcome/unsent``.
    var ahead: [Permit] = []
    var notices: [LimitNotice] = []
}

extension LimiterStore {
    package func take(
        _ demand: PermitDemand, ahead: Int, after ended: [EndedPermit]
    ) async throws(QuotaError) -> TakenPlaces {
        let notices = try await settle(ended)
        return TakenPlaces(decision: try await take(demand), notices: notices)
    }

    func settle(_ permit: Permit, _ outcome: PermitOutcome) async throws(QuotaError) -> [LimitNotice] {
        try await settle([EndedPermit(permit: permit, outcome: outcome)])
    }

    // No other process sees a store that is not shared.
    package var isShared: Bool { false }
    package func openConsole(for lease: Duration) async {}
    package func closeConsole() async {}
    package func announce(_ presence: ProcessPresence?) async {}
    package func members() async throws(QuotaError) -> [SharingProcess] { [] }
}

/// Where the counts live.
package enum QuotaStoreKind: String, Sendable {
    case memory, file, redis
}
