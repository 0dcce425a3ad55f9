/// What the processes share that use one token: the lanes that HubSpot counts by app, and what is learnt of them.
struct TokenRecord: Sendable, Equatable {
    var burst = LaneRecord()
    var associations = LaneRecord()
    var forms = LaneRecord()
    /// The burst limit as the newest header named it.
    var learnt: Allowance?
    /// Who waits that a person sits in front of.
    var marks: [TypedMark] = []
    /// Whose console is open.
    var consoles: [OpenConsole] = []
}

/// What the processes share that use one account: search, and the day.
struct AccountRecord: Sendable, Equatable {
    var search = LaneRecord()
    var day = DayRecord()
}

/// A lane's places. Moments are on the store's clock.
struct LaneRecord: Sendable, Equatable {
    struct Place: Sendable, Equatable {
        var at: Duration
        var count: Int
    }

    struct Unanswered: Sendable, Equatable {
        var id: UInt64
        var deadline: Duration
    }

    var taken = 0
    var horizon: Duration = .zero
    var closedUntil: Duration?
    var unanswered: [Unanswered] = []
    /// In order.
    var answered: [Place] = []
    /// In order.
    var foreign: [Place] = []
}

struct DayRecord: Sendable, Equatable {
    var limit: Int?
    var remaining: Int?
    var counted = 0
    var taken = 0
    var resetsAt: Duration?
    var closedUntil: Duration?
}

/// Somebody waits in front of a terminal for a place in these lanes: until then nobody's bulk work takes one.
struct TypedMark: Sendable, Equatable {
    /// The store, one of each process, by whom it was set.
    var owner: UInt64
    var lanes: LaneSet
    var until: Duration
}

extension AccountRecord {
    /// Both counted the same account: under the token before its portal was known, and under the portal.
    func merged(with other: AccountRecord) -> AccountRecord {
        var merged = self
        merged.search = search.merged(with: other.search)
        merged.day.limit = other.day.limit ?? day.limit
        merged.day.remaining = [day.remaining, other.day.remaining].compactMap { $0 }.min()
        merged.day.counted += other.day.counted
        merged.day.taken = max(day.taken, other.day.taken)
        merged.day.resetsAt = other.day.resetsAt ?? day.resetsAt
        merged.day.closedUntil = [day.closedUntil, other.day.closedUntil].compactMap { $0 }.max()
        return merged
    }
}

extension LaneRecord {
    fileprivate func merged(with other: LaneRecord) -> LaneRecord {
        LaneRecord(
            taken: max(taken, other.taken), horizon: max(horizon, other.horizon),
            closedUntil: [closedUntil, other.closedUntil].compactMap { $0 }.max(),
            unanswered: unanswered + other.unanswered, answered: (answered + other.answered).sorted { $0.at < $1.at },
            foreign: (foreign + other.foreign).sorted { $0.at < $1.at })
    }
}

extension Duration {
    /// Rounded down. Good for 292 years.
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
