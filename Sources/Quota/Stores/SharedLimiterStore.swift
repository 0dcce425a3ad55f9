/// Keeps the records of a client and of its account where several processes read and change them as one, on a clock
/// that all of them share. What a decision is, ``QuotaState`` says; a store loads, lets it decide and saves.
///
/// It may be out of reach: ``GuardedStore`` stands in front of it.
protocol SharedLimiterStore: Sendable {
    var rules: QuotaRules { get }
    var kind: QuotaStoreKind { get }
    var member: StoreMember { get }

    /// Runs `body` on the state as it is now and keeps what it has changed, as one step among all sharers. Where
    /// another process was faster, `body` runs again on what that one has left, and only the last run counts.
    func decide<Value: Sendable>(
        _ body: @escaping @Sendable (inout StoreDecision) -> Value
    ) async throws(StoreProblem) -> Value

    /// Writes down which account the credential belongs to, together with what was counted for it so far.
    func link(accountID: Int64) async throws(StoreProblem)

    /// Tells the others of this process; nil: that it ends.
    func announce(_ presence: ProcessPresence?) async throws(StoreProblem)
    /// The processes that told of themselves lately.
    func members() async throws(StoreProblem) -> [SharingProcess]
}

extension SharedLimiterStore {
    func take(_ demand: PermitDemand) async throws(StoreProblem) -> PermitDecision {
        try await take(demand, ahead: 0, after: []).decision
    }

    /// A place in every lane of the demand, or in none, once the permits have ended; and places ahead as far as they can be
    /// spared.
    func take(
        _ demand: PermitDemand, ahead: Int, after ended: [EndedPermit]
    ) async throws(StoreProblem) -> TakenPlaces {
        try await decide { step in
            let notices = step.settle(ended)
            var taken = TakenPlaces(decision: take(demand, &step), notices: notices)
            guard ahead > 0, case .granted = taken.decision else { return taken }
            for _ in 0..<min(ahead, step.state.spare(for: demand)) {
                guard case .granted(let permit) = take(demand, &step) else { break }
                taken.ahead.append(permit)
            }
            return taken
        }
    }

    private func take(_ demand: PermitDemand, _ step: inout StoreDecision) -> PermitDecision {
        let claims = step.state.claims
        let result = step.state.take(demand, at: step.now, id: member.nextPermit())
        switch result {
        case .granted(var permit):
            permit.grantedAt = step.session
            step.save(demand.lanes)
            return .granted(permit)
        case .wait(let moment):
            if step.state.claims != claims { step.saveClient() }
            return .wait(until: moment.map { step.toSession($0) })
        case .refused: return result
        }
    }

    func settle(_ ended: [EndedPermit]) async throws(StoreProblem) -> [LimitNotice] {
        guard ended.contains(where: { if case .unanswered = $0.outcome { false } else { true } }) else { return [] }
        return try await decide { $0.settle(ended) }
    }

    func settle(_ permit: Permit, _ outcome: PermitOutcome) async throws(StoreProblem) -> [LimitNotice] {
        try await settle([EndedPermit(permit: permit, outcome: outcome)])
    }

    func learn(accountID: Int64, dayEndsAt instant: Duration?) async throws(StoreProblem) {
        try await link(accountID: accountID)
        guard let instant else { return }
        try await decide { step in
            step.state.learn(dayEndsAt: step.now + (instant - step.session))
            step.save(.day)
        }
    }

    func snapshot() async throws(StoreProblem) -> QuotaSnapshot {
        try await decide { step in step.state.snapshot(at: step.now).shifted(by: step.session - step.now) }
    }

    func primaryFree(_ count: Int) async throws(StoreProblem) -> Duration? {
        try await decide { step in step.state.primaryFree(count, at: step.now).map { step.toSession($0) } }
    }

    /// Books places that were taken while the store was out of reach.
    func adopt(_ places: [Lane: Int]) async throws(StoreProblem) {
        try await decide { step in
            step.state.adopt(places, at: step.now)
            step.save(LaneSet(step.state.layout.lanes.map { LaneSet($0) }))
        }
    }

    func openConsole(for lease: Duration) async throws(StoreProblem) {
        try await decide { step in
            step.state.openConsole(for: lease, at: step.now)
            step.saveClient()
        }
    }

    func closeConsole() async throws(StoreProblem) {
        try await decide { step in
            step.state.closeConsole(at: step.now)
            step.saveClient()
        }
    }
}
