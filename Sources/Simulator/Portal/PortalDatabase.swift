import GRDB

/// The SQLite database that a portal lives in.
enum PortalDatabase {
    /// Opens the portal's file, which is made first where there is none, or a database in memory.
    static func open(_ options: SimulatorOptions) throws -> any DatabaseWriter {
        guard let path = options.database else {
            return try DatabaseQueue(configuration: Self.configuration(cache: 64))
        }
        if !PortalFile.exists(path) {
            try PortalFile.make(path) { making in
                // A file of its own until it is whole: nothing has to be kept for a way back.
                let database = try DatabaseQueue(path: making, configuration: Self.configuration(cache: 256))
                try database.writeWithoutTransaction {
                    try $0.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
                }
                try database.write { try prepare($0, options) }
                try database.close()
            }
        }
        // Each of the connections has a cache of its own; what is not in it comes out of the system's.
        var configuration = Self.configuration(cache: 24)
        configuration.busyMode = .timeout(5)
        let pool = try DatabasePool(path: path, configuration: configuration)
        // A simulator's data may be lost with the machine's power, not with its process.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
        return pool
    }

    /// - Parameter cache: Pages in memory, in MiB.
    private static func configuration(cache: Int) -> Configuration {
        var configuration = Configuration()
        configuration.label = "simulator"
        configuration.prepareDatabase { db in
            for function in SearchText.functions { db.add(function: function) }
            try db.execute(
                sql: """
                    PRAGMA cache_size = -\(cache * 1024); PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF;
                    PRAGMA secure_delete = OFF
                    """)
        }
        return configuration
    }

    /// Tables, and the seed where the database holds no portal yet.
    static func prepare(_ db: Database, _ options: SimulatorOptions) throws {
        try db.execute(
            sql: FileStore.tables + ListStore.tables + PipelineAudit.tables + AssociationConfigurationsAPI.tables
                + FormProcessing.tables)
        if try !db.tableExists("portal") {
            try db.execute(sql: tables)
            try Seed(db: db, options: options).run()
            try db.execute(sql: indexes)
            try db.execute(sql: "INSERT INTO portal (name, value) VALUES ('version', '1')")
        }
        for table in ["records", "search_records"] where try !db.tableExists("\(table)_blocks") {
            try SearchAids.create(for: table, db)
        }
        try SearchPlans.prepare(db)
    }

    /// Drops everything.
    static func erase(_ db: Database) throws {
        // The tables that lie below a virtual one go with it.
        for kind in ["CREATE VIRTUAL TABLE%", "CREATE TABLE%"] {
            let names = try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_master WHERE sql LIKE ? AND name NOT LIKE 'sqlite_%'",
                arguments: [kind])
            for name in names { try db.execute(sql: "DROP TABLE \"\(name)\"") }
        }
    }

    /// The object types and property definitions.
    static func schema(_ db: Database) throws -> Schema {
        var schema = Schema()
        var known: [Int64: ObjectType] = [:]
        for type in ObjectTypeCatalogue.all { known[type.ordinal] = type }
        for row in try Row.fetchAll(db, sql: "SELECT ordinal, definition FROM object_types ORDER BY ordinal") {
            let ordinal: Int64 = row[0]
            if let type = known[ordinal] {
                schema.add(type)
            } else if let text: String = row[1], let json = try? JSONParser.parse(Array(text.utf8)) {
                let custom = CustomObject(json: json)
                if !custom.isArchived { schema.add(custom.objectType(ordinal: ordinal)) }
            }
        }
        for row in try Row.fetchAll(db, sql: "SELECT type, definition FROM property_definitions") {
            let text: String = row[1]
            if let json = try? JSONParser.parse(Array(text.utf8)), let property = PropertyDefinition(stored: json) {
                schema.add(property, to: row[0])
            }
        }
        schema.owners = Set(try Int64.fetchAll(db, sql: "SELECT id FROM owners WHERE archived = 0"))
        for rules in try PipelineRules.all(in: schema, db) { schema.add(rules) }
        return schema
    }

    private static let tables = """
        CREATE TABLE portal (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE object_types (ordinal INTEGER PRIMARY KEY, next_id INTEGER NOT NULL, definition TEXT);
        CREATE TABLE property_definitions (
            type INTEGER NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL,
            PRIMARY KEY (type, name)) WITHOUT ROWID;
        CREATE TABLE property_groups (
            type INTEGER NOT NULL, name TEXT NOT NULL, label TEXT NOT NULL, display_order INTEGER NOT NULL,
            archived INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (type, name)) WITHOUT ROWID;
        CREATE TABLE records (
            key INTEGER PRIMARY KEY, type INTEGER NOT NULL, archived INTEGER NOT NULL, created INTEGER NOT NULL,
            updated INTEGER NOT NULL, archived_at INTEGER, properties TEXT NOT NULL);
        CREATE TABLE search_records (
            key INTEGER PRIMARY KEY, type INTEGER NOT NULL, archived INTEGER NOT NULL, created INTEGER NOT NULL,
            updated INTEGER NOT NULL, archived_at INTEGER, properties TEXT NOT NULL);
        CREATE TABLE search_queue (
            id INTEGER PRIMARY KEY, due INTEGER NOT NULL, key INTEGER NOT NULL, type INTEGER, archived INTEGER,
            created INTEGER, updated INTEGER, archived_at INTEGER, properties TEXT);
        CREATE TABLE unique_values (
            type INTEGER NOT NULL, property TEXT NOT NULL, value TEXT NOT NULL, key INTEGER NOT NULL,
            PRIMARY KEY (type, property, value)) WITHOUT ROWID;
        CREATE TABLE history (
            id INTEGER PRIMARY KEY, key INTEGER NOT NULL, property TEXT NOT NULL, at INTEGER NOT NULL,
            value TEXT NOT NULL, source_type TEXT NOT NULL, source_id TEXT NOT NULL, source_label TEXT NOT NULL);
        CREATE TABLE aliases (old_key INTEGER PRIMARY KEY, key INTEGER NOT NULL);
        CREATE TABLE blocked_emails (email TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE associations (
            from_key INTEGER NOT NULL, to_key INTEGER NOT NULL, category TEXT NOT NULL, type_id INTEGER NOT NULL,
            PRIMARY KEY (from_key, to_key, category, type_id)) WITHOUT ROWID;
        CREATE TABLE association_labels (
            id INTEGER NOT NULL, from_type TEXT NOT NULL, to_type TEXT NOT NULL, inverse INTEGER NOT NULL, label TEXT,
            name TEXT NOT NULL, PRIMARY KEY (from_type, to_type, id)) WITHOUT ROWID;
        CREATE TABLE owners (
            id INTEGER PRIMARY KEY, email TEXT, user_id INTEGER, archived INTEGER NOT NULL, definition TEXT NOT NULL);
        CREATE TABLE pipelines (
            type INTEGER NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, archived INTEGER NOT NULL,
            definition TEXT NOT NULL, PRIMARY KEY (type, id)) WITHOUT ROWID;
        CREATE TABLE forms (
            position INTEGER PRIMARY KEY, guid TEXT NOT NULL UNIQUE, archived INTEGER NOT NULL,
            definition TEXT NOT NULL);
        CREATE TABLE submissions (
            id INTEGER PRIMARY KEY, form TEXT NOT NULL, submitted_at INTEGER NOT NULL, conversion_id TEXT NOT NULL,
            fields TEXT NOT NULL, context TEXT NOT NULL);
        CREATE TABLE visitors (hutk TEXT PRIMARY KEY, key INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE conversions (key INTEGER NOT NULL, form TEXT NOT NULL, PRIMARY KEY (key, form)) WITHOUT ROWID;
        CREATE TABLE form_queue (id INTEGER PRIMARY KEY, due INTEGER NOT NULL, submission INTEGER NOT NULL);
        """

    private static let indexes = """
        CREATE INDEX records_archived ON records (type) WHERE archived = 1;
        CREATE INDEX history_key ON history (key, property, at);
        CREATE INDEX associations_to ON associations (to_key);
        CREATE INDEX aliases_key ON aliases (key);
        CREATE INDEX submissions_form ON submissions (form, submitted_at);
        CREATE INDEX records_created ON records (type, archived, created);
        CREATE INDEX records_updated ON records (type, archived, updated);
        CREATE INDEX records_stage ON records (type, archived, json_extract(properties, '$.lifecyclestage'));
        CREATE INDEX search_created ON search_records (type, archived, created);
        CREATE INDEX search_updated ON search_records (type, archived, updated);
        CREATE INDEX search_stage ON search_records (type, archived, json_extract(properties, '$.lifecyclestage'));
        """
}
