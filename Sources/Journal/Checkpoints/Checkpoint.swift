/// How far a loop is: which of its items are done, and what those under way have written. One loop goes on from it at a time.
public final class Checkpoint: Sendable {
    /// What becomes of an item.
    public enum Beginning: Sendable, Equatable {
        /// It runs. Nothing is known of it.
        case new
        /// It runs again: it was under way, and ``Checkpoint/writes(of:)`` tells what it has written.
        case again
        /// It is not run again.
        case done(result: String?)
        /// The loop has met its key already.
        case doubled
    }

    /// The journal's number for it.
    public let id: Int64
    /// Whether items were done, or under way, before.
    public var goesOn: Bool { hasItems || !underWay.isEmpty }
    /// How many items are done. Counted when the loop began.
    public let done: Int

    /// How many were under way: they have written something, and are not done.
    public var begun: Int { underWay.count }

    private let journal: Journal
    private let lookUp: ItemLookUp
    private let loop: Int64
    private let underWay: Set<String>
    private var hasItems: Bool { done > 0 }
    /// Of one within another's item: it is kept until that is done.
    private let isNested: Bool
    /// Of a loop that only shows what it would do: it changes nothing, and keeps no other loop from going on.
    public let isRehearsal: Bool

    init(
        _ journal: Journal, _ lookUp: ItemLookUp, id: Int64, done: Int, underWay: Set<String>, isNested: Bool,
        isRehearsal: Bool = false
    ) {
        self.journal = journal
        self.lookUp = lookUp
        self.id = id
        self.done = done
        self.underWay = underWay
        self.isNested = isNested
        self.isRehearsal = isRehearsal
        loop = lookUp.begin()
    }

    /// The loop comes to an item. Does not wait.
    public func begin(_ key: String) throws(JournalProblem) -> Beginning {
        let found = try journal.attempt { [self] _ in
            try lookUp.meet(key, loop: loop, checkpoint: id, looks: hasItems)
        }
        return switch found {
        case .doubled: .doubled
        case .done(let result): .done(result: result)
        case .unknown: underWay.contains(key) ? .again : .new
        }
    }

    /// What an item has written the times before, in that order.
    public func writes(of key: String) async throws(JournalProblem) -> [ItemRecord.Earlier] {
        let id = id
        return try await journal.use { [journal] file in
            journal.commit()
            return try file.writes(checkpoint: id, item: key)
        }
    }

    /// An item is done. Does not wait: it is kept soon, and after all that was told of the item's writes before.
    ///
    /// - Parameters:
    ///   - result: What its function returned, as JSON, where that is kept.
    ///   - hasWrites: Whether it has written anything, this time or before.
    ///   - hasLoops: Whether loops with checkpoints ran within it.
    public func finish(_ key: String, result: String?, hasWrites: Bool, hasLoops: Bool) {
        guard !isRehearsal else { return }
        journal.finish(
            FinishedItem(checkpoint: id, key: key, result: result, hasWrites: hasWrites, hasLoops: hasLoops))
    }

    /// The loop has ended without an error: it begins anew the next time.
    public func end() async throws(JournalProblem) {
        guard !isRehearsal else { return }
        let (id, isNested) = (id, isNested)
        try await journal.use { [journal] file in
            journal.commit()
            // One within another's item ends with that, which may have to run again.
            if !isNested { try file.end(checkpoint: id) }
        }
    }

    /// The loop goes on no more, however it has ended: another may.
    public func close() {
        // Keys that are left behind in the temporary table are no loop's.
        _ = try? journal.attempt { [self] file in
            if !isRehearsal { file.letGo(id, isNested: isNested) }
            try lookUp.end(loop)
        }
    }
}

extension Journal {
    /// Which loop is meant.
    public struct Loop: Sendable {
        /// What tells it from all others.
        public var identity: String
        /// As the script names it.
        public var name: String
        /// The item that it runs within.
        public var within: (checkpoint: Int64, item: String)?

        public init(identity: String, name: String, within: (checkpoint: Int64, item: String)? = nil) {
            self.identity = identity
            self.name = name
            self.within = within
        }
    }

    /// The checkpoint from which a loop goes on; a new one where there is none.
    ///
    /// - Parameters:
    ///   - moment: Milliseconds since 1970.
    ///   - isFresh: It begins anew.
    /// - Returns: Nil where another loop goes on from it, of this process or of another.
    public func open(_ loop: Loop, at moment: Int64, isFresh: Bool) async throws(JournalProblem) -> Checkpoint? {
        try await use { [self] file in
            commit()
            guard let found = try file.open(loop, at: moment, isFresh: isFresh) else { return nil }
            return Checkpoint(
                self, try lookUp(file), id: found.id, done: found.done, underWay: found.underWay,
                isNested: loop.within != nil)
        }
    }

    /// The checkpoint from which a loop would go on now, for one that only shows what it would do; an empty one where there
    /// is none. Nothing is changed.
    ///
    /// - Parameter isFresh: The loop would begin anew.
    /// - Returns: Nil where another loop goes on from it, of this process or of another.
    public func look(at loop: Loop, isFresh: Bool) async throws(JournalProblem) -> Checkpoint? {
        try await use { [self] file in
            commit()
            guard let found = try file.look(at: loop, isFresh: isFresh) else { return nil }
            return Checkpoint(
                self, try lookUp(file), id: found.id, done: found.done, underWay: found.underWay,
                isNested: loop.within != nil, isRehearsal: true)
        }
    }
}
