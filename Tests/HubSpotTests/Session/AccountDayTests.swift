import HTTPTypes
import Testing

@testable import HubSpot

@Suite("The account's day") struct AccountDayTests {
    private func day(_ details: String, at time: String) throws -> String? {
        let response = APIResponse(status: 200, body: Array("{\"portalId\":1,\(details)}".utf8))
        let account = try AccountDetails(response, request: APIRequest(.get, "/account-info/v3/details"))
        let now = try #require(CalendarTime(time))
        return account.day(at: .milliseconds(now.milliseconds))?.day
    }

    @Test(arguments: [
        // Summer time begins in Berlin at one o'clock UTC, and ends there in October.
        ("Europe/Berlin", "2026-03-28T22:59:59Z", "2026-03-28"),
        ("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29"),
        ("Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-29"),
        ("Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-30"),
        ("Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-25"),
        ("Europe/Berlin", "2026-10-25T23:00:00Z", "2026-10-26"),
        ("Pacific/Auckland", "2026-11-21T10:59:59Z", "2026-11-21"),
        ("Pacific/Auckland", "2026-11-21T11:00:00Z", "2026-11-22"),
        ("America/New_York", "2026-01-01T04:59:59Z", "2025-12-31"), ("UTC", "2026-01-01T00:00:00Z", "2026-01-01"),
    ]) func `is the one of its time zone, in summer and winter`(zone: String, time: String, day: String) throws {
        // An offset that was read in another season does not count.
        #expect(try self.day("\"timeZone\":\"\(zone)\",\"utcOffsetMilliseconds\":0", at: time) == day)
    }

    @Test func `is reckoned by the offset where the zone is not known`() throws {
        let details = "\"timeZone\":\"Nowhere/Town\",\"utcOffsetMilliseconds\":-36000000"
        #expect(try day(details, at: "2026-01-01T09:59:59Z") == "2025-12-31")
        #expect(try day("\"currency\":\"EUR\"", at: "2026-01-01T09:59:59Z") == nil)
    }
}
