import Foundation
import GRDB
import Glibc

/// The journal's SQLite database: a file that all processes of a machine share, or this process's memory.
///
/// In WAL mode, so that readers and a writer do not wait for each other. A commit of intents waits for the disk
/// (`synchronous = FULL`); one of fates alone is given to the kernel, which keeps it whatever becomes of this process.
struct JournalFile: Sendable {
    /// Of the tables. A program that knows only lower ones leaves the file alone.
    static let schema = 4

    let path: String
    let database: DatabaseQueue
    /// Nil for a journal in memory, whose runs are this process's.
    let locks: RunLocks?
    /// The checkpoints whose loops go on in this process.
    let loops = OpenLoops()

    /// In the process's memory.
    init() throws {
        path = "memory"
        locks = nil
        database = try DatabaseQueue(configuration: Self.configuration())
        try Self.migrate(database, path)
    }

    static func path(in folder: String) -> String { (folder as NSString).appendingPathComponent("journal.sqlite") }

    /// - Parameter mostPages: How many pages of 4 KiB the file may have; nil: as many as the disk holds.
    /// - Throws: ``JournalProblem``, or GRDB's error.
    init(folder: String, mostPages: Int? = nil) throws {
        path = Self.path(in: folder)
        try Self.prepare(path, in: folder)
        locks = try RunLocks((folder as NSString).appendingPathComponent("journal.lock"))
        var configuration = Self.configuration()
        configuration.journalMode = .wal
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA secure_delete = ON")
            if let mostPages { try db.execute(sql: "PRAGMA max_page_count = \(mostPages)") }
        }
        database = try DatabaseQueue(path: path, configuration: configuration)
        let mode = try database.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
        guard mode == "wal" else {
            throw JournalProblem(path: path, reason: "SQLite cannot share memory in that folder", remedy: .otherFolder)
        }
        try Self.migrate(database, path)
    }

    private static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.label = "journal"
        configuration.busyMode = .timeout(10)
        return configuration
    }

    /// The folder and the file, for their owner alone. SQLite makes its other files with the mode of the first.
    private static func prepare(_ path: String, in folder: String) throws {
        if access(folder, F_OK) != 0 {
            do {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                throw JournalProblem(path: path, reason: "the folder cannot be made", remedy: .otherFolder)
            }
        }
        guard access(path, F_OK) != 0 else { return }
        let file = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if file >= 0 {
            fchmod(file, 0o600)
            close(file)
        } else if errno != EEXIST {
            throw JournalProblem(path, errno: errno)
        }
    }

    private static func migrate(_ database: DatabaseQueue, _ path: String) throws {
        try database.inTransaction(.immediate) { db in
            let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            guard version <= schema else {
                throw JournalProblem(
                    path: path, reason: "a newer moonspot wrote it (version \(version), this one knows \(schema))",
                    remedy: .update)
            }
            for step in migrations[version...] { try db.execute(sql: step) }
            if version < schema { try db.execute(sql: "PRAGMA user_version = \(schema)") }
            return .commit
        }
    }

    /// What makes each version out of the one before.
    static let migrations = [tables, resumingTables, answerTimes, undoing]

    private static let tables = """
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            -- Moments are milliseconds since 1970.
            began INTEGER NOT NULL,
            ended INTEGER,
            exit INTEGER,
            profile TEXT,
            portal INTEGER,
            server TEXT,
            credential TEXT,
            script TEXT,
            -- A JSON array of texts.
            arguments TEXT NOT NULL,
            folder TEXT,
            undoes INTEGER
        ) STRICT;
        CREATE TABLE writes (
            run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
            number INTEGER NOT NULL,
            at INTEGER NOT NULL,
            method TEXT NOT NULL,
            path TEXT NOT NULL,
            action TEXT NOT NULL,
            type TEXT,
            id TEXT,
            other_type TEXT,
            other_id TEXT,
            sent TEXT,
            before TEXT,
            after TEXT,
            answered TEXT,
            fate TEXT NOT NULL,
            error TEXT,
            correlation_id TEXT,
            undone_by INTEGER,
            PRIMARY KEY (run, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX open_writes ON writes (run) WHERE fate = 'intended';

        """

    private static let resumingTables = """
        CREATE TABLE checkpoints (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            -- What tells it from all others: a JSON array.
            identity TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            -- When a loop last went on from it.
            used INTEGER NOT NULL,
            -- Of one within an item of another: it ends with that.
            parent INTEGER REFERENCES checkpoints ON DELETE CASCADE,
            parent_item TEXT
        ) STRICT;
        CREATE INDEX nested_checkpoints ON checkpoints (parent, parent_item) WHERE parent IS NOT NULL;
        -- The items that are done.
        CREATE TABLE items (
            checkpoint INTEGER NOT NULL REFERENCES checkpoints ON DELETE CASCADE,
            key TEXT NOT NULL,
            -- What f returned, as JSON, where that is kept.
            result TEXT,
            PRIMARY KEY (checkpoint, key)
        ) STRICT, WITHOUT ROWID;
        -- The item that a write belongs to, until that is done.
        ALTER TABLE writes ADD COLUMN checkpoint INTEGER;
        ALTER TABLE writes ADD COLUMN item TEXT;
        ALTER TABLE writes ADD COLUMN step INTEGER;
        ALTER TABLE writes ADD COLUMN fingerprint TEXT;
        ALTER TABLE writes ADD COLUMN answer TEXT;
        CREATE INDEX steps ON writes (checkpoint, item) WHERE checkpoint IS NOT NULL;
        ALTER TABLE writes ADD COLUMN retried_by INTEGER;
        -- The program's options, a JSON array of texts.
        ALTER TABLE runs ADD COLUMN options TEXT NOT NULL DEFAULT '[]';
        -- SHA-256 of the script as it was.
        ALTER TABLE runs ADD COLUMN digest TEXT;
        ALTER TABLE runs ADD COLUMN retries INTEGER;

        """

    private static let answerTimes = """
        -- When the answer came, by the machine's clock and by the server's.
        ALTER TABLE writes ADD COLUMN received INTEGER;
        ALTER TABLE writes ADD COLUMN served INTEGER;

        """

    private static let undoing = """
        -- The run that began to take it back.
        ALTER TABLE writes ADD COLUMN undoing INTEGER;

        """
}
