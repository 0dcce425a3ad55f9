import HubSpot
import LuaRuntime
import Words

/// What became of a batch: its records, and its errors, those of one reason on one line.
struct BatchText: Sendable {
    var style: Style
    var tables: TextTable

    /// The lists of a batch's answer; nil for any other table.
    static func lists(_ table: LuaTable) -> (results: [LuaValue], errors: [LuaValue])? {
        guard table.metatable == nil, table.list.isEmpty, table.fields.count == 2,
            case .table(let results) = table["results"], case .table(let errors) = table["errors"], results.isArray,
            errors.isArray
        else { return nil }
        return (results.list, errors.list)
    }

    func text(_ results: [LuaValue], _ errors: [LuaValue]) -> String {
        var parts: [String] = []
        if !results.isEmpty, let rows = Rows(results) { parts.append(tables.table(rows)) }
        let count = Counts.counted(results.count, "record")
        guard !errors.isEmpty else { return (parts + [style.dim(count)]).joined(separator: "\n") }
        parts.append(style.dim(count + " · ") + Self.text(errors, style))
        return parts.joined(separator: "\n")
    }

    /// The errors alone, a line for each reason.
    static func text(_ errors: [LuaValue], _ style: Style) -> String {
        let lines = groups(errors).map { group in
            let place = group.places.isEmpty ? "" : style.dim("  " + list(group.places))
            return style.red("\(Counts.grouped(group.count)) × \(Escaping.visible(group.reason))") + place
        }
        return ([style.red(Counts.counted(errors.count, "error") + ":")] + lines).joined(separator: "\n")
    }

    struct Group: Equatable {
        var reason: String
        var count: Int
        /// Where the elements stand in the list that was given.
        var places: [Int64]
    }

    /// The reasons, in the order of their first element.
    static func groups(_ errors: [LuaValue]) -> [Group] {
        var groups: [Group] = []
        var known: [String: Int] = [:]
        for case .table(let error) in errors {
            let reason = reason(error)
            let places = error["index"].asInteger.map { [$0] } ?? []
            if let index = known[reason] {
                groups[index].count += 1
                groups[index].places += places
            } else {
                known[reason] = groups.count
                groups.append(Group(reason: reason, count: 1, places: places))
            }
        }
        return groups
    }

    private static func list(_ places: [Int64]) -> String {
        let shown = places.prefix(5).map { String($0) }.joined(separator: ", ")
        return "at \(shown)" + (places.count > 5 ? ", …" : "")
    }

    /// What errors of one kind have in common: the property and what is wrong with its value, else the message without the
    /// element's place in the list.
    private static func reason(_ error: LuaTable) -> String {
        let details = (error["errors"].asTable?.list ?? []).compactMap(\.asTable)
        let told = details.compactMap { detail -> String? in
            guard let message = detail["message"].asString else { return nil }
            let property = detail["context"].asTable?["propertyName"].asTable?.list.first?.asString
            let text = AllowedOptions(message).map { "'\($0.refused)' is no option\($0.hint)" } ?? message
            return property.map { text.contains($0) ? text : "\($0): \(text)" } ?? text
        }
        if !told.isEmpty { return told.joined(separator: "; ") }
        let message = (error["message"].asString ?? "").replacing(/\blist\[\d+\]/, with: "list[…]")
        let kind = error["kind"].asString ?? "error"
        return error["status"].asInteger.map { "\(kind) (\($0)): \(message)" } ?? "\(kind): \(message)"
    }
}
