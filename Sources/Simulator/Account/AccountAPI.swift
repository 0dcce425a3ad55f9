import JSON
import Wire

/// Account details, usage, and the scopes of a token.
enum AccountAPI {
    static var routes: [Route] {
        [
            Route(
                "GET", "account-info/details", .token { _ throws(APIError) in ["oauth"] },
                .plain(details)),
            Route(
                "GET", "account-info/api-usage/daily/private-apps",
                .token { _ throws(APIError) in ["oauth"] }, .plain(usage)),
            Route("POST", "oauth/v2/private-apps/get/access-token-info", lane: .free, .open, .plain(tokenInfo)),
        ]
    }

    /// The scopes of a token where `--scopes` does not say, and those that an OAuth app may ask for.
    static let allScopes: [String] = {
        var scopes = [
            "oauth", "forms", "forms-uploaded-files", "files", "tickets", "crm.objects.owners.read", "crm.lists.read",
            "crm.lists.write", "crm.objects.custom.read", "crm.objects.custom.write", "crm.schemas.custom.read",
            "crm.schemas.custom.write", "sales-email-read",
        ]
        for type in ObjectTypeCatalogue.all {
            for writing in [false, true] {
                let own = type.scopes(writing: writing) + type.schemaScopes(writing: writing)
                scopes += own.filter { !scopes.contains($0) }
            }
        }
        return scopes
    }()

    static func details(_ call: Call) throws -> SimulatorResponse {
        let offset = call.portal.calendar.offsetMilliseconds(at: call.now)
        let minutes = abs(offset) / 60_000
        let clock = [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        var members: JSONValue = [
            "portalId": .integer(Portal.id), "accountType": "DEVELOPER_TEST",
            "timeZone": .string(call.portal.calendar.identifier), "companyCurrency": "EUR",
            "additionalCurrencies": ["USD"], "utcOffset": .string((offset < 0 ? "-" : "+") + clock),
            "utcOffsetMilliseconds": .integer(offset), "uiDomain": "app.hubspot.com", "dataHostingLocation": "na1",
        ]
        if call.version.validatesRequired {
            members = members.setting("portalName", to: "Simulator").setting("createdAt", to: "2024-01-01T08:00:00Z")
        }
        return SimulatorResponse(200, members)
    }

    static func usage(_ call: Call) throws -> SimulatorResponse {
        let quota = call.portal.gate.quota
        let result: JSONValue = [
            "name": "private-apps-api-calls-daily", "usageLimit": .integer(quota.daily ?? unlimitedDay),
            "currentUsage": .integer(call.portal.gate.usedToday(at: call.portal.clock.now())),
            "collectedAt": .string(Timestamp.iso(call.now)), "fetchStatus": "SUCCESS",
            "resetsAt": .string(Timestamp.iso(call.portal.calendar.nextMidnight(after: call.now))),
        ]
        return SimulatorResponse(200, ["results": .array([result])])
    }

    /// The day's limit that is told where there is none: every account of HubSpot's has one.
    private static let unlimitedDay = 1_000_000_000

    static func tokenInfo(_ call: Call) throws -> SimulatorResponse {
        let token = try call.object().requiredScalar("tokenKey")
        guard token == call.portal.token || call.portal.options.otherTokens.contains(token) else {
            throw APIError(404, "resource not found", category: "OBJECT_NOT_FOUND")
        }
        var scopes = call.portal.options.scopes ?? allScopes
        if !scopes.contains("oauth") { scopes.append("oauth") }
        return SimulatorResponse(
            200, ["userId": 111, "hubId": .integer(Portal.id), "appId": 222, "scopes": .strings(scopes)])
    }
}
