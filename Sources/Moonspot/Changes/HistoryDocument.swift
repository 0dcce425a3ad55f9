import JSON
import Journal
import Wire

/// Runs and writes for programs: JSON, JSON Lines and CSV.
enum HistoryDocument {
    static func json(_ summary: RunSummary) -> JSONValue {
        let run = summary.run
        let facts: KeyValuePairs<String, JSONValue?> = [
            "run": .integer(run.id), "began": .string(Timestamp.iso(run.began)), "ended": moment(run.ended),
            "running": .bool(summary.isRunning), "exit": number(run.exit), "kind": .string(run.kind.rawValue),
            "script": .optional(run.script), "arguments": .strings(run.arguments), "folder": .optional(run.folder),
            "profile": .optional(run.profile), "portal": number(run.portal), "server": .optional(run.server),
            "undoes": number(run.undoes), "retries": number(run.retries),
        ]
        let fates = [Write.Fate.done, .failed, .unknown, .intended].map { ($0.rawValue, summary.counts[$0] ?? 0) }
        return object(facts, adding: [("writes", summary.writes)] + fates)
    }

    private static func object(
        _ facts: KeyValuePairs<String, JSONValue?>, adding counts: [(String, Int)]
    ) -> JSONValue {
        .object((JSONValue.object(facts).members ?? []) + counts.map { .init($0.0, .integer($0.1)) })
    }

    private static func number(_ value: (some BinaryInteger)?) -> JSONValue { value.map { .integer($0) } ?? .null }

    private static func moment(_ value: Int64?) -> JSONValue { .optional(value.map { Timestamp.iso($0) }) }

    static func json(_ write: Write, of run: Int64) -> JSONValue {
        let facts: KeyValuePairs<String, JSONValue?> = [
            "run": .integer(run), "n": .integer(write.number), "time": moment(write.at),
            "method": .string(write.method), "path": .string(write.path), "action": .string(write.action.rawValue),
            "type": .optional(write.type), "id": .optional(write.id), "to_type": .optional(write.other?.type),
            "to_id": .optional(write.other?.id), "sent": document(write.sent), "before": document(write.before),
            "after": document(write.after), "fate": .string(write.fate.rawValue), "error": .optional(write.error),
            "correlationId": .optional(write.correlationID), "undone_by": number(write.undoneBy),
            "retried_by": number(write.retriedBy),
        ]
        return .object(facts)
    }

    /// A body as it was sent; as text where it is no JSON.
    private static func document(_ text: String?) -> JSONValue {
        guard let text else { return .null }
        let slice = JSONSlice(text)
        return slice.isWellFormed ? .raw(slice) : .string(text)
    }

    /// The rows in one of the formats for programs.
    static func bytes(_ rows: [JSONValue], as format: OutputFormat) -> [UInt8] {
        switch format {
        case .jsonl: return rows.flatMap { $0.bytes + [0x0A] }
        case .csv:
            guard let names = rows.first?.members?.map(\.key) else { return [] }
            let lines = rows.map { row in (row.members ?? []).map { cell($0.value) } }
            return ([names.map { Array($0.utf8) }] + lines).flatMap(DelimitedText.line)
        case .json, .text: return JSONValue.array(rows).bytes + [0x0A]
        }
    }

    private static func cell(_ value: JSONValue) -> [UInt8] {
        switch value {
        case .null: []
        case .string(let text): Array(text.utf8)
        default: value.bytes
        }
    }
}
