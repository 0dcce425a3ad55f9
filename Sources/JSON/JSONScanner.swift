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

    /// Whether the string at `key`, its quotes included, is `name`.
    func matches(_ key: Range<Int>, _ name: [UInt8]) -> Bool {
        let inner = text[key.lowerBound + 1..<key.upperBound - 1]
        // With escapes it is longer.
        guard inner.count >= name.count else { return false }
        if inner.count == name.count { return inner.elementsEqual(name) }
        guard inner.contains(UInt8(ascii: "\\")) else { return false }
        return JSONSlice(Array(text[key])).string?.utf8.elementsEqual(name) == true
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
