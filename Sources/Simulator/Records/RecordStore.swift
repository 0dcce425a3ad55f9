import GRDB
import Wire

/// Where a change comes from, as property histories and `hs_object_source` tell it.
struct ChangeSource: Sendable {
    var type: String
    var id: String
    var label: String

    static let api = ChangeSource(type: "INTEGRATION", id: "222", label: "My app")
    static func form(_ guid: String, name: String) -> ChangeSource {
        ChangeSource(type: "FORM", id: guid, label: name)
    }
}

/// Reads and changes the records of one object type within one database access. It knows the rules that every type
/// shares: unique values, histories, the recycle bin, old ids of merged records.
struct RecordStore {
    let db: Database
    let type: PortalObjectType
    let schema: Schema
    /// Milliseconds since 1970.
    let now: Int64
    /// Milliseconds until searches see a write; nil where searches see every write at once.
    let searchLag: Int64?
    /// Keeps ids from being given out twice.
    let ids: RecordIDs
    /// Keys of records that are undone with this call if it fails, so that no refusal may name them.
    var unsettled: Set<Int64> = []

    static let columns = "key, created, updated, archived_at, properties"

    static func record(_ row: Row) -> StoredRecord {
        StoredRecord(
            key: row[0], created: row[1], updated: row[2], archivedAt: row[3],
            properties: StoredProperties(stored: row[4]))
    }

    // MARK: Finding

    /// A record by its id. Ids that were merged away lead to the survivor unless `followingMerges` is off.
    func find(id: Int64, archived: Bool = false, followingMerges: Bool = true) throws -> StoredRecord? {
        guard 0...PortalObjectType.largestID ~= id else { return nil }
        let statement = try db.cachedStatement(
            sql: "SELECT \(Self.columns) FROM records WHERE key = ? AND archived = ?")
        if let row = try Row.fetchOne(statement, arguments: [type.key(id), archived]) { return Self.record(row) }
        guard followingMerges, !archived, let survivor = try survivor(of: id) else { return nil }
        return try Row.fetchOne(statement, arguments: [survivor, archived]).map(Self.record)
    }

    /// The key of the record into which an id was merged.
    func survivor(of id: Int64) throws -> Int64? {
        let statement = try db.cachedStatement(sql: "SELECT key FROM aliases WHERE old_key = ?")
        return try Int64.fetchOne(statement, arguments: [type.key(id)])
    }

    /// A record by a property with unique values. Emails are compared in lower case.
    func find(property: String, value: String, archived: Bool = false) throws -> StoredRecord? {
        if archived {
            let sql = """
                SELECT \(Self.columns) FROM records WHERE type = ? AND archived = 1
                AND json_extract(properties, ?) = ? ORDER BY archived_at DESC LIMIT 1
                """
            return try Row.fetchOne(
                db, sql: sql, arguments: [type.ordinal, "$.\"\(property)\"", Self.uniqueForm(value)]
            ).map(Self.record)
        }
        guard let key = try owner(property: property, value: value) else { return nil }
        let statement = try db.cachedStatement(sql: "SELECT \(Self.columns) FROM records WHERE key = ?")
        return try Row.fetchOne(statement, arguments: [key]).map(Self.record)
    }

    /// The key of the live record that holds a unique value.
    func owner(property: String, value: String) throws -> Int64? {
        let statement = try db.cachedStatement(
            sql: "SELECT key FROM unique_values WHERE type = ? AND property = ? AND value = ?")
        return try Int64.fetchOne(statement, arguments: [type.ordinal, property, Self.uniqueForm(value)])
    }

    static func uniqueForm(_ value: String) -> String {
        value.trimmed.lowercased()
    }

    /// A page of records in the order of their ids, from `after` on: `after` is the id of the first one.
    /// - Returns: At most `limit` records, and the id that the next page begins with.
    func page(after: Int64, limit: Int, archived: Bool, each: (StoredRecord) throws -> Void) throws -> Int64? {
        // Live records are the rule, so the table itself is walked; archived ones have an index of their own.
        let source = archived ? "records INDEXED BY records_archived" : "records NOT INDEXED"
        let ofType = archived ? "type = \(type.ordinal) AND" : ""
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(Self.columns) FROM \(source) WHERE \(ofType) archived = \(archived ? 1 : 0) AND key >= ? AND key < ?
                ORDER BY key LIMIT ?
                """)
        let rows = try Row.fetchCursor(
            statement, arguments: [type.key(min(max(after, 0), PortalObjectType.largestID)), type.endKey, limit + 1])
        var count = 0
        while let row = try rows.next() {
            if count == limit { return PortalObjectType.id(ofKey: row[0]) }
            try each(Self.record(row))
            count += 1
        }
        return nil
    }

    // MARK: Changing

    /// Makes a record of values that have been checked.
    func insert(_ values: [String: String], source: ChangeSource) throws -> StoredRecord {
        try checkUnique(values, besides: nil)
        let id = try nextID()
        var all = values.filter { !$0.value.isEmpty }
        ComputedProperties.complete(&all, of: type, id: id, now: now, source: source)
        let record = StoredRecord(
            key: type.key(id), created: now, updated: now, archivedAt: nil, properties: StoredProperties(all))
        try write(record)
        try claimUnique(all, for: record.key)
        return record
    }

    /// Sets values that have been checked; an empty one clears.
    func update(_ record: StoredRecord, _ changes: [String: String], source: ChangeSource) throws -> StoredRecord {
        try checkUnique(changes, besides: record.key)
        let old = record.properties.values
        var new = old
        for (name, value) in changes {
            if name == "lifecyclestage", !allowsStage(from: old[name], to: value) { continue }
            new[name] = value.isEmpty ? nil : value
        }
        ComputedProperties.refresh(&new, from: old, of: type, now: now)
        return try replace(record, old: old, with: new, source: source)
    }

    /// Writes new values over old ones with history, unique values and the time of change, without other rules.
    func replace(
        _ record: StoredRecord, old: [String: String], with new: [String: String], source: ChangeSource
    ) throws -> StoredRecord {
        var new = new
        new[type.modifiedProperty] = Timestamp.iso(now)
        var result = record
        result.updated = now
        result.properties = StoredProperties(new)
        try PropertyHistory.note(db, record, from: old, to: new, at: now, source: source)
        try overwrite(result)
        try releaseUnique(old.filter { new[$0.key] != $0.value }, of: record.key)
        try claimUnique(new.filter { old[$0.key] != $0.value }, for: record.key)
        return result
    }

    /// Stages move forward only; clearing the stage lets it begin again.
    private func allowsStage(from old: String?, to new: String) -> Bool {
        guard let old, !old.isEmpty, !new.isEmpty, let stages = schema.property("lifecyclestage", of: type)?.options,
            let before = stages.firstIndex(where: { $0.value == old }),
            let after = stages.firstIndex(where: { $0.value == new })
        else { return true }
        return after >= before
    }

    /// Moves a record to the recycle bin. Its unique values become free.
    func archive(_ record: StoredRecord) throws {
        let statement = try db.cachedStatement(sql: "UPDATE records SET archived = 1, archived_at = ? WHERE key = ?")
        try statement.execute(arguments: [now, record.key])
        try releaseUnique(record.properties.values, of: record.key)
        try AssociationStore(db: db).removeAll(of: record.key)
        try queueForSearch(record.key)
    }

    /// Removes a record for good, with its history and its links.
    func erase(_ record: StoredRecord) throws {
        try releaseUnique(record.properties.values, of: record.key)
        try db.execute(sql: "DELETE FROM records WHERE key = ?", arguments: [record.key])
        try db.execute(sql: "DELETE FROM history WHERE key = ?", arguments: [record.key])
        try db.execute(sql: "DELETE FROM aliases WHERE key = ? OR old_key = ?", arguments: [record.key, record.key])
        try AssociationStore(db: db).removeAll(of: record.key)
        try queueForSearch(record.key)
    }

    /// Gives a record that others were merged into an id of its own. Its old id leads to it, as theirs do.
    func renumber(_ record: StoredRecord) throws -> StoredRecord {
        let id = try nextID()
        var values = record.properties.values
        var merged = (values["hs_merged_object_ids"] ?? "").split(separator: ";").map(String.init)
        merged.append(String(record.id))
        values["hs_merged_object_ids"] = merged.joined(separator: ";")
        values["hs_object_id"] = String(id)
        if values["hs_all_contact_vids"] != nil {
            values["hs_all_contact_vids"] = ([String(id)] + merged).joined(separator: ";")
        }
        var result = record
        result.key = type.key(id)
        result.properties = StoredProperties(values)
        try write(result)
        try AssociationStore(db: db).move(from: record.key, to: result.key)
        try ListStore.move(from: record.key, to: result.key, db)
        for table in ["history", "aliases", "visitors", "conversions"] {
            try db.execute(sql: "UPDATE \(table) SET key = ? WHERE key = ?", arguments: [result.key, record.key])
        }
        try erase(record)
        try claimUnique(values, for: result.key)
        try db.execute(
            sql: "INSERT OR REPLACE INTO aliases (old_key, key) VALUES (?, ?)", arguments: [record.key, result.key])
        return result
    }

    // MARK: Unique values

    private func checkUnique(_ values: [String: String], besides key: Int64?) throws {
        for (property, value) in uniqueEntries(values) {
            if property == "email", type.id == "0-1" { try checkBlocked(value) }
            guard let owner = try owner(property: property, value: value), owner != key else { continue }
            let id = unsettled.contains(owner) ? nil : PortalObjectType.id(ofKey: owner)
            if property == "email", type.id == "0-1" {
                let existing = id.map { ". Existing ID: \($0)" } ?? ""
                throw APIError(409, "Contact already exists\(existing)", category: "CONFLICT")
            }
            let holder = id.map(String.init) ?? "another input"
            var error = APIError.validation("Property values were not valid: \(holder) already has that value.")
            error.errors = [
                APIError.Detail(
                    message: "\(property) must be unique: \(holder) already has the value \(value).",
                    code: "CONFLICTING_UNIQUE_VALUE", context: [("propertyName", [property])])
            ]
            throw error
        }
    }

    /// 400 for an address that a GDPR delete has put on the block list.
    private func checkBlocked(_ email: String) throws {
        let statement = try db.cachedStatement(sql: "SELECT 1 FROM blocked_emails WHERE email = ?")
        if try Int.fetchOne(statement, arguments: [Self.uniqueForm(email)]) != nil {
            var error = APIError.validation("Contact with this email was deleted for GDPR and cannot be added again.")
            error.errors = [
                APIError.Detail(
                    message: "Email address \(email) is blocked", code: "BLOCKED_EMAIL",
                    context: [("propertyName", ["email"])])
            ]
            throw error
        }
    }

    /// The values that no other record may have: the unique ones, and for contacts their further addresses.
    private func uniqueEntries(_ values: [String: String]) -> [(property: String, value: String)] {
        var entries: [(String, String)] = []
        for property in schema.uniqueProperties(of: type) {
            if let value = values[property], !value.isEmpty { entries.append((property, value)) }
        }
        if type.id == "0-1", let more = values["hs_additional_emails"] {
            entries += more.split(separator: ";").map { ("email", String($0)) }
        }
        return entries
    }

    private func claimUnique(_ values: [String: String], for key: Int64) throws {
        for entry in uniqueEntries(values) {
            let statement = try db.cachedStatement(
                sql: "INSERT OR REPLACE INTO unique_values (type, property, value, key) VALUES (?, ?, ?, ?)")
            try statement.execute(arguments: [type.ordinal, entry.property, Self.uniqueForm(entry.value), key])
        }
    }

    private func releaseUnique(_ values: [String: String], of key: Int64) throws {
        for entry in uniqueEntries(values) {
            let statement = try db.cachedStatement(
                sql: "DELETE FROM unique_values WHERE type = ? AND property = ? AND value = ? AND key = ?")
            try statement.execute(arguments: [type.ordinal, entry.property, Self.uniqueForm(entry.value), key])
        }
    }

    // MARK: Rows

    private func nextID() throws -> Int64 {
        let statement = try db.cachedStatement(
            sql: "UPDATE object_types SET next_id = max(next_id, ?) + 1 WHERE ordinal = ? RETURNING next_id - 1")
        guard let id = try Int64.fetchOne(statement, arguments: [ids.next(of: type), type.ordinal]) else {
            throw APIError(500, "Object type \(type.id) has no counter")
        }
        ids.note(id, of: type)
        return id
    }

    private func write(_ record: StoredRecord) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO records (key, type, archived, created, updated, archived_at, properties)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (key) DO UPDATE SET archived = excluded.archived, created = excluded.created,
                    updated = excluded.updated, archived_at = excluded.archived_at, properties = excluded.properties
                """)
        try statement.execute(arguments: [
            record.key, type.ordinal, record.archivedAt != nil, record.created, record.updated, record.archivedAt,
            record.properties.text,
        ])
        try queueForSearch(record.key)
    }

    /// Writes the values of a record that is there already. What is not written keeps its places in the indexes.
    private func overwrite(_ record: StoredRecord) throws {
        let statement = try db.cachedStatement(sql: "UPDATE records SET updated = ?, properties = ? WHERE key = ?")
        try statement.execute(arguments: [record.updated, record.properties.text, record.key])
        try queueForSearch(record.key)
    }

    private func queueForSearch(_ key: Int64) throws {
        guard let searchLag else { return }
        try SearchIndex.enqueue(db, key: key, due: now + searchLag)
    }
}
