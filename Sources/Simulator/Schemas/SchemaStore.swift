import GRDB
import JSON

/// Custom objects in the database: beside HubSpot's own types in `object_types`.
struct SchemaStore {
    let db: Database

    struct Entry {
        var ordinal: Int64
        var object: CustomObject
    }

    func all() throws -> [Entry] {
        try Row.fetchAll(
            db, sql: "SELECT ordinal, definition FROM object_types WHERE definition IS NOT NULL ORDER BY ordinal"
        ).compactMap { row in
            let text: String = row[1]
            return Entry(ordinal: row[0], object: CustomObject(json: try JSONValue.parse(text.utf8)))
        }
    }

    func insert(_ object: CustomObject, ordinal: Int64) throws {
        try db.execute(
            sql: "INSERT INTO object_types (ordinal, next_id, definition) VALUES (?, ?, ?)",
            arguments: [ordinal, Seed.firstID, object.json.text])
    }

    func save(_ entry: Entry) throws {
        try db.execute(
            sql: "UPDATE object_types SET definition = ? WHERE ordinal = ?",
            arguments: [entry.object.json.text, entry.ordinal])
    }

    func nextOrdinal() throws -> Int64 {
        let last = try Int64.fetchOne(db, sql: "SELECT max(ordinal) FROM object_types") ?? 0
        return max(last, CustomObject.firstOrdinal) + 1
    }

    func hasRecords(_ ordinal: Int64) throws -> Bool {
        try Int.fetchOne(
            db, sql: "SELECT 1 FROM records WHERE type = ? AND archived = 0 LIMIT 1", arguments: [ordinal]) != nil
    }

    /// Removes an archived type for good, so that its name is free again.
    func erase(_ entry: Entry) throws {
        for sql in [
            "DELETE FROM object_types WHERE ordinal = ?", "DELETE FROM property_definitions WHERE type = ?",
            "DELETE FROM property_groups WHERE type = ?", "DELETE FROM records WHERE type = ?",
            "DELETE FROM unique_values WHERE type = ?",
        ] {
            try db.execute(sql: sql, arguments: [entry.ordinal])
        }
        let id = entry.object.json["objectTypeId"]?.string
        try db.execute(sql: "DELETE FROM association_labels WHERE from_type = ?1 OR to_type = ?1", arguments: [id])
    }
}
