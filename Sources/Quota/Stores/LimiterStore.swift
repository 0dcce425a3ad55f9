/// Where the limiter's places are kept: in memory, or shared with other processes or machines. A store decides; waiting
/// and waking are the ``Limiter``'s. Its calls must not fail because the calling task is cancelled.
package protocol LimiterStore: Sendable {
    var layout: QuotaLayout { get }
    var kind: QuotaStoreKind { get }

    /// Takes a place in every lane of the demand, or in none.
    func take(_ demand: PermitDemand) async throws(QuotaError) -> PermitDecision

    /// The same, after some permits have ended: one step of a shared store.
    /// - Returns: Notices as ``settle(_:_:)`` answers them, too.
    func take(
        _ demand: PermitDemand, after ended: [EndedPermit]
    ) async throws(QuotaError) -> (PermitDecision, [LimitNotice])

    /// Says how a permit ended.
    /// - Returns: Notices for people, such as a limit that is lower than was given.
    func settle(_ permit: Permit, _ outcome: PermitOutcome) async throws(QuotaError) -> [LimitNotice]

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
}

extension LimiterStore {
    package func take(
        _ demand: PermitDemand, after ended: [EndedPermit]
    ) async throws(QuotaError) -> (PermitDecision, [LimitNotice]) {
        var notices: [LimitNotice] = []
        for end in ended { notices += try await settle(end.permit, end.outcome) }
        return (try await take(demand), notices)
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
