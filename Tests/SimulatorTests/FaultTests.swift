import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1
import Testing

@testable import Simulator

@Suite("Faults") struct FaultTests {
    private func set(_ bench: Bench, _ rule: JSONValue) async throws {
        let answer = try await bench.send("PUT", "/_simulator/faults", ["rules": .array([rule])], token: nil)
        #expect(answer.status == 200, "\(answer.text)")
    }

    @Test func `answer in place of the handler, as often as the rule says`() async throws {
        try await Bench.running { bench in
            try await set(
                bench,
                [
                    "method": "POST", "path": "/crm/*/contacts", "nth": 2, "times": 1,
                    "action": ["status": 477, "headers": ["Retry-After": "3"], "body": ["message": "moving"]],
                ])
            #expect(try await bench.post(Bench.contacts, ["properties": ["email": "a@example.org"]]).status == 201)
            let fault = try await bench.post(Bench.contacts, ["properties": ["email": "b@example.org"]])
            #expect(fault.status == 477)
            #expect(fault.headers["retry-after"] == "3")
            #expect(fault.json["message"] == "moving")
            #expect(try await bench.post(Bench.contacts, ["properties": ["email": "b@example.org"]]).status == 201)
        }
    }

    @Test(arguments: [("reset_before", 0), ("reset_after", 1), ("truncate", 1)] as [(String, Int64)])
    func `break the connection before or after the work`(kind: String, made: Int64) async throws {
        try await Bench.running { bench in
            try await set(
                bench, ["method": "POST", "times": 1, "path": "*/contacts", "action": ["kind": .string(kind)]])
            await #expect(throws: (any Error).self) {
                _ = try await bench.post(Bench.contacts, ["properties": ["email": "a@example.org"]])
            }
            #expect(try await bench.search([:]).json["total"] == .integer(made))
        }
    }

    @Test func `hang until the caller goes`() async throws {
        try await Bench.running { bench in
            try await set(bench, ["action": ["kind": "hang"]])
            let request = HTTPClientRequest(url: bench.simulator.baseURL + "/x")
            await #expect(throws: (any Error).self) {
                _ = try await HTTPClient.shared.execute(request, timeout: .milliseconds(300))
            }
        }
    }

    @Test(arguments: ["502=1%,reset=0.5%,timeout=0.1%"])
    func `are read from their spelling`(text: String) throws {
        let faults = try SimulatorOptions.parseFaults(text)
        #expect(faults.rates.map(\.kind) == [.status(502), .reset, .timeout])
        #expect(abs(faults.rates[1].probability - 0.005) < 1e-12)
    }

    @Test(arguments: ["502", "502=x", "700=1%", "reset=101%", "", "boom=1%"])
    func `refuse a spelling that they do not understand`(text: String) {
        #expect(throws: SimulatorOptionError.self) { try SimulatorOptions.parseFaults(text) }
    }

    @Test func `strike by chance`() async throws {
        try await Bench.running {
            $0.faults = SimulatorFaults([.init(.status(502), probability: 1)])
        } _: { bench in
            let answer = try await bench.get(Bench.contacts)
            #expect(answer.status == 502)
            #expect(answer.headers["content-type"]?.hasPrefix("text/html") == true)
        }
    }

    @Test func `move the clock`() async throws {
        try await Bench.running { bench in
            let answer = try await bench.send("POST", "/_simulator/clock", ["advance_ms": 1500], token: nil)
            #expect(answer.json["now"] == "2026-11-21T10:00:01.500Z")
        }
    }

    @Test(arguments: [
        (423, "application/json", "LOCKED"), (429, "application/json", "TEN_SECONDLY_ROLLING"),
        (477, "application/json", "MIGRATION"), (404, "application/json", "problem"),
        (500, "text/html", "HTTP ERROR 500"),
        (502, "text/html", "502"), (503, "text/html", "503"), (504, "text/html", "504"), (524, "text/html", "524"),
    ])
    func `have HubSpot's body where a rule gives none`(status: Int, type: String, says: String) async throws {
        try await Bench.running { bench in
            try await set(bench, ["action": ["status": .integer(status)]])
            let answer = try await bench.get(Bench.contacts)
            #expect(answer.status == status)
            #expect(answer.headers["content-type"]?.hasPrefix(type) == true)
            #expect(answer.text.contains(says), "\(answer.text)")
            #expect((answer.headers["retry-after"] != nil) == (status == 477))
            if type == "application/json" {
                #expect(answer.json["correlationId"] == .optional(answer.headers["x-hubspot-correlation-id"]))
            }
        }
    }

    @Test func `can be text, as of the firewall in front`() async throws {
        try await Bench.running { bench in
            try await set(bench, ["action": ["status": 429, "body": "error code: 1015"]])
            let answer = try await bench.get(Bench.contacts)
            #expect(answer.status == 429)
            #expect(answer.text == "error code: 1015")
            #expect(answer.headers["content-type"] == "text/plain")
        }
    }

    @Test func `send the body's second half late`() async throws {
        try await Bench.running { bench in
            try await bench.contact(["email": "ada@example.org"])
            try await set(bench, ["action": ["kind": "slow_body", "delay_ms": 90_000]])
            async let answer = bench.get(Bench.contacts)
            while bench.clock.sleeperCount == 0 { await Task.yield() }
            bench.clock.advance(by: .seconds(90))
            let whole = try await answer
            #expect(whole.status == 200)
            #expect(whole.json.at("results.0.properties.email") == "ada@example.org")
        }
    }

    @Test func `can cut an answer of their own short`() async throws {
        try await Bench.running { bench in
            let action: JSONValue = ["kind": "truncate", "status": 503, "body": "twelve bytes"]
            try await set(bench, ["method": "POST", "action": action])
            var request = HTTPClientRequest(url: bench.simulator.baseURL + Bench.contacts)
            request.method = .POST
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
            #expect(response.status.code == 503)
            #expect(response.headers.first(name: "content-length") == "12")
            var text = ""
            await #expect(throws: (any Error).self) {
                for try await part in response.body { text += String(buffer: part) }
            }
            #expect(text == "twelve")
            #expect(try await bench.get("/_simulator/stats").json.at("by_status.503") == 1)
        }
    }

    @Test(arguments: [
        ("probability", "1.5", "rules[0].probability: a number from 0 to 1 expected"),
        ("probability", "-0.1", "rules[0].probability: a number from 0 to 1 expected"),
        ("probability", "\"often\"", "rules[0].probability: a number from 0 to 1 expected"),
        ("nth", "0", "rules[0].nth: a whole number from 1 on expected"),
        ("nth", "1.5", "rules[0].nth: a whole number from 1 on expected"),
        ("times", "0", "rules[0].times: a whole number from 1 on expected"),
        ("times", "-1", "rules[0].times: a whole number from 1 on expected"),
        ("nth", "2,\"probability\":0.5", "rules[0]: probability or nth expected, not both"),
        ("action", "{\"status\":99}", "rules[0].action.status: a status from 200 to 599 expected"),
        ("action", "{\"status\":600}", "rules[0].action.status: a status from 200 to 599 expected"),
        ("action", "{\"delay_ms\":-1}", "rules[0].action.delay_ms: milliseconds from 0 to 1e9 expected"),
    ])
    func `of rules beyond sense are refused with what was expected`(
        name: String, value: String, message: String
    ) async throws {
        try await Bench.running { bench in
            let action = name == "action" ? "" : ",\"action\":{\"status\":500}"
            let body = "{\"rules\":[{\"\(name)\":\(value)\(action)}]}"
            let answer = try await bench.sendBytes("PUT", "/_simulator/faults", Array(body.utf8), token: nil)
            #expect(answer.status == 400)
            #expect(answer.json["message"] == .string(message))
            #expect(try await bench.get(Bench.contacts).status == 200)
        }
    }

    @Test(arguments: [
        "{}", "{\"rules\":[{}]}", "{\"rules\":[{\"action\":{\"status\":7}}]}", "[]",
        "{\"rules\":[{\"action\":{\"kind\":\"x\"}}]}",
    ])
    func `of rules that make no sense are refused`(body: String) async throws {
        try await Bench.running { bench in
            let answer = try await bench.sendBytes("PUT", "/_simulator/faults", Array(body.utf8), token: nil)
            #expect(answer.status == 400)
        }
    }
}
