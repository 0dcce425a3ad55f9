import JSON
import Testing

@testable import Simulator

@Suite("The simulator's clock") struct ClockTests {
    private static let form = "/submissions/v3/integration/secure/submit/20000001/11111111-1111-4111-8111-111111111111"

    private func advance(_ bench: Bench, _ milliseconds: Int64) async throws -> String? {
        let answer = try await bench.send(
            "POST", "/_simulator/clock", ["advance_ms": .integer(milliseconds)], token: nil)
        #expect(answer.status == 200, "\(answer.text)")
        return answer.json["now"]?.string
    }

    @Test func `of the machine wakes who waits when it is moved on`() async throws {
        let clock = SystemSimulatorClock()
        let before = clock.now()
        async let hour: Void = clock.sleep(for: .seconds(3600))
        async let day: Void = clock.sleep(for: .seconds(86_400))
        while clock.sleeperCount < 2 { await Task.yield() }
        clock.advance(by: .seconds(4000))
        clock.advance(by: .seconds(-9))
        try await hour
        #expect(clock.now() - before >= 4_000_000_000)
        #expect(clock.now() - before < 86_400_000_000)
        clock.advance(by: .seconds(86_400))
        try await day
        let endless = Task { try await clock.sleep(for: .seconds(86_400)) }
        endless.cancel()
        await #expect(throws: CancellationError.self) { try await endless.value }
    }

    @Test func `moves latencies, windows, lags and forms alike when a test moves it`() async throws {
        let quota = try SimulatorQuota(parsing: "2/10s,search=2/10s")
        try await Bench.running { options in
            options.clock = nil  // the machine's, as of a simulator that people start
            options.quota = quota
            options.searchLag = .seconds(3600)
            options.formDelay = .seconds(3600)
        } _: { bench in
            _ = try await bench.contact(["email": "ada@example.org"])
            let fields: JSONValue = [
                "fields": .array([
                    ["objectTypeId": "0-1", "name": "email", "value": "grace@example.org"],
                    ["objectTypeId": "0-1", "name": "lastname", "value": "Hopper"],
                ])
            ]
            #expect(try await bench.post(Self.form, fields).status == 200)
            #expect(try await bench.search([:]).json["total"] == 0)
            let path = "\(Bench.contacts)/grace@example.org?idProperty=email"
            #expect(try await bench.get(path).status == 404)
            #expect(try await bench.get(path).status == 429)
            _ = try await advance(bench, 10_000)
            #expect(try await bench.get(path).status == 404)
            _ = try await advance(bench, 3_600_000)
            #expect(try await bench.get(path).status == 200)
            #expect(try await bench.search([:]).json["total"] == 1)
            _ = try await advance(bench, 3_600_000)
            #expect(try await bench.search([:]).json["total"] == 2)
        }
    }

    @Test func `ends a slow answer at once when it is moved past it`() async throws {
        try await Bench.running {
            $0.clock = nil
        } _: { bench in
            let rule: JSONValue = ["path": "/crm/*", "times": 1, "action": ["delay_ms": 3_600_000]]
            #expect(
                try await bench.send("PUT", "/_simulator/faults", ["rules": .array([rule])], token: nil).status == 200)
            async let slow = bench.get(Bench.contacts)
            // Moved until the request has come and gone; an hour never passes otherwise.
            while try await bench.get("/_simulator/stats").json.at("by_status.200") == nil {
                _ = try await advance(bench, 3_600_000)
            }
            let status = try await slow.status
            #expect(status == 200)
        }
    }

    @Test(arguments: [
        // From the clock's 2026-11-21T10:00:00Z, in hours: midnight in Berlin is at 23:00 UTC in winter, and the night in
        // which summer begins, 2027-03-28, has 23 hours: its day ends at 22:00 UTC.
        (13, 24), (13 + 126 * 24, 23), (13 + 127 * 24 - 1, 24),
    ])
    func `begins the day's quota anew at midnight in the portal's time zone`(hours: Int, length: Int) async throws {
        let quota = try SimulatorQuota(parsing: "1/day")
        try await Bench.running {
            $0.quota = quota
        } _: { bench in
            let path = Bench.contacts + "?limit=1"
            bench.clock.advance(by: .seconds(hours * 3600 - 1))
            #expect(try await bench.get(path).status == 200)
            #expect(try await bench.get(path).json["policyName"] == "DAILY")
            _ = try await advance(bench, 1000)
            #expect(try await bench.get(path).status == 200)
            _ = try await advance(bench, Int64(length) * 3_600_000 - 1)
            #expect(try await bench.get(path).json["policyName"] == "DAILY")
            _ = try await advance(bench, 1)
            #expect(try await bench.get(path).status == 200)
        }
    }

    @Test(arguments: ["{}", "{\"advance_ms\":-1}", "{\"advance_ms\":\"soon\"}", "{\"advance_ms\":1e12}", "", "[]"])
    func `refuses to be moved backward or nowhere`(body: String) async throws {
        try await Bench.running { bench in
            let answer = try await bench.sendBytes("POST", "/_simulator/clock", Array(body.utf8), token: nil)
            #expect(answer.status == 400)
            #expect(bench.clock.now() == ManualSimulatorClock().now())
        }
    }
}
