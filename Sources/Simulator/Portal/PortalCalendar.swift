import Foundation
import Wire

/// Days as the portal's time zone has them: the day's quota ends at its midnight.
struct PortalCalendar: Sendable {
    let identifier: String
    private let zone: TimeZone?

    /// - Parameter identifier: An IANA name. Where the machine has no such zone, days are UTC's plus one hour.
    init(_ identifier: String) {
        self.identifier = identifier
        zone = TimeZone(identifier: identifier)
    }

    /// The zone's distance from UTC at a time.
    func offsetMilliseconds(at milliseconds: Int64) -> Int64 {
        guard let zone else { return 3_600_000 }
        return Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(milliseconds) / 1000))) * 1000
    }

    /// The calendar day, counted from 1970-01-01, that a time falls on.
    func day(at milliseconds: Int64) -> Int64 {
        floorDivide(milliseconds + offsetMilliseconds(at: milliseconds), Timestamp.millisecondsPerDay)
    }

    /// The next midnight after a time.
    func nextMidnight(after milliseconds: Int64) -> Int64 {
        let localMidnight = (day(at: milliseconds) + 1) * Timestamp.millisecondsPerDay
        let guess = localMidnight - offsetMilliseconds(at: milliseconds)
        return localMidnight - offsetMilliseconds(at: guess)
    }
}
