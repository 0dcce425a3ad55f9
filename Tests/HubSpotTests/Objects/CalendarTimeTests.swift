import Testing

@testable import HubSpot

@Suite("A calendar time") struct CalendarTimeTests {
    @Test(arguments: [
        ("2026-11-21T10:00:00Z", 1_795_255_200_000), ("2026-11-21T10:00:00.250Z", 1_795_255_200_250),
        ("2026-11-21T11:00:00+01:00", 1_795_255_200_000), ("2026-11-21T04:30:00-0530", 1_795_255_200_000),
        ("2026-11-21 10:00", 1_795_255_200_000), ("2026-11-21", 1_795_219_200_000),
        ("1795255200000", 1_795_255_200_000),
        ("1969-12-31T23:59:59.999Z", -1), ("2000-02-29", 951_782_400_000), ("0001-01-01", -62_135_596_800_000),
    ]) func `is read from what HubSpot writes`(text: String, milliseconds: Int64) {
        #expect(CalendarTime(text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "today", "2026-13-01", "2026-02-30", "2026-11-21T25:00:00Z", "2026-11-21T10:00:00X", "2026-11-21T",
        "20261121x",
        "1e300", "99999999999999999", "9999-12-31T23:59:59-05:00", "0000-01-01T00:00:00+05:00",
    ]) func `is not read from anything else`(text: String) {
        #expect(CalendarTime(text) == nil)
    }

    @Test func `is written as it was read`() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let milliseconds = Int64.random(in: -62_135_596_800_000...253_402_300_799_999, using: &generator)
            let time = CalendarTime(milliseconds: milliseconds)
            #expect(CalendarTime(time.iso) == time, "\(milliseconds): \(time.iso)")
            #expect(CalendarTime(time.day) == time.midnight, "\(milliseconds): \(time.day)")
        }
    }

    private static let seconds: [(Double, String)] = [
        (0, "1970-01-01T00:00:00Z"), (86_400, "1970-01-02T00:00:00Z"), (1_795_255_200, "2026-11-21T10:00:00Z"),
        (1_795_255_200.25, "2026-11-21T10:00:00.250Z"), (-1, "1969-12-31T23:59:59Z"),
        (-0.001, "1969-12-31T23:59:59.999Z"), (253_402_214_400, "9999-12-31T00:00:00Z"),
        (253_402_300_799.999, "9999-12-31T23:59:59.999Z"), (-62_167_219_200, "0000-01-01T00:00:00Z"),
    ]

    @Test(arguments: Self.seconds) func `is a number of seconds, whatever its size`(seconds: Double, iso: String) {
        #expect(CalendarTime(seconds: seconds)?.iso == iso)
    }

    @Test(arguments: [
        Double.nan, .infinity, -.infinity, 1e300, -1e300, 253_402_300_800, -62_167_219_201, 1_795_255_200_000,
    ]) func `lies between the years 0 and 9999`(seconds: Double) {
        #expect(CalendarTime(seconds: seconds) == nil)
    }

    @Test func `takes milliseconds from 10^11 on where a time is near the present`() {
        #expect(CalendarTime(secondsOrMilliseconds: 1_795_255_200)?.iso == "2026-11-21T10:00:00Z")
        #expect(CalendarTime(secondsOrMilliseconds: 1_795_255_200_250)?.iso == "2026-11-21T10:00:00.250Z")
        for number in [Double.nan, .infinity, 1e300] { #expect(CalendarTime(secondsOrMilliseconds: number) == nil) }
    }

    @Test func `counts days on within the calendar`() {
        #expect(CalendarTime("2026-02-28")?.adding(days: 1)?.day == "2026-03-01")
        #expect(CalendarTime("2026-03-01")?.adding(days: -366)?.day == "2025-02-28")
        for days in [Int64.max, .min, 4_000_000, -4_000_000] {
            #expect(CalendarTime("2026-02-28")?.adding(days: days) == nil)
        }
    }

    @Test(arguments: [
        ("2026-11-21", true), ("2026-11-21T10:00:00Z", true), ("2026-11-21T10:00+01:00", true), ("1795255200000", true),
        ("-1", true), ("2026-11-21 10:00:00Z", false), ("2026-11-21T10:00:00", false), ("tomorrow", false),
    ]) func `is read from a property as strictly as HubSpot reads it`(text: String, isRead: Bool) {
        #expect((CalendarTime(property: text) != nil) == isRead)
    }

    @Test func `counts parts beyond their range on, as os.time does`() {
        #expect(CalendarTime(year: 2026, month: 14, day: 1)?.day == "2027-02-01")
        #expect(CalendarTime(year: 2026, month: 1, day: 0)?.day == "2025-12-31")
        #expect(CalendarTime(year: 2026, month: -11, day: 1, hour: 25)?.iso == "2025-01-02T01:00:00Z")
        #expect(CalendarTime(year: 9_999_999, month: 1, day: 1) == nil)
        #expect(CalendarTime(year: .max, month: .max, day: .max) == nil)
    }
}
