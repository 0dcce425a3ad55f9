import GRDB
import Synchronization

/// Remembers how many records a search matches, since counting them makes a page of a large portal slow. Any
/// write forgets everything.
///
/// A walk over windows of ids (`hs_object_id` above the last one seen) asks for ever smaller totals of one search: each
/// follows from the one before by counting only the keys between.
final class TotalCache: Sendable {
    private struct Entry {
        /// Only records with a key above this one were counted.
        var bound: Int64
        var total: Int64
    }

    private struct State {
        var generation = 0
        var entries: [String: Entry] = [:]
    }

    private static let capacity = 256
    private let state = Mutex(State())

    /// To be called after every write, before its caller hears of it.
    func invalidate() {
        state.withLock { state in
            state.generation += 1
            state.entries.removeAll(keepingCapacity: true)
        }
    }

    /// How many records `sql` matches.
    func total(_ sql: SearchSQL, _ db: Database) throws -> Int64 {
        if sql.isUnfiltered { return try SearchSideTables.count(of: sql.type, above: sql.keyBound, in: sql.table, db) }
        let name = "\(sql.table) \(sql.countCondition) \(sql.countArguments)"
        let (generation, known) = state.withLock { ($0.generation, $0.entries[name]) }
        let total: Int64
        if let known, known.bound == sql.keyBound {
            return known.total
        } else if let known, known.bound < sql.keyBound {
            total = known.total - (try count(sql, above: known.bound, upTo: sql.keyBound, db))
        } else {
            total = try count(sql, above: sql.keyBound, upTo: .max, db)
        }
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.entries.count >= Self.capacity { state.entries.removeAll(keepingCapacity: true) }
            state.entries[name] = Entry(bound: sql.keyBound, total: total)
        }
        return total
    }

    private func count(_ sql: SearchSQL, above: Int64, upTo: Int64, _ db: Database) throws -> Int64 {
        var arguments = sql.countArguments.map { $0 as any DatabaseValueConvertible }
        var condition = sql.countCondition
        if above > .min {
            condition += " AND \(sql.countSource.key) > ?"
            arguments.append(above)
        }
        if upTo < .max {
            condition += " AND \(sql.countSource.key) <= ?"
            arguments.append(upTo)
        }
        let statement = try db.makeStatement(sql: "SELECT count(*) FROM \(sql.countSource.table) WHERE \(condition)")
        return try Int64.fetchOne(statement, arguments: StatementArguments(arguments)) ?? 0
    }
}
