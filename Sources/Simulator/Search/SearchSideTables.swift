import GRDB

/// Tables beside a table of records that make searches in it fast (`search_side_tables.sql`): the words of its live records
/// (SQLite's FTS5), and how many there are in each block of keys. Triggers keep the counts up to date and note whose words have
/// changed; ``settle(_:)`` brings those into the index.
enum SearchSideTables {
    /// The tables of records that have them.
    static let tables = ["records", "search_records"]

    /// Keys that have all but this many low bits in common make a block. The number stands in `search_side_tables.sql` too.
    private static let blockBits: Int64 = 10

    /// For each built-in type, where the free-text `query` of a search looks; sorted.
    private static let searched: [Int64: [String]] = Dictionary(
        uniqueKeysWithValues: ObjectTypeCatalogue.all.map { ($0.ordinal, $0.searched.sorted()) })

    /// Whether the words of this type's records are kept.
    static func keepsWords(of type: PortalObjectType) -> Bool {
        !type.searched.isEmpty && searched[type.ordinal] == type.searched.sorted()
    }

    /// The words that SQL triggers give to the index: each is made of a value by ``SearchText/tokens(_:)``.
    static let function = DatabaseFunction("hs_words", argumentCount: 2, pure: true) { values in
        guard let ordinal = Int64.fromDatabaseValue(values[0]), let names = searched[ordinal], !names.isEmpty,
            let text = String.fromDatabaseValue(values[1])
        else { return "" }
        return StoredProperties(stored: text).words(of: names)
    }

    /// Makes the side tables of a table and fills them with its records, where that has not been done. A file of an older
    /// moonspot has triggers that write words at once: they are replaced.
    static func prepare(for table: String, _ db: Database) throws {
        let areThere = try db.tableExists("\(table)_blocks")
        if !areThere {
            try db.execute(sql: PortalTables.searchSideTables(of: table))
            try db.execute(sql: PortalTables.searchSideTablesFill(of: table))
        }
        if try !areThere || !db.tableExists("\(table)_reworded") {
            try db.execute(sql: PortalTables.searchSideTriggers(of: table))
        }
    }

    /// Brings the words of the records that this transaction has changed into the index. Every transaction that writes
    /// records ends with it.
    static func settle(_ db: Database) throws {
        for table in tables {
            let changed = try db.cachedStatement(sql: "SELECT 1 FROM \(table)_reworded LIMIT 1")
            guard try Int.fetchOne(changed) != nil else { continue }
            try db.execute(sql: PortalTables.searchSideWords(of: table))
        }
    }

    /// The records that hold words, for `words` to be matched against; takes one argument.
    static func condition(in table: String, of type: PortalObjectType) -> String {
        "\(table)_words MATCH ? AND \(table)_words.rowid >= \(type.firstKey) AND \(table)_words.rowid < \(type.endKey)"
    }

    /// A condition of FTS5 for records that hold every one of the words, or a word that begins so.
    static func match(whole: [String] = [], beginnings: [String]) -> String {
        (whole.map { "\"\($0)\"" } + beginnings.map { "\"\($0)\"*" }).joined(separator: " AND ")
    }

    /// How many live records of a type have a key above `bound`.
    static func count(of type: PortalObjectType, above bound: Int64, in table: String, _ db: Database) throws -> Int64 {
        let first = max(bound + 1, type.firstKey)
        guard first < type.endKey else { return 0 }
        // Blocks that lie above as a whole, and the rest of the one that the bound lies in.
        let block = (first >> blockBits) + (first & (1 << blockBits - 1) == 0 ? 0 : 1)
        let whole = try Int64.fetchOne(
            try db.cachedStatement(
                sql: "SELECT coalesce(sum(live), 0) FROM \(table)_blocks WHERE block >= ? AND block < ?"),
            arguments: [block, type.endKey >> blockBits])
        let rest = try Int64.fetchOne(
            try db.cachedStatement(
                sql: "SELECT count(*) FROM \(table) NOT INDEXED WHERE key >= ? AND key < ? AND archived = 0"),
            arguments: [first, block << blockBits])
        return (whole ?? 0) + (rest ?? 0)
    }
}
