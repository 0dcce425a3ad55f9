/// Percent-encoding as RFC 3986 has it: everything but the unreserved characters is encoded.
public enum PercentEncoding {
    /// Encodes a query's name or value, or one segment of a path: `/` becomes `%2F`, `@` becomes `%40`.
    public static func encode(_ text: some StringProtocol) -> String { encode(String(text)) }

    /// The same for whole strings, which need no generic code.
    public static func encode(_ text: String) -> String {
        if text.utf8.allSatisfy({ unreserved($0) }) { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * 2)
        for byte in text.utf8 {
            if unreserved(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(digit(byte >> 4))
                bytes.append(digit(byte & 15))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The reverse; nil where a `%` is not followed by two hexadecimal digits or the result is not UTF-8.
    public static func decode(_ text: some StringProtocol) -> String? {
        decoded(text, plusIsSpace: false).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// The reverse as servers read it: a `%` without two digits stands for itself, and bytes that are not UTF-8 become
    /// U+FFFD.
    ///
    /// - Parameter plusIsSpace: `+` is a space, as in a form's body or a query.
    public static func decodeLeniently(_ text: some StringProtocol, plusIsSpace: Bool) -> String {
        String(decoding: decoded(text, plusIsSpace: plusIsSpace, keepsStrayPercent: true) ?? [], as: UTF8.self)
    }

    private static func decoded(
        _ text: some StringProtocol, plusIsSpace: Bool, keepsStrayPercent: Bool = false
    ) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        bytes.reserveCapacity(rest.count)
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                if let high = rest.first.flatMap(value), let low = rest.dropFirst().first.flatMap(value) {
                    bytes.append(high << 4 | low)
                    rest = rest.dropFirst(2)
                } else if keepsStrayPercent {
                    bytes.append(byte)
                } else {
                    return nil
                }
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return bytes
    }

    private static func unreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func digit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") + nibble - 10
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
