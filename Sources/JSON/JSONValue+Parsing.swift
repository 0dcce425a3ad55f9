import CJSON

/// Why a text is not JSON, and where: line and column count from 1.
public struct JSONSyntaxError: Error, Equatable {
    public var line: Int
    public var column: Int
    public var reason: String
}

extension JSONValue {
    /// Reads one document as RFC 8259 has it, at most 1,000 levels deep; a byte order mark is passed over. Lone surrogate
    /// escapes become U+FFFD; bytes that are not UTF-8 are an error.
    public static func parse(_ bytes: some Sequence<UInt8>) throws(JSONSyntaxError) -> JSONValue {
        let parsed =
            bytes.withContiguousStorageIfAvailable { Self.parse($0) }
            ?? Array(bytes).withUnsafeBufferPointer { Self.parse($0) }
        return try parsed.get()
    }

    /// The document; nil where the bytes are not JSON.
    public init?(parsing bytes: some Sequence<UInt8>) {
        guard let value = try? JSONValue.parse(bytes) else { return nil }
        self = value
    }

    private static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Result<JSONValue, JSONSyntaxError> {
        let structure = cjson_read(text.baseAddress, text.count)
        if let why = structure.why {
            return .failure(JSONSyntaxError(at: structure.offset, of: text, String(cString: why)))
        }
        var builder = TreeBuilder(text: text, structure: structure)
        do throws(TreeBuilder.WrongEscape) {
            return .success(try builder.value())
        } catch {
            return .failure(JSONSyntaxError(at: error.offset, of: text, "a wrong escape in a string"))
        }
    }
}

extension JSONSyntaxError {
    fileprivate init(at offset: Int, of text: UnsafeBufferPointer<UInt8>, _ reason: String) {
        let before = text.prefix(offset)
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        self.init(
            line: before.count { $0 == 0x0A } + 1, column: offset - lineStart + 1,
            reason: reason)
    }
}

/// Makes the tree of a text whose structure was checked, token by token.
private struct TreeBuilder {
    struct WrongEscape: Error { var offset: Int }

    let text: UnsafeBufferPointer<UInt8>
    let structure: cjson_structure
    private var token = 0

    init(text: UnsafeBufferPointer<UInt8>, structure: cjson_structure) {
        self.text = text
        self.structure = structure
    }

    /// The value that begins at the current token, which moves on behind it.
    mutating func value() throws(WrongEscape) -> JSONValue {
        let start = offset(token)
        switch text[start] {
        case UInt8(ascii: "{"): return .object(try members())
        case UInt8(ascii: "["): return .array(try elements())
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): token += 1; return .bool(true)
        case UInt8(ascii: "f"): token += 1; return .bool(false)
        case UInt8(ascii: "n"): token += 1; return .null
        default:
            token += 1
            var end = offset(token)
            while end > start, text[end - 1] <= 0x20 { end -= 1 }
            return .number(String(decoding: text[start..<end], as: UTF8.self))
        }
    }

    private mutating func members() throws(WrongEscape) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        let close = Int(structure.partners[token])
        token += 1
        while token < close {
            let key = try string()
            token += 1  // the colon
            members.append(JSONValue.Member(key, try value()))
            if token < close { token += 1 }  // the comma
        }
        token = close + 1
        return members
    }

    private mutating func elements() throws(WrongEscape) -> [JSONValue] {
        var elements: [JSONValue] = []
        let close = Int(structure.partners[token])
        token += 1
        while token < close {
            elements.append(try value())
            if token < close { token += 1 }  // the comma
        }
        token = close + 1
        return elements
    }

    private mutating func string() throws(WrongEscape) -> String {
        let start = offset(token) + 1
        token += 1
        var end = offset(token) - 1
        while end > start, text[end] != UInt8(ascii: "\"") { end -= 1 }
        let inner = text[start..<end]
        guard inner.contains(UInt8(ascii: "\\")) else { return String(decoding: inner, as: UTF8.self) }
        var wrong = 0
        let plain = [UInt8](unsafeUninitializedCapacity: inner.count) { buffer, count in
            let written = inner.withContiguousStorageIfAvailable { inner in
                inner.baseAddress.map { cjson_unescape($0, $0 + inner.count, buffer.baseAddress, &wrong) } ?? -1
            }
            count = max(0, written ?? -1)
            if count == 0 { wrong = written == -1 ? wrong : -1 } else { wrong = -1 }
        }
        guard wrong == -1 else { throw WrongEscape(offset: start + wrong) }
        return String(decoding: plain, as: UTF8.self)
    }

    private func offset(_ token: Int) -> Int { Int(structure.tokens[token]) }
}
