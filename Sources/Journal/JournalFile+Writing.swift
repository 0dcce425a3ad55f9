import Foundation
import GRDB

extension JournalFile {
    /// Keeps all of a batch, or nothing.
    func commit(_ batch: GroupCommit.Batch) throws {
        try database.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = \(batch.isDurable ? "FULL" : "NORMAL")")
            try db.inTransaction(.immediate) {
                for change in batch.changes {
                    switch change {
                    case .intend(let run, let writes): for write in writes { try Self.keep(write, run, db) }
                    case .settle(let run, let settlements):
                        for settlement in settlements { try Self.keep(settlement, run, db) }
                    case .finish(let item): try Self.keep(item, db)
                    }
                }
                return .commit
            }
        }
    }

    private static func keep(_ write: Write, _ run: Int64, _ db: Database) throws {
        // A number that is there already: what was intended under it has turned into another request.
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO writes
                (run, number, at, method, path, action, type, id, other_type, other_id, sent, before, fate,
                checkpoint, item, step, fingerprint)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'intended', ?, ?, ?, ?)
                ON CONFLICT (run, number) DO UPDATE SET
                method = excluded.method, path = excluded.path, action = excluded.action, id = excluded.id,
                sent = excluded.sent, before = coalesce(before, excluded.before), fate = 'intended'
                """)
        try statement.execute(
            arguments: [
                run, write.number, write.at, write.method, write.path, write.action.rawValue, write.type, write.id,
                write.other?.type, write.other?.id, write.sent, write.before, write.step?.checkpoint, write.step?.item,
                write.step?.number, write.step?.fingerprint,
            ])
    }

    private static func keep(_ settlement: Settlement, _ run: Int64, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                UPDATE writes SET
                fate = ?3, action = coalesce(?4, action), id = coalesce(?5, id), after = ?6, answered = ?7, error = ?8,
                correlation_id = ?9, answer = ?10, received = ?11, served = ?12
                WHERE run = ?1 AND number = ?2
                """)
        try statement.execute(
            arguments: [
                run, settlement.number, settlement.fate.rawValue, settlement.action?.rawValue, settlement.id,
                settlement.after, settlement.answered, settlement.error, settlement.correlationID,
                settlement.answer, settlement.received, settlement.served,
            ])
    }

    /// Keeps a new run, and forgets those that are too old.
    /// - Returns: Its number.
    func begin(_ run: Run, keepingDays days: Int) throws -> Int64 {
        try forgetOld(keepingDays: days, now: run.began)
        return try database.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            var id: Int64 = 0
            try db.inTransaction(.immediate) {
                try db.execute(
                    sql: """
                        INSERT INTO runs
                        (kind, began, profile, portal, server, credential, script, arguments, folder, undoes,
                        options, digest, retries)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        run.kind.rawValue, run.began, run.profile, run.portal, run.server, run.credential, run.script,
                        try Self.text(run.arguments), run.folder, run.undoes, try Self.text(run.options), run.digest,
                        run.retries,
                    ])
                id = db.lastInsertedRowID
                // Before another process can see a run that no process seems to run.
                locks?.hold(id)
                return .commit
            }
            return id
        }
    }

    private static func text(_ words: [String]) throws -> String {
        String(decoding: try JSONEncoder().encode(words), as: UTF8.self)
    }

    func reopen(_ run: Int64) throws {
        try database.write { db in
            try db.execute(sql: "UPDATE runs SET ended = NULL, exit = NULL WHERE id = ?", arguments: [run])
            locks?.hold(run)
        }
    }

    func end(_ run: Int64, at moment: Int64, exit: Int32, portal: Int64?) throws {
        try database.write { db in
            try db.execute(
                sql: "UPDATE runs SET ended = ?, exit = ?, portal = coalesce(portal, ?) WHERE id = ?",
                arguments: [moment, exit, portal, run])
            try Self.giveUp(run, db)
        }
        locks?.letGo(run)
    }

    /// The writes of runs that were killed have an unknown fate.
    func settleKilledRuns() throws {
        let open = try database.read { db in
            try Int64.fetchAll(db, sql: "SELECT DISTINCT run FROM writes WHERE fate = 'intended'")
        }
        let killed = open.filter { locks?.isRunning($0) == false }
        guard !killed.isEmpty else { return }
        try database.write { db in for run in killed { try Self.giveUp(run, db) } }
    }

    private static func giveUp(_ run: Int64, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE writes SET fate = 'unknown' WHERE run = ? AND fate = 'intended'", arguments: [run])
    }

    func markUndone(_ numbers: [Int64], of run: Int64, by undo: Int64, made: [String]) throws {
        try database.write { db in
            let statement = try db.cachedStatement(
                sql: "UPDATE writes SET undone_by = ?, undoing = NULL WHERE run = ? AND number = ?")
            for number in numbers { try statement.execute(arguments: [undo, run, number]) }
            guard !made.isEmpty else { return }
            let makings = Set(made)
            let creates = try Row.fetchAll(
                db, sql: "SELECT number, id FROM writes WHERE run = ? AND action = 'create'", arguments: [undo])
            let claim = try db.cachedStatement(sql: "UPDATE writes SET undoing = ? WHERE run = ? AND number = ?")
            for row in creates where (row[1] as String?).map(makings.contains) == true {
                try claim.execute(arguments: [run, undo, row[0] as Int64])
            }
        }
    }

    func markUndoing(_ numbers: [Int64], of run: Int64, by undo: Int64?) throws {
        try database.writeWithoutTransaction { db in
            // It has to be known whatever happens before what takes the write back is sent.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.inTransaction(.immediate) {
                let statement = try db.cachedStatement(
                    sql: "UPDATE writes SET undoing = ? WHERE run = ? AND number = ?")
                for number in numbers { try statement.execute(arguments: [undo, run, number]) }
                return .commit
            }
        }
    }

    /// A write of a run was made once more by another.
    func markRetried(_ settlement: Settlement, of run: Int64, by retry: Int64?) throws {
        try database.write { db in
            try Self.keep(settlement, run, db)
            try db.execute(
                sql: "UPDATE writes SET retried_by = coalesce(?, retried_by) WHERE run = ? AND number = ?",
                arguments: [retry, run, settlement.number])
        }
    }

    // MARK: Forgetting

    private func forgetOld(keepingDays days: Int, now: Int64) throws {
        let latest = try database.read { try Int64.fetchOne($0, sql: "SELECT max(began) FROM runs") }
        guard let limit = Forgetting.limit(days: days, now: now, latest: latest) else { return }
        try forgetCheckpoints(usedBefore: limit)
        _ = try forget(try runs(beganBefore: limit))
    }

    private func runs(beganBefore limit: Int64) throws -> [Int64] {
        // Without its writes, an item under way would be done twice.
        try database.read {
            try Int64.fetchAll(
                $0,
                sql: """
                    SELECT id FROM runs WHERE began < ? AND NOT EXISTS
                    (SELECT 1 FROM writes JOIN checkpoints ON checkpoints.id = writes.checkpoint WHERE run = runs.id)
                    """, arguments: [limit])
        }
    }

    /// The checkpoints of which a run has written items that are not done: they are forgotten with it.
    func checkpoints(of run: Int64) throws -> [(name: String, done: Int)] {
        try database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT name, (SELECT count(*) FROM items WHERE items.checkpoint = checkpoints.id) AS done
                    FROM checkpoints WHERE id IN
                    (SELECT checkpoint FROM writes WHERE run = ? AND checkpoint IS NOT NULL) ORDER BY id
                    """, arguments: [run]
            ).map { (name: $0["name"], done: $0["done"]) }
        }
    }

    /// - Returns: How many there were.
    func forget(olderThan limit: Int64) throws -> Int { try forget(try runs(beganBefore: limit)) }

    /// Forgets runs with all their writes; those that go on are kept.
    /// - Returns: How many are gone.
    func forget(_ runs: [Int64]) throws -> Int {
        let ended = runs.filter { locks?.isRunning($0) != true }
        guard !ended.isEmpty else { return 0 }
        return try database.write { db in
            var gone = 0
            for run in ended {
                try db.execute(
                    sql: """
                        DELETE FROM checkpoints WHERE id IN
                        (SELECT checkpoint FROM writes WHERE run = ? AND checkpoint IS NOT NULL)
                        """, arguments: [run])
                try db.execute(sql: "DELETE FROM runs WHERE id = ?", arguments: [run])
                gone += db.changesCount
            }
            return gone
        }
    }
}
