import JSON
import Journal
import Words

/// What an undo does, has done, and leaves: for people and for programs.
struct UndoText: Sendable {
    var style: Style
    /// Cells of the terminal's line; nil where the output is none.
    var columns: Int?

    func text(_ items: [UndoItem]) -> String {
        let moved = items.filter { $0.status != .left }
        let left = items.filter { $0.status == .left }
        var text = lines(moved) { $0.status == .failed ? style.red($1) : $1 }
        if !left.isEmpty {
            text += style.bold("left as it is:") + "\n" + lines(left) { style.yellow($1) }
        }
        return text
    }

    private func lines(_ items: [UndoItem], _ paint: (UndoItem, String) -> String) -> String {
        let rows = items.map { ["  " + Escaping.visible(Self.what($0)), Escaping.visible(Self.how($0))] }
        let lines = AlignedColumns(rows).lines(alignment: [1: .loose], room: columns)
        return zip(items, lines).map { paint($0, $1) + "\n" }.joined()
    }

    private static func what(_ item: UndoItem) -> String {
        guard let record = item.record else { return item.request ?? "" }
        let other = item.other.map { " and \($0.type) \($0.id)" } ?? ""
        return "\(record.type) \(record.id)\(other)"
    }

    private static func how(_ item: UndoItem) -> String {
        if let reason = item.reason { return reason }
        let isDone = item.status == .done
        return switch item.action {
        case .restore: item.values.map { "\($0.name): \($0.now) → \($0.then ?? "")" }.joined(separator: ", ")
        case .archive: isDone ? "archived" : "is archived: the run made it"
        case .remake:
            item.newID.map { "made again as \($0)" } ?? "is made again, under a new id"
        case .unlink:
            item.kinds.isEmpty ? (isDone ? "unlinked" : "are unlinked") : "no longer linked\(Self.labels(item))"
        case .link: (isDone ? "linked again" : "are linked again") + Self.labels(item)
        case .keep: ""
        }
    }

    /// The labels of its links.
    private static func labels(_ item: UndoItem) -> String {
        let names = item.kinds.compactMap(\.name).map { "'\($0)'" }
        return names.isEmpty ? "" : " as \(names.joined(separator: ", "))"
    }

    static func json(_ item: UndoItem) -> JSONValue {
        let values = item.values.map { value -> JSONValue in
            .object(["name": .string(value.name), "now": .string(value.now), "then": .optional(value.then)])
        }
        let facts: KeyValuePairs<String, JSONValue?> = [
            "action": .string(item.action.rawValue), "status": .string(item.status.rawValue),
            "type": .optional(item.record?.type), "id": .optional(item.record?.id),
            "to_type": .optional(item.other?.type), "to_id": .optional(item.other?.id), "values": .array(values),
            "labels": item.kinds.isEmpty ? nil : .strings(item.kinds.compactMap(\.name)),
            "new_id": .optional(item.newID), "request": .optional(item.request), "reason": .optional(item.reason),
        ]
        return .object(facts)
    }
}
