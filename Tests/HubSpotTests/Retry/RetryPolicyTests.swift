import HTTPTypes
import Testing

@testable import HubSpot

@Suite("Retrying") struct RetryPolicyTests {
    typealias Case = (error: HubSpotError, reading: Bool, settingState: Bool, appending: Bool, never: Bool)

    static let lost = HubSpotError(.network, "", fateIsUnknown: true)
    static let unsent = HubSpotError(.network, "")

    private static func answered(_ kind: HubSpotError.Kind, _ status: Int, after: Duration? = nil) -> HubSpotError {
        HubSpotError(kind, "", status: status, retryAfter: after)
    }

    static let cases: [Case] = [
        (answered(.unavailable, 500), true, true, false, false),
        (answered(.unavailable, 502), true, true, false, false),
        (answered(.unavailable, 524), true, true, false, false),
        (lost, true, true, false, false),
        (HubSpotError(.timeout, "", fateIsUnknown: true), true, true, false, false),
        // Refused before anything was done, or never sent: every method.
        (unsent, true, true, true, true),
        (answered(.rateLimited, 429), true, true, true, true),
        (answered(.unavailable, 423), true, true, true, true),
        (answered(.unavailable, 477, after: .seconds(60)), true, true, true, true),
        (answered(.unavailable, 477, after: .seconds(61)), false, false, false, false),
        (answered(.unavailable, 477), false, false, false, false),
        // A second try changes nothing.
        (answered(.dailyLimit, 429), false, false, false, false),
        (answered(.validation, 400), false, false, false, false),
        (answered(.unauthenticated, 401), false, false, false, false),
        (answered(.forbidden, 403), false, false, false, false),
        (answered(.notFound, 404), false, false, false, false),
        (answered(.conflict, 409), false, false, false, false),
        (HubSpotError(.badResponse, ""), false, false, false, false),
        (HubSpotError(.cancelled, ""), false, false, false, false),
    ]

    @Test(arguments: cases)
    func `repeats only what is safe to repeat`(_ example: Case) {
        func again(_ repetition: RequestRules.Repetition, appends: Bool = false) -> Bool {
            RetryPolicy().delay(after: example.error, attempt: 1, repetition: repetition, appends: appends, jitter: 0)
                != nil
        }
        #expect(again(.reading) == example.reading)
        #expect(again(.settingState) == example.settingState)
        #expect(again(.settingState, appends: true) == example.appending)
        #expect(again(.never) == example.never)
    }

    @Test func `makes five tries at most`() {
        for attempt in 1...7 {
            let delay = RetryPolicy().delay(
                after: Self.unsent, attempt: attempt, repetition: .reading, appends: false, jitter: 0.5)
            #expect((delay != nil) == (attempt < 5))
        }
    }

    @Test(arguments: [0.0, 0.3, 0.999])
    func `waits longer each time, with jitter`(jitter: Double) throws {
        let delays = try (1...4).map { attempt in
            try #require(
                RetryPolicy().delay(
                    after: Self.lost, attempt: attempt, repetition: .reading, appends: false, jitter: jitter))
        }
        #expect(delays == delays.sorted())
        #expect(delays[3] >= delays[0] * 7)
        #expect(delays.allSatisfy { $0 > .zero && $0 <= .seconds(4) })
    }

    @Test(arguments: [
        (HubSpotError(.rateLimited, "", status: 429, retryAfter: .seconds(7)), Duration.seconds(7)),
        (HubSpotError(.rateLimited, "", status: 429), .seconds(10)),
        (HubSpotError(.unavailable, "", status: 423), .seconds(2)),
        (HubSpotError(.unavailable, "", status: 477, retryAfter: .seconds(40)), .seconds(40)),
    ])
    func `waits as long as HubSpot asks`(error: HubSpotError, least: Duration) throws {
        let delay = try #require(
            RetryPolicy().delay(after: error, attempt: 1, repetition: .never, appends: false, jitter: 0.5))
        #expect(delay >= least)
        #expect(delay < least + .seconds(1))
    }

    @Test func `gives up what no second try mends`() {
        var error = Self.unsent
        error.isWorthRepeating = false
        #expect(RetryPolicy().delay(after: error, attempt: 1, repetition: .reading, appends: false, jitter: 0) == nil)
    }

    @Test(arguments: [
        (#"{"properties":{"a":";x"}}"#, true), (#"{"properties":{"a": "\u003Bx"}}"#, true),
        (#"{"properties":{"a":"x;y"}}"#, false), (#"{"properties":{"a":"he said: \";\""}}"#, false),
        (#"{"properties":{";a":"x"}}"#, false), (#"{"a":"x:","b":1}"#, false), ("", false),
    ])
    func `sees a value that appends`(body: String, appends: Bool) {
        #expect(APIRequest(.patch, "/x", body: Array(body.utf8)).appends == appends)
    }
}
