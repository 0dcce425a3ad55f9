/// All lanes of one token, as a state machine: every method gets the time and says what to do.
struct LimiterState: Sendable {
    private var lanes: [LaneWindow]
    private var day: DayState
    private let quota: QuotaSpecification
    private var sequence = 0
    /// True once a header has set the burst limit.
    private(set) var limitsWereLearnt = false

    init(quota: QuotaSpecification, reserve: Double = 0) {
        self.quota = quota
        lanes = Lane.allCases.map { lane in
            LaneWindow(quota[lane] ?? lane.standard, maximumUnanswered: lane.maximumUnanswered)
        }
        day = DayState(given: quota.daily, reserve: reserve)
    }

    private subscript(_ lane: Lane) -> LaneWindow {
        get { lanes[lane.rawValue] }
        _modify { yield &lanes[lane.rawValue] }
    }

    private mutating func advance(to now: Duration) {
        for index in lanes.indices { lanes[index].advance(to: now) }
        day.advance(to: now)
    }

    mutating func take(_ demand: LimiterDemand, at now: Duration) -> LimiterDecision {
        advance(to: now)
        if demand.lanes.contains(.day) {
            switch day.verdict(for: demand.priority) {
            case .open: break
            case .usedUp: return .refused(dailyLimit("the account's quota for the day is used up", at: now))
            case .reserved:
                return .refused(
                    dailyLimit("what is left of the day's quota is kept from bulk work (--reserve)", at: now))
            }
        }
        var isFull = false
        var until: Duration? = .zero
        for lane in demand.lanes.windows {
            guard case .full(let moment) = self[lane].room else { continue }
            isFull = true
            // All lanes must have room: the latest of the moments; unknown if any of them is.
            until = until.flatMap { known in moment.map { max(known, $0) } }
        }
        if isFull { return .wait(until: until) }
        sequence += 1
        let id = UInt64(sequence)
        for lane in demand.lanes.windows { self[lane].take(id, deadline: now + demand.lifetime) }
        if demand.lanes.contains(.day) { day.take() }
        return .granted(
            LimiterPermit(
                id: id, lanes: demand.lanes, grantedAt: now, sequence: sequence, ownBurstPlaces: self[.burst].own))
    }

    mutating func settle(_ permit: LimiterPermit, _ outcome: LimiterOutcome, at now: Duration) -> [LimiterNotice] {
        advance(to: now)
        switch outcome {
        case .unanswered: return []
        case .unsent:
            for lane in permit.lanes.windows { self[lane].giveBack(permit.id) }
            if permit.lanes.contains(.day) { day.giveBack() }
            return []
        case .answered(let observation):
            for lane in permit.lanes.windows { self[lane].answer(permit.id, at: now) }
            var notices: [LimiterNotice] = []
            if permit.lanes.contains(.burst) { notices += learnBurst(observation, permit, at: now) }
            if permit.lanes.contains(.day) {
                day.learn(
                    limit: observation.dailyLimit, remaining: observation.dailyRemaining,
                    since: sequence - permit.sequence)
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
    private mutating func learnBurst(
        _ observation: LimiterObservation, _ permit: LimiterPermit, at now: Duration
    ) -> [LimiterNotice] {
        var notices: [LimiterNotice] = []
        guard let limit = observation.limit, limit > 0 else { return notices }
        let window = observation.window ?? .seconds(10)
        let told = Allowance.limited(count: limit, per: window)
        let given = quota.burst ?? told
        let effective = told.isStricter(than: given) ? told : given
        if effective == told { limitsWereLearnt = true }
        if effective != self[.burst].allowance {
            if quota.burst != nil, effective == told { notices.append(.lowered(from: given, to: told)) }
            self[.burst].allowance = effective
        }
        guard let remaining = observation.remaining, (0...limit).contains(remaining) else { return notices }
        // HubSpot counted this request and any of ours that held a place when it was sent, or was sent since. What it
        // counted beyond those is others'.
        let ours = permit.ownBurstPlaces + (sequence - permit.sequence)
        self[.burst].learn(foreigners: limit - remaining - ours, at: now)
        return notices
    }

    mutating func learn(dayEndsAt instant: Duration) { day.learn(resetsAt: instant) }

    private func dailyLimit(_ what: String, at now: Duration) -> HubSpotError {
        let wait = day.resetsAt.map { max(.zero, $0 - now) }
        let next = wait.map { "it starts anew in \(Self.words($0))" } ?? "it starts anew at midnight in the account's time zone"
        return HubSpotError(.dailyLimit, "\(what); \(next)", policyName: "DAILY", retryAfter: wait)
    }

    private static func words(_ duration: Duration) -> String {
        let minutes = duration.components.seconds / 60
        return minutes < 120 ? "\(minutes + 1) min" : "\(minutes / 60) h"
    }

    mutating func snapshot(at now: Duration) -> LimiterSnapshot {
        advance(to: now)
        var windows: [Lane: LimiterSnapshot.Window] = [:]
        for lane in Lane.allCases {
            windows[lane] = LimiterSnapshot.Window(
                allowance: self[lane].allowance, used: self[lane].used, window: self[lane].window,
                clearsAt: self[lane].clear(from: now), closedUntil: self[lane].closedUntil)
        }
        return LimiterSnapshot(
            windows: windows, dayLimit: day.limit, dayUsed: day.used, dayRemaining: day.remaining,
            dayEndsAt: day.resetsAt, limitsWereLearnt: limitsWereLearnt)
    }

    /// The earliest moment at which that many burst places are free, as far as it is known.
    mutating func burstFree(_ count: Int, at now: Duration) -> Duration? {
        advance(to: now)
        return self[.burst].free(count, from: now)
    }
}

extension QuotaSpecification {
    subscript(_ lane: Lane) -> Allowance? {
        switch lane {
        case .burst: burst
        case .search: search
        case .associations: associations
        case .forms: forms
        }
    }
}

extension Allowance {
    /// By rate; of two equal rates, neither.
    func isStricter(than other: Allowance) -> Bool {
        switch (self, other) {
        case (.unlimited, _): false
        case (.limited, .unlimited): true
        case (.limited(let a, let v), .limited(let b, let w)): Double(a) * (w / .seconds(1)) < Double(b) * (v / .seconds(1))
        }
    }
}
