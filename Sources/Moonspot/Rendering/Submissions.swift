import LuaRuntime
import Wire

/// What was sent to a form: a column for each of its fields.
enum Submissions {
    static func matches(_ elements: [LuaValue]) -> Bool {
        !elements.isEmpty
            && elements.allSatisfy { element in
                guard case .table(let table) = element, case .table(let values) = table["values"] else { return false }
                return table["submittedAt"].asNumber != nil && values.isArray
            }
    }

    static func rows(_ elements: [LuaValue]) -> Rows {
        let rows = elements.compactMap(\.asTable).map { submission -> [(String, LuaValue)] in
            let values = (submission["values"].asTable?.list ?? []).compactMap(\.asTable)
            var fields: [(String, LuaValue)] = [("submittedAt", moment(submission["submittedAt"]))]
            for value in values {
                guard let name = value["name"].asString else { continue }
                if let index = fields.firstIndex(where: { $0.0 == name }) {  // several choices come one by one
                    fields[index].1 = .string((fields[index].1.asString ?? "") + ";" + (value["value"].asString ?? ""))
                } else {
                    fields.append((name, value["value"]))
                }
            }
            return fields + [("pageUrl", submission["pageUrl"]), ("conversionId", submission["conversionId"])]
        }
        var columns: [String] = []
        for (name, _) in rows.flatMap({ $0.dropLast(2) }) where !columns.contains(name) { columns.append(name) }
        columns += ["pageUrl", "conversionId"].filter { !columns.contains($0) }
        return Rows(
            columns: columns,
            cells: rows.map { row in columns.map { name in row.first { $0.0 == name }?.1 ?? .none } })
    }

    /// HubSpot counts milliseconds.
    private static func moment(_ value: LuaValue) -> LuaValue {
        guard let milliseconds = value.asInteger else { return value }
        return .string(Timestamp.iso(milliseconds))
    }
}
