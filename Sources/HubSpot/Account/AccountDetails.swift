import Foundation
import JSON

/// The account's details: `GET /account-info/{version}/details`.
public struct AccountDetails: Sendable, Equatable {
    /// The account's id (HubSpot's `portalId`).
    public var portalID: Int64
    /// `STANDARD`, `SANDBOX`, `DEVELOPER_TEST`, `APP_DEVELOPER`.
    public var accountType: String?
    /// The data centre (HubSpot's `dataHostingLocation`).
    public var region: Region?
    /// Where people see the account: `app-eu1.hubspot.com`.
    public var uiDomain: String?
    /// The day's quota starts anew at midnight here.
    var timeZone: String?
    var utcOffset: Duration?

    init(
        _ response: APIResponse, request: APIRequest, wording: (HubSpotError.Remedy) -> String = { $0.description }
    ) throws(HubSpotError) {
        guard let document = JSONValue(parsing: response.body), let id = document["portalId"]?.integer else {
            var error = HubSpotError(
                .badResponse, "the account's details lack a portalId", .namePortal, wording, request: request.summary)
            error.status = response.status
            throw error
        }
        portalID = id
        accountType = document["accountType"]?.string
        region = document["dataHostingLocation"]?.string.flatMap { Region($0) }
        uiDomain = document["uiDomain"]?.string
        timeZone = document["timeZone"]?.string
        // No place on Earth is farther from UTC than 14 hours.
        utcOffset = document["utcOffsetMilliseconds"]?.integer
            .flatMap { (-86_400_000...86_400_000).contains($0) ? .milliseconds($0) : nil }
    }

    /// The account's day at a time since 1970, as midnight in UTC; nil where its time zone is not known.
    func day(at now: Duration) -> CalendarTime? {
        let seconds = now / .seconds(1)
        let offset: Double
        // The zone knows of summer time, which may have begun since the offset was read.
        if let zone = timeZone.flatMap(TimeZone.init(identifier:)) {
            offset = Double(zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds)))
        } else if let utcOffset {
            offset = utcOffset / .seconds(1)
        } else {
            return nil
        }
        return CalendarTime(seconds: seconds + offset)?.midnight
    }

    /// How long the account's day still lasts; nil where its time zone is not known.
    func dayEnds(after now: Duration) -> Duration? {
        let seconds = now / .seconds(1)
        let offset: Double
        if let utcOffset {
            offset = utcOffset / .seconds(1)
        } else if let zone = timeZone.flatMap(TimeZone.init(identifier:)) {
            offset = Double(zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds)))
        } else {
            return nil
        }
        let local = seconds + offset
        return .seconds(((local / 86_400).rounded(.down) + 1) * 86_400 - local)
    }
}
