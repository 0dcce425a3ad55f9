/// The number that a text in decimal digits stands for, exactly: two texts of one number are equal.
package struct DecimalNumber: Equatable {
    /// Whether a text is a number in decimal digits, with or without an exponent, that floating point can hold.
    package static func isNumber(_ text: String) -> Bool {
        DecimalNumber(text) != nil && Double(text)?.isFinite == true
    }

    private var isNegative = false
    /// Without zeros at either end; empty for zero.
    private var digits: [UInt8] = []
    /// The power of ten behind the last digit.
    private var exponent = 0

    package init?(_ text: String) {
        var rest = text.utf8[...]
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest.removeFirst()
        }
        if let mark = rest.firstIndex(where: { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }) {
            let power = rest[rest.index(after: mark)...]
            guard power.count <= 6, let power = Int(Substring(power)) else { return nil }
            exponent = power
            rest = rest[..<mark]
        }
        let parts = rest.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count <= 2 else { return nil }
        digits = Array(parts.joined())
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        if parts.count == 2 { exponent -= parts[1].count }
        digits = Array(digits.drop { $0 == 0x30 })
        while digits.last == 0x30 {
            digits.removeLast()
            exponent += 1
        }
        if digits.isEmpty { (isNegative, exponent) = (false, 0) }
    }
}
