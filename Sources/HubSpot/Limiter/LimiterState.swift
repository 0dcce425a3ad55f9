/// All lanes of one token, as a state machine: every method gets the time and says what to do.
struct LimiterState: Sendable {
    private var lanes: [LaneWindow]
    private var day: DayState
    private let quota: QuotaSpecification
    private var sequence: UInt64 = 0
    /// The burst limit as the newest header named it.
    private var learnt: Allowance?
    /// Bulk work waits for these. Empty where nobody shares.
    private(set) var marks: [TypedMark] = []
    /// The consoles that are open: bulk work leaves them places of the burst window.
    private(set) var consoles: [OpenConsole] = []
    /// Nil where nobody shares.
    private let sharing: Sharing?

    /// What is different where several processes share.
    struct Sharing: Sendable {
        /// Whose marks are ours.
        var owner: UInt64
        /// How often somebody who waits looks again while others' requests are unanswered: nobody tells when they are.
        var poll: Duration = .milliseconds(25)
        /// How long a place is kept for somebody who is about to look: a process that was killed meanwhile costs so much.
        var grace: Duration = .milliseconds(250)
        /// How often bulk work looks whether that place has been taken.
        var politePoll: Duration = .milliseconds(5)
    }

    init(quota: QuotaSpecification, reserve: Double = 0) {
        self.init(quota: quota, reserve: reserve, token: TokenRecord(), account: AccountRecord(), sharing: nil)
    }

    /// As a store keeps it.
    init(
        quota: QuotaSpecification, reserve: Double, token: TokenRecord, account: AccountRecord, sharing: Sharing?
    ) {
        self.quota = quota
        self.sharing = sharing
        learnt = token.learnt
        marks = token.marks
        consoles = token.consoles
        lanes = Lane.allCases.map { lane in
            let record =
                switch lane {
                case .burst: token.burst
                case .search: account.search
                case .associations: token.associations
                case .forms: token.forms
                }
            var kept: Duration = .zero
            if sharing != nil, case .limited(_, let window) = lane.standard { kept = window }
            return LaneWindow(
                record, quota[lane] ?? lane.standard, maximumUnanswered: lane.maximumUnanswered, kept: kept)
        }
        day = DayState(account.day, given: quota.daily, reserve: reserve)
        if let learnt { self[.burst].allowance = effective(learnt) }
    }

    var tokenRecord: TokenRecord {
        TokenRecord(
            burst: self[.burst].record, associations: self[.associations].record, forms: self[.forms].record,
            learnt: learnt, marks: marks, consoles: consoles)
    }

    var accountRecord: AccountRecord { AccountRecord(search: self[.search].record, day: day.record) }

    /// True where a header has set the burst limit.
    var limitsWereLearnt: Bool { learnt.map { effective($0) == $0 } ?? false }

    /// What to say where the headers name a lower burst limit than was given.
    var lowered: LimiterNotice? {
        guard let given = quota.burst, let learnt, learnt.isStricter(than: given) else { return nil }
        return .lowered(from: given, to: learnt)
    }

    private func effective(_ told: Allowance) -> Allowance {
        guard let given = quota.burst else { return told }
        return told.isStricter(than: given) ? told : given
    }

    private subscript(_ lane: Lane) -> LaneWindow {
        get { lanes[lane.rawValue] }
        _modify { yield &lanes[lane.rawValue] }
    }

    private mutating func advance(to now: Duration) {
        for index in lanes.indices { lanes[index].advance(to: now) }
        day.advance(to: now)
        marks.removeAll { $0.until <= now }
        consoles.removeAll { $0.until <= now }
    }

    /// - Parameter id: The permit's, where the store makes them up.
    mutating func take(_ demand: LimiterDemand, at now: Duration, id: UInt64? = nil) -> LimiterDecision {
        advance(to: now)
        if demand.lanes.contains(.day) {
            switch day.verdict(for: demand.priority) {
            case .open: break
            case .usedUp: return .refused(dayIsOver(isReserved: false, at: now))
            case .reserved: return .refused(dayIsOver(isReserved: true, at: now))
            }
        }
        var full: LaneSet = []
        var until: Duration? = .zero
        for lane in demand.lanes.windows {
            guard case .full(let moment) = self[lane].room else { continue }
            full.insert(LaneSet(lane))
            // All lanes must have room: the latest of the moments; unknown if any of them is.
            until = until.flatMap { known in moment.map { max(known, $0) } }
        }
        if !full.isEmpty { return .wait(until: wait(until, demand, full, at: now)) }
        if demand.priority == .bulk, demand.lanes.contains(.burst), !consoles.isEmpty,
            let moment = self[.burst].heldForConsole(at: now)
        {
            return .wait(until: wait(moment, demand, .burst, at: now))
        }
        if let sharing {
            if demand.priority == .bulk, let mark = marks.first(where: { !$0.lanes.isDisjoint(with: demand.lanes) }) {
                return .wait(until: min(mark.until, now + sharing.politePoll))
            }
            if demand.priority == .typed {
                marks.removeAll { $0.owner == sharing.owner && !$0.lanes.isDisjoint(with: demand.lanes) }
            }
        }
        sequence += 1
        return .granted(grant(demand, id: id ?? sequence, at: now))
    }

    private mutating func wait(
        _ until: Duration?, _ demand: LimiterDemand, _ full: LaneSet, at now: Duration
    ) -> Duration? {
        guard let sharing else { return until }
        var moment = until
        // What is unanswered may be given back or bring a higher limit.
        if full.windows.contains(where: { self[$0].inFlight > 0 }) {
            moment = min(moment ?? now + sharing.poll, now + sharing.poll)
        }
        if demand.priority == .typed {
            marks.removeAll { $0.owner == sharing.owner && $0.lanes == full }
            marks.append(TypedMark(owner: sharing.owner, lanes: full, until: (moment ?? now) + sharing.grace))
        }
        return moment
    }

    /// A console is open for that long, or longer if it is told again: bulk work leaves it places of the burst window.
    mutating func openConsole(for lease: Duration, at now: Duration) {
        closeConsole(at: now)
        consoles.append(OpenConsole(owner: sharing?.owner ?? 0, until: now + lease))
    }

    /// This process has none any more.
    mutating func closeConsole(at now: Duration) {
        advance(to: now)
        consoles.removeAll { $0.owner == sharing?.owner ?? 0 }
    }

    private mutating func grant(_ demand: LimiterDemand, id: UInt64, at now: Duration) -> LimiterPermit {
        for lane in demand.lanes.windows { self[lane].take(id, deadline: now + demand.lifetime) }
        if demand.lanes.contains(.day) { day.take() }
        return LimiterPermit(
            id: id, lanes: demand.lanes, grantedAt: now, burstSequence: self[.burst].taken, daySequence: day.taken,
            ownBurstPlaces: self[.burst].own, pressure: demand.lanes.windows.map { self[$0].pressure }.max() ?? 0)
    }

    /// Books a permit that another store has granted.
    mutating func record(_ permit: LimiterPermit, _ demand: LimiterDemand, at now: Duration) {
        advance(to: now)
        _ = grant(demand, id: permit.id, at: now)
    }

    /// Books places that are known from elsewhere, until W from now.
    mutating func adopt(_ places: [Lane: Int], at now: Duration) {
        advance(to: now)
        for (lane, count) in places { self[lane].add(foreigners: count, at: now) }
    }

    /// Lets in only one part in so many of each lane: others go on that can no longer be seen.
    mutating func restrict(to share: Int) {
        for index in lanes.indices { lanes[index].share = share }
    }

    /// When our places in each lane end.
    func ownPlaceEnds(at now: Duration) -> [Lane: [LaneRecord.Place]] {
        Dictionary(uniqueKeysWithValues: Lane.allCases.map { ($0, lanes[$0.rawValue].ownEnds) })
    }

    /// How many places in each lane are ours.
    mutating func ownPlaces(at now: Duration) -> [Lane: Int] {
        advance(to: now)
        return Dictionary(uniqueKeysWithValues: Lane.allCases.map { ($0, self[$0].own) })
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
    private mutating func learnBurst(
        _ observation: LimiterObservation, _ permit: LimiterPermit, at now: Duration
    ) -> [LimiterNotice] {
        var notices: [LimiterNotice] = []
        guard let limit = observation.limit, limit > 0 else { return notices }
        let before = self[.burst].allowance
        let told = Allowance.limited(count: limit, per: observation.window ?? .seconds(10))
        learnt = told
        self[.burst].allowance = effective(told)
        if self[.burst].allowance != before, let lowered { notices.append(lowered) }
        guard let remaining = observation.remaining, (0...limit).contains(remaining) else { return notices }
        // HubSpot counted this request and any of ours that held a place when it was sent, or was sent since. What it
        // counted beyond those is others'.
        let ours = permit.ownBurstPlaces + max(0, self[.burst].taken - permit.burstSequence)
        self[.burst].learn(foreigners: limit - remaining - ours, at: now)
        return notices
    }

    mutating func learn(dayEndsAt instant: Duration) { day.learn(resetsAt: instant) }

    /// - Parameter isReserved: What is left is kept for what a person types.
    func dayIsOver(isReserved: Bool, at now: Duration) -> HubSpotError {
        let what =
            isReserved
            ? "what is left of the day's quota is kept from bulk work (--reserve)"
            : "the account's quota for the day is used up"
        let wait = day.resetsAt.map { max(.zero, $0 - now) }
        let next =
            wait.map { "it starts anew in \(Self.words($0))" }
            ?? "it starts anew at midnight in the account's time zone"
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
                allowance: self[lane].admitted, used: self[lane].used, window: self[lane].window,
                clearsAt: self[lane].clear(from: now), closedUntil: self[lane].closedUntil,
                foreign: self[lane].foreigners, unanswered: self[lane].inFlight)
        }
        if !consoles.isEmpty {
            windows[.burst]?.leftToConsole = self[.burst].leftToConsole(at: now)
            windows[.burst]?.console = self[.burst].consoleReserve
        }
        return LimiterSnapshot(
            windows: windows, dayLimit: day.limit, dayUsed: day.used, dayRemaining: day.remaining,
            dayEndsAt: day.resetsAt, limitsWereLearnt: limitsWereLearnt,
            typedWaits: marks.reduce(into: []) { $0.formUnion($1.lanes) }, consoles: consoles.count)
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
        case (.limited(let a, let v), .limited(let b, let w)):
            Double(a) * (w / .seconds(1)) < Double(b) * (v / .seconds(1))
        }
    }
}
