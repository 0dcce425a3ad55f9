package import JSON

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
        var undoing: Int64?
        /// The ids of the records that it was linked to when it was made.
        var linkedIDs: Set<String> = []
        var writes: [Int64] = []

        /// As the run left them.
        var values: [String: String] { Dictionary(changes.map { ($0.name, $0.last) }) { $1 } }
    }

    let clock: ClockDifference
    private var records: [Write.Record: (story: OfRecord, last: Int64)] = [:]
    private var pairsByEnds: [Set<Write.Record>: UndoPlan.Pair] = [:]
    /// By the lists' first changes.
    private(set) var memberships: [UndoPlan.Membership] = []
    /// In the order of the writes.
    private(set) var marks: [UndoPlan.Mark] = []

    var ofRecords: [OfRecord] { records.values.sorted { $0.last < $1.last }.map(\.story) }
    /// Those whose links were changed.
    var pairs: [UndoPlan.Pair] {
        pairsByEnds.values.sorted { ($0.writes.last ?? 0) < ($1.writes.last ?? 0) }
    }

    init(clock: ClockDifference) { self.clock = clock }

    /// - Returns: Why it cannot be taken back.
    mutating func add(_ write: Write) -> UndoPlan.Reason? {
        switch write.action {
        case .merge: return .merge
        case .gdprDelete: return .gdprDelete
        case .submit: return .submission
        case .other: return addMembers(write) ? nil : .otherRequest
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
            let associations = write.sent.flatMap { JSONSlice($0).field("associations")?.elements() } ?? []
            story.linkedIDs.formUnion(associations.compactMap { $0.field("to")?.field("id")?.idText })
        case .delete:
            story.isArchived = true
            story.undoing = write.undoing
            story.before = write.before.map { Self.values(of: JSONSlice($0)) }
            story.links = write.before.flatMap { UndoPlan.Linking.all(of: record, in: JSONSlice($0)) }
        default: story.isArchived = false
        }
        if write.action != .delete {
            let before = write.before.map { Self.values(of: JSONSlice($0)) }
            let after = write.after.map { Self.values(of: JSONSlice($0)) } ?? [:]
            for (name, sent) in write.sentValues {
                let mark = UndoPlan.Change.Mark(
                    value: after[name] ?? sent, moment: clock.moment(of: write), isDone: write.fate == .done)
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

    /// - Returns: Whether it has changed a list's members, and HubSpot has told which.
    private mutating func addMembers(_ write: Write) -> Bool {
        let parts = write.path.prefix { $0 != "?" }.split(separator: "/").map(String.init)
        guard parts.starts(with: ["crm", "lists"]), let place = parts.lastIndex(of: "memberships"), place > 2,
            let after = write.after.map({ JSONSlice($0) })
        else { return false }
        var membership = UndoPlan.Membership(list: parts[place - 1])
        let known = memberships.firstIndex { $0.list == membership.list }
        if let known { membership = memberships[known] }
        for id in (after.field("added")?.elements() ?? []).compactMap(\.idText) {
            if let back = membership.removed.firstIndex(of: id) {
                membership.removed.remove(at: back)
            } else {
                membership.added.append(id)
            }
        }
        for id in (after.field("removed")?.elements() ?? []).compactMap(\.idText) {
            if let back = membership.added.firstIndex(of: id) {
                membership.added.remove(at: back)
            } else {
                membership.removed.append(id)
            }
        }
        membership.writes.append(write.number)
        if let known { memberships[known] = membership } else { memberships.append(membership) }
        return true
    }

    private mutating func addLink(_ write: Write) -> UndoPlan.Reason? {
        guard let from = write.record, let to = write.other else { return .unknownFate }
        let before = write.before.map { JSONSlice($0) }
        let kinds = (before?.elements() ?? before?.field("kinds")?.elements())?.compactMap(UndoPlan.Kind.init)
        var pair = pairsByEnds[[from, to]] ?? UndoPlan.Pair(from: from, to: to, before: kinds)
        let labels = write.labels
        pair.isLinked = write.action == .link
        if pair.isLinked {
            pair.hasLinked = true
            pair.set.formUnion(labels)
        } else {
            pair.hasUnlinked = pair.hasUnlinked || labels.isEmpty
            pair.removed.formUnion(labels)
        }
        pair.isTwoWay = pair.isTwoWay || from != pair.from
        pair.writes.append(write.number)
        if let primary = before?.field("primary") {
            pair.knowsPrimary = true
            note(primary, write, linking: from, to)
        }
        pairsByEnds[[from, to]] = pair
        return nil
    }

    /// - Parameter primary: Whose primary company it was: `{ of: { type, id }, company }`.
    private mutating func note(
        _ primary: JSONSlice, _ write: Write, linking from: Write.Record, _ to: Write.Record
    ) {
        guard let owner = primary.field("of").flatMap(Write.Record.init) else { return }
        let company = from == owner ? to : from
        let place = marks.firstIndex { $0.owner == owner }
        // Before the first write it was as it was before the run.
        var mark =
            place.map { marks[$0] }
            ?? UndoPlan.Mark(
                owner: owner,
                before: primary.field("company")?.idText.map { Write.Record(type: company.type, id: $0) })
        if write.action == .link { mark.given.insert(company) }
        mark.writes.append(write.number)
        if let place { marks[place] = mark } else { marks.append(mark) }
    }

    /// An object's values as HubSpot keeps them: text, the empty one for none.
    static func values(of object: JSONSlice) -> [String: String] {
        Dictionary((object.fields() ?? []).map { ($0.name, text(of: $0.value)) }) { $1 }
    }

    fileprivate static func text(of value: JSONSlice) -> String { value.isNull ? "" : value.string ?? value.text }
}

extension Write {
    /// The properties that it sent, by their names.
    public var sentProperties: [String: String] { Dictionary(sentValues.map { ($0.name, $0.value) }) { $1 } }

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
            let kinds = (link.field("kinds")?.elements() ?? []).compactMap(UndoPlan.Kind.init)
            return Self(from: record, to: Write.Record(type: type, id: id), kinds: kinds)
        }
    }
}

extension UndoPlan.Kind {
    /// As HubSpot lists it: `{ category, typeId, label }`.
    package init?(_ json: JSONSlice) {
        guard let label = UndoPlan.Label(json) else { return nil }
        self.init(label, name: json.field("label")?.string)
    }
}

extension Write.Record {
    fileprivate init?(_ json: JSONSlice) {
        guard let type = json.field("type")?.string, let id = json.field("id")?.idText else { return nil }
        self.init(type: type, id: id)
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
