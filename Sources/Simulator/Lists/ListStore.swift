import GRDB
import JSON
import Wire

/// One list of records.
struct RecordList: Sendable {
    enum Processing: String, Sendable, CaseIterable {
        case manual = "MANUAL", dynamic = "DYNAMIC", snapshot = "SNAPSHOT"
    }

    var id: Int64
    var name: String
    var type: PortalObjectType
    var processing: Processing
    var filter: JSONValue?
    /// Milliseconds since 1970.
    var created: Int64
    var updated: Int64
    var deleted: Int64?
    var version: Int64

    /// - Parameter withFilter: `includeFilters`.
    func json(size: Int64, withFilter: Bool) -> JSONValue {
        var json: JSONValue = [
            "listId": .string(String(id)), "listVersion": .integer(version), "name": .string(name),
            "objectTypeId": .string(type.id), "processingType": .string(processing.rawValue),
            "processingStatus": "COMPLETE", "createdAt": .string(Timestamp.iso(created)),
            "updatedAt": .string(Timestamp.iso(updated)), "createdById": "111", "updatedById": "111",
            "size": .integer(size),
        ]
        if filter != nil { json = json.setting("filtersUpdatedAt", to: .string(Timestamp.iso(updated))) }
        if withFilter, let filter { json = json.setting("filterBranch", to: filter) }
        if let deleted { json = json.setting("deletedAt", to: .string(Timestamp.iso(deleted))) }
        return json
    }
}

/// Reads and changes lists within one database access.
struct ListStore {
    static let tables = PortalTables.lists
    /// How long a deleted list can be restored.
    static let restorable: Int64 = 90 * Timestamp.millisecondsPerDay

    let db: Database
    let schema: Schema
    /// Milliseconds since 1970.
    let now: Int64

    // MARK: Lists

    private func list(_ row: Row) throws -> RecordList? {
        guard let type = schema.type(ordinal: row["type"]),
            let processing = RecordList.Processing(rawValue: row["processing"])
        else { return nil }
        let filter: String? = row["filter"]
        return RecordList(
            id: row["id"], name: row["name"], type: type, processing: processing,
            filter: try filter.map { try JSONValue.parse($0.utf8) }, created: row["created"],
            updated: row["updated"], deleted: row["deleted"], version: row["version"])
    }

    func find(_ id: String, deleted: Bool = false) throws -> RecordList? {
        guard let number = Int64(id) else { return nil }
        return try Row.fetchOne(
            db, sql: "SELECT * FROM lists WHERE id = ? AND (deleted IS NOT NULL) = ?", arguments: [number, deleted]
        ).flatMap(list)
    }

    func find(name: String, type: PortalObjectType) throws -> RecordList? {
        try Row.fetchOne(
            db, sql: "SELECT * FROM lists WHERE lower(name) = ? AND type = ? AND deleted IS NULL",
            arguments: [name.lowercased(), type.ordinal]
        ).flatMap(list)
    }

    func all() throws -> [RecordList] {
        try Row.fetchAll(db, sql: "SELECT * FROM lists WHERE deleted IS NULL ORDER BY id").compactMap(list)
    }

    func insert(_ name: String, _ type: PortalObjectType, _ processing: RecordList.Processing, filter: JSONValue?)
        throws
        -> RecordList
    {
        try db.execute(
            sql: "INSERT INTO lists (name, type, processing, filter, created, updated) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [name, type.ordinal, processing.rawValue, filter?.text, now, now])
        let list = RecordList(
            id: db.lastInsertedRowID, name: name, type: type, processing: processing, filter: filter, created: now,
            updated: now, version: 1)
        if processing == .snapshot, let filter {
            // The records that match at this moment, once and for all.
            let sql = try condition(filter, type)
            try db.execute(
                sql: "INSERT INTO list_members (list, key, at) SELECT ?, key, ? FROM records WHERE \(sql.condition)",
                arguments: [list.id, now] + StatementArguments(sql.arguments))
        }
        return list
    }

    func save(_ list: RecordList) throws -> RecordList {
        var list = list
        list.updated = now
        list.version += 1
        try db.execute(
            sql: "UPDATE lists SET name = ?, filter = ?, updated = ?, deleted = ?, version = ? WHERE id = ?",
            arguments: [list.name, list.filter?.text, list.updated, list.deleted, list.version, list.id])
        return list
    }

    // MARK: Members

    struct Member: Sendable {
        var key: Int64
        /// Milliseconds since 1970.
        var at: Int64
    }

    private func condition(
        _ filter: JSONValue, _ type: PortalObjectType
    ) throws -> (condition: String, arguments: [any DatabaseValueConvertible]) {
        let query = try ListFilter.query(filter, of: type, in: schema)
        let sql = try SearchSQL(query, of: type, in: schema, lagging: false)
        return (sql.condition, sql.arguments.map { $0 as any DatabaseValueConvertible })
    }

    /// A query of `key` and `at`, and its arguments.
    private func source(_ list: RecordList) throws -> (sql: String, arguments: [any DatabaseValueConvertible]) {
        if list.processing == .dynamic, let filter = list.filter {
            let sql = try condition(filter, list.type)
            return (
                "SELECT key, max(updated, \(list.created)) AS at FROM records WHERE \(sql.condition)", sql.arguments
            )
        }
        return (
            """
            SELECT m.key AS key, m.at AS at FROM list_members m JOIN records r ON r.key = m.key AND r.archived = 0
            WHERE m.list = \(list.id)
            """, []
        )
    }

    func size(_ list: RecordList) throws -> Int64 {
        let source = try source(list)
        return try Int64.fetchOne(
            db, sql: "SELECT count(*) FROM (\(source.sql))", arguments: StatementArguments(source.arguments)) ?? 0
    }

    /// A page of members in the order of their ids, after one id.
    func members(_ list: RecordList, limit: Int, after id: Int64) throws -> [Member] {
        try members(list, "WHERE key > ? ORDER BY key LIMIT ?", [list.type.key(id), limit])
    }

    /// A page of members in the order of their ids that ends before one id.
    func members(_ list: RecordList, limit: Int, before id: Int64) throws -> [Member] {
        try members(list, "WHERE key < ? ORDER BY key DESC LIMIT ?", [list.type.key(id), limit]).reversed()
    }

    /// A page of members in the order in which they joined.
    func membersByJoining(_ list: RecordList, limit: Int, offset: Int64) throws -> [Member] {
        try members(list, "ORDER BY at, key LIMIT ? OFFSET ?", [limit, offset])
    }

    private func members(_ list: RecordList, _ clause: String, _ arguments: StatementArguments) throws -> [Member] {
        let source = try source(list)
        return try Row.fetchAll(
            db, sql: "SELECT key, at FROM (\(source.sql)) \(clause)",
            arguments: StatementArguments(source.arguments) + arguments
        ).map { Member(key: $0[0], at: $0[1]) }
    }

    /// When a record joined; nil where it is no member.
    func joined(_ key: Int64, _ list: RecordList) throws -> Int64? {
        let source = try source(list)
        return try Int64.fetchOne(
            db, sql: "SELECT at FROM (\(source.sql)) WHERE key = ?",
            arguments: StatementArguments(source.arguments) + [key])
    }

    /// - Returns: Whether the record was no member before.
    func add(_ key: Int64, to list: RecordList) throws -> Bool {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO list_members (list, key, at) VALUES (?, ?, ?)")
            .execute(arguments: [list.id, key, now])
        return db.changesCount > 0
    }

    /// - Returns: Whether the record was a member before.
    func remove(_ key: Int64, from list: RecordList) throws -> Bool {
        try db.cachedStatement(sql: "DELETE FROM list_members WHERE list = ? AND key = ?")
            .execute(arguments: [list.id, key])
        return db.changesCount > 0
    }

    func removeAll(from list: RecordList) throws {
        try db.execute(sql: "DELETE FROM list_members WHERE list = ?", arguments: [list.id])
    }

    /// A merge: the survivor becomes a member of the lost record's lists.
    static func move(from old: Int64, to new: Int64, _ db: Database) throws {
        try db.execute(sql: "UPDATE OR IGNORE list_members SET key = ? WHERE key = ?", arguments: [new, old])
        try db.execute(sql: "DELETE FROM list_members WHERE key = ?", arguments: [old])
    }
}
