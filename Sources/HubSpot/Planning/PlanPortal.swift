import JSON

/// The records that a plan writes to as they stand at some moment, and as its lines leave them one after another.
struct PlanPortal: Sendable {
    struct Record: Hashable, Sendable {
        var type: String
        var id: String
    }

    /// The kinds of link between two records.
    struct Pair: Hashable, Sendable {
        var from: Record
        var to: Record
    }

    /// Values by name, the empty text for none. A record that there is not is missing.
    private(set) var values: [Record: [String: String]] = [:]
    private(set) var kinds: [Pair: [LinkKind]] = [:]
    /// What a record is known by beside its id: the value of a property that no two records share.
    struct Name: Hashable, Sendable {
        var type: String
        var idProperty: String
        var value: String

        init(_ type: ObjectType, _ idProperty: String, _ value: String) {
            self.type = ObjectType.canonical(type.name)
            self.idProperty = idProperty
            self.value = idProperty == "email" ? value.lowercased() : value
        }
    }

    /// The ids of the records that have a name.
    private(set) var owners: [Name: String] = [:]
    /// Types whose records may not be read: that they are there is believed.
    private var unseen: Set<String> = []

    /// Reads what some lines would change.
    static func read(
        _ checks: PlanChecks, through session: Session
    ) async throws(HubSpotError) -> PlanPortal {
        var portal = PlanPortal()
        for records in checks.records {
            let (type, ids) = (records.type, records.ids)
            let outcome = await CRMObjects(ObjectType(type), session: session).read(
                ids.map { .id($0) }, ReadOptions(properties: records.names))
            for failure in outcome.failures where failure.error.kind != .notFound {
                guard !records.isCompared, [.forbidden, .notAllowed].contains(failure.error.kind) else {
                    throw failure.error
                }
                portal.unseen.insert(type)
            }
            for success in outcome.successes {
                let fields = success.record.field("properties")?.fields() ?? []
                // An id that was merged into another record answers that one.
                guard success.record.recordID == ids[success.index] else { continue }
                portal.values[Record(type: type, id: ids[success.index])] = Dictionary(
                    fields.map { ($0.name, $0.value.string ?? "") }
                ) { $1 }
            }
        }
        for (type, idProperty, values) in checks.absent {
            let outcome = await CRMObjects(ObjectType(type), session: session).read(
                values.map { RecordReference($0, idProperty: idProperty) },
                ReadOptions(properties: ["hs_object_id", idProperty]))
            for failure in outcome.failures where failure.error.kind != .notFound { throw failure.error }
            for success in outcome.successes {
                let name = Name(ObjectType(type), idProperty, values[success.index])
                portal.owners[name] = success.record.recordID
            }
        }
        for (link, ids) in checks.links {
            let outcome = await Associations(session: session).read(ObjectType(link.from), ids, ObjectType(link.to))
            for failure in outcome.failures where failure.error.kind != .notFound { throw failure.error }
            for success in outcome.successes {
                for entry in success.record.field("to")?.elements() ?? [] {
                    guard let to = entry.field("toObjectId")?.idText else { continue }
                    let pair = Pair(
                        from: Record(type: ObjectType.canonical(link.from), id: ids[success.index]),
                        to: Record(type: ObjectType.canonical(link.to), id: to))
                    portal.kinds[pair] = LinkKind.all(in: entry.field("associationTypes"))
                }
            }
        }
        return portal
    }

    /// Does what a line does, as far as it is about records and links.
    mutating func carryOut(_ write: PlannedWrite, _ operation: Operation) {
        let own = write.record
        switch operation.verb {
        case .create where own == nil, .upsert where own == nil:
            let record = Record(type: ObjectType.canonical(write.type ?? ""), id: Placeholder(write.n).text)
            values[record] = Dictionary(operation.whole.entries.map { ($0.name, $0.value) }) { $1 }
        case .create, .update, .upsert:
            guard let own else { return }
            for (name, value) in operation.properties.entries.map({ ($0.name, $0.value) }) {
                values[own, default: [:]][name] = PlannedValue.after(values[own]?[name] ?? "", setting: value)
            }
        case .archive, .gdprDelete: if let own { values[own] = nil }
        case .merge:
            guard let own, let other = operation.other else { return }
            let gone = values.removeValue(forKey: Record(type: own.type, id: other.id))
            // The primary record's values win where it has any.
            values[own]?.merge(gone ?? [:]) { kept, given in kept.isEmpty ? given : kept }
        case .link(let label):
            guard let pair = pair(of: operation), !(kinds[pair] ?? []).contains(where: { $0.is(label) }) else { return }
            kinds[pair, default: []].append(LinkKind(label))
        case .unlink(let label):
            guard let pair = pair(of: operation) else { return }
            kinds[pair] = label == nil ? nil : kinds[pair]?.filter { !$0.is(label) }
        default: break
        }
    }

    /// Whether a record is there, as far as that can be seen.
    func has(_ record: Record) -> Bool { values[record] != nil || unseen.contains(record.type) }

    func pair(of operation: Operation) -> Pair? {
        guard let type = operation.type, let id = operation.record?.value, let other = operation.other else {
            return nil
        }
        return Pair(
            from: Record(type: ObjectType.canonical(type.name), id: id),
            to: Record(type: ObjectType.canonical(other.type.name), id: other.id))
    }
}

/// One kind of link, as HubSpot lists it.
struct LinkKind: Hashable, Sendable {
    var category: String
    /// 0 for HubSpot's own link without a label, before HubSpot has told its number.
    var typeID: Int64
    var label: String?

    /// That which a link without a label makes, or one with a label.
    init(_ label: Associations.Label?) {
        category = label?.category ?? "HUBSPOT_DEFINED"
        typeID = label?.typeID ?? 0
    }

    static func all(in list: JSONSlice?) -> [LinkKind] {
        (list?.elements() ?? []).compactMap { entry in
            guard let known = Associations.Label(entry) else { return nil }
            var kind = LinkKind(known)
            kind.label = entry.field("label")?.string
            return kind
        }
    }

    /// Whether it is the kind that a write names: nil is the link without a label.
    func `is`(_ other: Associations.Label?) -> Bool {
        guard let other else { return category == "HUBSPOT_DEFINED" && label == nil }
        return category == other.category && typeID == other.typeID
    }

    var json: JSONValue { ["category": .string(category), "typeId": .integer(typeID), "label": .optional(label)] }
}

/// Values of properties as a plan compares them.
enum PlannedValue {
    /// What is there once a value is set: one that begins with `;` is added to the options that are chosen.
    static func after(_ before: String, setting value: String) -> String {
        guard value.hasPrefix(";") else { return value }
        let chosen = before.split(separator: ";").map(String.init)
        let added = value.split(separator: ";").map(String.init).filter { !chosen.contains($0) }
        return (chosen + added).joined(separator: ";")
    }

    /// Whether two texts say the same: HubSpot answers moments in ISO 8601, whatever they were written in, and addresses in
    /// lower case.
    static func isSame(_ name: String, _ one: String, _ other: String) -> Bool {
        if one == other { return true }
        if name == "email" { return one.lowercased() == other.lowercased() }
        guard one.contains("T") || other.contains("T"), let time = CalendarTime(property: one),
            let otherTime = CalendarTime(property: other)
        else { return false }
        return time == otherTime
    }
}
