import Wire

/// Moments and days as HubSpot and Lua write them: ISO 8601 in UTC, milliseconds or seconds since 1970.
package struct CalendarTime: Sendable, Equatable {
    /// Since 1970-01-01T00:00:00Z; negative before.
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Seconds since 1970, as `os.time` gives them, to the millisecond. Nil before the year 0 and after 9999.
    package init?(seconds: Double) {
        guard let milliseconds = Int64(exactly: (seconds * 1000).rounded()),
            Timestamp.years0To9999.contains(milliseconds)
        else { return nil }
        self.milliseconds = milliseconds
    }

    /// For times near the present alone, where the two cannot be confused: seconds below 10^11 (the year 5138), from
    /// there on HubSpot's milliseconds (since March 1973).
    package init?(secondsOrMilliseconds number: Double) {
        self.init(seconds: abs(number) < 1e11 ? number : number / 1000)
    }

    /// A table as `os.date("!*t")` makes it: a part beyond its range counts on, as in `os.time`.
    package init?(year: Int64, month: Int64, day: Int64, hour: Int64 = 0, minute: Int64 = 0, second: Int64 = 0) {
        let parts = [year, month, day, hour, minute, second]
        guard parts.allSatisfy({ (-1_000_000_000...1_000_000_000).contains($0) }) else { return nil }
        let months = year * 12 + (month - 1)
        let firstYear = floorDivide(months, 12)
        let firstOfMonth = CivilCalendar.firstDay(ofMonth: months - firstYear * 12 + 1, year: firstYear)
        let seconds = (firstOfMonth + day - 1) * 86_400 + hour * 3600 + minute * 60 + second
        let (milliseconds, overflows) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflows, Timestamp.years0To9999.contains(milliseconds) else { return nil }
        self.milliseconds = milliseconds
    }

    /// Reads `2026-11-22`, `2026-11-22T10:00:00Z`, `2026-11-22T10:00:00.123+01:00`, or digits: milliseconds. A text that
    /// says no zone means UTC.
    package init?(_ text: some StringProtocol) {
        guard let milliseconds = Int64(text) ?? Timestamp.parse(text, missingZone: .isUTC),
            Timestamp.years0To9999.contains(milliseconds)
        else { return nil }
        self.milliseconds = milliseconds
    }

    /// As HubSpot reads a property's text: a day, or a moment that says its zone, or whole milliseconds.
    init?(property text: String) {
        guard let milliseconds = Int64(text) ?? Timestamp.parse(text), Timestamp.years0To9999.contains(milliseconds)
        else { return nil }
        self.milliseconds = milliseconds
    }

    /// `2026-11-22`, in UTC.
    package var day: String { Timestamp.date(floorDivide(milliseconds, Timestamp.millisecondsPerDay)) }

    /// `2026-11-22T10:00:00Z`, with milliseconds where there are some.
    package var iso: String { Timestamp.iso(milliseconds) }

    /// That many days on, or nil before the year 0 and after 9999.
    func adding(days: Int64) -> CalendarTime? {
        let (length, isTooLong) = days.multipliedReportingOverflow(by: 86_400_000)
        let (sum, isTooFar) = milliseconds.addingReportingOverflow(length)
        guard !isTooLong, !isTooFar, Timestamp.years0To9999.contains(sum) else { return nil }
        return CalendarTime(milliseconds: sum)
    }

    /// Midnight before it, in UTC.
    package var midnight: CalendarTime {
        let day = floorDivide(milliseconds, Timestamp.millisecondsPerDay)
        return CalendarTime(milliseconds: day * Timestamp.millisecondsPerDay)
    }

    /// Seconds since 1970 as a JSON number: whole where they are.
    var secondsText: String {
        let seconds = floorDivide(milliseconds, 1000)
        let rest = milliseconds - seconds * 1000
        return rest == 0 ? String(seconds) : (Double(milliseconds) / 1000).description
    }
}
