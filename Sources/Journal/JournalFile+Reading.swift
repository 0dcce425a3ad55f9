import Foundation
import GRDB

extension JournalFile {
    /// The runs with what became of their writes, the latest first.
    func runs() throws -> [RunSummary] {
        try settleKilledRuns()
        return try database.read { db in
            var counts: [Int64: [Write.Fate: Int]] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT run, fate, count(*) FROM writes GROUP BY run, fate") {
                guard let fate = Write.Fate(rawValue: row[1]) else { continue }
                counts[row[0], default: [:]][fate] = row[2]
            }
            return try Row.fetchAll(db, sql: "SELECT * FROM runs ORDER BY id DESC").map { row in
                let run = try Run(row)
                return RunSummary(run: run, isRunning: isRunning(run), counts: counts[run.id] ?? [:])
            }
        }
    }

    func summary(of id: Int64) throws -> RunSummary? { try runs().first { $0.run.id == id } }

    private func isRunning(_ run: Run) -> Bool { run.ended == nil && locks?.isRunning(run.id) != false }

    /// The writes of a run in the order in which they were made.
    /// - Parameter numbers: Those that are wanted.
    func writes(of run: Int64, numbers: ClosedRange<Int64>) throws -> [Write] {
        try settleKilledRuns()
        return try database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM writes WHERE run = ? AND number BETWEEN ? AND ? ORDER BY number",
                arguments: [run, numbers.lowerBound, numbers.upperBound]
            ).map(Write.init)
        }
    }
}

extension Run {
    fileprivate init(_ row: Row) throws {
        self.init(
            Kind(rawValue: row["kind"]) ?? .script, began: row["began"], profile: row["profile"],
            script: row["script"],
            arguments: try JSONDecoder().decode([String].self, from: Data((row["arguments"] as String).utf8)),
            folder: row["folder"], undoes: row["undoes"])
        id = row["id"]
        ended = row["ended"]
        exit = row["exit"]
        portal = row["portal"]
        server = row["server"]
        credential = row["credential"]
        options = try JSONDecoder().decode([String].self, from: Data((row["options"] as String).utf8))
        digest = row["digest"]
        retries = row["retries"]
    }
}

extension Write {
    init(_ row: Row) {
        self.init(
            at: row["at"], method: row["method"], path: row["path"],
            action: Action(rawValue: row["action"]) ?? .other, type: row["type"], id: row["id"])
        number = row["number"]
        if let type = row["other_type"] as String?, let id = row["other_id"] as String? {
            other = Record(type: type, id: id)
        }
        sent = row["sent"]
        before = row["before"]
        after = row["after"]
        answered = row["answered"]
        received = row["received"]
        served = row["served"]
        fate = Fate(rawValue: row["fate"]) ?? .unknown
        error = row["error"]
        correlationID = row["correlation_id"]
        undoneBy = row["undone_by"]
        undoing = row["undoing"]
        retriedBy = row["retried_by"]
        step = Step(row)
        answer = row["answer"]
    }
}

extension Step {
    fileprivate init?(_ row: Row) {
        guard let checkpoint = row["checkpoint"] as Int64?, let item = row["item"] as String? else { return nil }
        self.init(
            checkpoint: checkpoint, item: item, number: row["step"] ?? 0, fingerprint: row["fingerprint"] ?? "")
    }
}
