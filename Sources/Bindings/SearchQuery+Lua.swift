import HubSpot
import LuaRuntime
import Words

extension SearchQuery {
    /// Reads a query as scripts write it: words, HubSpot's own shape, or a table with `where`.
    init(_ value: LuaValue, _ call: LuaCall, path: String = "query") throws {
        self.init()
        guard let table = value.asTable else {
            text = try Self.words(value, call, path)
            return
        }
        text = try Self.words(table["query"], call, path)
        properties = try call.names("\(path).properties", of: table["properties"])
        limit = try call.limit("\(path).limit", of: table["limit"], atMost: Self.maximumPage)
        after = try call.cursor("\(path).after", of: table["after"])
        sorts = try Self.sorts(table["sorts"], call, "\(path).sorts")

        var alternatives: [[SearchFilter]] = [[]]
        if let groups = table["filterGroups"].asTable {
            alternatives = try groups.list.enumerated().map { offset, group in
                let place = "\(path).filterGroups[\(offset + 1)]"
                guard let group = group.asTable, let filters = group["filters"].asTable else {
                    throw call.bad(place, "a table with filters expected")
                }
                try call.refuseUnknown(place, group, known: ["filters"])
                return try Self.filters(filters, call, "\(place).filters")
            }
            guard !alternatives.isEmpty else {
                throw call.bad("\(path).filterGroups", "a group expected, \(Self.emptyList)")
            }
        }
        if let filters = table["filters"].asTable {
            alternatives = Self.both(alternatives, [try Self.filters(filters, call, "\(path).filters")])
        }
        if table["where"] != .none {
            alternatives = Self.both(alternatives, try Self.conditions(table["where"], call, "\(path).where"))
        }
        if let any = table["any"].asTable {
            alternatives = Self.both(alternatives, try Self.any(any, call, "\(path).any"))
        }
        filterGroups = alternatives == [[]] ? [] : alternatives.filter { !$0.isEmpty }
        if alternatives.contains([]) { filterGroups = [] }  // one alternative that asks for nothing lets all pass
        guard filterGroups.count <= Self.maximumGroups else {
            throw call.bad(path, "HubSpot takes \(Self.maximumGroups) alternatives at most, got \(filterGroups.count)")
        }
    }

    /// Reads conditions alone. Empty ones are refused.
    init(where value: LuaValue, _ call: LuaCall, path: String = "where") throws {
        self.init()
        filterGroups = try Self.conditions(value, call, path)
        guard filterGroups.count <= Self.maximumGroups else {
            throw call.bad(path, "HubSpot takes \(Self.maximumGroups) alternatives at most, got \(filterGroups.count)")
        }
    }

    /// A condition that is empty by mistake would mean every record: so that is said by leaving it out.
    private static let emptyList = "got an empty table; for all records leave it out"

    private static func words(_ value: LuaValue, _ call: LuaCall, _ path: String) throws -> String? {
        guard let text = value.asString else { return nil }
        guard !text.allSatisfy(\.isWhitespace) else {
            throw call.bad(path, "words expected, got \(call.shown(text)); for all records leave the words out: {}")
        }
        return text
    }

    /// ANDs two ORs: each alternative of the one with each of the other.
    private static func both(_ a: [[SearchFilter]], _ b: [[SearchFilter]]) -> [[SearchFilter]] {
        a.flatMap { first in b.map { first + $0 } }
    }

    // MARK: HubSpot's own shape

    private static func filters(_ table: LuaTable, _ call: LuaCall, _ path: String) throws -> [SearchFilter] {
        guard table.fields.isEmpty else { throw call.bad(path, "a list of filters expected, got a table with names") }
        guard !table.list.isEmpty else { throw call.bad(path, "a filter expected, \(emptyList)") }
        return try table.list.enumerated().map { offset, value in
            let place = "\(path)[\(offset + 1)]"
            guard let filter = value.asTable, let property = filter["propertyName"].asString, !property.isEmpty else {
                throw call.bad(place, "a table with propertyName and operator expected")
            }
            try call.refuseUnknown(
                place, filter, known: ["propertyName", "operator", "value", "highValue", "values"])
            if filter["values"] != .none, filter["values"].asTable?.fields.isEmpty != true {
                throw call.bad("\(place).values", "a list of values expected")
            }
            guard let name = filter["operator"].asString, let known = SearchFilter.Operator(rawValue: name.uppercased())
            else {
                throw call.bad(
                    "\(place).operator",
                    "one of \(SearchFilter.Operator.allCases.map(\.rawValue).joined(separator: ", ")) expected")
            }
            func text(_ field: String) throws -> String? {
                filter[field] == .none ? nil : try call.comparedText("\(place).\(field)", filter[field])
            }
            let values = try filter["values"].asTable?.list.enumerated().map {
                try Compared($1, call, "\(place).values[\($0 + 1)]")
            }
            var made = SearchFilter(
                property, known, value: try text("value"), highValue: try text("highValue"),
                values: values?.map(\.text))
            made.times.value = try call.timeInput("\(place).value", filter["value"])
            made.times.highValue = try call.timeInput("\(place).highValue", filter["highValue"])
            made.times.values = Compared.times(values ?? [])
            return made
        }
    }

    private static func sorts(_ value: LuaValue, _ call: LuaCall, _ path: String) throws -> [SearchSort] {
        let list = value.asTable?.list ?? (value == .none ? [] : [value])
        return try list.enumerated().map { offset, value in
            let place = "\(path)[\(offset + 1)]"
            if let text = value.asString, case let name = text.hasPrefix("-") ? String(text.dropFirst()) : text,
                !name.isEmpty
            {
                return SearchSort(name, isDescending: text.hasPrefix("-"))
            }
            guard let table = value.asTable, let property = table["propertyName"].asString, !property.isEmpty else {
                throw call.bad(place, "a property's name, or { propertyName, direction } expected")
            }
            try call.refuseUnknown(place, table, known: ["propertyName", "direction"])
            switch table["direction"].asString?.uppercased() {
            case nil, "ASCENDING"?: return SearchSort(property)
            case "DESCENDING"?: return SearchSort(property, isDescending: true)
            default: throw call.bad("\(place).direction", "ASCENDING or DESCENDING expected")
            }
        }
    }

    // MARK: where

    private static func any(_ table: LuaTable, _ call: LuaCall, _ path: String) throws -> [[SearchFilter]] {
        guard !table.list.isEmpty, table.fields.isEmpty else { throw call.bad(path, "a list of conditions expected") }
        return try table.list.enumerated().flatMap { try conditions($1, call, "\(path)[\($0 + 1)]") }
    }

    /// The alternatives that a table of conditions stands for.
    private static func conditions(_ value: LuaValue, _ call: LuaCall, _ path: String) throws -> [[SearchFilter]] {
        guard let table = value.asTable, table.list.isEmpty else {
            throw call.bad(path, "a table of property = condition expected")
        }
        guard !table.fields.isEmpty else {
            throw call.bad(path, "a condition expected, \(emptyList)")
        }
        var alternatives: [[SearchFilter]] = [[]]
        let named = try call.namedFields(path, table)
        for (name, condition) in named.sorted(by: { $0.0 < $1.0 }) {
            if name == "any", let list = condition.asTable, list.list.contains(where: { $0.asTable != nil }) {
                alternatives = both(alternatives, try any(list, call, "\(path).any"))
            } else {
                alternatives = both(alternatives, [try filters(on: name, condition, call, "\(path).\(name)")])
            }
        }
        return alternatives
    }

    private static func filters(on property: String, _ condition: LuaValue, _ call: LuaCall, _ path: String) throws
        -> [SearchFilter]
    {
        func list(_ value: LuaValue, _ place: String) throws -> [Compared] {
            guard let list = value.asTable, list.fields.isEmpty, !list.list.isEmpty else {
                throw call.bad(place, "a list of values expected")
            }
            return try list.list.enumerated().map { try Compared($1, call, "\(place)[\($0 + 1)]") }
        }
        func one(_ operator: SearchFilter.Operator, _ value: LuaValue, _ place: String) throws -> SearchFilter {
            let compared = try Compared(value, call, place)
            var filter = SearchFilter(property, `operator`, value: compared.text)
            filter.times.value = compared.time
            return filter
        }
        func choices(_ operator: SearchFilter.Operator, _ value: LuaValue, _ place: String) throws -> SearchFilter {
            let choices = inBothCases(try list(value, place))
            var filter = SearchFilter(property, `operator`, values: choices.map(\.text))
            filter.times.values = Compared.times(choices)
            return filter
        }
        guard let table = condition.asTable, !call.isDate(table) else {
            if condition == .null {
                throw call.bad(path, "a value expected; for records without one write { has = false }")
            }
            return [try one(.eq, condition, path)]
        }
        if table.fields.isEmpty { return [try choices(.in, condition, path)] }
        guard table.list.isEmpty else { throw call.bad(path, "a list of values or a table of operators expected") }
        return try call.namedFields(path, table).sorted { $0.0 < $1.0 }.map { name, value in
            let place = "\(path).\(name)"
            switch name {
            case "between":
                let bounds = try list(value, place)
                guard bounds.count == 2 else { throw call.bad(place, "two values expected, got \(bounds.count)") }
                var filter = SearchFilter(property, .between, value: bounds[0].text, highValue: bounds[1].text)
                (filter.times.value, filter.times.highValue) = (bounds[0].time, bounds[1].time)
                return filter
            case "one_of": return try choices(.in, value, place)
            case "none_of": return try choices(.notIn, value, place)
            case "has":
                guard let has = value.asBoolean else { throw call.bad(place, "true or false expected") }
                return SearchFilter(property, has ? .has : .hasNot)
            default:
                guard let known = comparisons[name] else {
                    let all = operators
                    let hint = NearestName.nearest(to: name, among: all).map { "did you mean '\($0)'?" }
                    throw call.bad(
                        path, "unknown operator '\(name)'; \(hint ?? "there are \(all.joined(separator: ", "))")")
                }
                return try one(known, value, place)
            }
        }
    }

    /// HubSpot finds text by IN and NOT_IN in lower case alone, and options exactly as they are written, while EQ finds
    /// text in any case: with each value in both forms a list means the same as its values one by one. A time has one
    /// form only.
    private static func inBothCases(_ values: [Compared]) -> [Compared] {
        var seen: [Compared] = []
        for value in values {
            var lower = value
            if value.time == nil, !isTime(value.text) { lower.text = value.text.lowercased() }
            for form in [value, lower] where !seen.contains(form) { seen.append(form) }
        }
        return seen
    }

    /// `2026-11-21T10:00:00Z`.
    private static func isTime(_ text: String) -> Bool {
        let bytes = Array(text.utf8.prefix(11))
        return bytes.count == 11 && bytes[4] == UInt8(ascii: "-") && bytes[7] == UInt8(ascii: "-")
            && bytes[10] == UInt8(ascii: "T") && bytes.prefix(4).allSatisfy { (0x30...0x39).contains($0) }
    }

    private static let comparisons: [String: SearchFilter.Operator] = [
        "eq": .eq, "neq": .neq, "lt": .lt, "lte": .lte, "gt": .gt, "gte": .gte, "contains": .contains,
        "not_contains": .containsNot,
    ]

    /// The operators of a `where`, sorted.
    package static let operators: [String] = (comparisons.keys + ["between", "one_of", "none_of", "has"]).sorted()
}

/// A value that a search compares with, and its reading where the property holds a time.
private struct Compared: Equatable {
    var text: String
    var time: TimeInput?

    init(_ value: LuaValue, _ call: LuaCall, _ path: String) throws {
        text = try call.comparedText(path, value)
        time = try call.timeInput(path, value)
    }

    /// By their places in the list.
    static func times(_ list: [Compared]) -> [Int: TimeInput] {
        Dictionary(
            uniqueKeysWithValues: list.enumerated().compactMap { place, value in value.time.map { (place, $0) } })
    }
}
