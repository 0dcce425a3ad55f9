import GRDB
import JSON

/// The `associations` member of a record that was read with them.
enum AssociationsView {
    /// Linked records in one answer; the rest is read from the associations themselves.
    static let maximumRecords = 500

    /// Appends `,"associations":{…}`; types without links are left out, and so is the member where there are none.
    static func write(
        _ types: [PortalObjectType], of record: StoredRecord, _ type: PortalObjectType, publicURL: String,
        _ db: Database,
        to buffer: inout JSONWriter
    ) throws {
        var members: [JSONValue.Member] = []
        for to in types {
            let links = try AssociationStore(db: db).links(of: record.key, to: to)
            guard !links.isEmpty else { continue }
            let own = try AssociationKinds.defined(from: type.id, to: to.id, db)
            var results: [JSONValue] = []
            var shown: Set<Int64> = []
            var next: Int64?
            for link in links {
                let kind =
                    link.category == "HUBSPOT_DEFINED"
                    ? AssociationTypes.kind(link.typeID, from: type.id, to: to.id) : own.first { $0.id == link.typeID }
                guard let kind else { continue }
                if shown.insert(link.toKey).inserted, shown.count > maximumRecords {
                    next = PortalObjectType.id(ofKey: link.toKey)
                    break
                }
                results.append([
                    "id": .string(String(PortalObjectType.id(ofKey: link.toKey))), "type": .string(kind.name),
                ])
            }
            var list: JSONValue = ["results": .array(results)]
            if let next {
                let path = "/crm/v4/objects/\(type.name)/\(record.id)/associations/\(to.name)?after=\(next)"
                list = list.setting(
                    "paging", to: ["next": ["after": .string(String(next)), "link": .string(publicURL + path)]])
            }
            members.append(.init(to.name, list))
        }
        guard !members.isEmpty else { return }
        buffer.raw(",\"associations\":")
        buffer.value(.object(members))
    }
}
