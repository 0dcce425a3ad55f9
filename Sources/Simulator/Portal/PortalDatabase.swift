import GRDB
import JSON

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
        // Each of the connections has a cache of its own; other pages come out of the system's.
        var configuration = Self.configuration(cache: 24)
        configuration.busyMode = .timeout(5)
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.read { db in
            // Another program's data stays as it is.
            guard try db.tableExists("portal"), try db.tableExists("records") else {
                throw SimulatorOptionError(
                    "\(path) is a database of another program: name a new file, or a simulator's")
            }
        }
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
            sql: StoredFiles.tables + ListStore.tables + PipelineAudit.tables + AssociationConfigurationsAPI.tables
                + FormProcessing.tables)
        if try !db.tableExists("portal") {
            try db.execute(sql: tables)
            try Seed(db: db, options: options).run()
            try db.execute(sql: indexes)
            try db.execute(sql: "INSERT INTO portal (name, value) VALUES ('version', '1')")
        }
        for table in SearchSideTables.tables { try SearchSideTables.prepare(for: table, db) }
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
        var known: [Int64: PortalObjectType] = [:]
        for type in ObjectTypeCatalogue.all { known[type.ordinal] = type }
        for row in try Row.fetchAll(db, sql: "SELECT ordinal, definition FROM object_types ORDER BY ordinal") {
            let ordinal: Int64 = row[0]
            if let type = known[ordinal] {
                schema.add(type)
            } else if let text: String = row[1], let json = try? JSONValue.parse(text.utf8) {
                let custom = CustomObject(json: json)
                if !custom.isArchived { schema.add(custom.objectType(ordinal: ordinal)) }
            }
        }
        for row in try Row.fetchAll(db, sql: "SELECT type, definition FROM property_definitions") {
            let text: String = row[1]
            if let json = try? JSONValue.parse(text.utf8), let property = PropertyDefinition(stored: json) {
                schema.add(property, to: row[0])
            }
        }
        schema.owners = Set(try Int64.fetchAll(db, sql: "SELECT id FROM owners WHERE archived = 0"))
        for rules in try PipelineRules.all(in: schema, db) { schema.add(rules) }
        return schema
    }

    private static let tables = PortalTables.portal

    private static let indexes = PortalTables.portalIndexes
}
