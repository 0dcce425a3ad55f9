import CJSONSlices

/// A piece of JSON text inside an answer's body, looked into without building a tree.
///
/// Records go from the wire to the caller as the bytes that HubSpot sent; what the client itself must know (an id, a
/// cursor, a trace id) is read from the slice. Text that is not JSON answers nil everywhere and never traps.
public struct JSONSlice: Sendable, Equatable {
    public var bytes: ArraySlice<UInt8>

    public init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }
    public init(_ bytes: [UInt8]) { self.bytes = bytes[...] }
    public init(_ text: String) { self.bytes = Array(text.utf8)[...] }

    /// The value of a field of this object, or nil where there is none or this is no object.
    public func field(_ name: String) -> JSONSlice? {
        let wanted = Array(name.utf8)
        var found: JSONSlice?
        scan { scanner in
            scanner.eachField { key, value in
                guard scanner.matches(key, wanted) else { return true }
                found = JSONSlice(bytes[slice(value)])
                return false
            }
        }
        return found
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

    /// This string, or a number as its digits: what HubSpot sends as an id.
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
        bytes.withUnsafeBytes { text in
            guard let cut = cjs_cut_new(text.baseAddress, text.count) else { return false }
            defer { cjs_cut_free(cut) }
            return cjs_cut_error(cut) == nil
        }
    }

    public var isNull: Bool { bytes.elementsEqual("null".utf8) }
    public var isObject: Bool { bytes.first == UInt8(ascii: "{") }

    /// The text as it stands.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// This object with one more field at its end. A text that is no object stays as it is.
    public func adding(_ name: String, _ value: some Sequence<UInt8>) -> JSONSlice {
        guard isObject, let end = bytes.lastIndex(of: UInt8(ascii: "}")) else { return self }
        var whole = Array(bytes[..<end])
        let isEmpty = whole.dropFirst().allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        if !isEmpty { whole.append(UInt8(ascii: ",")) }
        RequestJSON.string(name).write(to: &whole)
        whole.append(UInt8(ascii: ":"))
        whole.append(contentsOf: value)
        whole.append(UInt8(ascii: "}"))
        return JSONSlice(whole)
    }

    private func slice(_ range: Range<Int>) -> Range<Int> {
        bytes.startIndex + range.lowerBound..<bytes.startIndex + range.upperBound
    }

    @discardableResult
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

/// Walks over JSON text. Skips values without checking more of them than is needed to find their end.
struct JSONScanner: ~Copyable {
    let text: UnsafeBufferPointer<UInt8>

    /// Visits each field of the object that the text holds until `visit` answers false. False where it is no object.
    func eachField(_ visit: (_ key: Range<Int>, _ value: Range<Int>) -> Bool) -> Bool {
        var index = afterSpace(0)
        guard byte(index) == UInt8(ascii: "{") else { return false }
        index = afterSpace(index + 1)
        if byte(index) == UInt8(ascii: "}") { return true }
        while true {
            guard byte(index) == UInt8(ascii: "\""), let keyEnd = end(of: index) else { return false }
            let key = index..<keyEnd
            index = afterSpace(keyEnd)
            guard byte(index) == UInt8(ascii: ":") else { return false }
            index = afterSpace(index + 1)
            guard let valueEnd = end(of: index) else { return false }
            if !visit(key, index..<valueEnd) { return true }
            index = afterSpace(valueEnd)
            if byte(index) == UInt8(ascii: "}") { return true }
            guard byte(index) == UInt8(ascii: ",") else { return false }
            index = afterSpace(index + 1)
        }
    }

    /// Visits each element of the list that the text holds until `visit` answers false. False where it is no list.
    func eachElement(_ visit: (Range<Int>) -> Bool) -> Bool {
        var index = afterSpace(0)
        guard byte(index) == UInt8(ascii: "[") else { return false }
        index = afterSpace(index + 1)
        if byte(index) == UInt8(ascii: "]") { return true }
        while true {
            guard let valueEnd = end(of: index) else { return false }
            if !visit(index..<valueEnd) { return true }
            index = afterSpace(valueEnd)
            if byte(index) == UInt8(ascii: "]") { return true }
            guard byte(index) == UInt8(ascii: ",") else { return false }
            index = afterSpace(index + 1)
        }
    }

    /// Whether the string at `key`, its quotes included, is `name`. HubSpot's own names hold no escapes.
    func matches(_ key: Range<Int>, _ name: [UInt8]) -> Bool {
        guard key.count == name.count + 2 else { return false }
        for offset in 0..<name.count where text[key.lowerBound + 1 + offset] != name[offset] { return false }
        return true
    }

    private func byte(_ index: Int) -> UInt8? { index < text.count ? text[index] : nil }

    private func afterSpace(_ start: Int) -> Int {
        var index = start
        while index < text.count, text[index] == 0x20 || (text[index] <= 0x0D && text[index] >= 0x09) { index += 1 }
        return index
    }

    /// One past the end of the value that begins at `start`, or nil where the text breaks off.
    private func end(of start: Int) -> Int? {
        guard start < text.count else { return nil }
        switch text[start] {
        case UInt8(ascii: "\""): return endOfString(start)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            var depth = 0
            var index = start
            while index < text.count {
                switch text[index] {
                case UInt8(ascii: "\""):
                    guard let stringEnd = endOfString(index) else { return nil }
                    index = stringEnd
                    continue
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    depth -= 1
                    if depth == 0 { return index + 1 }
                default: break
                }
                index += 1
            }
            return nil
        default:
            var index = start
            while index < text.count {
                switch text[index] {
                case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ":"), 0x20, 0x09...0x0D:
                    return index > start ? index : nil
                default: index += 1
                }
            }
            return index > start ? index : nil
        }
    }

    private func endOfString(_ start: Int) -> Int? {
        var index = start + 1
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\\"): index += 2
            case UInt8(ascii: "\""): return index + 1
            default: index += 1
            }
        }
        return nil
    }
}
