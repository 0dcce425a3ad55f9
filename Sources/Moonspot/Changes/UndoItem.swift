import Journal

/// One thing that an undo does, or leaves: with a record, a link, or a write that cannot be taken back.
struct UndoItem: Sendable, Equatable {
    /// The raw values are what programs read.
    enum Action: String, Sendable {
        /// A record's properties get their old values.
        case restore
        /// A record that the run made.
        case archive
        /// A record that the run archived, under a new id.
        case remake
        case unlink, link
        /// A company becomes the primary one of a record again, or is it no more.
        case mark, unmark
        /// A list's.
        case members
        /// What cannot be taken back.
        case keep
    }

    enum Status: String, Sendable {
        case planned, done, failed
        /// It stays as it is.
        case left
    }

    struct Value: Sendable, Equatable {
        var name: String
        var now: String
        /// Nil where nothing tells it; then it is left.
        var then: String?
    }

    var action: Action
    var status = Status.planned
    /// Nil for a request that concerns no record.
    var record: Write.Record?
    /// The other end of a link.
    var other: Write.Record?
    /// Kinds of link; where there are none, all that are unlinked, or the one without a label that is linked.
    var kinds: [UndoPlan.Kind] = []
    /// A list's id.
    var list: String?
    /// The members that are added to it, and those that are removed.
    var added: [String] = []
    var removed: [String] = []
    /// What is set.
    var values: [Value] = []
    /// Of a record that was made again.
    var newID: String?
    /// It is left because nothing tells how it was before the run.
    var isUnknown = false
    /// Why it is left, or has failed.
    var reason: String?
    /// `POST /crm/lists/…`, where there is no record.
    var request: String?
    /// The numbers of the run's writes that it takes back, maybe along with other items.
    var writes: [Int64]
}
