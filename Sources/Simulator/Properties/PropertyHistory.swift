import GRDB
import JSON
import Wire

/// The values that a property has had. Rows are only kept of changes after a record was made; the first version
/// is told by the record itself.
enum PropertyHistory {
    static func note(
        _ db: Database, _ record: StoredRecord, from old: [String: String], to new: [String: String], at now: Int64,
        source: ChangeSource
    ) throws {
        let begun = try db.cachedStatement(sql: "SELECT DISTINCT property FROM history WHERE key = ?")
        let known = try Set(String.fetchAll(begun, arguments: [record.key]))
        let add = try db.cachedStatement(
            sql: """
                INSERT INTO history (key, property, at, value, source_type, source_id, source_label)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        func append(_ name: String, _ value: String, at: Int64, _ source: ChangeSource) throws {
            try add.execute(arguments: [record.key, name, at, value, source.type, source.id, source.label])
        }
        let origin = first(old)
        for (name, value) in old where new[name] != value {
            if !known.contains(name) { try append(name, value, at: record.created, origin) }
            try append(name, new[name] ?? "", at: now, source)
        }
        for (name, value) in new where old[name] == nil { try append(name, value, at: now, source) }
    }

    /// Appends `,"propertiesWithHistory":{…}`, newest version first; names that are not defined are left out.
    static func write(
        _ names: [String], of record: StoredRecord, _ db: Database, to buffer: inout JSONWriter
    ) throws {
        let values = record.properties.values
        let statement = try db.cachedStatement(
            sql: """
                SELECT value, at, source_type, source_id, source_label FROM history WHERE key = ? AND property = ?
                ORDER BY at DESC, id DESC
                """)
        var members: [JSONValue.Member] = []
        for name in Set(names).sorted() {
            var versions: [JSONValue] = []
            for row in try Row.fetchAll(statement, arguments: [record.key, name]) {
                versions.append(
                    version(row[0], row[1], ChangeSource(type: row[2], id: row[3], label: row[4])))
            }
            if versions.isEmpty, let value = values[name] {
                versions = [version(value, record.created, first(values))]
            }
            members.append(.init(name, .array(versions)))
        }
        buffer.raw(",\"propertiesWithHistory\":")
        buffer.value(.object(members))
    }

    /// The source of a record's first values.
    private static func first(_ values: [String: String]) -> ChangeSource {
        ChangeSource(
            type: values["hs_object_source"] ?? "INTEGRATION", id: values["hs_object_source_id"] ?? "222",
            label: values["hs_object_source_label"] ?? "My app")
    }

    private static func version(_ value: String, _ at: Int64, _ source: ChangeSource) -> JSONValue {
        [
            "value": .string(value), "timestamp": .string(Timestamp.iso(at)), "sourceType": .string(source.type),
            "sourceId": .string(source.id), "sourceLabel": .string(source.label), "updatedByUserId": 111,
        ]
    }
}
