import JSON

/// What is read of the portal before a plan's writes are sent, to see whether it is still as the plan saw it. Pure.
struct PlanChecks: Sendable {
    struct Link: Sendable, Hashable {
        var from: String
        var to: String
    }

    /// A type's records that are read.
    struct Records: Sendable {
        var type: String
        var ids: [String]
        /// The properties that are compared.
        var names: [String]
        /// False where they only have to be there: ends of links.
        var isCompared: Bool
    }

    private(set) var records: [Records] = []
    /// Names that no record is to have yet, such as the addresses of new contacts: by type and property.
    private(set) var absent: [(type: String, idProperty: String, values: [String])] = []
    /// By the types that are linked: the records whose links are read.
    private(set) var links: [(link: Link, ids: [String])] = []

    init(_ writes: some Sequence<PlannedWrite>, _ paths: Paths) {
        var ids: [String: [String]] = [:]
        var names: [String: Set<String>] = [:]
        var linked: [Link: [String]] = [:]
        var seen: Set<String> = []
        for write in writes {
            let operation = write.operation(paths)
            if let name = write.newName(operation) {
                guard seen.insert("name \(name)").inserted else { continue }
                let place = absent.firstIndex { $0.type == name.type && $0.idProperty == name.idProperty }
                if let place {
                    absent[place].values.append(name.value)
                } else {
                    absent.append((name.type, name.idProperty, [name.value]))
                }
            }
            if operation.isAboutLinks, write.before != nil, let type = operation.type, let id = operation.record?.value,
                let other = operation.other, Placeholder(id) == nil, Placeholder(other.id) == nil
            {
                let link = Link(from: type.name, to: other.type.name)
                if seen.insert("\(link) \(id)").inserted { linked[link, default: []].append(id) }
            }
            for (record, before) in write.comparedRecords(operation) {
                if let before { names[record.type, default: []].formUnion(before.fields()?.map(\.name) ?? []) }
                if seen.insert("\(record.type) \(record.id)").inserted {
                    ids[record.type, default: []].append(record.id)
                }
            }
        }
        records = ids.sorted { $0.key < $1.key }.map { type, ids in
            Records(
                type: type, ids: ids, names: (names[type] ?? []).union(["hs_object_id"]).sorted(),
                isCompared: names[type] != nil)
        }
        links = linked.sorted { ($0.key.from, $0.key.to) < ($1.key.from, $1.key.to) }.map { ($0.key, $0.value) }
    }

    /// How many requests each kind of reading takes: its name in a plan, the records, the requests, the associations' lane.
    var reads: [(name: String, records: Int, requests: Int, isOfLinks: Bool)] {
        func requests(_ count: Int, _ size: Int) -> Int { (count + size - 1) / size }
        var reads = records.map { ("\($0.type).read", $0.ids.count, requests($0.ids.count, 100), false) }
        for name in absent {
            reads.append(("\(name.type).read", name.values.count, requests(name.values.count, 100), false))
        }
        return reads + links.map { ("associations.read", $0.ids.count, requests($0.ids.count, 1_000), true) }
    }
}

extension PlannedWrite {
    /// What names the record that it makes, beside an id, and no other record may have.
    func newName(_ operation: Operation) -> PlanPortal.Name? {
        guard let type = operation.type else { return nil }
        switch operation.verb {
        case .create:
            guard type.isContacts, let address = operation.properties["email"], !address.isEmpty else { return nil }
            return .init(type, "email", address)
        case .upsert where before == nil:
            guard let key = operation.record, let name = key.idProperty else { return nil }
            return .init(type, name, key.value)
        default: return nil
        }
    }

    /// The records that have to be there, with the values that they had where the plan compares them.
    func comparedRecords(_ operation: Operation) -> [(record: PlanPortal.Record, before: JSONSlice?)] {
        guard let before, let own = record else { return [] }
        var compared: [(record: PlanPortal.Record, before: JSONSlice?)]
        let other = operation.other.map { PlanPortal.Record(type: ObjectType.canonical($0.type.name), id: $0.id) }
        switch operation.verb {
        case .merge:
            let values = before.elements() ?? []
            compared = [(own, values.first)] + (other.map { [($0, values.dropFirst().first)] } ?? [])
        case .link, .unlink: compared = [(own, nil)] + (other.map { [($0, nil)] } ?? [])
        default: compared = [(own, before)]
        }
        compared.removeAll { Placeholder($0.record.id) != nil }
        return compared
    }
}
