import CJSON

/// A piece of JSON text inside an answer's body, looked into without building a tree.
///
/// Records go from the wire to the caller as the bytes that were sent; what the client itself must know (an id, a
/// cursor, a trace id) is read from the slice. Text that is not JSON answers nil everywhere and never traps.
public struct JSONSlice: Sendable, Hashable {
    public var bytes: ArraySlice<UInt8>

    public init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }
    public init(_ bytes: [UInt8]) { self.bytes = bytes[...] }
    public init(_ text: String) { self.bytes = Array(text.utf8)[...] }

    /// The value of a field of this object, or nil where there is none or this is no object. Of doubled names the last one
    /// counts, as for every reader of JSON here.
    public func field(_ name: String) -> JSONSlice? {
        let wanted = Array(name.utf8)
        var found: Range<Int>?
        let isWhole = scan { scanner in
            scanner.eachField { key, value in
                if scanner.matches(key, wanted) { found = value }
                return true
            }
        }
        guard isWhole, let found else { return nil }
        return JSONSlice(bytes[slice(found)])
    }

    /// The fields of this object in the text's order, or nil where this is no object.
    public func fields() -> [(name: String, value: JSONSlice)]? {
        var all: [(name: String, value: JSONSlice)] = []
        let isWhole = scan { scanner in
            scanner.eachField { key, value in
                all.append((JSONSlice(bytes[slice(key)]).string ?? "", JSONSlice(bytes[slice(value)])))
                return true
            }
        }
        return isWhole ? all : nil
    }

    /// The elements of this list, or nil where this is no list.
    public func elements() -> [JSONSlice]? {
        var all: [JSONSlice] = []
        let isWhole = scan { scanner in
            scanner.eachElement { value in
                all.append(JSONSlice(bytes[slice(value)]))
                return true
            }
        }
        return isWhole ? all : nil
    }

    /// The text of this string, or nil where this is none.
    public var string: String? {
        guard bytes.count >= 2, bytes.first == UInt8(ascii: "\"") else { return nil }
        let inner = bytes.dropFirst().dropLast()
        guard inner.contains(UInt8(ascii: "\\")) else { return String(decoding: inner, as: UTF8.self) }
        return unescaped(inner)
    }

    /// This string, or a number as its digits: HubSpot sends ids as either.
    public var idText: String? {
        if let string { return string }
        guard let first = bytes.first,
            first == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    public var integer: Int64? { Int64(String(decoding: bytes, as: UTF8.self)) }

    public var boolean: Bool? {
        if bytes.elementsEqual("true".utf8) { return true }
        return bytes.elementsEqual("false".utf8) ? false : nil
    }

    /// Whether the whole text is JSON.
    public var isWellFormed: Bool {
        bytes.withUnsafeBytes { cjson_read($0.baseAddress, $0.count).why == nil }
    }

    public var isUTF8: Bool { bytes.withUnsafeBytes { cjson_is_utf8($0.baseAddress, $0.count) } }

    public var isNull: Bool { bytes.elementsEqual("null".utf8) }
    public var isObject: Bool { bytes.first == UInt8(ascii: "{") }

    /// The text as it stands.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    private func slice(_ range: Range<Int>) -> Range<Int> {
        bytes.startIndex + range.lowerBound..<bytes.startIndex + range.upperBound
    }

    private func scan(_ body: (borrowing JSONScanner) -> Bool) -> Bool {
        bytes.withUnsafeBufferPointer { body(JSONScanner(text: $0)) }
    }

    private func unescaped(_ inner: ArraySlice<UInt8>) -> String {
        var units: [UInt16] = []
        var text = ""
        func flush() {
            text += String(decoding: units, as: UTF16.self)
            units.removeAll()
        }
        var index = inner.startIndex
        var plain = index
        while index < inner.endIndex {
            guard inner[index] == UInt8(ascii: "\\"), index + 1 < inner.endIndex else {
                index += 1
                continue
            }
            if plain < index {
                flush()
                text += String(decoding: inner[plain..<index], as: UTF8.self)
            }
            switch inner[index + 1] {
            case UInt8(ascii: "n"): units.append(10)
            case UInt8(ascii: "r"): units.append(13)
            case UInt8(ascii: "t"): units.append(9)
            case UInt8(ascii: "b"): units.append(8)
            case UInt8(ascii: "f"): units.append(12)
            case UInt8(ascii: "u"):
                let digits = inner[(index + 2)..<min(index + 6, inner.endIndex)]
                units.append(UInt16(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0xFFFD)
                index += digits.count
            case let other: units.append(UInt16(other))
            }
            index += 2
            plain = index
        }
        flush()
        if plain < inner.endIndex { text += String(decoding: inner[plain...], as: UTF8.self) }
        return text
    }
}
