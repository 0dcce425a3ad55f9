/// Counts as people read them.
public enum Counts {
    /// `1234567` as `1,234,567`.
    public static func grouped(_ number: some BinaryInteger) -> String {
        let digits = Array(String(number.magnitude))
        var result = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return result
    }

    /// A count that came as a floating-point number, rounded; `unlimited` where it has no end.
    public static func grouped(_ number: Double) -> String {
        if number.isInfinite { return "unlimited" }
        return Int64(exactly: number.rounded()).map { grouped($0) } ?? "\(number)"
    }

    /// `1 record`, `2 records`, `1,234 retries`.
    public static func counted(_ number: some BinaryInteger, _ one: String, _ many: String? = nil) -> String {
        "\(grouped(number)) \(number == 1 ? one : many ?? one + "s")"
    }
}
