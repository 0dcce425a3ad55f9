import GRDB

/// Indexes on the values of single properties, made when a search first needs one: a portal of a million records would
/// take minutes to index by every property, and seconds to be searched without.
struct SearchColumns: Sendable {
    /// Smaller object types are searched without.
    static let minimumRecords: Int64 = 10_000

    let type: PortalObjectType
    let table: String
    /// The property, and the expression in which its values compare.
    private(set) var wanted: [(name: String, expression: String)] = []

    init(_ type: PortalObjectType, in table: String) {
        self.type = type
        self.table = table
    }

    mutating func want(_ name: String, _ expression: String) {
        // The stage has an index from the start.
        guard name != "lifecyclestage", !wanted.contains(where: { $0.name == name }) else { return }
        wanted.append((name, expression))
    }

    /// - Throws: ``Missing`` where an index should be made first.
    func check(_ db: Database) throws {
        guard !wanted.isEmpty else { return }
        let known = try db.cachedStatement(sql: "SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?")
        let missing = try wanted.filter { try Int.fetchOne(known, arguments: [index(on: $0.name)]) == nil }
        guard !missing.isEmpty,
            try SearchSideTables.count(of: type, above: .min, in: table, db) >= Self.minimumRecords
        else { return }
        throw Missing(
            table: table,
            indexes: missing.map { property in
                let name = index(on: property.name)
                return (
                    name,
                    """
                    CREATE INDEX \(name) ON \(table) (\(property.expression))
                        WHERE type = \(type.ordinal) AND archived = 0
                    """
                )
            })
    }

    private func index(on name: String) -> String { "\(table)_\(type.ordinal)_\(name)" }

    /// A read cannot go on before indexes are made, which is a write.
    struct Missing: Error {
        fileprivate let table: String
        fileprivate let indexes: [(name: String, sql: String)]

        func make(_ db: Database) throws {
            let known = try Set(String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'index'"))
            for index in indexes where !known.contains(index.name) {
                try db.execute(sql: index.sql)
                try SearchPlans.tell(ofColumn: index.name, on: table, db)
            }
        }
    }
}
