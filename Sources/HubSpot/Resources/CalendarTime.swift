/// Moments and days as HubSpot and Lua write them: ISO 8601 in UTC, milliseconds or seconds since 1970.
public struct CalendarTime: Sendable, Equatable {
    /// Since 1970-01-01T00:00:00Z; negative before.
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// A number as `os.time` gives it, in seconds, or one in milliseconds: below 10^11 seconds are meant (until the
    /// year 5138), from there on milliseconds (since March 1973). Nil for what is no time before the year 10000.
    public init?(number: Double) {
        guard number.isFinite else { return nil }
        let milliseconds = abs(number) < 1e11 ? (number * 1000).rounded() : number.rounded()
        guard Self.range.contains(milliseconds) else { return nil }
        self.milliseconds = Int64(milliseconds)
    }

    /// A table as `os.date("!*t")` makes it: a part beyond its range counts on, as in `os.time`.
    public init?(year: Int64, month: Int64, day: Int64, hour: Int64 = 0, minute: Int64 = 0, second: Int64 = 0) {
        let parts = [year, month, day, hour, minute, second]
        guard parts.allSatisfy({ (-1_000_000_000...1_000_000_000).contains($0) }) else { return nil }
        let months = year * 12 + (month - 1)
        let firstOfMonth = Self.days(year: floored(months, 12), month: months - floored(months, 12) * 12 + 1, day: 1)
        let seconds = (firstOfMonth + day - 1) * 86_400 + hour * 3600 + minute * 60 + second
        guard Self.range.contains(Double(seconds) * 1000) else { return nil }
        milliseconds = seconds * 1000
    }

    /// Reads `2026-11-22`, `2026-11-22T10:00:00Z`, `2026-11-22T10:00:00.123+01:00`, or digits: milliseconds.
    public init?(_ text: some StringProtocol) {
        if let number = Int64(text) {
            guard Self.range.contains(Double(number)) else { return nil }
            milliseconds = number
            return
        }
        let pattern =
            /(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?/
        guard let match = try? pattern.wholeMatch(in: String(text)) else { return nil }
        let output = match.output
        func number(_ part: Substring?) -> Int64 { part.flatMap { Int64($0) } ?? 0 }
        let (month, day) = (number(output.2), number(output.3))
        let (hour, minute, second) = (number(output.4), number(output.5), number(output.6))
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61,
            let whole = CalendarTime(
                year: number(output.1), month: month, day: day, hour: hour, minute: minute, second: second),
            whole.day.hasPrefix("\(output.1)-\(output.2)")
        else { return nil }
        let fraction = (output.7.map(String.init) ?? "") + "000"
        milliseconds = whole.milliseconds + number(fraction.prefix(3))
        if let zone = output.8, zone != "Z" {
            let digits = zone.filter(\.isNumber)
            let minutes = number(digits.prefix(2)) * 60 + number(digits.suffix(2))
            milliseconds -= (zone.hasPrefix("-") ? -minutes : minutes) * 60_000
        }
    }

    /// `2026-11-22`, in UTC.
    public var day: String {
        let (year, month, day) = Timestamp.date(Int(floored(milliseconds, 86_400_000)))
        return "\(Timestamp.padded(year, 4))-\(Timestamp.padded(month, 2))-\(Timestamp.padded(day, 2))"
    }

    /// `2026-11-22T10:00:00Z`, with milliseconds where there are some.
    public var iso: String {
        let rest = milliseconds - floored(milliseconds, 1000) * 1000
        let whole = Timestamp.iso8601(.milliseconds(milliseconds - rest))
        return rest == 0 ? whole : "\(whole.dropLast()).\(Timestamp.padded(Int(rest), 3))Z"
    }

    /// Midnight before it, in UTC.
    public var midnight: CalendarTime { CalendarTime(milliseconds: floored(milliseconds, 86_400_000) * 86_400_000) }

    /// Seconds since 1970 as a JSON number: whole where they are.
    var secondsText: String {
        let seconds = floored(milliseconds, 1000)
        let rest = milliseconds - seconds * 1000
        return rest == 0 ? String(seconds) : (Double(milliseconds) / 1000).description
    }

    /// From the year 0 to the end of 9999.
    private static let range: ClosedRange<Double> = -62_167_219_200_000...253_402_300_799_999

    /// Days since 1970-01-01 of a date in the Gregorian calendar.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        // Counted from March on, so that a leap day ends a year; an era is 400 years.
        let shifted = month <= 2 ? year - 1 : year
        let era = floored(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// Division that rounds down.
private func floored(_ number: Int64, _ divisor: Int64) -> Int64 {
    number >= 0 ? number / divisor : -((divisor - 1 - number) / divisor)
}
