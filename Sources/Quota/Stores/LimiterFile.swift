import Foundation
import GRDB

import Glibc

/// The SQLite file: a row for each credential and each account. Every read and change is one transaction that keeps all
/// others out, so a process that is killed leaves either all of a decision or nothing.
///
/// SQLite does not wait for the disk (`synchronous = OFF`): what the kernel has been given survives the process, and
/// what does not survive the machine's end is worth nothing afterwards, since no place outlives the boot whose clock it
/// is on. A file that a power cut has damaged is begun anew by the first process that opens it after the boot.
///
/// Not `Sendable`: its owner keeps it to one thread at a time.
final class LimiterFile {
    /// Of the tables and of what lies in them. A program that knows only lower ones leaves the file alone.
    static let schema = 1

    private let queue: DatabaseQueue
    private let boot: String
    private let path: String
    private let identity: FileIdentity?
    /// Held as long as the file is open.
    private let lock: LimiterFileLock
    private let statements: Statements

    /// - Throws: ``StoreProblem``.
    init(_ path: String, boot: String) throws {
        try Self.prepare(path)
        self.path = path
        self.boot = boot
        lock = try LimiterFileLock((path as NSString).deletingPathExtension + ".lock", boot: boot)
        do {
            queue = try Self.connect(path, boot)
        } catch let error as DatabaseError where lock.isFirstOfBoot && error.isDamage {
            for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
            try Self.prepare(path)
            queue = try Self.connect(path, boot)
        }
        lock.share()
        identity = FileIdentity(path)
        statements = try queue.writeWithoutTransaction { try Statements($0) }
    }

    private static func connect(_ path: String, _ boot: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.label = "quota"
        // Only while it is opened. Later a store that finds it busy waits by itself: a decision takes some
        // microseconds, for which SQLite's own waits are far too long.
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 500")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { db in
            guard try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal" else {
                throw StoreProblem(
                    store: path, reason: "SQLite cannot share memory in that folder", .otherFolder)
            }
            try migrate(db, path, boot)
            // Not before: GRDB sets its own together with the journal's mode.
            try db.execute(sql: "PRAGMA busy_timeout = 0; PRAGMA synchronous = OFF")
        }
        return queue
    }

    /// Which file it is that a path leads to.
    private struct FileIdentity: Equatable {
        var device: UInt64
        var number: UInt64

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            device = UInt64(truncatingIfNeeded: status.st_dev)
            number = UInt64(truncatingIfNeeded: status.st_ino)
        }
    }

    /// Compiled once.
    fileprivate struct Statements {
        let begin: Statement
        let commit: Statement
        let version: Statement
        let read: Statement
        let write: Statement
        let writeBoth: Statement

        init(_ db: Database) throws {
            func writing(_ values: String) throws -> Statement {
                try db.makeStatement(
                    sql: """
                        INSERT INTO state (key, boot, portal, value) VALUES \(values)
                        ON CONFLICT (key) DO UPDATE
                        SET boot = excluded.boot, portal = coalesce(excluded.portal, portal), value = excluded.value
                        """)
            }
            begin = try db.makeStatement(sql: "BEGIN IMMEDIATE")
            commit = try db.makeStatement(sql: "COMMIT")
            version = try db.makeStatement(sql: "PRAGMA data_version")
            read = try db.makeStatement(sql: "SELECT boot, portal, value FROM state WHERE key = ?")
            write = try writing("(?, ?, ?, ?)")
            writeBoth = try writing("(?, ?, ?, ?), (?, ?, ?, ?)")
        }
    }

    /// The folder and the file, for their owner alone. SQLite makes its other files with the mode of the first.
    private static func prepare(_ path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        func problem() -> StoreProblem { StoreProblem(path, errno: errno) }
        if access(folder, F_OK) != 0 {
            do {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                throw StoreProblem(
                    store: path, reason: "the folder cannot be made", .otherFolder)
            }
        }
        if isShared(folder) {
            throw StoreProblem(
                store: path, reason: "the folder lies on a network drive, where SQLite cannot lock reliably",
                .otherFolder)
        }
        // Only where there is none: closing a second descriptor of a file would drop this process's locks on it.
        guard access(path, F_OK) != 0 else { return }
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if file >= 0 {
            fchmod(file, 0o600)
            close(file)
        } else if errno != EEXIST {
            throw problem()
        }
    }

    /// NFS, SMB, AFS: their locks are slow or missing, and their memory is not shared.
    private static func isShared(_ folder: String) -> Bool {
        guard let table = FileManager.default.contents(atPath: "/proc/self/mounts"), let real = realpath(folder, nil)
        else {
            return false
        }
        defer { free(real) }
        return MountTable(String(decoding: table, as: UTF8.self)).isNetworkDrive(String(cString: real))
    }

    private static func migrate(_ db: Database, _ path: String, _ boot: String) throws {
        try db.inTransaction(.immediate) {
            let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            guard version <= schema else {
                throw StoreProblem(
                    store: path, reason: "a newer moonspot wrote it (version \(version), this one knows \(schema))",
                    .update)
            }
            if version < schema {
                try db.execute(
                    sql: """
                        CREATE TABLE state (
                            -- A credential's HMAC, or an account.
                            key TEXT NOT NULL UNIQUE,
                            -- Whose clock the moments are on.
                            boot TEXT NOT NULL,
                            -- The account that the credential belongs to, once known.
                            portal INTEGER,
                            value BLOB NOT NULL
                        );
                        PRAGMA user_version = \(schema);
                        """)
            }
            // The places of another boot say nothing any more; only which account a credential belongs to is kept.
            try db.execute(sql: "DELETE FROM state WHERE boot <> ? AND portal IS NULL", arguments: [boot])
            return .commit
        }
    }

    /// A row: its value, and the account where one is known.
    struct Row {
        var value: Data?
        var accountID: Int64?
    }

    /// Runs `body` in a transaction. Nothing is changed where it throws.
    ///
    /// - Throws: `SQLITE_BUSY` at once while another process is in one.
    func transaction<Value>(_ body: (Access) throws -> Value) throws -> Value {
        // Others would go on in the new one: what this process knows of them would be worth nothing.
        guard FileIdentity(path) == identity else {
            throw StoreProblem(
                store: path, reason: "the file was deleted or replaced",
                .patience)
        }
        return try queue.writeWithoutTransaction { db in
            try statements.begin.execute()
            do {
                let value = try body(Access(db: db, boot: boot, statements: statements))
                try statements.commit.execute()
                return value
            } catch {
                // Fails where SQLite has rolled back by itself.
                if db.isInsideTransaction { try? db.execute(sql: "ROLLBACK") }
                throw error
            }
        }
    }

    /// The operations of a transaction.
    struct Access {
        fileprivate let db: Database
        fileprivate let boot: String
        fileprivate let statements: Statements

        /// Changes whenever another connection has changed anything.
        func version() throws -> Int64 { try Int64.fetchOne(statements.version) ?? 0 }

        func row(_ key: String) throws -> Row {
            guard let row = try GRDB.Row.fetchOne(statements.read, arguments: [key]) else { return Row() }
            let isOurs = try row.decode(String.self, atIndex: 0) == boot
            return Row(
                value: isOurs ? try row.decode(Data.self, atIndex: 2) : nil,
                accountID: try row.decode(Int64?.self, atIndex: 1))
        }

        func write(_ bytes: [UInt8], key: String, accountID: Int64?) throws {
            try statements.write.execute(arguments: [key, boot, accountID, Data(bytes)])
        }

        /// Two rows at once.
        func write(client: [UInt8], key: String, accountID: Int64?, account: [UInt8], accountKey: String) throws {
            try statements.writeBoth.execute(
                arguments: [key, boot, accountID, Data(client), accountKey, boot, nil, Data(account)])
        }

        /// The rows of this boot whose keys begin so.
        func rows(_ prefix: String) throws -> [(key: String, value: Data)] {
            let rows = try GRDB.Row.fetchAll(
                db, sql: "SELECT key, value FROM state WHERE boot = ? AND substr(key, 1, ?) = ?",
                arguments: [boot, prefix.count, prefix])
            return try rows.map { (try $0.decode(String.self, atIndex: 0), try $0.decode(Data.self, atIndex: 1)) }
        }

        func delete(_ key: String) throws {
            try db.cachedStatement(sql: "DELETE FROM state WHERE key = ?").execute(arguments: [key])
        }
    }
}
