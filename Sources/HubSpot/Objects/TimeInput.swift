import JSON

/// A value as the date or moment that its property holds: it came as a number or as a date, no text.
package enum TimeInput: Sendable, Equatable {
    /// Seconds since 1970, as `os.time` counts them, always: 86,400 is 2 January 1970, and a number of milliseconds
    /// lies beyond the year 9999.
    case seconds(Double)
    /// A date with or without a time of day, in UTC.
    case date(CalendarTime)

    /// The moment, for a property or a form's field of that name; one that holds days takes midnight in UTC alone.
    ///
    /// - Throws: kind `invalidArgument` with the remedy; its `context` names the property as HubSpot's errors do.
    func time(of name: String, isDay: Bool) throws(HubSpotError) -> CalendarTime {
        let time: CalendarTime
        switch self {
        case .date(let date): time = date
        case .seconds(let number):
            guard let moment = CalendarTime(seconds: number) else { throw Self.outOfRange(number, name) }
            time = moment
        }
        guard !isDay || time == time.midnight else { throw notMidnight(time, name) }
        return time
    }

    private static func outOfRange(_ number: Double, _ name: String) -> HubSpotError {
        var remedy = "write the text, such as \"2026-11-22T10:00:00Z\""
        if let time = CalendarTime(seconds: number / 1000) {
            remedy = "milliseconds? divide by 1000, or write the text \"\(time.iso)\""
        }
        return refusal(
            name,
            "a number is a time in seconds since 1970, and \(shown(number)) lies "
                + "\(number < 0 ? "before the year 0" : "after the year 9999"): \(remedy)")
    }

    private func notMidnight(_ time: CalendarTime, _ name: String) -> HubSpotError {
        var given = "\(time.iso) is"
        if case .seconds(let number) = self { given = "\(Self.shown(number)) is \(time.iso):" }
        var error = Self.refusal(name, "a day expected, and \(given) no midnight in UTC; write \"\(time.day)\"")
        error.remedy = .giveDay
        return error
    }

    private static func shown(_ number: Double) -> String {
        abs(number) < 1e18 ? NumberText.text(number) : number.description
    }

    private static func refusal(_ name: String, _ why: String) -> HubSpotError {
        HubSpotError(
            .invalidArgument, "\(name): \(why)", context: .object(["propertyName": .array([.string(name)])]))
    }
}

extension HubSpotError {
    /// The property that a refused value was meant for; nil where the error is about something else.
    package var refusedProperty: String? {
        kind == .invalidArgument ? context?["propertyName"]?.array?.first?.string : nil
    }
}
