import JSON
import Wire

/// Data as the source text of a language. Whatever a portal's text holds, it stays one value there: quotes, line ends, markup and
/// characters that turn the direction of the text around are written as escapes. A string is on one line, and so may stand in a
/// comment too.
struct SourceText: Sendable {
    /// How an escape is written that is no letter's: `\u2028`.
    var escape: @Sendable (Unicode.Scalar) -> String
    /// Characters that are escaped beside those that are in every language.
    var also: Set<Unicode.Scalar> = []
    var words = (yes: "true", no: "false", nothing: "null")
    var list = (open: "[", close: "]")
    /// The key of a member, with what stands between it and its value.
    var member: @Sendable (_ quoted: String, _ key: String) -> String

    /// Lines of at most so many characters hold a whole list or object.
    private static let longestLine = 100

    /// - Parameter indent: What the following lines begin with.
    func value(_ value: JSONValue, indent: String = "") -> String {
        switch value {
        case .null: return words.nothing
        case .bool(let flag): return flag ? words.yes : words.no
        case .number(let text): return text
        case .string(let text): return string(text)
        case .raw(let slice): return self.value(JSONValue(parsing: slice.bytes) ?? .null, indent: indent)
        case .array(let elements):
            return lines(elements.map { self.value($0, indent: indent + "  ") }, list.open, list.close, indent)
        case .object(let members):
            let parts = members.map { entry in
                member(string(entry.key), entry.key) + self.value(entry.value, indent: indent + "  ")
            }
            return lines(parts, "{", "}", indent)
        }
    }

    private func lines(_ parts: [String], _ open: String, _ close: String, _ indent: String) -> String {
        guard !parts.isEmpty else { return open + close }
        let one = open + (open == "[" ? "" : " ") + parts.joined(separator: ", ") + (open == "[" ? "" : " ") + close
        if !one.contains("\n"), one.count + indent.count <= Self.longestLine { return one }
        return open + "\n" + parts.map { "\(indent)  \($0)" }.joined(separator: ",\n") + "\n\(indent)\(close)"
    }

    func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.isUnseen || also.contains(scalar): result += escape(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension SourceText {
    static let json = SourceText(escape: fourDigits) { quoted, _ in "\(quoted): " }

    /// May stand between `<script>` and `</script>` too.
    static let javaScript = SourceText(escape: fourDigits, also: ["<"]) { quoted, key in
        // A quoted one would still set the object's prototype.
        "\(isName(key) ? key : key == "__proto__" ? "[\(quoted)]" : quoted): "
    }

    static let python = SourceText(escape: fourDigits, words: ("True", "False", "None")) { quoted, _ in "\(quoted): " }

    static let lua = SourceText(
        escape: { "\\u{\(hex($0))}" }, words: ("true", "false", "json.null"), list: ("{", "}")
    ) { quoted, key in isName(key) && !luaWords.contains(key) ? "\(key) = " : "[\(quoted)] = " }

    private static let fourDigits: @Sendable (Unicode.Scalar) -> String = { scalar in
        let digits = hex(scalar)
        return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func hex(_ scalar: Unicode.Scalar) -> String { String(scalar.value, radix: 16) }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first), text != "__proto__" else { return false }
        return text.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
        }
    }

    private static let luaWords: Set = [
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
        "not", "or", "repeat", "return", "then", "true", "until", "while",
    ]
}
