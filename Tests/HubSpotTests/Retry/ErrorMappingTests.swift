import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import HubSpot
import Quota

@Suite("An error from HubSpot") struct ErrorMappingTests {
    private func error(
        _ status: Int, _ body: String, _ headers: HTTPFields = [:],
        request: APIRequest = APIRequest(.post, "/crm/objects/2026-09/contacts")
    ) -> HubSpotError {
        HubSpotError(APIResponse(status: status, headers: headers, body: Array(body.utf8)), to: request)
    }

    @Test(arguments: [
        (400, HubSpotError.Kind.validation), (401, .unauthenticated), (403, .forbidden), (404, .notFound),
        (405, .validation),
        (409, .conflict), (414, .validation), (423, .unavailable), (429, .rateLimited), (477, .unavailable),
        (488, .badResponse),
        (500, .unavailable), (502, .unavailable), (503, .unavailable), (524, .unavailable), (530, .unavailable),
        (302, .badResponse), (307, .badResponse), (700, .badResponse),
    ])
    func `has the kind of its status, whatever the body`(status: Int, kind: HubSpotError.Kind) {
        for body in [
            "", "<html><body>Bad gateway</body></html>", "plain words", "{", #"{"message":"m"}"#, "[1]", "\u{FF}",
        ] {
            let error = error(status, body)
            #expect(error.kind == kind)
            #expect(error.status == status)
            #expect(!error.message.isEmpty)
            #expect(!error.message.contains("<html>"))
            #expect(error.request == "POST /crm/objects/2026-09/contacts")
        }
    }

    @Test func `keeps every part of the envelope`() {
        let error = error(
            400,
            #"{"status":"error","message":"Property values were not valid: [{\"isValid\":false}]","correlationId":"c-1","category":"VALIDATION_ERROR","context":{"a":["b"]},"errors":[{"message":"Property \"shoe\" does not exist","code":"PROPERTY_DOESNT_EXIST"}]}"#
        )
        #expect(error.category == "VALIDATION_ERROR")
        #expect(error.correlationID == "c-1")
        #expect(error.context == ["a": ["b"]])
        #expect(error.errors == [["message": "Property \"shoe\" does not exist", "code": "PROPERTY_DOESNT_EXIST"]])
        #expect(error.message == "Property values were not valid: Property \"shoe\" does not exist")
    }

    @Test func `takes the correlation id from the headers where the body has none`() throws {
        let name = try #require(HTTPField.Name("X-HubSpot-Correlation-Id"))
        #expect(error(502, "<html>", [name: "c-2"]).correlationID == "c-2")
    }

    @Test func `names the record that is in the way`() {
        let error = error(409, #"{"message":"Contact already exists. Existing ID: 12345","category":"CONFLICT"}"#)
        #expect(error.kind == .conflict)
        #expect(error.existingID == "12345")
    }

    @Test(arguments: ["requiredGranularScopes", "requiredScopes", "missingScopes"])
    func `names the scopes that are missing`(key: String) {
        let error = error(
            403,
            #"{"message":"This app hasn't been granted all required scopes to make this call.","category":"MISSING_SCOPES","errors":[{"message":"One or more of the following scopes are required.","context":{"\#(key)":["crm.objects.contacts.read","forms"]}}]}"#
        )
        #expect(error.message.contains("crm.objects.contacts.read, forms"))
    }

    @Test(arguments: [
        #"{"category":"MISSING_SCOPES","requiredScopes":["forms"]}"#,
        #"{"category":"MISSING_SCOPES","context":{"missingScopes":"forms"}}"#,
        #"{"category":"MISSING_SCOPES","errors":[{"requiredGranularScopes":["forms"]}]}"#,
    ])
    func `finds the scopes wherever they stand, and says where they are granted`(body: String) {
        let request = APIRequest(.get, "/crm/v3/objects/contacts/1")
        let response = APIResponse(status: 403, body: Array(body.utf8))
        let key = HubSpotError(response, to: request)
        #expect(key.remedy == .grantScopes(["forms"]))
        #expect(key.message.contains("needs: forms; add forms to the private app or service key"))
        let app = HubSpotError(response, to: request, granting: .byApp)
        #expect(app.remedy == .requestScopes(["forms"]))
        #expect(app.message.contains("the OAuth app's scopes") && app.message.contains("consent again"))
    }

    @Test func `guesses the scope that HubSpot does not name`() {
        let error = error(403, #"{"message":"No.","category":"MISSING_SCOPES"}"#)
        #expect(error.message.contains("probably crm.objects.contacts.write"), "\(error.message)")
        let other = self.error(403, #"{"message":"The scope is not open to public use."}"#)
        #expect(other.message == "The scope is not open to public use." && other.remedy == nil)
    }

    @Test(arguments: [
        #"{"message":"The OAuth token used to make this call expired 20,500 day(s) ago.","category":"EXPIRED_AUTHENTICATION"}"#,
        #"{"message":"The OAuth token used to make this call expired long ago.","category":"EXPIRED_AUTHENTICATION","context":{"expire time":["1970-01-01T00:00:00Z"]}}"#,
    ])
    func `calls a token that expired in 1970 unknown`(body: String) {
        #expect(error(401, body).message.hasPrefix("token not recognised"))
    }

    @Test func `calls an expired token expired`() {
        let error = error(
            401,
            #"{"message":"The OAuth token used to make this call expired 2 hour(s) ago.","category":"EXPIRED_AUTHENTICATION","context":{"expire time":["2026-11-21T10:00:00Z"]}}"#
        )
        #expect(error.message.contains("expired 2 hour(s) ago"))
        #expect(!error.message.contains("not recognised"))
    }

    @Test(
        arguments: [
            (
                #"{"policyName":"TEN_SECONDLY_ROLLING","message":"You have reached your ten_secondly_rolling limit."}"#,
                HubSpotError.Kind.rateLimited, "TEN_SECONDLY_ROLLING", Duration.seconds(10)
            ),
            (
                #"{"message":"You have reached your ten_secondly_rolling limit."}"#, .rateLimited,
                "TEN_SECONDLY_ROLLING", .seconds(10)
            ),
            (
                #"{"policyName":"SECONDLY","message":"You have reached your secondly limit."}"#, .rateLimited,
                "SECONDLY", .seconds(1)
            ),
            (#"{"message":"You have reached your secondly limit."}"#, .rateLimited, "SECONDLY", .seconds(1)),
            (#"{"policyName":"DAILY","message":"You have reached your daily limit."}"#, .dailyLimit, "DAILY", nil),
            (#"{"message":"You have reached your daily limit."}"#, .dailyLimit, "DAILY", nil),
            ("error code: 1015", .rateLimited, nil, .seconds(60)),
            ("", .rateLimited, nil, .seconds(10)),
        ] as [(String, HubSpotError.Kind, String?, Duration?)])
    func `tells the limits apart`(body: String, kind: HubSpotError.Kind, policy: String?, wait: Duration?) {
        let error = error(429, body)
        #expect(error.kind == kind)
        #expect(error.policyName == policy)
        #expect(error.retryAfter == wait)
    }

    @Test(
        arguments: [
            ("1", Duration.seconds(1)), ("300", .seconds(300)), (" 7 ", .seconds(7)), ("0", nil), ("301", nil),
            ("10000", nil),
            ("-1", nil), ("soon", nil), ("Wed, 21 Oct 2026 07:28:00 GMT", nil), ("", nil),
        ] as [(String, Duration?)])
    func `has a sane Retry-After or none`(value: String, wait: Duration?) {
        #expect(RetryAfter.read(value) == wait)
    }

    @Test func `lists what a form refused`() {
        let error = error(
            400,
            #"{"status":"error","message":"The request is not valid","correlationId":"c","errors":[{"message":"Error in 'fields.email'. Invalid email address","errorType":"INVALID_EMAIL"},{"message":"Error in 'fields.lastname'. Required field 'lastname' is missing","errorType":"REQUIRED_FIELD"}]}"#
        )
        #expect(error.kind == .validation)
        #expect(error.message.contains("Invalid email address"))
        #expect(error.message.contains("'lastname' is missing"))
        #expect(error.errors.first?["errorType"] == "INVALID_EMAIL")
    }

    @Test(arguments: HubSpotError.Kind.allCases)
    func `prints as one line with its kind`(kind: HubSpotError.Kind) {
        let error = HubSpotError(kind, "words", status: 400, correlationID: "c", request: "GET /x")
        #expect("\(error)" == "\(kind.rawValue) (400): words (GET /x) (correlationId c)")
    }

    @Test func `survives every body of random bytes`() {
        var dice = SeededGenerator(1)
        for _ in 0..<500 {
            let body = (0..<Int.random(in: 0...200, using: &dice)).map { _ in UInt8.random(in: 0...255, using: &dice) }
            for status in [400, 401, 403, 409, 429, 502] {
                let response = APIResponse(status: status, headers: [:], body: [UInt8(ascii: "{")] + body)
                #expect(HubSpotError(response, to: APIRequest(.get, "/x")).status == status)
            }
        }
    }
}

@Suite("What an answer says about limits") struct LimiterObservationTests {
    private func observe(
        _ status: Int, _ headers: [(String, String)], body: String = "", lanes: LaneSet = [.burst, .day]
    ) -> ObservedLimits {
        ObservedLimits(APIResponse(status: status, rawHeaders: headers, body: Array(body.utf8)), lanes: lanes)
    }

    @Test func `is read from any subset of the headers, in any case`() {
        let seen = observe(
            200,
            [
                ("X-HubSpot-RateLimit-Daily", "250000"), ("x-hubspot-ratelimit-daily-remaining", "249851"),
                ("X-HubSpot-RateLimit-Interval-Milliseconds", "10000"), ("X-HubSpot-RateLimit-Max", "100"),
                ("X-HUBSPOT-RATELIMIT-REMAINING", "99"), ("X-HubSpot-RateLimit-Secondly", "10"), ("Content-Type", "x"),
            ])
        #expect((seen.dailyLimit, seen.dailyRemaining) == (250_000, 249_851))
        #expect((seen.limit, seen.remaining, seen.window) == (100, 99, .seconds(10)))
        let none = observe(200, [("X-HubSpot-RateLimit-Max", "many"), ("X-HubSpot-RateLimit-Remaining", "-3")])
        #expect(none == ObservedLimits(status: 200))
    }

    @Test(
        arguments: [
            ("TEN_SECONDLY_ROLLING", [.burst, .day], .init(scope: .lane(.burst), wait: .seconds(10))),
            ("SECONDLY", [.search, .day], .init(scope: .lane(.search), wait: .seconds(1))),
            ("TEN_SECONDLY_ROLLING", .forms, .init(scope: .lane(.forms), wait: .seconds(10))),
            ("TEN_SECONDLY_ROLLING", [.associations, .day], .init(scope: .lane(.associations), wait: .seconds(10))),
            ("DAILY", [.search, .day], .init(scope: .day, wait: .zero)),
            ("SOMETHING", [.search, .day], .init(scope: .lane(.search), wait: .seconds(1))),
        ] as [(String, LaneSet, ObservedLimits.Refusal)])
    func `names the lane that a 429 closes`(policy: String, lanes: LaneSet, refusal: ObservedLimits.Refusal) {
        #expect(observe(429, [], body: #"{"policyName":"\#(policy)"}"#, lanes: lanes).refusal == refusal)
    }

    @Test func `closes the forms lane for a minute when the address is blocked`() {
        #expect(
            observe(429, [], body: "error code: 1015", lanes: .forms).refusal
                == .init(scope: .lane(.forms), wait: .seconds(60)))
    }
}
