import Synchronization

/// Keeps the records of a token and of its account where several processes read and change them as one, on a clock that
/// all of them share. What a decision is, ``LimiterState`` says; a store loads, lets it decide and saves.
///
/// It may be out of reach: ``GuardedStore`` stands in front of it.
protocol SharedLimiterStore: Sendable {
    var kind: LimitsState.StoreKind { get }
    var member: StoreMember { get }

    /// Runs `body` on the state as it is now and keeps what it has changed, as one step among all who share. Where another
    /// process was faster, `body` runs again on what that one has left, and only the last run counts.
    func decide<Value: Sendable>(
        _ body: @escaping @Sendable (inout StoreDecision) -> Value
    ) async throws(StoreProblem) -> Value

    /// Writes down whose account the token belongs to, together with what was counted for it so far.
    func link(portalID: Int64) async throws(StoreProblem)

    /// Tells the others of this process; nil: that it ends.
    func announce(_ presence: LimiterPresence?) async throws(StoreProblem)
    /// Who told of itself lately.
    func members() async throws(StoreProblem) -> [LimiterMember]
}

/// One step of a store: the state, to be changed, and the time.
struct StoreDecision {
    var state: LimiterState
    /// On the store's clock.
    let now: Duration
    /// The same moment, or one shortly before, on the session's.
    let session: Duration
    /// What is to be saved: any of the token's lanes, any of the account's.
    var save: LaneSet = []

    func toSession(_ moment: Duration) -> Duration { session + (moment - now) }

    var savesToken: Bool { !save.isDisjoint(with: [.burst, .associations, .forms]) }
    var savesAccount: Bool { !save.isDisjoint(with: [.search, .day]) }
}

extension SharedLimiterStore {
    func take(_ demand: LimiterDemand) async throws(StoreProblem) -> LimiterDecision {
        let id = member.nextPermit()
        return try await decide { step in
            let marks = step.state.marks
            let result = step.state.take(demand, at: step.now, id: id)
            switch result {
            case .granted(var permit):
                permit.grantedAt = step.session
                step.save = demand.lanes
                return .granted(permit)
            case .wait(let moment):
                if step.state.marks != marks { step.save = .burst }
                return .wait(until: moment.map { step.toSession($0) })
            case .refused: return result
            }
        }
    }

    func settle(_ permit: LimiterPermit, _ outcome: LimiterOutcome) async throws(StoreProblem) -> [LimiterNotice] {
        if case .unanswered = outcome { return [] }
        return try await decide { step in
            step.save = permit.lanes
            return step.state.settle(permit, outcome, at: step.now)
        }
    }

    func learn(portalID: Int64, dayEndsAt instant: Duration?) async throws(StoreProblem) {
        try await link(portalID: portalID)
        guard let instant else { return }
        try await decide { step in
            step.state.learn(dayEndsAt: step.now + (instant - step.session))
            step.save = .day
        }
    }

    func snapshot() async throws(StoreProblem) -> LimiterSnapshot {
        try await decide { step in step.state.snapshot(at: step.now).shifted(by: step.session - step.now) }
    }

    func burstFree(_ count: Int) async throws(StoreProblem) -> Duration? {
        try await decide { step in step.state.burstFree(count, at: step.now).map { step.toSession($0) } }
    }

    /// Books places that were taken while the store was out of reach.
    func adopt(_ places: [Lane: Int]) async throws(StoreProblem) {
        try await decide { step in
            step.state.adopt(places, at: step.now)
            step.save = [.burst, .search]
        }
    }

    func openConsole(for lease: Duration) async throws(StoreProblem) {
        try await decide { step in
            step.state.openConsole(for: lease, at: step.now)
            step.save = .burst
        }
    }

    func closeConsole() async throws(StoreProblem) {
        try await decide { step in
            step.state.closeConsole(at: step.now)
            step.save = .burst
        }
    }
}

/// Why a shared store cannot be used.
struct StoreProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// The store: a file's path, a server's address.
    var store: String
    var reason: String
    /// What to do about it.
    var advice: String

    var description: String { "\(store): \(reason); \(advice)" }
}

/// Who shares: one of each store value, made up at random.
final class StoreMember: Sendable {
    /// In the upper half of the permits' ids too, so that they are unique among all who share.
    let id = UInt64(UInt32.random(in: 1...UInt32.max)) << 32
    private let count = Mutex<UInt32>(0)

    func nextPermit() -> UInt64 {
        id
            | UInt64(
                count.withLock { count in
                    count &+= 1
                    return count
                })
    }
}

extension LimiterSnapshot {
    /// On another clock.
    func shifted(by offset: Duration) -> LimiterSnapshot {
        var snapshot = self
        snapshot.windows = windows.mapValues { window in
            var window = window
            window.clearsAt += offset
            window.closedUntil = window.closedUntil.map { $0 + offset }
            return window
        }
        snapshot.dayEndsAt = dayEndsAt.map { $0 + offset }
        return snapshot
    }
}
