/// What takes a run back, by what the journal knows of it. Pure: which of it is still as the run left it is asked of the
/// server, and decided by ``UndoPlan/Change/verdict(_:)``.
///
/// All that a run did to a record is taken back at once: a record that it made is archived, whatever it wrote to it later;
/// a property gets the value back that it had before the first of its writes.
public struct UndoPlan: Sendable, Equatable {
    /// The values of a record that was changed.
    public struct Restoring: Sendable, Equatable {
        public var record: Write.Record
        public var changes: [Change]
        /// The numbers of the writes that this takes back.
        public var writes: [Int64]
    }

    /// A record that the run made.
    public struct Archiving: Sendable, Equatable {
        public var record: Write.Record
        /// The values that the run left in it.
        public var values: [String: String]
        /// The records that the run has linked it to.
        public var linked: Set<Write.Record> = []
        /// Those that it was linked to when it was made: their ids alone are known.
        public var linkedIDs: Set<String> = []
        public var writes: [Int64]
    }

    /// A record that the run archived.
    public struct Remaking: Sendable, Equatable {
        public var record: Write.Record
        /// Its values before it was archived, where they were read.
        public var before: [String: String]?
        /// What the run had changed in it earlier.
        public var changes: [Change]
        /// The links that it had, where they were read.
        public var links: [Linking]?
        /// The run that may have made it again.
        public var undoing: Int64?
        public var writes: [Int64]
    }

    /// The links of two records.
    public struct Linking: Sendable, Equatable {
        public var from: Write.Record
        public var to: Write.Record
        public var kinds: [Kind]
    }

    /// The members that the run has added to a list, or removed from it.
    public struct Membership: Sendable, Equatable {
        /// The list's id.
        public var list: String
        public var added: [String] = []
        public var removed: [String] = []
        public var writes: [Int64] = []
    }

    /// Why a write is not taken back.
    public enum Reason: Sendable, Equatable {
        case merge, gdprDelete, submission, otherRequest
        /// Whether it was carried out is not known, and no record is known to look at.
        case unknownFate
    }

    public struct Left: Sendable, Equatable {
        public var write: Write
        public var reason: Reason
    }

    // In the order in which they are done: a record is archived before one takes its address back, and is there before
    // it is linked.
    public private(set) var archives: [Archiving] = []
    public private(set) var remakes: [Remaking] = []
    /// The record that was written last comes first.
    public private(set) var restores: [Restoring] = []
    /// The pair that was written last comes first.
    public private(set) var pairs: [Pair] = []
    /// What was the primary company of each record whose links were changed, where that was read.
    public private(set) var marks: [Mark] = []
    public private(set) var memberships: [Membership] = []
    public private(set) var left: [Left] = []
    /// Writes whose traces the run has removed itself.
    public private(set) var settled: [Int64] = []

    public var isEmpty: Bool {
        archives.isEmpty && remakes.isEmpty && restores.isEmpty && pairs.isEmpty && memberships.isEmpty
    }

    /// - Parameter writes: The run's, in their order.
    public init(_ writes: [Write]) {
        var stories = UndoStories(clock: ClockDifference(writes))
        for write in writes where write.fate != .failed && write.undoneBy == nil {
            if let reason = stories.add(write) { left.append(Left(write: write, reason: reason)) }
        }
        var ends: [Write.Record: Set<Write.Record>] = [:]
        for pair in stories.pairs {
            ends[pair.from, default: []].insert(pair.to)
            ends[pair.to, default: []].insert(pair.from)
        }
        for story in stories.ofRecords.reversed() {
            switch (story.isMade, story.isArchived) {
            case (true, true): settled += story.writes
            case (true, false):
                archives.append(
                    Archiving(
                        record: story.record, values: story.values, linked: ends[story.record] ?? [],
                        linkedIDs: story.linkedIDs, writes: story.writes))
            case (false, true):
                remakes.append(
                    Remaking(
                        record: story.record, before: story.before, changes: story.changes, links: story.links,
                        undoing: story.undoing, writes: story.writes))
            case (false, false):
                restores.append(Restoring(record: story.record, changes: story.changes, writes: story.writes))
            }
        }
        let made = Set(archives.map(\.record) + stories.ofRecords.filter { $0.isMade && $0.isArchived }.map(\.record))
        for pair in stories.pairs.reversed() {
            // The links of a record end with it.
            if made.contains(pair.from) || made.contains(pair.to) { settled += pair.writes } else { pairs.append(pair) }
        }
        for membership in stories.memberships {
            // What was added and removed again is as it was.
            if membership.added.isEmpty && membership.removed.isEmpty {
                settled += membership.writes
            } else {
                memberships.append(membership)
            }
        }
        marks = stories.marks.filter { !made.contains($0.owner) }
    }
}
