/// The record that processes with one credential share: the lanes that are counted by client, and what is learnt of
/// them.
struct ClientRecord: Sendable, Equatable {
    /// In the layout's order; none where nothing was counted yet.
    var lanes: [LaneRecord] = []
    /// The primary lane's limit as the newest answer told it.
    var learnt: Allowance?
    /// Calls that a person typed and that wait, in any process.
    var claims: [PriorityClaim] = []
    /// The consoles that are open, in any process.
    var consoles: [OpenConsole] = []
}

/// The record that processes with one account share: the lanes that are counted by account, and the day.
struct AccountRecord: Sendable, Equatable {
    /// In the layout's order; none where nothing was counted yet.
    var lanes: [LaneRecord] = []
    var day = DayRecord()
}

/// A lane's places. Moments are on the store's clock.
struct LaneRecord: Sendable, Equatable {
    struct Place: Sendable, Equatable {
        /// A record is written with each decision, and to make nanoseconds of a duration takes longer than to write them.
        let nanoseconds: Int64
        var count: Int

        var at: Duration { .nanoseconds(nanoseconds) }

        init(at: Duration, count: Int) { self.init(nanoseconds: at.nanoseconds, count: count) }

        init(nanoseconds: Int64, count: Int) {
            self.nanoseconds = nanoseconds
            self.count = count
        }
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

/// A call that a person typed waits for a place in these lanes: until then no process takes one for bulk work.
struct PriorityClaim: Sendable, Equatable {
    /// The store, one of each process, that has made it.
    var owner: UInt64
    var lanes: LaneSet
    var until: Duration
}

extension AccountRecord {
    /// Both counted the same account: under the credential before its account was known, and under the account.
    func merged(with other: AccountRecord) -> AccountRecord {
        var merged = self
        merged.lanes = (0..<max(lanes.count, other.lanes.count)).map { index in
            let (a, b) = (lanes.indices.contains(index), other.lanes.indices.contains(index))
            return a && b ? lanes[index].merged(with: other.lanes[index]) : a ? lanes[index] : other.lanes[index]
        }
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
