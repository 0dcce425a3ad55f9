/// Which changes go into the journal with which commit. Pure: the ``Journal`` runs the commits.
///
/// All that waits when a commit begins goes with it, so that writes made at the same time share one wait for the disk.
/// Only intents are waited for: where one cannot be kept its write is not sent, so that it is given up; what became of a
/// write is kept for the next commit.
struct GroupCommit: Sendable {
    enum Change: Sendable, Equatable {
        /// New writes, or others under the numbers of earlier ones.
        case intend(run: Int64, [Write])
        case settle(run: Int64, [Settlement])
        /// An item of a checkpoint is done.
        case finish(FinishedItem)

        fileprivate var count: Int {
            switch self {
            case .intend(_, let writes): writes.count
            case .settle(_, let settlements): settlements.count
            case .finish: 1
            }
        }
    }

    struct Batch: Sendable, Equatable {
        var changes: [Change] = []
        /// Those who wait for it.
        var tickets: [UInt64] = []
        /// Whether the disk has to confirm it; else it is enough that it outlives this process.
        var isDurable: Bool { !tickets.isEmpty }
    }

    /// Writes and fates in one commit: the first who waits is not kept waiting for all.
    static let most = 4_000

    private var waiting: [(change: Change, ticket: UInt64?)] = []
    private var isScheduled = false
    private var lastTicket: UInt64 = 0

    /// - Returns: The ticket to wait with, and whether a commit has to be started.
    mutating func intend(_ writes: [Write], run: Int64) -> (ticket: UInt64, starts: Bool) {
        lastTicket += 1
        waiting.append((.intend(run: run, writes), lastTicket))
        return (lastTicket, schedules())
    }

    /// - Returns: Whether a commit has to be started.
    mutating func settle(_ settlements: [Settlement], run: Int64) -> Bool {
        waiting.append((.settle(run: run, settlements), nil))
        return schedules()
    }

    /// - Returns: Whether a commit has to be started.
    mutating func finish(_ item: FinishedItem) -> Bool {
        waiting.append((.finish(item), nil))
        return schedules()
    }

    private mutating func schedules() -> Bool {
        defer { isScheduled = true }
        return !isScheduled
    }

    /// A commit begins.
    /// - Returns: Nil where nothing waits: the next change starts one again.
    mutating func next() -> Batch? {
        var batch = Batch()
        var count = 0
        var taken = 0
        for (change, ticket) in waiting {
            guard count == 0 || count + change.count <= Self.most else { break }
            count += change.count
            taken += 1
            batch.changes.append(change)
            if let ticket { batch.tickets.append(ticket) }
        }
        waiting.removeFirst(taken)
        guard taken > 0 else {
            isScheduled = false
            return nil
        }
        return batch
    }

    /// A commit has failed, and nothing of it is kept. No other is started until the next change comes.
    /// - Returns: Those who waited for it.
    mutating func fail(_ batch: Batch) -> [UInt64] {
        let outcomes = batch.changes.filter { if case .intend = $0 { false } else { true } }
        waiting.insert(contentsOf: outcomes.map { ($0, nil) }, at: 0)
        let intents = waiting.compactMap(\.ticket)
        // Those that wait behind it meet the same: they are told at once, and not one after another.
        waiting.removeAll { $0.ticket != nil }
        isScheduled = false
        return batch.tickets + intents
    }
}
