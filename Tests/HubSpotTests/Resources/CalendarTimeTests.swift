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
        "1e300", "99999999999999999",
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

    @Test func `takes seconds below 10^11, and milliseconds from there on`() {
        #expect(CalendarTime(number: 1_795_255_200)?.iso == "2026-11-21T10:00:00Z")
        #expect(CalendarTime(number: 1_795_255_200.25)?.iso == "2026-11-21T10:00:00.250Z")
        #expect(CalendarTime(number: 1_795_255_200_000)?.iso == "2026-11-21T10:00:00Z")
        #expect(CalendarTime(number: -1)?.iso == "1969-12-31T23:59:59Z")
        for number in [Double.nan, .infinity, 1e300, -1e300] { #expect(CalendarTime(number: number) == nil) }
    }

    @Test func `counts parts beyond their range on, as os.time does`() {
        #expect(CalendarTime(year: 2026, month: 14, day: 1)?.day == "2027-02-01")
        #expect(CalendarTime(year: 2026, month: 1, day: 0)?.day == "2025-12-31")
        #expect(CalendarTime(year: 2026, month: -11, day: 1, hour: 25)?.iso == "2025-01-02T01:00:00Z")
        #expect(CalendarTime(year: 9_999_999, month: 1, day: 1) == nil)
        #expect(CalendarTime(year: .max, month: .max, day: .max) == nil)
    }
}
