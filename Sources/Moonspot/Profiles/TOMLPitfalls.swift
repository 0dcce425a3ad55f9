/// Looks for what toml++ ends the process over, by an assertion rather than by an error: a table's header that does not
/// begin with a name, such as `[é]` or `[.a]`, and a date or time that breaks off, such as `2026-11-28T`. The configuration
/// holds no dates, so any of them is told.
struct TOMLPitfalls {
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1

    /// The line, from 1, of the first of them, and what is wrong with it; nil where there is none.
    static func find(in text: String) -> (line: Int, problem: String)? {
        var scanner = TOMLPitfalls(bytes: Array(text.utf8))
        return scanner.find().map { (scanner.line, $0) }
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func find() -> String? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
        var depth = 0  // of lists and inline tables
        var isStart = true  // of a statement
        var isValue = false  // behind a key's =
        while let byte {
            switch byte {
            case UInt8(ascii: "\n"):
                line += 1
                index += 1
                if depth == 0 { (isStart, isValue) = (true, false) }
                continue
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                index += 1
                continue
            case UInt8(ascii: "#"): skipLine()
            case UInt8(ascii: "\""), UInt8(ascii: "'"): skipString(byte)
            case UInt8(ascii: "[") where isStart:
                guard headerHasName() else {
                    return "a table's name expected behind [; write it in quotes unless it is letters, digits, - and _"
                }
                skipLine()
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                index += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth = max(0, depth - 1)
                index += 1
            case UInt8(ascii: "="):
                isValue = true
                index += 1
            case UInt8(ascii: "0")...UInt8(ascii: "9") where isValue:
                if takeNumber() { return "no date or time expected; write it in quotes" }
            default: index += 1
            }
            isStart = false
        }
        return nil
    }

    /// Whether a bare key's character or a quote follows `[` or `[[`, or the `]` that toml++ itself refuses.
    private mutating func headerHasName() -> Bool {
        index += 1
        if byte == UInt8(ascii: "[") { index += 1 }
        while byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { index += 1 }
        switch byte {
        case nil: return true
        case let byte?:
            return "\"'-_]".utf8.contains(byte) || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte)
        }
    }

    /// Goes behind a run of digits. Whether a date or a time begins with them.
    private mutating func takeNumber() -> Bool {
        let start = index
        while let byte, (0x30...0x39).contains(byte) { index += 1 }
        return byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-") && index - start == 4
    }

    private mutating func skipLine() {
        while let byte, byte != UInt8(ascii: "\n") { index += 1 }
    }

    /// Goes behind a string of one or of several lines.
    private mutating func skipString(_ quote: UInt8) {
        let isLong = bytes[index...].starts(with: [quote, quote, quote])
        index += isLong ? 3 : 1
        while let byte {
            if byte == UInt8(ascii: "\n") {
                guard isLong else { return }
                line += 1
            }
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\""), index + 1 < bytes.count,
                bytes[index + 1] != UInt8(ascii: "\n")
            {
                index += 2
                continue
            }
            index += 1
            guard byte == quote else { continue }
            guard isLong else { return }
            guard bytes[index...].starts(with: [quote, quote]) else { continue }
            index += 2
            return
        }
    }
}
