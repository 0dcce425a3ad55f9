package import JSON
import Synchronization

/// Hears of every write before it is sent, and of what became of it.
package protocol WriteJournal: Sendable {
    /// Whether the values that a write changes are read before it is sent.
    var readsBefore: Bool { get }

    /// Returns once the writes are kept, so that they are known whatever happens.
    /// - Parameter session: What they are sent through.
    /// - Returns: A number for each, by which its fate is told.
    /// - Throws: Where they cannot be kept. Then none of them is sent.
    func intend(_ writes: [WriteIntent], in session: Session) async throws(HubSpotError) -> [Int64]

    /// Hears what became of writes; of two fates of one write the later counts.
    func settle(_ settled: [SettledWrite])
}

/// A write that is about to be sent, as the request that does it alone.
package struct WriteIntent: Sendable {
    /// The raw values are the journal's.
    package enum Action: String, Sendable {
        case create, update, upsert, delete, merge, link, unlink, submit, other
        case gdprDelete = "gdpr_delete"
    }

    /// The number of the same write, where it has turned into another request: an update into a create.
    package var number: Int64?
    package var method: String
    /// With its query.
    package var path: String
    package var action: Action
    package var type: String?
    /// The record's id where it is known before.
    package var id: String?
    /// The other end of a link, the other record of a merge.
    package var other: (type: String, id: String)?
    /// Where it is JSON.
    package var body: [UInt8]?
    /// The values that it changes, as they are before: an object of properties; of a link, the kinds of link that there
    /// are, as a list. Nil where they were not read.
    package var before: JSONSlice?
    /// Its place in an item of a loop with a checkpoint.
    package var place: (any WritePlace)?
}

/// A write of which it is known what became.
package struct SettledWrite: Sendable {
    /// The number that the journal gave it.
    package var number: Int64
    package var fate: WriteFate
    /// When it was answered by the server's clock, to the second, in milliseconds since 1970; nil where no answer says it.
    package var served: Int64?
}

/// What became of a write.
package enum WriteFate: Sendable {
    /// - Parameters:
    ///   - id: The record's, where the answer tells it.
    ///   - isNew: Of an upsert, whether it made the record.
    ///   - values: The properties that were written, as HubSpot answered them; of a change of a list's members, those that
    ///     it has `added` and `removed`.
    ///   - answered: The server's time.
    ///   - answer: HubSpot's, of a write that may be asked for again: one with a ``WritePlace``.
    case done(id: String?, isNew: Bool?, values: JSONSlice?, answered: String?, answer: JSONSlice?)
    case failed(HubSpotError)
    case unknown(HubSpotError)

    /// - Parameter error: A write that was cancelled may have been sent before.
    init(_ error: HubSpotError) {
        self = error.fateIsUnknown || error.kind == .cancelled ? .unknown(error) : .failed(error)
    }

    /// - Parameters:
    ///   - answer: HubSpot's about the one record.
    ///   - recorded: What is kept of it, where that is more than the answer.
    init(_ operation: Operation, _ answer: JSONSlice, recording recorded: JSONSlice? = nil) {
        let names = Set(operation.properties.entries.map(\.name))
        let values = (answer.field("properties")?.fields() ?? []).filter { names.contains($0.name) }
        self = .done(
            id: operation.tellsID ? answer.madeID : nil,
            isNew: answer.field("new")?.boolean,
            values: values.isEmpty
                ? operation.changedMembers(in: answer)
                : JSONSlice(JSONValue.object(values.map { .init($0.name, .raw($0.value)) }).bytes),
            answered: answer.field("updatedAt")?.string,
            answer: operation.entry?.place == nil ? nil : recorded ?? answer)
    }
}

/// One write's place in the journal or in a plan, shared by all requests that it takes.
final class WriteEntry: Sendable {
    struct State {
        var number: Int64?
        /// The request that the journal knows it by.
        var request = ""
        var place: (any WritePlace)?
        /// The id that a plan gives to its record.
        var plannedID: String?
        /// When its request was answered, by the server's clock.
        var served: Int64?
    }

    /// What is meant, where it travels as an element of a batch that says less.
    let meaning: Operation
    let state = Mutex(State())

    /// What it changes, as it is before, where that is known.
    let before: JSONSlice?

    /// - Parameter number: The one that the journal is to know it by, where that is decided already.
    init(_ meaning: Operation, number: Int64? = nil, before: JSONSlice? = nil) {
        self.meaning = meaning
        self.before = before
        if let number { state.withLock { $0.number = number } }
    }

    var number: Int64? { state.withLock { $0.number } }

    /// In an item of a loop with a checkpoint; nil for a write that belongs to none.
    var place: (any WritePlace)? { state.withLock { $0.place } }
}

extension Operation {
    /// With a place in the journal, where the session keeps one, in the plan, or in the item that it belongs to.
    func entered(in session: Session, _ disposition: Disposition) -> Operation {
        guard entry == nil else { return self }
        switch disposition {
        case .send: guard session.configuration.journal != nil else { return self }
        case .plan: break
        case .preview: guard WriteItems.current != nil else { return self }
        }
        var entered = self
        entered.entry = WriteEntry(self)
        return entered
    }

    /// A request that a caller has spelled out, which can be told what a plan calls that which it makes.
    static func spelledOut(_ request: APIRequest) -> Operation {
        var write = Operation(.other(request))
        write.entry = WriteEntry(write)
        return write
    }

    /// Whether HubSpot's answer names the record that was written.
    fileprivate var tellsID: Bool {
        switch verb {
        case .create, .update, .upsert, .merge, .other: true
        case .read, .archive, .gdprDelete, .link, .unlink, .element: false
        }
    }
}

extension Operation {
    /// Which records a change of a list's members has added and removed: HubSpot's answer names those alone that were not
    /// as they were to be.
    fileprivate func changedMembers(in answer: JSONSlice) -> JSONSlice? {
        guard case .other = verb else { return nil }
        let members = [("added", answer.field("recordsIdsAdded")), ("removed", answer.field("recordIdsRemoved"))]
        guard members.contains(where: { $0.1 != nil }) else { return nil }
        return JSONSlice(
            JSONValue.object(members.map { .init($0.0, .strings(($0.1?.elements() ?? []).compactMap(\.idText))) }).bytes
        )
    }
}

extension JSONSlice {
    /// The id of what was made: a record's, or a list's.
    var madeID: String? {
        recordID ?? field("listId")?.idText ?? field("list")?.field("listId")?.idText
    }
}
