import Foundation
import JSON
import Wire

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
    static func isNumber(_ text: String) -> Bool { DecimalNumber.isNumber(text) }

    /// A number's text as JSON; nil where it is none, or has more digits than the caller's numbers hold, so that it
    /// could not be written back as it is.
    static func json(_ text: String) -> JSONSlice? {
        if let whole = Int64(text) { return JSONSlice(String(whole)) }
        guard let exact = DecimalNumber(text), let number = Double(text), number.isFinite,
            DecimalNumber(Self.text(number)) == exact
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
}
