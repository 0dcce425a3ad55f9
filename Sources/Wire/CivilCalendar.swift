/// The Gregorian calendar, reckoned backward too, in days counted from 1970-01-01. Neither locale nor time zone of the
/// machine matters. The algorithms are Howard Hinnant's `days_from_civil` and `civil_from_days`.
public enum CivilCalendar {
    /// Counted from 1; years before the year 1 are 0 and negative.
    public struct Date: Sendable, Equatable {
        public var year: Int64
        public var month: Int64
        public var day: Int64

        public init(year: Int64, month: Int64, day: Int64) {
            self.year = year
            self.month = month
            self.day = day
        }

        /// `2026-11-01`, for the years 0 to 9999.
        public var text: String { "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))" }
    }

    /// Years that are counted at most, before and after 1970; beyond them there is no date.
    public static let years: ClosedRange<Int64> = -1_000_000_000...1_000_000_000

    /// The day of a date; nil where there is no such date.
    public static func day(of date: Date) -> Int64? {
        guard years.contains(date.year), (1...12).contains(date.month),
            (1...length(ofMonth: date.month, year: date.year)).contains(date.day)
        else { return nil }
        return firstDay(ofMonth: date.month, year: date.year) + date.day - 1
    }

    /// The date of a day; nil beyond ``years``.
    public static func date(of day: Int64) -> Date? {
        guard (-400_000_000_000...400_000_000_000).contains(day) else { return nil }
        // Counted from 0000-03-01, so that a leap day ends a year; an era is 400 years.
        let shifted = day + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * dayOfYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        return Date(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * fromMarch + 2) / 5 + 1)
    }

    /// The day with which a month begins.
    /// - Parameters: A month in 1...12 of a year in ``years``.
    public static func firstDay(ofMonth month: Int64, year: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = floorDivide(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func length(ofMonth month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// Division that rounds down, for a positive divisor.
public func floorDivide(_ number: Int64, _ divisor: Int64) -> Int64 {
    number >= 0 ? number / divisor : (number + 1) / divisor - 1
}

/// Digits with zeros before them.
func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
