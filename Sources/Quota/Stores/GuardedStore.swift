import Logging
import Synchronization

/// Stands in front of a shared store and goes on without it where it is out of reach: with this process's own memory,
/// which knows its own places from before, and half of each limit, since others that cannot be seen may go on too. It
/// looks for the store every few seconds, and books there what it took meanwhile.
///
/// `isRequired`: instead of going on, calls fail.
final class GuardedStore: LimiterStore {
    private let shared: any SharedLimiterStore
    private let clock: any QuotaClock
    private let logger: Logger
    private let isRequired: Bool
    private let advice: @Sendable (StoreProblem.Remedy) -> String

    private struct Own {
        /// This process's places, by whichever store they were granted.
        var state: QuotaState
        var problem: StoreProblem?
        var hasWarned = false
        var hasLowered = false
        var search: Task<Void, Never>?
    }
    private let own: Mutex<Own>

    private static let interval: Duration = .seconds(5)
    /// One in so many: the share of this process while it cannot see the others.
    private static let carefulDivisor = 2

    init(
        _ shared: any SharedLimiterStore, isRequired: Bool, clock: any QuotaClock, logger: Logger,
        advice: @escaping @Sendable (StoreProblem.Remedy) -> String = \.words
    ) {
        self.shared = shared
        self.isRequired = isRequired
        self.advice = advice
        self.clock = clock
        self.logger = logger
        own = Mutex(Own(state: QuotaState(shared.rules)))
    }

    deinit { own.withLock { $0.search }?.cancel() }

    let isShared = true
    var layout: QuotaLayout { shared.rules.layout }

    /// Memory, while the store is out of reach.
    var kind: QuotaStoreKind { own.withLock { $0.problem == nil } ? shared.kind : .memory }

    func take(_ demand: PermitDemand) async throws(QuotaError) -> PermitDecision {
        try await take(demand, ahead: 0, after: []).decision
    }

    func take(
        _ demand: PermitDemand, ahead: Int, after ended: [EndedPermit]
    ) async throws(QuotaError) -> TakenPlaces {
        let shared = shared
        let notices = settleOwn(ended)
        let step = try await asking { () async throws(StoreProblem) in
            try await shared.take(demand, ahead: ahead, after: ended)
        }
        guard var taken = step else {
            let decision = own.withLock { $0.state.take(demand, at: clock.now) }
            return TakenPlaces(decision: decision, notices: worded(notices))
        }
        if case .granted(let permit) = taken.decision {
            let now = clock.now
            own.withLock { own in
                for permit in [permit] + taken.ahead { own.state.record(permit, demand, at: now) }
            }
        }
        taken.notices = ended.isEmpty ? [] : worded(taken.notices)
        return taken
    }

    func settle(_ ended: [EndedPermit]) async throws(QuotaError) -> [LimitNotice] {
        let shared = shared
        var notices = settleOwn(ended)
        // Where the store is out of reach, the places run out there by themselves.
        if let told = try? await asking({ () async throws(StoreProblem) in try await shared.settle(ended) }) {
            notices = told
        }
        return worded(notices)
    }

    private func settleOwn(_ ended: [EndedPermit]) -> [LimitNotice] {
        guard !ended.isEmpty else { return [] }
        return own.withLock { $0.state.settle(ended, at: clock.now) }
    }

    /// The notices that this process has not told yet.
    private func worded(_ told: [LimitNotice]) -> [LimitNotice] {
        var notices = told
        // Another process may have been the one that learnt it: each says it once.
        notices.removeAll { if case .lowered = $0 { true } else { false } }
        let lowered = own.withLock { own -> LimitNotice? in
            guard !own.hasLowered, let notice = own.state.lowered else { return nil }
            own.hasLowered = true
            return notice
        }
        return notices + (lowered.map { [$0] } ?? [])
    }

    func learn(accountID: Int64, dayEndsAt instant: Duration?) async {
        let shared = shared
        if let instant { own.withLock { $0.state.learn(dayEndsAt: instant) } }
        _ = try? await asking { () async throws(StoreProblem) in
            try await shared.learn(accountID: accountID, dayEndsAt: instant)
        }
    }

    func snapshot() async throws(QuotaError) -> QuotaSnapshot {
        let shared = shared
        let known = try await asking { () async throws(StoreProblem) in try await shared.snapshot() }
        return known ?? own.withLock { $0.state.snapshot(at: clock.now) }
    }

    func primaryFree(_ count: Int) async throws(QuotaError) -> Duration? {
        let shared = shared
        let known = try await asking { () async throws(StoreProblem) in try await Moment(at: shared.primaryFree(count))
        }
        return known?.at ?? own.withLock { $0.state.primaryFree(count, at: clock.now) }
    }

    func openConsole(for lease: Duration) async {
        let shared = shared
        own.withLock { $0.state.openConsole(for: .consoleOfThisProcess, at: clock.now) }
        _ = try? await asking { () async throws(StoreProblem) in try await shared.openConsole(for: lease) }
    }

    func closeConsole() async {
        let shared = shared
        own.withLock { $0.state.closeConsole(at: clock.now) }
        _ = try? await asking { () async throws(StoreProblem) in try await shared.closeConsole() }
    }

    func announce(_ presence: ProcessPresence?) async {
        let shared = shared
        var presence = presence
        presence?.held = own.withLock { $0.state.held(at: clock.now) }
        _ = try? await asking { [presence] () async throws(StoreProblem) in try await shared.announce(presence) }
    }

    func members() async throws(QuotaError) -> [SharingProcess] {
        let shared = shared
        return try await asking { () async throws(StoreProblem) in try await shared.members() } ?? []
    }

    /// Nil inside: not known before another answer.
    private struct Moment: Sendable {
        var at: Duration?
    }

    // MARK: With and without the store

    /// - Returns: Nil where the store is out of reach, and this process is on its own.
    private func asking<Value: Sendable>(
        _ body: () async throws(StoreProblem) -> Value
    ) async throws(QuotaError) -> Value? {
        if let problem = own.withLock({ $0.problem }) {
            if isRequired { throw .unreachable(problem) }
            return nil
        }
        do {
            return try await body()
        } catch {
            var problem = error
            problem.advice = advice(problem.remedy)
            lose(problem)
            if isRequired { throw .unreachable(problem) }
            return nil
        }
    }

    private func lose(_ problem: StoreProblem) {
        let (isFirst, isNews) = own.withLock { own -> (Bool, Bool) in
            guard own.problem == nil else { return (false, false) }
            own.problem = problem
            own.state.restrict(to: Self.carefulDivisor)
            own.search = Task { [weak self, clock] in
                while !Task.isCancelled {
                    do { try await clock.sleep(for: Self.interval) } catch { return }
                    guard let self, await !self.find() else { return }
                }
            }
            defer { own.hasWarned = true }
            return (true, !own.hasWarned)
        }
        guard isFirst, !isRequired else { return }
        let text: Logger.Message =
            "the quota cannot be shared with other processes, so this one goes on with half of each limit: \(problem)"
        logger.log(level: isNews ? .warning : .info, text)
    }

    /// - Returns: True where the store is back.
    private func find() async -> Bool {
        let places = own.withLock { $0.state.ownPlaces(at: clock.now) }
        do { try await shared.adopt(places) } catch { return false }
        own.withLock { own in
            own.problem = nil
            own.search = nil
            own.state.restrict(to: 1)
        }
        logger.info("the quota is shared with other processes again")
        return true
    }
}
