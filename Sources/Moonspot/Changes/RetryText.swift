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
