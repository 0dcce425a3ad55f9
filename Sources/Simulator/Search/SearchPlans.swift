import GRDB

/// The statistics of the records' indexes that SQLite's planner gets: the shape of a large portal, whatever this one holds. Measured
/// on a small portal that grows, or on a sample, the numbers would lead it to walk through all records of a type.
enum SearchPlans {
    /// Rows of the index, rows for one type, for one type live or archived, and for one value.
    private static let shapes = [
        "created": "1000000 1000000 1000000 2", "updated": "1000000 1000000 1000000 2",
        "stage": "1000000 1000000 1000000 100000",
    ]
    /// For one value of a property.
    private static let shapeOfColumn = "1000000 1000"

    static func prepare(_ db: Database) throws {
        // Makes the table of statistics, where there is none yet, and looks at next to nothing.
        try db.execute(sql: "PRAGMA analysis_limit = 1; ANALYZE owners; DELETE FROM sqlite_stat1")
        for (table, prefix) in [("records", "records_"), ("search_records", "search_")] {
            for (name, shape) in shapes { try tell(shape, of: prefix + name, on: table, db) }
            for type in ObjectTypeCatalogue.all {
                let columns = try String.fetchAll(
                    db, sql: "SELECT name FROM sqlite_master WHERE type = 'index' AND name GLOB ?",
                    arguments: ["\(table)_\(type.ordinal)_*"])
                for column in columns { try tell(shapeOfColumn, of: column, on: table, db) }
            }
        }
        try db.execute(sql: "ANALYZE sqlite_schema")
    }

    /// Of an index that has just been made.
    static func tell(ofColumn index: String, on table: String, _ db: Database) throws {
        try tell(shapeOfColumn, of: index, on: table, db)
        try db.execute(sql: "ANALYZE sqlite_schema")
    }

    private static func tell(_ shape: String, of index: String, on table: String, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", arguments: [table, index, shape])
    }
}
