import Glibc
import LuaRuntime
import Words

/// Lua values as readable Lua source: `{ name = "Ada", 1, 2 }`, over several lines where one is too short.
///
/// A table stands there once. Where it comes again, a mark says so: `<cycle>` inside of itself, `<see .a[1]>` elsewhere.
struct LuaText: Sendable {
    /// Cells of a line.
    var columns = 80
    /// Entries of a table that are shown; the rest is counted.
    var entries = 50
    /// Tables within tables that are shown.
    var depth = 8
    /// Lines in all; the rest of each open table is counted.
    var lines = Int.max
    /// Characters of a string within a table; the rest is counted.
    var characters = Int.max

    /// A value on its own.
    func text(_ value: LuaValue) -> String { drawn(value).text }

    /// - Returns: The text, and whether something of the value is not in it.
    func drawn(_ value: LuaValue) -> (text: String, isCut: Bool) {
        var drawing = LuaDrawing(limits: self)
        let text = drawing.text(value)
        return (text, drawing.isCut)
    }

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

    /// As Lua prints a float: 14 digits, and `.0` where it would read as an integer.
    static func number(_ number: Double) -> String {
        var buffer = [CChar](repeating: 0, count: 40)
        let count = withVaList([number]) { vsnprintf(&buffer, buffer.count, "%.14g", $0) }
        let text = String(decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.utf8.allSatisfy { $0 == 0x2D || ($0 >= 0x30 && $0 <= 0x39) } ? text + ".0" : text
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

    static func key(_ key: LuaValue) -> String {
        if case .string(let name) = key, isName(name) { return name }
        if case .table = key { return "[table]" }
        if case .opaque("function", _) = key { return "[<function>]" }
        return "[" + scalar(key) + "]"
    }

    static let reservedWords: Set<String> = [
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
