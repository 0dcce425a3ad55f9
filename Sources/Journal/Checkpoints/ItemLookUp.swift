import GRDB
import Glibc
import Synchronization

/// Looks items up by their keys while a loop runs: which are done, and which it has met already.
///
/// On a connection of its own, so that no look-up waits for a commit's disk, and on the caller's thread: it takes a few
/// microseconds. The keys that a loop has met lie in a temporary table, which SQLite moves to a file as it grows: a loop of
/// any length needs the same memory.
final class ItemLookUp: Sendable {
    private let database: DatabaseQueue
    private let lastLoop = Atomic<Int64>(0)

    /// - Parameter file: The journal's; one in memory has no other connection than its own.
    init(_ file: JournalFile) throws {
        if file.path == "memory" {
            database = file.database
        } else {
            var configuration = Configuration()
            configuration.label = "checkpoints"
            configuration.busyMode = .timeout(10)
            database = try DatabaseQueue(path: file.path, configuration: configuration)
        }
        try database.writeWithoutTransaction { db in
            try db.execute(
                sql: """
                    CREATE TEMP TABLE IF NOT EXISTS met
                    (loop INTEGER NOT NULL, key TEXT NOT NULL, PRIMARY KEY (loop, key)) WITHOUT ROWID;
                    PRAGMA temp.journal_mode = OFF;
                    """)
        }
    }

    func begin() -> Int64 { lastLoop.add(1, ordering: .relaxed).newValue }

    enum Found: Sendable, Equatable {
        case unknown
        case done(result: String?)
        case doubled
    }

    /// - Parameter looks: Whether any item can be done.
    func meet(_ key: String, loop: Int64, checkpoint: Int64, looks: Bool) throws -> Found {
        try database.writeWithoutTransaction { db in
            let meet = try db.cachedStatement(sql: "INSERT OR IGNORE INTO met VALUES (?, ?)")
            try meet.execute(arguments: [loop, key])
            guard db.changesCount > 0 else { return .doubled }
            guard looks else { return .unknown }
            let find = try db.cachedStatement(sql: "SELECT result FROM items WHERE checkpoint = ? AND key = ?")
            guard let row = try Row.fetchOne(find, arguments: [checkpoint, key]) else { return .unknown }
            return .done(result: row[0])
        }
    }

    func end(_ loop: Int64) throws {
        try database.writeWithoutTransaction { db in
            try db.execute(sql: "DELETE FROM met WHERE loop = ?", arguments: [loop])
        }
    }
}
