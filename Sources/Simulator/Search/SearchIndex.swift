import GRDB

/// The table that searches see. Without a lag that is the records table itself; with one it is a copy of it, which every write
/// reaches when it is due, in the state that the record had when it was written.
enum SearchIndex {
    static func table(lagging: Bool) -> String { lagging ? "search_records" : "records" }

    /// Notes the record's present state for later.
    static func enqueue(_ db: Database, key: Int64, due: Int64) throws {
        try db.execute(
            sql: """
                INSERT INTO search_queue (due, key, type, archived, created, updated, archived_at, properties)
                SELECT ?1, ?2, type, archived, created, updated, archived_at, properties
                FROM (SELECT 1) LEFT JOIN records ON key = ?2
                """, arguments: [due, key])
    }

    /// Applies the writes that are due by `now`.
    static func catchUp(_ db: Database, now: Int64) throws {
        let rows = try Row.fetchAll(
            db, sql: "SELECT id, key, type FROM search_queue WHERE due <= ? ORDER BY due, id", arguments: [now])
        for row in rows {
            let id: Int64 = row[0]
            if let _: Int64 = row[2] {
                try db.execute(
                    sql: """
                        INSERT INTO search_records (key, type, archived, created, updated, archived_at, properties)
                        SELECT key, type, archived, created, updated, archived_at, properties
                        FROM search_queue WHERE id = ?
                        ON CONFLICT (key) DO UPDATE SET archived = excluded.archived, created = excluded.created,
                            updated = excluded.updated, archived_at = excluded.archived_at,
                            properties = excluded.properties
                        """, arguments: [id])
            } else {
                let key: Int64 = row[1]
                try db.execute(sql: "DELETE FROM search_records WHERE key = ?", arguments: [key])
            }
            try db.execute(sql: "DELETE FROM search_queue WHERE id = ?", arguments: [id])
        }
    }

    /// Makes the copy equal to the records where it is not: a start without a lag leaves it behind.
    static func begin(lagging: Bool, _ db: Database) throws {
        let isKept = try Int.fetchOne(db, sql: "SELECT 1 FROM portal WHERE name = 'search_copy'") != nil
        guard lagging else {
            if isKept { try db.execute(sql: "DELETE FROM portal WHERE name = 'search_copy'") }
            return
        }
        if isKept {
            try catchUp(db, now: .max)
        } else {
            try db.execute(
                sql: """
                    DELETE FROM search_queue; DELETE FROM search_records; INSERT INTO search_records SELECT * FROM records;
                    INSERT INTO portal (name, value) VALUES ('search_copy', '1');
                    """)
        }
        try SearchSideTables.settle(db)
    }
}
