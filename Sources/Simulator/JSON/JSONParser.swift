/// Why a text is not JSON, and where: line and column count from 1.
struct JSONSyntaxError: Error, Equatable {
    var line: Int
    var column: Int
    var reason: String
}

/// Reads one JSON document as RFC 8259 has it, at most ``maximumDepth`` levels deep. Lone surrogate escapes become
/// U+FFFD; bytes that are not UTF-8 are an error.
struct JSONParser {
    static let maximumDepth = 1000

    private let input: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var depth = 0

    static func parse(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSON {
        let result = bytes.withUnsafeBufferPointer { input -> Result<JSON, JSONSyntaxError> in
            var parser = JSONParser(input: input)
            do throws(JSONSyntaxError) {
                return .success(try parser.document())
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private init(input: UnsafeBufferPointer<UInt8>) {
        self.input = input
    }

    private mutating func document() throws(JSONSyntaxError) -> JSON {
        if input.count >= 3, input[0] == 0xEF, input[1] == 0xBB, input[2] == 0xBF { position = 3 }
        skipSpace()
        let result = try value()
        skipSpace()
        if position < input.count { throw unexpected() }
        return result
    }

    private mutating func value() throws(JSONSyntaxError) -> JSON {
        guard position < input.count else { throw error("Unexpected end-of-input") }
        switch input[position] {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw unexpected()
        }
    }

    private mutating func object() throws(JSONSyntaxError) -> JSON {
        try enter()
        var members: [JSON.Member] = []
        skipSpace()
        if !take(UInt8(ascii: "}")) {
            repeat {
                skipSpace()
                guard position < input.count, input[position] == UInt8(ascii: "\"") else { throw unexpected() }
                let key = try string()
                skipSpace()
                guard take(UInt8(ascii: ":")) else { throw unexpected() }
                skipSpace()
                members.append(JSON.Member(key: key, value: try value()))
                skipSpace()
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "}")) else { throw unexpected() }
        }
        depth -= 1
        return .object(members)
    }

    private mutating func array() throws(JSONSyntaxError) -> JSON {
        try enter()
        var elements: [JSON] = []
        skipSpace()
        if !take(UInt8(ascii: "]")) {
            repeat {
                skipSpace()
                elements.append(try value())
                skipSpace()
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "]")) else { throw unexpected() }
        }
        depth -= 1
        return .array(elements)
    }

    private mutating func enter() throws(JSONSyntaxError) {
        position += 1
        depth += 1
        if depth > Self.maximumDepth {
            throw error("Document nesting depth exceeds the maximum allowed (\(Self.maximumDepth))")
        }
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        let start = position
        while position < input.count, input[position] != UInt8(ascii: "\""), input[position] != UInt8(ascii: "\\") {
            if input[position] < 0x20 { throw error("Illegal unquoted character in string value") }
            position += 1
        }
        guard position < input.count else { throw error("Unexpected end-of-input in VALUE_STRING") }
        if input[position] == UInt8(ascii: "\"") {
            defer { position += 1 }
            return try text(input[start..<position])
        }
        var bytes = Array(input[start..<position])
        while true {
            guard position < input.count else { throw error("Unexpected end-of-input in VALUE_STRING") }
            let byte = input[position]
            if byte == UInt8(ascii: "\"") { break }
            if byte < 0x20 { throw error("Illegal unquoted character in string value") }
            position += 1
            if byte == UInt8(ascii: "\\") { try escape(into: &bytes) } else { bytes.append(byte) }
        }
        position += 1
        return try text(bytes)
    }

    private func text(_ bytes: some Sequence<UInt8>) throws(JSONSyntaxError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw error("Invalid UTF-8") }
        return text
    }

    private mutating func escape(into bytes: inout [UInt8]) throws(JSONSyntaxError) {
        guard position < input.count else { throw error("Unexpected end-of-input in VALUE_STRING") }
        let letter = input[position]
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(letter)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"):
            var scalar = try unit()
            if 0xD800..<0xDC00 ~= scalar, position + 1 < input.count, input[position] == UInt8(ascii: "\\"),
                input[position + 1] == UInt8(ascii: "u")
            {
                let mark = position
                position += 2
                let low = try unit()
                if 0xDC00..<0xE000 ~= low {
                    scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
                } else {
                    position = mark
                }
            }
            bytes.append(contentsOf: String(Unicode.Scalar(scalar).map(Character.init) ?? "\u{FFFD}").utf8)
        default:
            position -= 1
            throw error("Unrecognized character escape")
        }
    }

    private mutating func unit() throws(JSONSyntaxError) -> UInt32 {
        var result: UInt32 = 0
        for _ in 0..<4 {
            guard position < input.count, let digit = Character(Unicode.Scalar(input[position])).hexDigitValue else {
                throw error("Unexpected character in \\u escape")
            }
            result = result << 4 + UInt32(digit)
            position += 1
        }
        return result
    }

    private mutating func number() throws(JSONSyntaxError) -> JSON {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        return .number(String(decoding: input[start..<position], as: UTF8.self))
    }

    private mutating func digits() throws(JSONSyntaxError) {
        let start = position
        while position < input.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= input[position] { position += 1 }
        if position == start { throw unexpected() }
    }

    private mutating func word(_ word: StaticString, _ result: JSON) throws(JSONSyntaxError) -> JSON {
        let matches = word.withUTF8Buffer { word in
            input.count - position >= word.count && input[position..<position + word.count].elementsEqual(word)
        }
        guard matches else { throw error("Unrecognized token") }
        position += word.utf8CodeUnitCount
        return result
    }

    private mutating func skipSpace() {
        while position < input.count {
            switch input[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < input.count, input[position] == byte else { return false }
        position += 1
        return true
    }

    private func unexpected() -> JSONSyntaxError {
        guard position < input.count else { return error("Unexpected end-of-input") }
        return error("Unexpected character (code \(input[position]))")
    }

    private func error(_ reason: String) -> JSONSyntaxError {
        var line = 1
        var lineStart = 0
        for index in 0..<min(position, input.count) where input[index] == 0x0A {
            line += 1
            lineStart = index + 1
        }
        return JSONSyntaxError(line: line, column: position - lineStart + 1, reason: reason)
    }
}
