/// The account's day. The server counts it for all clients together, so its headers are the truth, and what
/// was sent since the last of them is added.
struct DayState: Sendable {
    /// As the option or the profile gives it.
    let configured: DailyAllowance?
    /// The share that is kept from bulk work, in 0...1.
    let reserve: Double
    private var toldLimit: Int?
    /// As of now by our own reckoning; nil until a header told.
    private var toldRemaining: Int?
    /// Requests of ours, where no header tells.
    private var counted = 0
    /// How many were ever taken and not given back.
    private(set) var taken = 0
    /// When the day ends, on the session's clock.
    private(set) var resetsAt: Duration?
    /// After the server said that the day is used up.
    private var closedUntil: Duration?

    init(configured: DailyAllowance?, reserve: Double) {
        self.configured = configured
        self.reserve = reserve
    }

    /// Nil until known; infinite where there is no limit.
    var limit: Double? {
        switch configured {
        case .unlimited: toldLimit.map(Double.init) ?? .infinity
        case .limited(let count): Double(min(count, toldLimit ?? count))
        case nil: toldLimit.map(Double.init)
        }
    }

    /// By the headers; by the count of this process until one tells it.
    var used: Double {
        if let toldLimit, let toldRemaining { return Double(max(0, toldLimit - toldRemaining)) }
        return Double(counted)
    }

    var remaining: Double? {
        if closedUntil != nil { return 0 }
        return limit.map { max(0, $0 - used) }
    }

    mutating func advance(to now: Duration) {
        if let end = resetsAt, end <= now {
            resetsAt = end + .seconds(86_400)
            toldRemaining = toldLimit
            counted = 0
            closedUntil = nil
        }
        if let closed = closedUntil, closed <= now { closedUntil = nil }
    }

    enum Verdict: Equatable {
        case open
        case usedUp
        /// The rest is kept for typed calls.
        case reserved
    }

    func verdict(for priority: CallPriority) -> Verdict {
        if closedUntil != nil { return .usedUp }
        guard let limit, let remaining, limit.isFinite else { return .open }
        // With nothing left by the headers and the end of the day unknown, the server itself is asked: it may be over.
        if remaining <= 0 { return resetsAt == nil && toldRemaining != nil ? .open : .usedUp }
        return priority == .bulk && remaining <= (limit * reserve).rounded(.down) ? .reserved : .open
    }

    /// How many requests may be counted ahead: a small part of those that are left for bulk work.
    var spare: Int {
        guard let limit, let remaining, limit.isFinite else { return .max }
        return max(0, Int((remaining - limit * reserve) / 64))
    }

    mutating func take() {
        taken += 1
        counted += 1
        toldRemaining? -= 1
    }

    mutating func giveBack() {
        taken -= 1
        counted = max(0, counted - 1)
        toldRemaining? += 1
    }

    /// - Parameter since: How many more were sent since the request whose answer this is.
    mutating func learn(limit: Int?, remaining: Int?, since: Int) {
        if let limit { toldLimit = limit }
        if let remaining { toldRemaining = remaining - max(0, since) }
    }

    mutating func learn(resetsAt instant: Duration) { resetsAt = instant }

    /// The server refused for the day. Until its end; where that is unknown, one call in five minutes asks again.
    mutating func close(at now: Duration) { closedUntil = resetsAt ?? now + .seconds(300) }
}

extension DayState {
    /// As a store keeps it.
    init(_ record: DayRecord, configured: DailyAllowance?, reserve: Double) {
        self.init(configured: configured, reserve: reserve)
        toldLimit = record.limit
        toldRemaining = record.remaining
        counted = record.counted
        taken = record.taken
        resetsAt = record.resetsAt
        closedUntil = record.closedUntil
    }

    var record: DayRecord {
        DayRecord(
            limit: toldLimit, remaining: toldRemaining, counted: counted, taken: taken, resetsAt: resetsAt,
            closedUntil: closedUntil)
    }
}
