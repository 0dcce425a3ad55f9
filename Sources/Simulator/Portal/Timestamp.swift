/// HubSpot's times: milliseconds since 1970 inside, ISO 8601 in UTC on the wire. The proleptic Gregorian calendar is
/// computed here, so that neither locale nor time zone of the machine matters.
enum Timestamp {
    static let millisecondsPerDay: Int64 = 86_400_000
    /// The times that ISO 8601 writes with four digits of year.
    static let years0To9999: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

    /// `2026-11-01T09:00:00.120Z`; the milliseconds are left out where they are zero, as HubSpot does.
    static func iso(_ milliseconds: Int64) -> String {
        let day = floorDivide(milliseconds, millisecondsPerDay)
        let rest = milliseconds - day * millisecondsPerDay
        var text = date(day) + "T"
        text += pad(rest / 3_600_000, 2) + ":" + pad(rest / 60_000 % 60, 2) + ":" + pad(rest / 1000 % 60, 2)
        if rest % 1000 != 0 { text += "." + pad(rest % 1000, 3) }
        return text + "Z"
    }

    /// `2026-11-01` for a day counted from 1970-01-01.
    static func date(_ day: Int64) -> String {
        // Howard Hinnant's civil_from_days.
        let shifted = day + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
        let civilMonth = month < 10 ? month + 3 : month - 9
        let year = yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0)
        return pad(year, 4) + "-" + pad(civilMonth, 2) + "-" + pad(dayOfMonth, 2)
    }

    /// The day, counted from 1970-01-01, of a date that exists.
    static func day(year: Int64, month: Int64, day: Int64) -> Int64? {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths: [Int64] = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard 1...12 ~= month, 1...lengths[Int(month - 1)] ~= day, 0...9999 ~= year else { return nil }
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = floorDivide(shiftedYear, 400)
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// Reads `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM[:SS[.fff]]` with `Z` or an offset; nil for anything else, such as a
    /// time that says no zone.
    static func parse(_ text: String) -> Int64? {
        var scanner = Scanner(bytes: Array(text.utf8))
        guard let year = scanner.digits(4), scanner.take("-"), let month = scanner.digits(2), scanner.take("-"),
            let dayOfMonth = scanner.digits(2), let day = day(year: year, month: month, day: dayOfMonth)
        else { return nil }
        if scanner.isAtEnd { return day * millisecondsPerDay }
        guard scanner.take("T"), let hour = scanner.digits(2), hour < 24, scanner.take(":"),
            let minute = scanner.digits(2), minute < 60
        else { return nil }
        var result = day * millisecondsPerDay + hour * 3_600_000 + minute * 60_000
        if scanner.take(":") {
            guard let second = scanner.digits(2), second < 60 else { return nil }
            result += second * 1000
            if scanner.take(".") {
                guard let fraction = scanner.fraction() else { return nil }
                result += fraction
            }
        }
        if scanner.take("Z") { return scanner.isAtEnd ? result : nil }
        let sign: Int64 = scanner.take("+") ? 1 : -1
        guard sign == 1 || scanner.take("-"), let hours = scanner.digits(2) else { return nil }
        _ = scanner.take(":")
        guard let minutes = scanner.digits(2), scanner.isAtEnd else { return nil }
        return result - sign * (hours * 3_600_000 + minutes * 60_000)
    }

    /// ISO text or a whole number of milliseconds.
    static func parseLoosely(_ text: String) -> Int64? {
        Int64(text) ?? parse(text)
    }

    static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
    }

    private static func pad(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return digits.utf8.count >= width ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
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

        /// One to nine digits after the point, as whole milliseconds.
        mutating func fraction() -> Int64? {
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
    }
}
