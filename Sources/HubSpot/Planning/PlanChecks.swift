import JSON

/// What is read of the portal before a plan's writes are sent, to see whether it is still as the plan saw it. Pure.
struct PlanChecks: Sendable {
    struct Link: Sendable, Hashable {
        var from: String
        var to: String
    }

    /// By type: the ids, and the properties that are compared.
    private(set) var records: [(type: String, ids: [String], names: [String])] = []
    /// Addresses that no contact is to have.
    private(set) var addresses: [String] = []
    /// By the types that are linked: the records whose links are read.
    private(set) var links: [(link: Link, ids: [String])] = []

    init(_ writes: some Sequence<PlannedWrite>, _ paths: Paths) {
        var ids: [String: [String]] = [:]
        var names: [String: Set<String>] = [:]
        var linked: [Link: [String]] = [:]
        var seen: Set<String> = []
        for write in writes {
            let operation = write.operation(paths)
            switch operation.verb {
            case .create:
                guard operation.type?.isContacts == true, let address = operation.properties["email"], !address.isEmpty,
                    seen.insert("email \(address.lowercased())").inserted
                else { continue }
                addresses.append(address)
            case .link, .unlink:
                guard write.before != nil, let type = operation.type, let id = operation.record?.value,
                    let other = operation.other, Placeholder(id) == nil, Placeholder(other.id) == nil
                else { continue }
                let link = Link(from: type.name, to: other.type.name)
                if seen.insert("\(link) \(id)").inserted { linked[link, default: []].append(id) }
            default:
                for record in write.comparedRecords(operation) {
                    names[record.type, default: []].formUnion(write.before?.fields()?.map(\.name) ?? [])
                    if seen.insert("\(record.type) \(record.id)").inserted {
                        ids[record.type, default: []].append(record.id)
                    }
                }
            }
        }
        records = ids.sorted { $0.key < $1.key }.map { type, ids in
            (type, ids, (names[type] ?? []).union(["hs_object_id"]).sorted())
        }
        links = linked.sorted { ($0.key.from, $0.key.to) < ($1.key.from, $1.key.to) }.map { ($0.key, $0.value) }
    }

    /// How many requests each kind of reading takes: its name in a plan, the records, the requests, the associations' lane.
    var reads: [(name: String, records: Int, requests: Int, isOfLinks: Bool)] {
        func requests(_ count: Int, _ size: Int) -> Int { (count + size - 1) / size }
        var reads = records.map { ("\($0.type).read", $0.ids.count, requests($0.ids.count, 100), false) }
        if !addresses.isEmpty {
            reads.append(("contacts.read", addresses.count, requests(addresses.count, 100), false))
        }
        return reads + links.map { ("associations.read", $0.ids.count, requests($0.ids.count, 1_000), true) }
    }
}

extension PlannedWrite {
    /// The records that have to be there, and whose values are compared where the plan has them.
    func comparedRecords(_ operation: Operation) -> [(type: String, id: String)] {
        guard let type, before != nil else { return [] }
        let ids = [id] + (action(of: operation) == .merge ? [operation.other?.id] : [])
        return ids.compactMap { id in id.flatMap { Placeholder($0) == nil ? (ObjectType.canonical(type), $0) : nil } }
    }

    private func action(of operation: Operation) -> WriteIntent.Action? {
        if case .merge = operation.verb { .merge } else { nil }
    }
}
