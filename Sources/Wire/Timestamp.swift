/// Moments as milliseconds since 1970-01-01T00:00:00Z, and their form in ISO 8601, in UTC.
public enum Timestamp {
    public static let millisecondsPerDay: Int64 = 86_400_000
    /// The moments that ISO 8601 writes with four digits of year.
    public static let years0To9999: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

    /// `2026-11-01T09:00:00.120Z`; the milliseconds are left out where they are zero.
    /// - Parameter milliseconds: Within ``years0To9999``.
    public static func iso(_ milliseconds: Int64) -> String {
        let day = floorDivide(milliseconds, millisecondsPerDay)
        let rest = milliseconds - day * millisecondsPerDay
        var text = date(day) + "T"
        text += padded(rest / 3_600_000, 2) + ":" + padded(rest / 60_000 % 60, 2) + ":" + padded(rest / 1000 % 60, 2)
        if rest % 1000 != 0 { text += "." + padded(rest % 1000, 3) }
        return text + "Z"
    }

    /// `2026-11-01` for a day counted from 1970-01-01.
    public static func date(_ day: Int64) -> String { CivilCalendar.date(of: day)?.text ?? "" }

    /// The reading of a text without `Z` or an offset.
    public enum MissingZone: Sendable {
        /// The text is no moment.
        case isRefused
        case isUTC
    }

    /// Reads `YYYY-MM-DD`, which is midnight, or `YYYY-MM-DDTHH:MM[:SS[.fff]]` with `Z` or an offset. Nil for anything
    /// else, such as a day that does not exist.
    ///
    /// - Parameter missingZone: Where UTC is assumed, a space may stand for the `T` too.
    public static func parse(_ text: some StringProtocol, missingZone: MissingZone = .isRefused) -> Int64? {
        var scanner = Scanner(bytes: Array(text.utf8))
        guard let year = scanner.digits(4), scanner.take("-"), let month = scanner.digits(2), scanner.take("-"),
            let dayOfMonth = scanner.digits(2),
            let day = CivilCalendar.day(of: CivilCalendar.Date(year: year, month: month, day: dayOfMonth))
        else { return nil }
        if scanner.isAtEnd { return day * millisecondsPerDay }
        guard scanner.take("T") || (missingZone == .isUTC && scanner.take(" ")), let time = scanner.time() else {
            return nil
        }
        let result = day * millisecondsPerDay + time
        if scanner.isAtEnd { return missingZone == .isUTC ? result : nil }
        return scanner.offset().map { result - $0 }
    }

    private struct Scanner {
        let bytes: [UInt8]
        var position = 0

        var isAtEnd: Bool { position == bytes.count }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
            position += 1
            return true
        }

        mutating func digits(_ count: Int) -> Int64? {
            guard position + count <= bytes.count else { return nil }
            var result: Int64 = 0
            for byte in bytes[position..<position + count] {
                guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
                result = result * 10 + Int64(byte - UInt8(ascii: "0"))
            }
            position += count
            return result
        }

        /// `HH:MM[:SS[.fff]]` in milliseconds.
        mutating func time() -> Int64? {
            guard let hour = digits(2), hour < 24, take(":"), let minute = digits(2), minute < 60 else { return nil }
            var result = hour * 3_600_000 + minute * 60_000
            guard take(":") else { return result }
            guard let second = digits(2), second < 60 else { return nil }
            result += second * 1000
            guard take(".") else { return result }
            return fraction().map { result + $0 }
        }

        /// One to nine digits after the point, as whole milliseconds.
        private mutating func fraction() -> Int64? {
            let start = position
            var result: Int64 = 0
            while position < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[position] {
                if position - start < 3 { result = result * 10 + Int64(bytes[position] - UInt8(ascii: "0")) }
                position += 1
            }
            guard 1...9 ~= position - start else { return nil }
            for _ in min(position - start, 3)..<3 { result *= 10 }
            return result
        }

        /// `Z`, `+01:00` or `-0800` at the end, in milliseconds.
        mutating func offset() -> Int64? {
            if take("Z") { return isAtEnd ? 0 : nil }
            let sign: Int64 = take("+") ? 1 : -1
            guard sign == 1 || take("-"), let hours = digits(2) else { return nil }
            _ = take(":")
            guard let minutes = digits(2), minutes < 60, isAtEnd else { return nil }
            return sign * (hours * 3_600_000 + minutes * 60_000)
        }
    }
}
