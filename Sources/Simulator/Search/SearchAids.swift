import GRDB

/// What stands beside a table of records so that searches in it are fast: the words of its live records (SQLite's FTS5),
/// and how many there are in each block of keys. Triggers keep both up to date.
enum SearchAids {
    /// Keys that have all but this many low bits in common make a block.
    private static let blockBits: Int64 = 10

    /// For each built-in type, where the free-text `query` of a search looks; sorted.
    private static let searched: [Int64: [String]] = Dictionary(
        uniqueKeysWithValues: ObjectTypeCatalogue.all.map { ($0.ordinal, $0.searched.sorted()) })

    /// Whether the words of this type's records are kept.
    static func keepsWords(of type: PortalObjectType) -> Bool {
        !type.searched.isEmpty && searched[type.ordinal] == type.searched.sorted()
    }

    /// The words that SQL triggers give to the index: each is what ``SearchText/tokens(_:)`` makes of a value.
    static let function = DatabaseFunction("hs_words", argumentCount: 2, pure: true) { values in
        guard let ordinal = Int64.fromDatabaseValue(values[0]), let names = searched[ordinal], !names.isEmpty,
            let text = String.fromDatabaseValue(values[1])
        else { return "" }
        return StoredProperties(stored: text).words(of: names)
    }

    /// Makes the aids of a table, and fills them with what it holds.
    static func create(for table: String, _ db: Database) throws {
        // The words come in lower case with blanks between them, and the tokenizer leaves alone what is not ASCII.
        try db.execute(
            sql: """
                CREATE VIRTUAL TABLE \(table)_words USING fts5(
                    text, tokenize = 'ascii', prefix = '1 2 3', detail = none, columnsize = 0, content = '');
                CREATE TABLE \(table)_blocks (block INTEGER PRIMARY KEY, live INTEGER NOT NULL);
                """)
        try fill(table, db)
        let add = { (row: String) in
            """
            INSERT INTO \(table)_blocks VALUES (\(row).key >> \(blockBits), 1)
                ON CONFLICT (block) DO UPDATE SET live = live + 1;
            INSERT INTO \(table)_words (rowid, text) VALUES (\(row).key, hs_words(\(row).type, \(row).properties));
            """
        }
        let take = { (row: String) in
            """
            UPDATE \(table)_blocks SET live = live - 1 WHERE block = \(row).key >> \(blockBits);
            INSERT INTO \(table)_words (\(table)_words, rowid, text)
                VALUES ('delete', \(row).key, hs_words(\(row).type, \(row).properties));
            """
        }
        try db.execute(
            sql: """
                CREATE TRIGGER \(table)_made AFTER INSERT ON \(table) WHEN new.archived = 0 BEGIN \(add("new")) END;
                CREATE TRIGGER \(table)_erased AFTER DELETE ON \(table) WHEN old.archived = 0 BEGIN \(take("old")) END;
                CREATE TRIGGER \(table)_archived AFTER UPDATE OF archived ON \(table)
                    WHEN old.archived = 0 AND new.archived = 1 BEGIN \(take("old")) END;
                CREATE TRIGGER \(table)_restored AFTER UPDATE OF archived ON \(table)
                    WHEN old.archived = 1 AND new.archived = 0 BEGIN \(add("new")) END;
                CREATE TRIGGER \(table)_changed AFTER UPDATE OF properties ON \(table)
                    WHEN old.archived = 0 AND new.archived = 0
                        AND hs_words(old.type, old.properties) != hs_words(new.type, new.properties)
                    BEGIN \(take("old")) \(add("new")) END;
                """)
    }

    /// Makes the aids equal to what the table holds.
    static func fill(_ table: String, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO \(table)_words (\(table)_words) VALUES ('delete-all');
                DELETE FROM \(table)_blocks;
                INSERT INTO \(table)_words (rowid, text) SELECT key, hs_words(type, properties) FROM \(table) WHERE archived = 0;
                INSERT INTO \(table)_blocks SELECT key >> \(blockBits), count(*) FROM \(table) WHERE archived = 0 GROUP BY 1;
                """)
    }

    /// The records that hold words, for `words` to be matched against; takes one argument.
    static func condition(in table: String, of type: PortalObjectType) -> String {
        "\(table)_words MATCH ? AND \(table)_words.rowid >= \(type.firstKey) AND \(table)_words.rowid < \(type.endKey)"
    }

    /// What finds records that hold every one of the words, or a word that begins so.
    static func match(whole: [String] = [], beginnings: [String]) -> String {
        (whole.map { "\"\($0)\"" } + beginnings.map { "\"\($0)\"*" }).joined(separator: " AND ")
    }

    /// How many live records of a type have a key above `bound`.
    static func count(of type: PortalObjectType, above bound: Int64, in table: String, _ db: Database) throws -> Int64 {
        let first = max(bound + 1, type.firstKey)
        guard first < type.endKey else { return 0 }
        // Blocks that lie above as a whole, and what is left of the one that the bound lies in.
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
