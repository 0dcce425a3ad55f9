/// All lanes of one credential, as a state machine: every method gets the time and answers the action to take.
struct QuotaState: Sendable {
    /// At the layout's indices.
    var lanes: [LaneWindow]
    var day: DayState
    let rules: QuotaRules
    private var sequence: UInt64 = 0
    /// The primary lane's limit as the newest answer told it.
    var learnt: Allowance?
    /// Bulk work waits for these. Empty in a store of one process.
    private(set) var claims: [PriorityClaim] = []
    /// The consoles that are open: bulk work leaves them places of the primary lane.
    private(set) var consoles: [OpenConsole] = []
    /// Nil in a store of one process.
    private let sharing: Sharing?

    /// The differences where several processes share.
    struct Sharing: Sendable {
        /// The sharer that this process is.
        var owner: UInt64
        /// How often a waiting process looks again while others' requests are unanswered: it is not told of their
        /// answers.
        var poll: Duration = .milliseconds(25)
        /// How long a place is kept for a process that is about to look: one that was killed meanwhile costs so much.
        var grace: Duration = .milliseconds(250)
        /// How often bulk work looks whether that place has been taken.
        var politePoll: Duration = .milliseconds(5)
    }

    init(_ rules: QuotaRules) {
        self.init(rules, client: ClientRecord(), account: AccountRecord(), sharing: nil)
    }

    /// As a store keeps it.
    init(_ rules: QuotaRules, client: ClientRecord, account: AccountRecord, sharing: Sharing?) {
        self.rules = rules
        self.sharing = sharing
        learnt = client.learnt
        claims = client.claims
        consoles = client.consoles
        var (ofClient, ofAccount) = (client.lanes[...], account.lanes[...])
        lanes = rules.layout.lanes.map { lane in
            let record =
                switch lane.scope {
                case .client: ofClient.popFirst()
                case .account: ofAccount.popFirst()
                }
            var kept: Duration = .zero
            if sharing != nil, case .limited(_, let window) = lane.standard { kept = window }
            return LaneWindow(
                record ?? LaneRecord(), rules.configured[lane] ?? lane.standard,
                maximumUnanswered: lane.maximumUnanswered,
                kept: kept)
        }
        day = DayState(account.day, configured: rules.configured.daily, reserve: rules.reserve)
        if let learnt { primary.allowance = effective(learnt) }
    }

    var layout: QuotaLayout { rules.layout }

    var clientRecord: ClientRecord {
        ClientRecord(lanes: records(.client), learnt: learnt, claims: claims, consoles: consoles)
    }

    var accountRecord: AccountRecord { AccountRecord(lanes: records(.account), day: day.record) }

    private func records(_ scope: Lane.Scope) -> [LaneRecord] { layout.lanes(scope).map { self[$0].record } }

    /// True where an answer has told the primary lane's limit.
    var limitsWereLearnt: Bool { learnt.map { effective($0) == $0 } ?? false }

    /// The notice that the answers name a lower limit than was given.
    var lowered: LimitNotice? {
        guard let given = rules.configured[layout.primary], let learnt, learnt.isStricter(than: given) else {
            return nil
        }
        return .lowered(from: given, to: learnt)
    }

    func effective(_ told: Allowance) -> Allowance {
        guard let given = rules.configured[layout.primary] else { return told }
        return told.isStricter(than: given) ? told : given
    }

    subscript(_ lane: Lane) -> LaneWindow {
        get { lanes[lane.index] }
        _modify { yield &lanes[lane.index] }
    }

    var primary: LaneWindow {
        get { self[layout.primary] }
        _modify { yield &self[layout.primary] }
    }

    mutating func advance(to now: Duration) {
        for index in lanes.indices { lanes[index].advance(to: now) }
        day.advance(to: now)
        claims.removeAll { $0.until <= now }
        consoles.removeAll { $0.until <= now }
    }

    /// - Parameter id: The permit's, where the store makes them up.
    mutating func take(_ demand: PermitDemand, at now: Duration, id: UInt64? = nil) -> PermitDecision {
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
        for lane in layout.windows(demand.lanes) {
            guard case .full(let moment) = self[lane].room else { continue }
            full.insert(LaneSet(lane))
            // All lanes must have room: the latest of the moments; unknown if any of them is.
            until = until.flatMap { known in moment.map { max(known, $0) } }
        }
        if !full.isEmpty { return .wait(until: wait(until, demand, full, at: now)) }
        if demand.priority == .bulk, demand.lanes.contains(layout.primary), !consoles.isEmpty,
            let moment = primary.heldForConsole(at: now)
        {
            return .wait(until: wait(moment, demand, LaneSet(layout.primary), at: now))
        }
        if let sharing {
            if demand.priority == .bulk, let claim = claims.first(where: { !$0.lanes.isDisjoint(with: demand.lanes) }) {
                return .wait(until: min(claim.until, now + sharing.politePoll))
            }
            if demand.priority == .typed {
                claims.removeAll { $0.owner == sharing.owner && !$0.lanes.isDisjoint(with: demand.lanes) }
            }
        }
        sequence += 1
        return .granted(grant(demand, id: id ?? sequence, at: now))
    }

    /// How many places may be taken ahead of the calls that need them: a few where more than half of each window is free, since
    /// others go without them meanwhile, and answers count them with the calls that were sent. None where a call waits that a
    /// person typed, or a console is open. Call ``advance(to:)`` first.
    func spare(for demand: PermitDemand) -> Int {
        guard demand.priority == .bulk, consoles.isEmpty, claims.isEmpty else { return 0 }
        var spare = layout.windows(demand.lanes).map { self[$0].spare }.min() ?? .max
        if demand.lanes.contains(.day) { spare = min(spare, day.spare) }
        return spare
    }

    private mutating func wait(
        _ until: Duration?, _ demand: PermitDemand, _ full: LaneSet, at now: Duration
    ) -> Duration? {
        guard let sharing else { return until }
        var moment = until
        // An unanswered place may be given back or bring a higher limit.
        if layout.windows(full).contains(where: { self[$0].inFlight > 0 }) {
            moment = min(moment ?? now + sharing.poll, now + sharing.poll)
        }
        if demand.priority == .typed {
            claims.removeAll { $0.owner == sharing.owner && $0.lanes == full }
            claims.append(PriorityClaim(owner: sharing.owner, lanes: full, until: (moment ?? now) + sharing.grace))
        }
        return moment
    }

    /// A console is open for that long, or longer if it is told again: bulk work leaves it places of the primary lane.
    mutating func openConsole(for lease: Duration, at now: Duration) {
        closeConsole(at: now)
        consoles.append(OpenConsole(owner: sharing?.owner ?? 0, until: now + lease))
    }

    /// This process has none any more.
    mutating func closeConsole(at now: Duration) {
        advance(to: now)
        consoles.removeAll { $0.owner == sharing?.owner ?? 0 }
    }

    private mutating func grant(_ demand: PermitDemand, id: UInt64, at now: Duration) -> Permit {
        for lane in layout.windows(demand.lanes) { self[lane].take(id, deadline: now + demand.lifetime) }
        if demand.lanes.contains(.day) { day.take() }
        return Permit(
            id: id, lanes: demand.lanes, grantedAt: now, primarySequence: primary.taken, daySequence: day.taken,
            ownPrimaryPlaces: primary.own, pressure: layout.windows(demand.lanes).map { self[$0].pressure }.max() ?? 0)
    }

    /// Books a permit that another store has granted.
    mutating func record(_ permit: Permit, _ demand: PermitDemand, at now: Duration) {
        advance(to: now)
        _ = grant(demand, id: permit.id, at: now)
    }

    /// Books places that are known from elsewhere, until W from now.
    mutating func adopt(_ places: [Lane: Int], at now: Duration) {
        advance(to: now)
        for (lane, count) in places { self[lane].add(foreigners: count, at: now) }
    }

    /// Lets in only one part in so many of each lane: others go on that can no longer be seen.
    mutating func restrict(to divisor: Int) {
        for index in lanes.indices { lanes[index].shareDivisor = divisor }
    }

    /// When our places in each lane end.
    func ownPlaceEnds(at now: Duration) -> [Lane: [LaneRecord.Place]] {
        Dictionary(uniqueKeysWithValues: layout.lanes.map { ($0, self[$0].ownEnds) })
    }

    /// How many places in each lane are ours.
    mutating func ownPlaces(at now: Duration) -> [Lane: Int] {
        advance(to: now)
        return Dictionary(uniqueKeysWithValues: layout.lanes.map { ($0, self[$0].own) })
    }

    private func dayIsOver(isReserved: Bool, at now: Duration) -> QuotaError {
        .dayIsOver(isReserved: isReserved, startsIn: day.resetsAt.map { max(.zero, $0 - now) })
    }
}
