import LuaRuntime
import Words

#if canImport(Glibc)
    import Glibc
#endif

/// Lua values as readable Lua source: `{ name = "Ada", 1, 2 }`, over several lines where one is too short.
struct LuaText: Sendable {
    /// Cells of a line.
    var columns = 80
    /// Entries of a table that are shown; the rest is counted.
    var entries = 50
    /// Tables within tables that are shown.
    var depth = 8

    /// A value on its own.
    func text(_ value: LuaValue) -> String { text(value, indent: 0, reserved: 0, level: 0) }

    /// Scalars as `tostring` prints them, strings quoted.
    static func scalar(_ value: LuaValue) -> String {
        switch value {
        case .none: "nil"
        case .boolean(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .number(let number): self.number(number)
        case .string(let text): Escaping.quoted(text)
        case .bytes(let bytes): Escaping.quoted(bytes)
        case .null: "json.null"
        case .opaque(_, let description): Escaping.visible(description)
        case .function(let function): "function: \(function.name)"
        case .module(let module): "module: \(module.name)"
        case .table, .document: "table"
        }
    }

    /// A scalar within a table: the address of a function tells nobody anything there, and no limit is `math.huge`.
    private static func element(_ value: LuaValue) -> String {
        switch value {
        case .opaque("function", _): "<function>"
        case .number(.infinity): "math.huge"
        case .number(-.infinity): "-math.huge"
        default: scalar(value)
        }
    }

    /// As Lua prints a float: 14 digits, and `.0` where it would read as an integer.
    static func number(_ number: Double) -> String {
        var buffer = [CChar](repeating: 0, count: 40)
        let count = withVaList([number]) { vsnprintf(&buffer, buffer.count, "%.14g", $0) }
        let text = String(decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.utf8.allSatisfy { $0 == 0x2D || ($0 >= 0x30 && $0 <= 0x39) } ? text + ".0" : text
    }

    /// - Parameter reserved: Cells that what stands before and behind takes of the first line.
    private func text(_ value: LuaValue, indent: Int, reserved: Int, level: Int) -> String {
        guard case .table(let table) = value else { return level == 0 ? Self.scalar(value) : Self.element(value) }
        if table.metatable == LuaError.metatable { return "<\(ErrorText.line(table))>" }
        if table.list.isEmpty && table.fields.isEmpty {
            return table.isTruncated ? "{ … }" : table.isArray ? "json.array{}" : "{}"
        }
        if level >= depth { return "{ … }" }
        if let line = inline(table, level: level, room: columns - indent - reserved) { return line }

        let inner = String(repeating: " ", count: indent + 2)
        var lines: [String] = []
        for (key, element) in shown(table) {
            let name = key.map { Self.key($0) + " = " } ?? ""
            let body = text(element, indent: indent + 2, reserved: DisplayWidth.of(name) + 1, level: level + 1)
            lines.append(inner + name + body + ",")
        }
        if let note = remainder(table) { lines.append(inner + note) }
        return "{\n" + lines.joined(separator: "\n") + "\n" + String(repeating: " ", count: indent) + "}"
    }

    /// The table on one line, or nil where it does not fit into `room` cells.
    private func inline(_ table: LuaTable, level: Int, room: Int) -> String? {
        if table.metatable == LuaError.metatable { return "<\(ErrorText.line(table))>" }
        if table.list.isEmpty && table.fields.isEmpty { return table.isArray ? "json.array{}" : "{}" }
        if level >= depth { return "{ … }" }
        var parts: [String] = []
        var used = 4
        for (key, element) in shown(table) {
            let name = key.map { Self.key($0) + " = " } ?? ""
            let body: String
            if case .table(let nested) = element {
                guard let line = inline(nested, level: level + 1, room: room - used) else { return nil }
                body = line
            } else {
                body = Self.element(element)
            }
            used += DisplayWidth.of(name) + DisplayWidth.of(body) + (parts.isEmpty ? 0 : 2)
            if used > room { return nil }
            parts.append(name + body)
        }
        if let note = remainder(table) {
            parts.append(note)
            used += DisplayWidth.of(note) + 2
        }
        return used > room ? nil : "{ " + parts.joined(separator: ", ") + " }"
    }

    private func shown(_ table: LuaTable) -> [(LuaValue?, LuaValue)] {
        let list = table.list.prefix(entries).map { (LuaValue?.none, $0) }
        let fields = Self.sorted(table.fields).prefix(max(0, entries - list.count)).map { (Optional($0.key), $0.value) }
        return list + fields
    }

    private func remainder(_ table: LuaTable) -> String? {
        let more = table.list.count + table.fields.count - entries
        if more > 0 { return table.isTruncated ? "… more than \(more) more" : "… \(more) more" }
        return table.isTruncated ? "… more" : nil
    }

    /// Names in order, then the other keys: a table has no order of its own that a reader could follow.
    static func sorted(_ fields: [LuaTable.Field]) -> [LuaTable.Field] {
        fields.sorted { first, second in
            switch (first.key, second.key) {
            case (.string(let a), .string(let b)): a < b
            case (.string, _): true
            case (_, .string): false
            case (let a, let b): (a.asNumber ?? .infinity) < (b.asNumber ?? .infinity)
            }
        }
    }

    private static func key(_ key: LuaValue) -> String {
        if case .string(let name) = key, isName(name) { return name }
        if case .table = key { return "[table]" }
        return "[" + scalar(key) + "]"
    }

    private static let reservedWords: Set<String> = [
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
        "not", "or", "repeat", "return", "then", "true", "until", "while",
    ]

    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first), !reservedWords.contains(text) else {
            return false
        }
        return text.utf8.allSatisfy {
            $0 == 0x5F || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        }
    }
}
