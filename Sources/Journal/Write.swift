/// One write of a run: one record, one link, or one request that is neither.
public struct Write: Sendable, Equatable {
    /// Whether it was carried out.
    public enum Fate: String, Sendable, CaseIterable {
        /// It was about to be sent, and the run goes on.
        case intended
        case done
        case failed
        /// It may have been carried out: no answer came, or the run was killed before it knew.
        case unknown
    }

    public enum Action: String, Sendable, CaseIterable {
        case create, update, upsert, delete, merge, link, unlink, submit
        case gdprDelete = "gdpr_delete"
        /// A request that concerns no record: a definition, a list's members, a file.
        case other
    }

    /// A record, by its type as paths name it and its id.
    public struct Record: Sendable, Hashable {
        public var type: String
        public var id: String

        public init(type: String, id: String) {
            self.type = type
            self.id = id
        }
    }

    /// Counted within the run, from 1.
    public var number: Int64 = 0
    /// Milliseconds since 1970, by the machine's clock.
    public var at: Int64
    public var method: String
    /// Of the request that does it alone, with its query: `/crm/objects/2026-09/contacts/1`.
    public var path: String
    public var action: Action
    /// The type of the record, as paths name it.
    public var type: String?
    /// The record's id; of one that is created, once it is answered.
    public var id: String?
    /// The other end of a link, the other record of a merge.
    public var other: Record?
    /// The body of that request, where it is text.
    public var sent: String?
    /// The values that it changes as they were before, as a JSON object; nil where they were not read.
    public var before: String?
    /// The values that it has set as HubSpot answered them, as a JSON object; of a change of a list's members, the ids
    /// that it has `added` and `removed`.
    public var after: String?
    /// When the record was changed last, by the answer and the server's clock.
    public var answered: String?
    /// When the answer came, in milliseconds since 1970 by the machine's clock.
    public var received: Int64?
    /// The same moment by the server's clock, as its `Date` header has it: to the second.
    public var served: Int64?
    public var fate: Fate = .intended
    /// `validation: …`
    public var error: String?
    public var correlationID: String?
    /// The run that has taken it back.
    public var undoneBy: Int64?
    /// The run that began to take it back, where it is not known whether it has. Of a create by which an undo made a record
    /// again: the run that it took back, once that is settled.
    public var undoing: Int64?
    /// The run that has made it once more.
    public var retriedBy: Int64?
    /// Its place in an item of a checkpoint, until that is done.
    public var step: Step?
    /// What the script was answered, while it has such a place.
    public var answer: String?

    public init(at: Int64, method: String, path: String, action: Action, type: String? = nil, id: String? = nil) {
        self.at = at
        self.method = method
        self.path = path
        self.action = action
        self.type = type
        self.id = id
    }

    public var record: Record? { type.flatMap { type in id.map { Record(type: type, id: $0) } } }
}

/// What became of a write.
public struct Settlement: Sendable, Equatable {
    /// The write's.
    public var number: Int64
    public var fate: Write.Fate
    /// What an upsert turned out to be.
    public var action: Write.Action?
    /// The record's id, where only the answer tells it.
    public var id: String?
    public var after: String?
    public var answered: String?
    public var received: Int64?
    public var served: Int64?
    /// What the script is answered, where that is kept.
    public var answer: String?
    public var error: String?
    public var correlationID: String?

    public init(_ number: Int64, _ fate: Write.Fate) {
        self.number = number
        self.fate = fate
    }
}
