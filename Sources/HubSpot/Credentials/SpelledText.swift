/// An ASCII text, found however JSON or an address may spell its characters: `/` is `\/`, `\u002f` and `%2F` too.
struct SpelledText {
    private let bytes: [UInt8]

    /// - Parameter bytes: At least one.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func replaced(in text: [UInt8], by other: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var copied = 0
        text.withUnsafeBufferPointer { text in
            var index = 0
            while index < text.count {
                guard let end = end(in: text, from: index) else {
                    index += 1
                    continue
                }
                result += text[copied..<index]
                result += other
                (index, copied) = (end, end)
            }
        }
        return copied == 0 ? text : result + text[copied...]
    }

    /// Where the text ends that begins there; nil where it does not stand there.
    private func end(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var index = start
        for byte in bytes {
            guard let next = Self.character(byte, in: text, at: index) else { return nil }
            index = next
        }
        return index
    }

    /// Where a character ends that begins there in any spelling.
    private static func character(_ byte: UInt8, in text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int? {
        guard index < text.count else { return nil }
        if text[index] == byte { return index + 1 }
        switch text[index] {
        case UInt8(ascii: "%"): return number(text, index + 1, 2) == Int(byte) ? index + 3 : nil
        case UInt8(ascii: "\\") where index + 1 < text.count:
            if text[index + 1] == byte { return index + 2 }
            guard text[index + 1] == UInt8(ascii: "u") else { return nil }
            return number(text, index + 2, 4) == Int(byte) ? index + 6 : nil
        default: return nil
        }
    }

    /// So many hexadecimal digits.
    private static func number(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> Int? {
        guard start + count <= text.count else { return nil }
        var number = 0
        for index in start..<start + count {
            guard let digit = Character(UnicodeScalar(text[index])).hexDigitValue else { return nil }
            number = number * 16 + digit
        }
        return number
    }
}
