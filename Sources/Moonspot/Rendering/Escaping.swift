import CEdit

/// Text from a portal or a script, made safe for a terminal: characters that could move the cursor, change colours or
/// turn the reading direction is shown as Lua would write it (`\27`, `\n`, `\u{202E}`), never sent.
enum Escaping {
    /// `"text"` as Lua source.
    static func quoted(_ text: String) -> String { "\"" + visible(text, isQuoted: true) + "\"" }

    /// Bytes that are no valid UTF-8, as Lua source: `"caf\xE9"`.
    static func quoted(_ bytes: [UInt8]) -> String { "\"" + visible(bytes, isQuoted: true) + "\"" }

    static func visible(_ text: String, isQuoted: Bool = false) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && !(isQuoted && ($0 == 0x22 || $0 == 0x5C)) }) {
            return text
        }
        var result = ""
        result.reserveCapacity(text.utf8.count + 8)
        let scalars = text.unicodeScalars
        var index = scalars.startIndex
        while index < scalars.endIndex {
            let scalar = scalars[index]
            index = scalars.index(after: index)
            append(scalar, next: index < scalars.endIndex ? scalars[index] : nil, isQuoted, to: &result)
        }
        return result
    }

    static func visible(_ bytes: [UInt8], isQuoted: Bool = false) -> String {
        var result = ""
        var rest = bytes[...]
        while !rest.isEmpty {
            // The longest valid beginning, then one byte that is wrong.
            var decoder = UTF8()
            var iterator = rest.makeIterator()
            var valid = 0
            decoding: while true {
                switch decoder.decode(&iterator) {
                case .scalarValue(let scalar): valid += UTF8.width(scalar)
                case .emptyInput, .error: break decoding
                }
            }
            result += visible(String(decoding: rest.prefix(valid), as: UTF8.self), isQuoted: isQuoted)
            rest = rest.dropFirst(valid)
            if let wrong = rest.popFirst() { result += "\\x" + hexadecimal(UInt32(wrong), digits: 2) }
        }
        return result
    }

    private static func append(
        _ scalar: Unicode.Scalar, next: Unicode.Scalar?, _ isQuoted: Bool, to result: inout String
    ) {
        switch scalar {
        case "\n": result += "\\n"
        case "\t": result += "\\t"
        case "\r": result += "\\r"
        case "\"" where isQuoted: result += "\\\""
        case "\\" where isQuoted: result += "\\\\"
        case _ where scalar.value < 0x20 || scalar.value == 0x7F:
            let digits = String(scalar.value)
            let isFollowedByDigit = next.map { ("0"..."9").contains($0) } ?? false
            result += "\\" + (isFollowedByDigit ? String(repeating: "0", count: 3 - digits.count) : "") + digits
        case _ where isTroublesome(scalar): result += "\\u{" + hexadecimal(scalar.value, digits: 1) + "}"
        default: result.unicodeScalars.append(scalar)
        }
    }

    /// C1 controls, line and paragraph separators, and the marks that reorder text.
    private static func isTroublesome(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x80...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}
