/// The lessons of answers, and the fate of the places of requests that were sent.
extension QuotaState {
    /// Says how permits ended, of a store that is on the session's clock.
    mutating func settle(_ ended: [EndedPermit], at now: Duration) -> [LimitNotice] {
        ended.flatMap { settle($0.permit, $0.outcome, answered: $0.at, at: now) }
    }

    /// - Parameter answered: When the answer came, where that is told later; the place counts from then.
    mutating func settle(
        _ permit: Permit, _ outcome: PermitOutcome, answered: Duration? = nil, at now: Duration
    ) -> [LimitNotice] {
        advance(to: now)
        switch outcome {
        case .unanswered: return []
        case .unsent:
            for lane in layout.windows(permit.lanes) { self[lane].giveBack(permit.id) }
            if permit.lanes.contains(.day) { day.giveBack() }
            return []
        case .answered(let observation):
            let moment = min(answered ?? now, now)
            for lane in layout.windows(permit.lanes) { self[lane].answer(permit.id, at: moment) }
            var notices: [LimitNotice] = []
            if permit.lanes.contains(layout.primary) { notices += learnPrimary(observation, permit, at: now) }
            if permit.lanes.contains(.day) {
                day.learn(
                    limit: observation.dailyLimit, remaining: observation.dailyRemaining,
                    since: day.taken - permit.daySequence)
            }
            switch observation.refusal?.scope {
            case .lane(let lane):
                let wait = observation.refusal?.wait ?? self[lane].window
                if self[lane].closedUntil == nil { notices.append(.closed(lane, for: wait)) }
                self[lane].close(until: now + wait)
            case .day: day.close(at: now)
            case nil: break
            }
            return notices
        }
    }

    /// The limit itself, and what others use of it.
    private mutating func learnPrimary(
        _ observation: ObservedLimits, _ permit: Permit, at now: Duration
    ) -> [LimitNotice] {
        var notices: [LimitNotice] = []
        guard let limit = observation.limit, limit > 0 else { return notices }
        let before = primary.allowance
        let told = Allowance.limited(count: limit, per: observation.window ?? .seconds(10))
        learnt = told
        primary.allowance = effective(told)
        if primary.allowance != before, let lowered { notices.append(lowered) }
        guard let remaining = observation.remaining, (0...limit).contains(remaining) else { return notices }
        // The server counted this request and any of ours that held a place when it was sent, or was sent since. What
        // it counted beyond those is others'.
        let ours = permit.ownPrimaryPlaces + max(0, primary.taken - permit.primarySequence)
        primary.learn(foreigners: limit - remaining - ours, at: now)
        return notices
    }

    mutating func learn(dayEndsAt instant: Duration) { day.learn(resetsAt: instant) }
}
