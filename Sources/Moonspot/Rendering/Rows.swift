import LuaRuntime

/// The rows and columns that records, or other tables with named fields, make: a table on the terminal and a CSV
/// file have in common.
struct Rows: Sendable {
    /// Columns, the telling ones first.
    var columns: [String]
    var cells: [[LuaValue]]
    /// Whether the rows are records, which have properties that were not fetched.
    var areRecords = false

    /// A property that was not fetched, and was asked to be shown.
    static let unfetched = LuaValue.opaque(type: "unfetched", description: "(not fetched)")

    static let recordMetatable = "hubspot.record"
    static let pageMetatable = "hubspot.page"

    static func isRecord(_ value: LuaValue) -> Bool {
        if case .table(let table) = value { table.metatable == recordMetatable } else { false }
    }

    init(columns: [String], cells: [[LuaValue]]) {
        self.columns = columns
        self.cells = cells
    }

    /// Nil unless every element is a table with named fields.
    init?(_ elements: [LuaValue]) {
        var rows: [[String: LuaValue]] = []
        var filled: [String: Int] = [:]
        for element in elements {
            guard case .table(let table) = element, table.list.isEmpty else { return nil }
            var row: [String: LuaValue] = [:]
            for (name, value) in Self.fields(of: table) {
                row[name] = value
                filled[name, default: 0] += value.isEmpty ? 0 : 1
            }
            rows.append(row)
        }
        areRecords = elements.contains(where: Self.isRecord)
        columns = filled.keys.sorted { first, second in
            let ranks = (Self.rank(first), Self.rank(second))
            if ranks.0 != ranks.1 { return ranks.0 < ranks.1 }
            let counts = (filled[first] ?? 0, filled[second] ?? 0)
            return counts.0 != counts.1 ? counts.0 > counts.1 : first < second
        }
        let names = columns
        cells = rows.map { row in names.map { row[$0] ?? .none } }
    }

    /// A record's own fields and its properties side by side; a field that HubSpot sends twice is there once. A property that
    /// was fetched and is empty is `.null`; one that was not fetched is not there.
    static func fields(of table: LuaTable) -> [(String, LuaValue)] {
        guard table.metatable == recordMetatable else {
            return table.fields.compactMap { field in field.key.asString.map { ($0, field.value) } }
        }
        var result: [(String, LuaValue)] = [("id", table["id"])]
        if case .table(let properties) = table["properties"] {
            let empty = properties.nulls.map { LuaTable.Field(.string($0), .null) }
            for field in LuaText.sorted(properties.fields + empty) {
                guard let name = field.key.asString, !isDoubled(name, field.value, in: table) else { continue }
                result.append((name, field.value))
            }
        }
        for field in LuaText.sorted(table.fields) {
            guard let name = field.key.asString, !["id", "properties"].contains(name) else { continue }
            if name == "archived" && field.value == false { continue }
            result.append((name, field.value))
        }
        return result
    }

    private static func isDoubled(_ name: String, _ value: LuaValue, in record: LuaTable) -> Bool {
        switch name {
        case "hs_object_id", "id": true
        case "createdate": sameMoment(value, record["createdAt"])
        case "lastmodifieddate", "hs_lastmodifieddate": sameMoment(value, record["updatedAt"])
        case "createdAt", "updatedAt", "archived": true
        default: false
        }
    }

    private static func sameMoment(_ a: LuaValue, _ b: LuaValue) -> Bool {
        guard let first = a.asString, let second = b.asString else { return false }
        return first == second
    }

    /// These columns alone, in that order. One that no row has is empty; of records, not fetched.
    func choosing(_ names: [String]) -> Rows {
        let places = names.map { columns.firstIndex(of: $0) }
        let missing = areRecords ? Self.unfetched : .none
        return Rows(
            columns: names,
            cells: cells.map { row in
                places.map { place in
                    let value = place.map { row[$0] } ?? .none
                    return value == .none ? missing : value
                }
            })
    }

    /// The fields of one record by the names that are wanted, whether or not it has them.
    static func choosing(_ names: [String], of fields: [(String, LuaValue)]) -> [(String, LuaValue)] {
        names.map { name in (name, fields.first { $0.0 == name }?.1 ?? unfetched) }
    }

    private static let telling = [
        "id", "email", "firstname", "lastname", "name", "dealname", "subject", "company", "phone", "lifecyclestage",
        "amount", "dealstage", "domain", "label", "title", "type",
    ]
    private static let trailing = [
        "createdAt", "updatedAt", "createdate", "lastmodifieddate", "archived", "url",
        "objectWriteTraceId",
    ]

    /// Lower comes first.
    private static func rank(_ name: String) -> Int {
        if let index = telling.firstIndex(of: name) { return index }
        if let index = trailing.firstIndex(of: name) { return 300 + index }
        return name.hasPrefix("hs_") ? 200 : 100
    }
}
