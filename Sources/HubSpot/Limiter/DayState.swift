/// What is known of the account's day. HubSpot counts it for all apps together, so its headers are the truth, and what
/// was sent since the last of them is added.
struct DayState: Sendable {
    /// As the option or the profile gives it.
    let given: DailyAllowance?
    /// The share that is kept from bulk work, in 0...1.
    let reserve: Double
    private var headerLimit: Int?
    /// As of now by our own reckoning; nil until a header told.
    private var headerRemaining: Int?
    /// Requests of ours, where no header tells.
    private var counted = 0
    /// How many were ever sent.
    private(set) var taken = 0
    /// When the day ends, on the session's clock.
    private(set) var resetsAt: Duration?
    /// After HubSpot said that the day is used up.
    private var closedUntil: Duration?

    init(given: DailyAllowance?, reserve: Double) {
        self.given = given
        self.reserve = reserve
    }

    /// Nil until known; infinite where there is no limit.
    var limit: Double? {
        switch given {
        case .unlimited: headerLimit.map(Double.init) ?? .infinity
        case .limited(let count): Double(min(count, headerLimit ?? count))
        case nil: headerLimit.map(Double.init)
        }
    }

    /// By the headers; until one told, what was counted here.
    var used: Double {
        if let headerLimit, let headerRemaining { return Double(max(0, headerLimit - headerRemaining)) }
        return Double(counted)
    }

    var remaining: Double? {
        if closedUntil != nil { return 0 }
        return limit.map { max(0, $0 - used) }
    }

    mutating func advance(to now: Duration) {
        if let end = resetsAt, end <= now {
            resetsAt = end + .seconds(86_400)
            headerRemaining = headerLimit
            counted = 0
            closedUntil = nil
        }
        if let closed = closedUntil, closed <= now { closedUntil = nil }
    }

    enum Verdict: Equatable {
        case open
        case usedUp
        /// What is left is kept for what a person types.
        case reserved
    }

    func verdict(for priority: CallPriority) -> Verdict {
        if closedUntil != nil { return .usedUp }
        guard let limit, let remaining, limit.isFinite else { return .open }
        // With nothing left by the headers and the end of the day unknown, HubSpot itself is asked: it may be over.
        if remaining <= 0 { return resetsAt == nil && headerRemaining != nil ? .open : .usedUp }
        return priority == .bulk && remaining <= (limit * reserve).rounded(.down) ? .reserved : .open
    }

    mutating func take() {
        taken += 1
        counted += 1
        headerRemaining? -= 1
    }

    mutating func giveBack() {
        counted -= 1
        headerRemaining? += 1
    }

    /// - Parameter since: How many more were sent since the request whose answer this is.
    mutating func learn(limit: Int?, remaining: Int?, since: Int) {
        if let limit { headerLimit = limit }
        if let remaining { headerRemaining = remaining - max(0, since) }
    }

    mutating func learn(resetsAt instant: Duration) { resetsAt = instant }

    /// HubSpot refused for the day. Until its end; where that is unknown, one call in five minutes asks again.
    mutating func close(at now: Duration) { closedUntil = resetsAt ?? now + .seconds(300) }
}

extension DayState {
    /// As a store keeps it.
    init(_ record: DayRecord, given: DailyAllowance?, reserve: Double) {
        self.init(given: given, reserve: reserve)
        headerLimit = record.limit
        headerRemaining = record.remaining
        counted = record.counted
        taken = record.taken
        resetsAt = record.resetsAt
        closedUntil = record.closedUntil
    }

    var record: DayRecord {
        DayRecord(
            limit: headerLimit, remaining: headerRemaining, counted: counted, taken: taken, resetsAt: resetsAt,
            closedUntil: closedUntil)
    }
}
