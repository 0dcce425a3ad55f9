import Foundation
import JSON

/// Numbers as HubSpot's texts hold them: digits and a point, never an exponent.
package enum NumberText {
    /// A whole number as all of its digits, a fraction in its shortest form that reads as the same number.
    /// - Parameter number: A finite one.
    package static func text(_ number: Double) -> String {
        if let whole = Int64(exactly: number) { return String(whole) }
        // Every number of 2^53 and more is whole, and C prints it exactly.
        if abs(number) >= 0x1p53 { return String(format: "%.0f", number) }
        return withoutExponent(number.description)
    }

    /// Whether a text is a number in decimal digits, with or without an exponent.
    static func isNumber(_ text: String) -> Bool {
        Decimal(text) != nil && Double(text)?.isFinite == true
    }

    /// A number's text as JSON; nil where it is none, or has more digits than the caller's numbers hold, so that it
    /// could not be written back as it is.
    static func json(_ text: String) -> JSONSlice? {
        if let whole = Int64(text) { return JSONSlice(String(whole)) }
        guard let exact = Decimal(text), let number = Double(text), number.isFinite,
            Decimal(Self.text(number)) == exact
        else { return nil }
        return JSONSlice(number.description)
    }

    /// `1.5e-07` as `0.00000015`.
    private static func withoutExponent(_ text: String) -> String {
        let parts = text.split(separator: "e")
        guard parts.count == 2, let exponent = Int(parts[1]), exponent < 0 else { return text }
        let zeros = String(repeating: "0", count: -exponent - 1)
        return (text.hasPrefix("-") ? "-0." : "0.") + zeros + parts[0].filter { ("0"..."9").contains($0) }
    }

    /// The number that a text in decimal digits stands for, exactly: two texts of one number are equal.
    private struct Decimal: Equatable {
        private var isNegative = false
        /// Without zeros at either end; empty for zero.
        private var digits: [UInt8] = []
        /// The power of ten behind the last digit.
        private var exponent = 0

        init?(_ text: String) {
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
}
