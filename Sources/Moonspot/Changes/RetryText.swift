import JSON
import Journal
import Words

/// What a retry has done: for people and for programs.
struct RetryText: Sendable {
    var style: Style
    /// Cells of the terminal's line; nil where the output is none.
    var columns: Int?

    func text(_ items: [Retry.Item]) -> String {
        let rows = items.map { item in
            [
                "\(item.write.number)", Self.words(item), HistoryText.what(item.write),
                Escaping.visible(item.reason),
            ]
        }
        let lines = AlignedColumns(rows).lines(alignment: [0: .right, 3: .loose], room: columns)
        return zip(items, lines).map { item, line in
            switch item.verdict {
            case .failed: style.red(line) + "\n"
            case .unknown, .left: style.yellow(line) + "\n"
            case .planned, .done, .wasDone: line + "\n"
            }
        }.joined()
    }

    private static func words(_ item: Retry.Item) -> String {
        switch item.verdict {
        case .planned: item.write.fate == .failed ? "to be made again" : "to be looked up"
        case .wasDone: "was done"
        case .done, .failed, .unknown, .left: item.verdict.rawValue
        }
    }

    static func json(_ item: Retry.Item) -> JSONValue {
        let facts: KeyValuePairs<String, JSONValue?> = [
            "n": .integer(item.write.number), "verdict": .string(item.verdict.rawValue),
            "action": .string(item.write.action.rawValue), "type": .optional(item.write.type),
            "id": .optional(item.write.id), "request": .string("\(item.write.method) \(item.write.path)"),
            "error": .optional(item.error),
        ]
        return .object(facts)
    }
}

extension Retry.Item {
    /// Why it is as it is; what went wrong the first time is told until it is mended.
    fileprivate var reason: String {
        switch verdict {
        case .done, .wasDone: ""
        case .planned, .failed, .unknown, .left: error ?? write.error ?? ""
        }
    }
}

/// Records whose writes have failed, as rows that can be mended and imported: the properties as columns, and the reason.
struct RetryRows: Sendable {
    /// The column that says why; an import leaves it out.
    static let reason = "refused_because"

    private let names: [String]
    private let rows: [(values: [String: String], reason: String)]

    var count: Int { rows.count }

    init(_ items: [Retry.Item]) {
        var names: [String] = []
        var rows: [(values: [String: String], reason: String)] = []
        for item in items {
            guard let body = item.write.sent.map({ JSONSlice($0) }),
                let fields = (body.field("properties") ?? body.field("inputs")?.elements()?.first?.field("properties"))?
                    .fields()
            else { continue }
            var values = Dictionary(fields.map { ($0.name, $0.value.string ?? $0.value.text) }) { $1 }
            if let id = item.write.id { values["id"] = id }
            for name in (item.write.id == nil ? [] : ["id"]) + fields.map(\.name) where !names.contains(name) {
                names.append(name)
            }
            rows.append((values, item.error ?? item.write.error ?? ""))
        }
        self.names = names.filter { $0 == "id" } + names.filter { $0 != "id" }
        self.rows = rows
    }

    var bytes: [UInt8] {
        let lines = rows.map { row in names.map { row.values[$0] ?? "" } + [row.reason] }
        return ([names + [Self.reason]] + lines).flatMap { line in DelimitedText.line(line.map { Array($0.utf8) }) }
    }
}
