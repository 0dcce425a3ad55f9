import JSON
import Testing

@testable import Simulator

@Suite("The quota") struct QuotaTests {
    private let path = Bench.contacts + "?limit=1"

    private func limited(_ spec: String, _ body: (Bench) async throws -> Void) async throws {
        let quota = try SimulatorQuota(parsing: spec)
        try await Bench.running { options in
            options.quota = quota
            options.otherTokens = ["pat-na1-other"]
        } _: { bench in
            try await body(bench)
        }
    }

    @Test func `admits as many in any window as it says, and counts no refusal`() async throws {
        try await limited("3/10s") { bench in
            for _ in 0..<3 {
                #expect(try await bench.get(path).status == 200)
                bench.clock.advance(by: .seconds(1))
            }
            let refused = try await bench.get(path)
            #expect(refused.status == 429)
            #expect(refused.json["message"] == "You have reached your ten_secondly_rolling limit.")
            #expect(refused.json["policyName"] == "TEN_SECONDLY_ROLLING")
            #expect(refused.json["errorType"] == "RATE_LIMIT")
            #expect(refused.json["correlationId"] == .optional(refused.headers["x-hubspot-correlation-id"]))
            bench.clock.advance(by: .milliseconds(6999))
            #expect(try await bench.get(path).status == 429)
            bench.clock.advance(by: .milliseconds(1))
            #expect(try await bench.get(path).status == 200)
            #expect(try await bench.get(path).status == 429)
            let stats = try await bench.get("/_simulator/stats").json
            #expect(stats["throttled"] == 3)
            #expect(stats.at("peak_window.burst") == 3)
            #expect(stats.at("by_status.429") == 3)
            #expect(stats["requests"] == 7)
        }
    }

    @Test func `tells what is left in the headers`() async throws {
        try await limited("190/10s,625000/day") { bench in
            let headers = try await bench.get(path).headers
            #expect(headers["x-hubspot-ratelimit-daily"] == "625000")
            #expect(headers["x-hubspot-ratelimit-daily-remaining"] == "624999")
            #expect(headers["x-hubspot-ratelimit-interval-milliseconds"] == "10000")
            #expect(headers["x-hubspot-ratelimit-max"] == "190")
            #expect(headers["x-hubspot-ratelimit-remaining"] == "189")
            #expect(headers["x-hubspot-ratelimit-secondly"] == "19")
            #expect(headers["x-hubspot-ratelimit-secondly-remaining"] == "18")
        }
    }

    @Test func `is each token's own for bursts, and the account's for searches`() async throws {
        try await limited("1/10s,search=1/s") { bench in
            #expect(try await bench.get(path).status == 200)
            #expect(try await bench.send("GET", path, token: "pat-na1-other").status == 200)
            let search = try await bench.search([:])
            #expect(search.status == 200)
            #expect(!search.headers.keys.contains { $0.hasPrefix("x-hubspot-ratelimit") })
            let refused = try await bench.send("POST", Bench.contacts + "/search", [:], token: "pat-na1-other")
            #expect(refused.status == 429)
            #expect(refused.json["policyName"] == "SECONDLY")
            #expect(refused.json["message"] == "You have reached your secondly limit.")
            bench.clock.advance(by: .seconds(1))
            #expect(try await bench.search([:]).status == 200)
            #expect(try await bench.get(path).status == 429)
        }
    }

    @Test func `of the day starts again at the portal's midnight`() async throws {
        try await limited("2/day") { bench in
            // The clock begins at 10:00 UTC, which is 11:00 in Berlin.
            #expect(try await bench.get(path).status == 200)
            #expect(try await bench.search([:]).status == 200)
            let refused = try await bench.get(path)
            #expect(refused.json["policyName"] == "DAILY")
            bench.clock.advance(by: .seconds(13 * 3600 - 1))
            #expect(try await bench.get(path).status == 429)
            bench.clock.advance(by: .seconds(1))
            #expect(try await bench.get(path).status == 200)
        }
    }

    @Test func `blocks an address after ten refused forms within a second`() async throws {
        try await limited("forms=1/10s") { bench in
            let form = "/submissions/v3/integration/submit/20000001/11111111-1111-4111-8111-111111111111"
            let body: JSONValue = [
                "fields": .array([["name": "email", "value": "a@example.org"], ["name": "lastname", "value": "A"]])
            ]
            #expect(try await bench.send("POST", form, body, token: nil).status == 200)
            for _ in 0..<10 {
                let refused = try await bench.send("POST", form, body, token: nil)
                #expect(refused.status == 429)
                #expect(refused.json["policyName"] == "TEN_SECONDLY_ROLLING")
            }
            bench.clock.advance(by: .seconds(59))
            let blocked = try await bench.send("POST", form, body, token: nil)
            #expect(blocked.status == 429)
            #expect(blocked.headers["content-type"]?.hasPrefix("text/plain") == true)
            #expect(blocked.text == "error code: 1015")
            bench.clock.advance(by: .seconds(1))
            #expect(try await bench.send("POST", form, body, token: nil).status == 200)
        }
    }

    @Test func `does not block an address for refusals that are spread out`() async throws {
        try await limited("forms=1/100s") { bench in
            let form = "/submissions/v3/integration/submit/20000001/11111111-1111-4111-8111-111111111111"
            for _ in 0..<15 {
                bench.clock.advance(by: .milliseconds(112))
                let answer = try await bench.send("POST", form, ["fields": []], token: nil)
                #expect(answer.text != "error code: 1015")
            }
        }
    }

    @Test func `shows its use of the day`() async throws {
        try await limited("professional") { bench in
            _ = try await bench.get(path)
            let answer = try await bench.get("/account-info/v3/api-usage/daily/private-apps").json
            #expect(answer.at("results.0.usageLimit") == 625_000)
            #expect(answer.at("results.0.currentUsage") == 2)
            #expect(answer.at("results.0.fetchStatus") == "SUCCESS")
            #expect(answer.at("results.0.resetsAt") == "2026-11-21T23:00:00Z")
        }
    }

    @Test(arguments: [
        ("190/10s,625000/day,search=5/s,associations=100/10s,forms=50/10s", 190, 10, 625_000),
        ("20/2s", 20, 2, 625_000),
        ("free", 100, 10, 250_000), ("enterprise", 190, 10, 1_000_000), ("add-on", 250, 10, 2_000_000),
        ("search=3/s", 190, 10, 625_000),
    ])
    func `is read from its spelling`(spec: String, burst: Int, seconds: Int, daily: Int) throws {
        let quota = try SimulatorQuota(parsing: spec)
        #expect(quota.burst == .init(burst, per: .seconds(seconds)))
        #expect(quota.daily == daily)
    }

    @Test(arguments: [
        "", "190", "0/10s", "-1/s", "x/10s", "5/", "5/fortnight", "lane=5/s", "search=5/day", "5/0s", "unlimitd",
    ])
    func `refuses a spelling that it does not understand`(spec: String) {
        #expect(throws: SimulatorOptionError.self) { try SimulatorQuota(parsing: spec) }
    }

    @Test func `of the unlimited tier lifts every lane`() async throws {
        try await limited("unlimited") { bench in
            for _ in 0..<30 { #expect(try await bench.search([:]).status == 200) }
            let headers = try await bench.get(path).headers
            #expect(!headers.keys.contains { $0.hasPrefix("x-hubspot-ratelimit") })
            #expect(try await bench.get("/_simulator/stats").json.at("peak_window.search") == 30)
        }
    }
}
