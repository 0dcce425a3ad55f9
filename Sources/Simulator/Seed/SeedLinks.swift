import GRDB

/// The links between made-up records, stored in the order of the table, so that each goes to its end.
struct SeedLinks {
    private struct Row {
        var from: Int64
        var to: Int64
        var typeID: Int64
    }

    private var rows: [Row] = []

    /// Links two records by HubSpot's own types, seen from either end.
    mutating func add(_ from: Int64, _ to: Int64, _ forth: Int64, _ back: Int64) {
        rows.append(Row(from: from, to: to, typeID: forth))
        rows.append(Row(from: to, to: from, typeID: back))
    }

    /// Links a record to its primary company.
    mutating func addPrimary(_ from: Int64, _ company: Int64, _ unlabelled: (Int64, Int64), _ mark: (Int64, Int64)) {
        add(from, company, unlabelled.0, unlabelled.1)
        add(from, company, mark.0, mark.1)
    }

    mutating func store(_ db: Database) throws {
        rows.sort { ($0.from, $0.to, $0.typeID) < ($1.from, $1.to, $1.typeID) }
        let statement = try db.makeStatement(
            sql: """
                INSERT OR IGNORE INTO associations (from_key, to_key, category, type_id)
                VALUES (?, ?, 'HUBSPOT_DEFINED', ?)
                """)
        for row in rows { try statement.execute(arguments: [row.from, row.to, row.typeID]) }
        rows = []
    }
}
