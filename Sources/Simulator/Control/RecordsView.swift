import GRDB
import JSON
import Wire

/// Records and their links as the home page opens them.
enum RecordsView {
    private static let longest = 100

    /// The newest records of a type, or one with all its properties and links.
    static func json(_ portal: Portal, _ query: Query) async throws -> JSONValue {
        let schema = portal.schema
        guard let type = query.first("type").flatMap({ schema.type(named: $0) }) else {
            throw APIError.queryParameter("type")
        }
        let wanted = query.first("id")
        return try await portal.database.read { db in
            guard let wanted else { return try list(type, db) }
            guard let id = Int64(wanted), let record = try find(type.key(id), db) else {
                throw APIError.recordNotFound
            }
            return try detail(record, type, schema, db)
        }
    }

    private static func list(_ type: PortalObjectType, _ db: Database) throws -> JSONValue {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT \(RecordStore.columns) FROM records WHERE key >= ? AND key < ? AND archived = 0
                ORDER BY key DESC LIMIT ?
                """, arguments: [type.firstKey, type.endKey, longest + 1])
        let records = rows.prefix(longest).map(RecordStore.record)
        return [
            "results": .array(
                records.map {
                    [
                        "id": .string(String($0.id)), "title": .string(title($0)),
                        "updated": .string(Timestamp.iso($0.updated)),
                    ]
                }), "more": .bool(rows.count > longest),
        ]
    }

    private static func detail(
        _ record: StoredRecord, _ type: PortalObjectType, _ schema: Schema, _ db: Database
    ) throws -> JSONValue {
        let links = AssociationStore(db: db)
        let shown = try schema.types.flatMap { other in
            try links.links(of: record.key, to: other).prefix(longest).compactMap { link -> JSONValue? in
                guard let linked = try find(link.toKey, db) else { return nil }
                let kind = AssociationTypes.all.first {
                    $0.id == link.typeID && $0.from == type.id && $0.to == other.id
                }
                return [
                    "objectTypeId": .string(other.id), "type": .string(other.singular),
                    "id": .string(String(linked.id)),
                    "title": .string(title(linked)), "label": .optional(kind?.label),
                ]
            }
        }
        let values = record.properties.values.sorted { $0.key < $1.key }
        return [
            "type": .string(type.singular), "id": .string(String(record.id)), "title": .string(title(record)),
            "properties": .object(values.map { .init($0.key, .string($0.value)) }), "links": .array(shown),
        ]
    }

    private static func find(_ key: Int64, _ db: Database) throws -> StoredRecord? {
        try Row.fetchOne(
            db, sql: "SELECT \(RecordStore.columns) FROM records WHERE key = ? AND archived = 0", arguments: [key]
        ).map(RecordStore.record)
    }

    /// What people know a record by.
    private static func title(_ record: StoredRecord) -> String {
        let values = record.properties.values
        let name = [values["firstname"], values["lastname"]].compactMap(\.self).joined(separator: " ")
        let names =
            [name] + ["name", "dealname", "subject", "hs_task_subject", "hs_note_body"].map { values[$0] ?? "" }
        let parts = [names.first { !$0.isEmpty }, values["email"], values["domain"]].compactMap(\.self)
        return parts.joined(separator: " · ")
    }
}
