import JSON
import Journal
import Words

/// What an undo does, has done, and leaves: for people and for programs.
struct UndoText: Sendable {
    var style: Style
    /// Cells of the terminal's line; nil where the output is none.
    var columns: Int?
    /// The console has no `--force`.
    var offersForce = true

    func text(_ items: [UndoItem]) -> String {
        let moved = items.filter { $0.status != .left }
        let left = items.filter { $0.status == .left }
        var text = lines(moved) { $0.status == .failed ? style.red($1) : $1 }
        guard !left.isEmpty else { return text }
        text += style.bold("left as it is:") + "\n"
        // What is left for one reason stands below it.
        var groups: [(reason: String, items: [UndoItem])] = []
        var places: [String: Int] = [:]
        for item in left {
            let reason = item.reason ?? ""
            if let place = places[reason] {
                groups[place].items.append(item)
            } else {
                places[reason] = groups.count
                groups.append((reason, [item]))
            }
        }
        text += lines(groups.filter { $0.items.count == 1 }.flatMap(\.items)) { style.yellow($1) }
        for group in groups where group.items.count > 1 {
            text += style.yellow("  \(Escaping.visible(group.reason)):") + "\n"
            text += group.items.map { "    \(Escaping.visible(Self.what($0)))\n" }.joined()
        }
        if left.contains(where: \.isUnknown) { text += offersForce ? Self.advice : Self.shortAdvice }
        return text
    }

    private static let shortAdvice =
        "What is not known was not read before: with --journal undo, a session reads what it changes.\n"

    private static let advice = """
        What is not known was not read before: --force takes it for the run's, and with --journal undo a run reads what it
        changes, so that it can be taken back.

        """

    private func lines(_ items: [UndoItem], _ paint: (UndoItem, String) -> String) -> String {
        let rows = items.map { ["  " + Escaping.visible(Self.what($0)), Escaping.visible(Self.how($0))] }
        let lines = AlignedColumns(rows).lines(alignment: [1: .loose], room: columns)
        return zip(items, lines).map { paint($0, $1) + "\n" }.joined()
    }

    private static func what(_ item: UndoItem) -> String {
        if let list = item.list { return "list \(list)" }
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
        case .mark: "the primary company again"
        case .unmark: "not the primary company, as before"
        case .members:
            [(item.removed.count, "removed"), (item.added.count, "added again")].filter { $0.0 > 0 }
                .map { Counts.counted($0.0, "member") + " \($0.1)" }.joined(separator: ", ")
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
            "list": .optional(item.list), "added": item.list == nil ? nil : .strings(item.added),
            "removed": item.list == nil ? nil : .strings(item.removed),
            "labels": item.kinds.isEmpty ? nil : .strings(item.kinds.compactMap(\.name)),
            "new_id": .optional(item.newID), "request": .optional(item.request), "reason": .optional(item.reason),
        ]
        return .object(facts)
    }
}
