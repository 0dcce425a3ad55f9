import GRDB

extension JournalFile {
    /// A checkpoint as a loop finds it.
    struct OpenedCheckpoint {
        var id: Int64
        var done: Int
        /// The keys of the items that have written something and are not done: no more than the loop runs at a time.
        var underWay: Set<String>
    }

    /// - Returns: Nil where another loop goes on from it.
    func open(_ loop: Journal.Loop, at moment: Int64, isFresh: Bool) throws -> OpenedCheckpoint? {
        try database.writeWithoutTransaction { db in
            var opened: OpenedCheckpoint?
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.inTransaction(.immediate) {
                var id = try Int64.fetchOne(
                    db, sql: "SELECT id FROM checkpoints WHERE identity = ?", arguments: [loop.identity])
                if let known = id {
                    guard take(known, isNested: loop.within != nil) else { return .commit }
                    if isFresh {
                        try db.execute(sql: "DELETE FROM checkpoints WHERE id = ?", arguments: [known])
                        letGo(known, isNested: loop.within != nil)
                        id = nil
                    } else {
                        try db.execute(
                            sql: "UPDATE checkpoints SET used = ? WHERE id = ?", arguments: [moment, known])
                    }
                }
                if id == nil {
                    try db.execute(
                        sql: """
                            INSERT INTO checkpoints (identity, name, used, parent, parent_item)
                            VALUES (?, ?, ?, ?, ?)
                            """,
                        arguments: [loop.identity, loop.name, moment, loop.within?.checkpoint, loop.within?.item])
                    id = db.lastInsertedRowID
                    // Before another process can see one that none seems to have.
                    guard take(db.lastInsertedRowID, isNested: loop.within != nil) else { return .rollback }
                }
                guard let id else { return .commit }
                opened = try Self.opened(id, db)
                return .commit
            }
            return opened
        }
    }

    /// A checkpoint as it stands; an empty one without a number where there is none. Changes nothing.
    /// - Returns: Nil where another loop goes on from it.
    func look(at loop: Journal.Loop, isFresh: Bool) throws -> OpenedCheckpoint? {
        try database.read { db in
            let empty = OpenedCheckpoint(id: 0, done: 0, underWay: [])
            guard
                let id = try Int64.fetchOne(
                    db, sql: "SELECT id FROM checkpoints WHERE identity = ?", arguments: [loop.identity])
            else { return empty }
            if loops.contains(id) || loop.within == nil && locks?.isTaken(checkpoint: id) == true { return nil }
            return isFresh ? empty : try Self.opened(id, db)
        }
    }

    private static func opened(_ id: Int64, _ db: Database) throws -> OpenedCheckpoint {
        OpenedCheckpoint(
            id: id,
            done: try Int.fetchOne(db, sql: "SELECT count(*) FROM items WHERE checkpoint = ?", arguments: [id]) ?? 0,
            underWay: try String.fetchSet(
                db, sql: "SELECT DISTINCT item FROM writes WHERE checkpoint = ?", arguments: [id]))
    }

    /// One within another's item is that one's process's.
    private func take(_ checkpoint: Int64, isNested: Bool) -> Bool {
        guard loops.take(checkpoint) else { return false }
        guard !isNested, locks?.take(checkpoint: checkpoint) == false else { return true }
        loops.letGo(checkpoint)
        return false
    }

    func letGo(_ checkpoint: Int64, isNested: Bool) {
        loops.letGo(checkpoint)
        if !isNested { locks?.letGo(checkpoint: checkpoint) }
    }

    /// The writes of an item, in the order of their runs.
    func writes(checkpoint: Int64, item: String) throws -> [ItemRecord.Earlier] {
        try database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM writes WHERE checkpoint = ? AND item = ? ORDER BY run, number",
                arguments: [checkpoint, item]
            ).map { ItemRecord.Earlier(run: $0["run"], write: Write($0)) }
        }
    }

    static func keep(_ item: FinishedItem, _ db: Database) throws {
        if item.hasWrites {
            let release = try db.cachedStatement(
                sql: """
                    UPDATE writes SET checkpoint = NULL, item = NULL, step = NULL, fingerprint = NULL, answer = NULL
                    WHERE checkpoint = ? AND item = ?
                    """)
            try release.execute(arguments: [item.checkpoint, item.key])
        }
        if item.hasLoops {
            let end = try db.cachedStatement(sql: "DELETE FROM checkpoints WHERE parent = ? AND parent_item = ?")
            try end.execute(arguments: [item.checkpoint, item.key])
        }
        // It may have ended, or begun anew, meanwhile.
        let keep = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO items (checkpoint, key, result)
                SELECT id, ?2, ?3 FROM checkpoints WHERE id = ?1
                """)
        try keep.execute(arguments: [item.checkpoint, item.key, item.result])
    }

    func end(checkpoint: Int64) throws {
        try database.write { db in
            try db.execute(sql: "DELETE FROM checkpoints WHERE id = ?", arguments: [checkpoint])
        }
    }

    /// Those that nobody has gone on from for so long; they begin anew.
    func forgetCheckpoints(usedBefore limit: Int64) throws {
        let old = try database.read { db in
            try Int64.fetchAll(
                db, sql: "SELECT id FROM checkpoints WHERE used < ? AND parent IS NULL", arguments: [limit])
        }
        for id in old where take(id, isNested: false) {
            defer { letGo(id, isNested: false) }
            try end(checkpoint: id)
        }
    }
}
