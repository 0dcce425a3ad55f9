import JSON
import Wire

/// A run's writes by what they concern: each record's and each link's story, in the order of their last writes.
struct UndoStories {
    struct OfRecord {
        let record: Write.Record
        var isMade = false
        var isArchived = false
        /// By the name of the property, in the order of their first writes.
        var changes: [UndoPlan.Change] = []
        /// The values that were read before it was archived.
        var before: [String: String]?
        /// The links that were read with them.
        var links: [UndoPlan.Linking]?
        var writes: [Int64] = []

        /// As the run left them.
        var values: [String: String] { Dictionary(changes.map { ($0.name, $0.last) }) { $1 } }
    }

    struct OfLink {
        let from: Write.Record
        let to: Write.Record
        var labels: [UndoPlan.Label]
        var wasLinked: Bool
        var isLinked: Bool
        var writes: [Int64] = []
    }

    private struct LinkKey: Hashable {
        var ends: Set<Write.Record>
        var labels: Set<UndoPlan.Label>
    }

    private var records: [Write.Record: (story: OfRecord, last: Int64)] = [:]
    private var links: [LinkKey: (story: OfLink, last: Int64)] = [:]

    var ofRecords: [OfRecord] { records.values.sorted { $0.last < $1.last }.map(\.story) }
    var ofLinks: [OfLink] { links.values.sorted { $0.last < $1.last }.map(\.story) }

    /// - Returns: Why it cannot be taken back.
    mutating func add(_ write: Write) -> UndoPlan.Reason? {
        switch write.action {
        case .merge: return .merge
        case .gdprDelete: return .gdprDelete
        case .submit: return .submission
        case .other: return .otherRequest
        case .link, .unlink: return addLink(write)
        case .create, .update, .upsert, .delete:
            guard let record = write.record else { return .unknownFate }
            change(record, write)
            return nil
        }
    }

    private mutating func change(_ record: Write.Record, _ write: Write) {
        var story = records[record]?.story ?? OfRecord(record: record)
        story.writes.append(write.number)
        switch write.action {
        case .create:
            story.isMade = true
            story.isArchived = false
        case .delete:
            story.isArchived = true
            story.before = write.before.map { Self.values(of: JSONSlice($0)) }
            story.links = write.before.flatMap { UndoPlan.Linking.all(of: record, in: JSONSlice($0)) }
        default: story.isArchived = false
        }
        if write.action != .delete {
            let before = write.before.map { Self.values(of: JSONSlice($0)) }
            let after = write.after.map { Self.values(of: JSONSlice($0)) } ?? [:]
            for (name, sent) in write.sentValues {
                let mark = UndoPlan.Change.Mark(
                    value: after[name] ?? sent, at: write.at, answered: write.answered.flatMap { Timestamp.parse($0) })
                if let index = story.changes.firstIndex(where: { $0.name == name }) {
                    story.changes[index].last = mark.value
                } else {
                    story.changes.append(
                        UndoPlan.Change(
                            name: name, before: before.map { $0[name] ?? "" }, first: mark, last: mark.value))
                }
            }
        }
        records[record] = (story, write.number)
    }

    private mutating func addLink(_ write: Write) -> UndoPlan.Reason? {
        guard let from = write.record, let to = write.other else { return .unknownFate }
        let known = write.before.flatMap { JSONSlice($0).elements() }
        let labels = write.labels
        if let known, write.action == .unlink, labels.isEmpty, !known.isEmpty {
            // What was there is known: an unlink of all kinds takes just those away. The one without a label is the one
            // that a link without a label makes.
            let plain = known.filter {
                $0.field("label")?.isNull == true && $0.field("category")?.string == Self.ofHubSpot
            }
            if !plain.isEmpty { note(write, from, to, labels: [], wasLinked: true) }
            let others = known.filter { !plain.contains($0) }.compactMap(UndoPlan.Label.init)
            if !others.isEmpty {
                note(write, from, to, labels: others.sorted { $0.typeID < $1.typeID }, wasLinked: true)
            }
            return nil
        }
        var wasLinked = write.action == .unlink
        if let known {
            let kinds = Set(known.compactMap(UndoPlan.Label.init))
            wasLinked = labels.isEmpty ? !known.isEmpty : !kinds.isDisjoint(with: labels)
        }
        note(write, from, to, labels: labels, wasLinked: wasLinked)
        return nil
    }

    private static let ofHubSpot = "HUBSPOT_DEFINED"

    private mutating func note(
        _ write: Write, _ from: Write.Record, _ to: Write.Record, labels: [UndoPlan.Label], wasLinked: Bool
    ) {
        let key = LinkKey(ends: [from, to], labels: Set(labels))
        var story =
            links[key]?.story
            ?? OfLink(from: from, to: to, labels: labels, wasLinked: wasLinked, isLinked: wasLinked)
        story.isLinked = write.action == .link
        story.writes.append(write.number)
        links[key] = (story, write.number)
    }

    /// An object's values as HubSpot keeps them: text, the empty one for none.
    static func values(of object: JSONSlice) -> [String: String] {
        Dictionary((object.fields() ?? []).map { ($0.name, text(of: $0.value)) }) { $1 }
    }

    fileprivate static func text(of value: JSONSlice) -> String { value.isNull ? "" : value.string ?? value.text }
}

extension Write {
    /// The properties that it sent.
    fileprivate var sentValues: [(name: String, value: String)] {
        guard let sent else { return [] }
        let body = JSONSlice(sent)
        // HubSpot's own upsert sends one record as a batch does.
        let properties = body.field("properties") ?? body.field("inputs")?.elements()?.first?.field("properties")
        return (properties?.fields() ?? []).map { ($0.name, UndoStories.text(of: $0.value)) }
    }

    /// The kinds of link that it set or removed; none for the one without a label, or for all.
    fileprivate var labels: [UndoPlan.Label] {
        guard let sent else { return [] }
        let body = JSONSlice(sent)
        let types = body.elements() ?? body.field("inputs")?.elements()?.first?.field("types")?.elements() ?? []
        return types.compactMap(UndoPlan.Label.init)
    }
}

extension UndoPlan.Linking {
    /// The links of a record that stand beside its values.
    /// - Returns: Nil where they were not read.
    fileprivate static func all(of record: Write.Record, in before: JSONSlice) -> [Self]? {
        before.field("associations")?.elements()?.compactMap { link in
            guard let type = link.field("type")?.string, let id = link.field("id")?.idText else { return nil }
            let labels = (link.field("kinds")?.elements() ?? []).compactMap(UndoPlan.Label.init)
            return Self(from: record, to: Write.Record(type: type, id: id), labels: labels, writes: [])
        }
    }
}

extension UndoPlan.Label {
    /// - Parameter json: As it is sent (`associationCategory`, `associationTypeId`), or as HubSpot lists it (`category`,
    ///   `typeId`).
    fileprivate init?(_ json: JSONSlice) {
        guard let category = (json.field("associationCategory") ?? json.field("category"))?.string,
            let typeID = (json.field("associationTypeId") ?? json.field("typeId"))?.integer
        else { return nil }
        self.init(category: category, typeID: typeID)
    }
}
