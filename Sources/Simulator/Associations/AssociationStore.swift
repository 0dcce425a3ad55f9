import GRDB

/// Links between records. Each is kept twice, once from either end, so that both ends read alike.
struct AssociationStore {
    let db: Database

    struct Link: Sendable {
        var toKey: Int64
        var category: String
        var typeID: Int64
    }

    func link(_ from: Int64, _ to: Int64, category: String, typeID: Int64, inverse: Int64) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO associations (from_key, to_key, category, type_id) VALUES (?, ?, ?, ?)")
        try statement.execute(arguments: [from, to, category, typeID])
        try statement.execute(arguments: [to, from, category, inverse])
    }

    func unlink(_ from: Int64, _ to: Int64, category: String? = nil, typeID: Int64? = nil, inverse: Int64? = nil) throws
    {
        let statement = try db.cachedStatement(
            sql: """
                DELETE FROM associations WHERE from_key = ? AND to_key = ?
                AND (?3 IS NULL OR category = ?3) AND (?4 IS NULL OR type_id = ?4)
                """)
        try statement.execute(arguments: [from, to, category, typeID])
        try statement.execute(arguments: [to, from, category, inverse])
    }

    /// Removes one link of HubSpot's own types.
    func unlink(_ from: Int64, _ to: Int64, _ kind: AssociationTypes.Kind) throws {
        try unlink(from, to, category: "HUBSPOT_DEFINED", typeID: kind.id, inverse: kind.inverse)
    }

    func removeAll(of key: Int64) throws {
        try db.execute(sql: "DELETE FROM associations WHERE to_key = ? OR from_key = ?", arguments: [key, key])
    }

    /// The links of a record to records of one type, by the other record's id.
    func links(of key: Int64, to type: PortalObjectType) throws -> [Link] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT to_key, category, type_id FROM associations WHERE from_key = ? AND to_key >= ? AND to_key < ?
                ORDER BY to_key, type_id
                """)
        return try Row.fetchAll(statement, arguments: [key, type.firstKey, type.endKey]).map {
            Link(toKey: $0[0], category: $0[1], typeID: $0[2])
        }
    }

    /// Moves every link of one record to another.
    func move(from old: Int64, to new: Int64) throws {
        try db.execute(
            sql: """
                UPDATE OR IGNORE associations SET from_key = ?2 WHERE from_key = ?1 AND to_key != ?2;
                """, arguments: [old, new])
        try db.execute(
            sql: "UPDATE OR IGNORE associations SET to_key = ?2 WHERE to_key = ?1 AND from_key != ?2",
            arguments: [old, new])
        try removeAll(of: old)
    }
}
