import HubSpot
import JSON
import LuaRuntime

extension LuaCall {
    /// The error for an argument that is of the right type and yet makes no sense.
    func bad(_ path: String, _ why: String) -> LuaError {
        .invalidArgument("bad argument '\(path)' to '\(function)' (\(why))")
    }

    /// A field of the option table, or `.none`.
    func option(_ name: String, in opts: String = "opts") -> LuaValue { table(opts)?[name] ?? .none }

    /// A page size, checked against HubSpot's own limit, which HubSpot would answer with a 400.
    func limit(_ path: String, of value: LuaValue, atMost most: Int) throws -> Int? {
        guard let limit = value.asInteger else { return nil }
        guard (1...Int64(most)).contains(limit) else { throw bad(path, "1 to \(most) expected, got \(limit)") }
        return Int(limit)
    }

    /// `after` of a page's `paging`: HubSpot's text, or a number for a search's offset.
    func cursor(_ path: String, of value: LuaValue) throws -> String? {
        guard let after = value.asString else { return nil }
        guard !after.isEmpty else { throw bad(path, "a cursor expected, got an empty string") }
        return after
    }

    /// A list of property names or types.
    func names(_ path: String, of value: LuaValue) throws -> [String] {
        guard let table = value.asTable else { return [] }
        return try table.list.enumerated().map { offset, name in
            guard let name = name.asString, !name.isEmpty else {
                throw bad("\(path)[\(offset + 1)]", "a name expected, got an empty string")
            }
            return name
        }
    }

    /// A name that becomes a part of a path.
    func name(_ path: String) throws -> String {
        let name = string(path) ?? ""
        guard isPathSafe(name) else { throw bad(path, "a name expected, got \(shown(name))") }
        return name
    }

    /// Whether a server that decodes an address too early still sees one part where this text stands.
    func isPathSafe(_ text: String) -> Bool {
        isPrintable(text) && !text.contains("\\")
            && text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
                !["", ".", ".."].contains($0)
            }
    }

    func isPrintable(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 1_000
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }

    func shown(_ text: String) -> String {
        if text.isEmpty { return "an empty string" }
        return text.count > 60 ? "'\(text.prefix(60))…'" : "'\(text)'"
    }

    /// A property's value as HubSpot stores it: an integer's digits, a float's shortest form (a whole one's digits),
    /// `true` or `false`, `a;b;c` for a list, nothing for `json.null`.
    func propertyText(_ path: String, _ value: LuaValue) throws -> String {
        if case .null = value { return "" }
        if case .table(let table) = value {
            if let date = try dateText(path, table) { return date }
            guard table.fields.isEmpty else { throw bad(path, "a list of values expected, got a table with names") }
            return try table.list.enumerated().map { try scalarText("\(path)[\($0 + 1)]", $1) }.joined(separator: ";")
        }
        return try scalarText(path, value)
    }

    /// A value that a search compares with: a string, number, boolean or date as text.
    func comparedText(_ path: String, _ value: LuaValue) throws -> String {
        if case .table(let table) = value, let date = try dateText(path, table) { return date }
        return try scalarText(path, value)
    }

    /// A string, number or boolean as text.
    func scalarText(_ path: String, _ value: LuaValue) throws -> String {
        switch value {
        case .string(let text): return text
        case .integer(let number): return String(number)
        case .boolean(let flag): return flag ? "true" : "false"
        case .number(let number):
            guard number.isFinite else { throw bad(path, "a finite number expected, got \(number)") }
            return NumberText.text(number)
        case .bytes: throw bad(path, "the string is not valid UTF-8")
        default: throw bad(path, "string, number or boolean expected, got \(value.typeName)")
        }
    }

    /// A table of properties.
    func properties(_ path: String, _ value: LuaValue) throws -> PropertyBag {
        guard let table = value.asTable else {
            throw bad(path, "a table of properties expected, got \(value.typeName)")
        }
        guard table.list.isEmpty else { throw bad(path, "names as keys expected, got a list") }
        let named = try table.fields.map { field throws -> (String, String) in
            guard case .string(let name) = field.key, !name.isEmpty else { throw bad(path, "names as keys expected") }
            return (name, try propertyText("\(path).\(name)", field.value))
        }
        var bag = PropertyBag(named.sorted { $0.0 < $1.0 })
        for field in table.fields {
            guard let name = field.key.asString else { continue }
            bag.times[name] = try timeInput("\(path).\(name)", field.value)
        }
        return bag
    }

    /// A value as the time that its property holds: a number is seconds since 1970, a date itself. Nil for what
    /// goes as it is.
    func timeInput(_ path: String, _ value: LuaValue) throws -> TimeInput? {
        switch value {
        case .integer(let number): .seconds(Double(number))
        case .number(let number): .seconds(number)
        case .table(let table): try date(path, table).map { .date($0) }
        default: nil
        }
    }

    /// Whether a table is a date, as `os.date("!*t")` makes it.
    func isDate(_ table: LuaTable) -> Bool { table.list.isEmpty && table["year"] != .none }

    /// A date as ISO 8601: a moment where it has a time of day, else a day. Nil for another table.
    func dateText(_ path: String, _ table: LuaTable) throws -> String? {
        guard let time = try date(path, table) else { return nil }
        return ["hour", "min", "sec"].allSatisfy { table[$0] == .none } ? time.day : time.iso
    }

    /// Nil for a table that is no date.
    func date(_ path: String, _ table: LuaTable) throws -> CalendarTime? {
        guard isDate(table) else { return nil }
        let known: Set = ["year", "month", "day", "hour", "min", "sec", "isdst", "yday", "wday"]
        func part(_ name: String, _ usual: Int64? = nil) throws -> Int64 {
            if table[name] == .none, let usual { return usual }
            guard let number = table[name].asInteger else { throw bad("\(path).\(name)", "a whole number expected") }
            return number
        }
        for field in table.fields where !known.contains(field.key.asString ?? "") {
            throw bad(path, "a date's year, month, day, hour, min and sec expected, nothing else")
        }
        let time = CalendarTime(
            year: try part("year"), month: try part("month"), day: try part("day"), hour: try part("hour", 0),
            minute: try part("min", 0), second: try part("sec", 0))
        guard let time else { throw bad(path, "a date between the years 0 and 9999 expected") }
        return time
    }

    /// A table as JSON for a request's body: keys exactly 1..n make a list, names an object.
    func json(_ path: String, _ value: LuaValue) throws -> JSONValue {
        switch value {
        case .none, .null: return .raw(JSONSlice("null"))
        case .boolean(let flag): return .bool(flag)
        case .integer(let number): return .integer(number)
        case .number(let number):
            guard number.isFinite else { throw bad(path, "JSON has no \(number)") }
            return .raw(JSONSlice(number.description))
        case .string(let text): return .string(text)
        case .bytes: throw bad(path, "the string is not valid UTF-8")
        case .table(let table):
            if table.fields.isEmpty, !table.list.isEmpty || table.isArray {
                return .array(try table.list.enumerated().map { try json("\(path)[\($0 + 1)]", $1) })
            }
            let fields = try table.fields.map { field throws -> JSONValue.Member in
                guard table.list.isEmpty, case .string(let name) = field.key else {
                    throw bad(path, "a list or a table of names expected, got a table with both or with gaps")
                }
                return JSONValue.Member(name, try json("\(path).\(name)", field.value))
            }
            return .object(fields.sorted { $0.key < $1.key })
        default: throw bad(path, "JSON has no \(value.typeName)")
        }
    }

    /// An option that is passed on as JSON, or nil where it was left out.
    func jsonOption(_ name: String) throws -> JSONSlice? {
        let value = option(name)
        return value == .none ? nil : JSONSlice(try json("opts.\(name)", value).bytes)
    }
}
