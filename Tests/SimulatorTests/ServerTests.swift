import AsyncHTTPClient
import JSON
import NIOCore
import Testing
import Wire

@testable import Simulator

@Suite("The server") struct ServerTests {
    @Test func `wants credentials`() async throws {
        try await Bench.running { bench in
            let none = try await bench.send("GET", Bench.contacts, token: nil)
            #expect(none.status == 401)
            #expect(none.json["category"] == "INVALID_AUTHENTICATION")
            #expect(none.headers["x-hubspot-auth-failure"] == "401 Unauthorized")
            #expect(none.json["correlationId"] == .optional(none.headers["x-hubspot-correlation-id"]))
            let doubled = try await bench.send("GET", Bench.contacts, token: "Bearer x")
            #expect(doubled.json["category"] == "INVALID_AUTHENTICATION")
            let wrong = try await bench.send("GET", Bench.contacts, token: "pat-na1-wrong")
            #expect(wrong.status == 401)
            #expect(wrong.json["category"] == "EXPIRED_AUTHENTICATION")
            #expect(wrong.json["message"] == "The OAuth token used to make this call expired 20,778 day(s) ago.")
            #expect(wrong.json.at("context.expire time.0") == "1970-01-01T00:00:00Z")
        }
    }

    @Test func `names the scopes that are missing, after the object type`() async throws {
        try await Bench.running { options in
            options.scopes = ["crm.objects.contacts.read"]
        } _: { bench in
            #expect(try await bench.get(Bench.contacts).status == 200)
            let refused = try await bench.post(Bench.contacts, ["properties": ["email": "a@example.org"]])
            #expect(refused.status == 403)
            #expect(refused.json["category"] == "MISSING_SCOPES")
            #expect(refused.json.at("errors.0.context.requiredGranularScopes") == ["crm.objects.contacts.write"])
            let unknown = try await bench.get("/crm/v3/objects/widgets")
            #expect(unknown.status == 400)
            #expect(unknown.json["message"] == "Unable to infer object type from: widgets")
            #expect(unknown.json["category"] == nil)
            #expect(
                try await bench.get("/crm/v3/objects/0-9999").json["message"]
                    == "Invalid object or event type id: 0-9999")
            #expect(try await bench.get("/account-info/v3/details").status == 200)
        }
    }

    @Test(arguments: [
        "/nowhere", "/crm/v1/objects/contacts", "/crm/objects/2031-03/contacts", "/crm/v3", "/contacts/v1/lists",
    ])
    func `answers unknown routes with a page`(path: String) async throws {
        try await Bench.running { bench in
            let answer = try await bench.get(path)
            #expect(answer.status == 404)
            #expect(answer.headers["content-type"]?.hasPrefix("text/html") == true)
        }
    }

    @Test func `gives each answer a correlation id of version 7`() async throws {
        try await Bench.running { bench in
            let first = try await bench.get(Bench.contacts).headers["x-hubspot-correlation-id"] ?? ""
            let second = try await bench.get(Bench.contacts).headers["x-request-id"] ?? ""
            #expect(first != second)
            #expect(first.count == 36)
            #expect(Array(first)[14] == "7")
        }
    }

    @Test(arguments: [
        ("{", "Invalid input JSON on line 1, column 2"), ("", "Invalid input JSON on line 1, column 0"),
        ("{\"properties\":\n {\"a\" 1}}", "Invalid input JSON on line 2, column 7"), ("[]", "Invalid input JSON"),
        ("{\"properties\":[]}", "Invalid input JSON"), ("{\"properties\":{\"firstname\":{}}}", "Invalid input JSON"),
        ("\"\\ud800\"", "Invalid input JSON"), ("nul", "Invalid input JSON"),
        ("{\"properties\":{}} x", "Invalid input JSON"),
    ])
    func `refuses bodies that are no JSONValue of the right shape`(body: String, message: String) async throws {
        try await Bench.running { bench in
            let answer = try await bench.sendBytes("POST", Bench.contacts, Array(body.utf8))
            #expect(answer.status == 400)
            #expect(answer.json["category"] == "VALIDATION_ERROR")
            #expect(answer.json["message"]?.string?.hasPrefix(message) == true, "\(answer.text)")
        }
    }

    @Test func `survives hostile bodies`() async throws {
        try await Bench.running { bench in
            let deep = [UInt8](repeating: UInt8(ascii: "["), count: 2_000_000)
            #expect(try await bench.sendBytes("POST", Bench.contacts, deep).status == 400)
            #expect(try await bench.sendBytes("POST", Bench.contacts, [0xFF, 0xFE, 0x00]).status == 400)
            let huge = Array("{\"properties\":{\"firstname\":\"\(String(repeating: "x", count: 20 << 20))\"}}".utf8)
            let answer = try await bench.sendBytes("POST", Bench.contacts, huge)
            #expect(answer.status == 400)
            #expect(answer.json.at("errors.0.code") == "INVALID_STRING")
            #expect(
                try await bench.sendBytes(
                    "POST", Bench.contacts, Array("a=b".utf8), headers: [("Content-Type", "text/csv")]
                ).status == 415)
            #expect(
                try await bench.get("\(Bench.contacts)?properties=\(String(repeating: "x,", count: 9000))").status
                    == 414)
            #expect(try await bench.get("\(Bench.contacts)/%27%3B--?idProperty=%27").status == 400)
            #expect(try await bench.send("PUT", Bench.contacts, [:]).status == 405)
            #expect(try await bench.get(Bench.contacts).status == 200)
        }
    }

    @Test func `tells about the account and the token`() async throws {
        try await Bench.running { bench in
            for path in ["/account-info/v3/details", "/account-info/2026-09/details"] {
                let details = try await bench.get(path).json
                #expect(details["portalId"] == 20_000_001)
                #expect(details["timeZone"] == "Europe/Berlin")
                #expect(details["utcOffsetMilliseconds"] == 3_600_000)
                #expect(details["utcOffset"] == "+01:00")
            }
            let info = try await bench.send(
                "POST", "/oauth/v2/private-apps/get/access-token-info", ["tokenKey": .string(bench.simulator.token)],
                token: nil)
            #expect(info.json["hubId"] == 20_000_001)
            #expect(info.json["scopes"]?.array?.contains("oauth") == true)
        }
    }

    @Test func `makes up a token of HubSpot's shape and takes a free port`() async throws {
        let token = try await Simulator.withRunning(SimulatorOptions()) { simulator in
            #expect(simulator.port > 0)
            #expect(simulator.baseURL == "http://127.0.0.1:\(simulator.port)")
            return simulator.token
        }
        #expect(token.hasPrefix("pat-na1-"))
        #expect(token.count == 44)
    }

    @Test func `closes its port when it stops, however often`() async throws {
        let simulator = try await Simulator.start(SimulatorOptions())
        await simulator.stop()
        await simulator.stop()
        await #expect(throws: (any Error).self) {
            _ = try await HTTPClient.shared.execute(HTTPClientRequest(url: simulator.baseURL), timeout: .seconds(2))
        }
    }

    @Test func `says when its port is taken`() async throws {
        try await Simulator.withRunning(SimulatorOptions()) { simulator in
            var options = SimulatorOptions()
            options.port = simulator.port
            await #expect(throws: (any Error).self) { _ = try await Simulator.start(options) }
        }
    }

    @Test func `shows its page and starts over when told to`() async throws {
        try await Bench.running(contacts: 3) { bench in
            #expect(try await bench.send("GET", "/", token: nil).text.contains("portal 20000001"))
            try await bench.contact(["email": "ada@example.org"])
            let log = try await bench.send("GET", "/_simulator/requests?after=0", token: nil).json
            #expect(log.at("results.0.method") == "POST")
            let portal = try await bench.send("GET", "/_simulator/portal", token: nil).json
            #expect(portal["portalId"] == 20_000_001)
            #expect(portal["records"] == .array([["name": "contacts", "objectTypeId": "0-1", "count": 4]]))
            #expect(portal["forms"]?.array?.count == 4)
            #expect(portal.at("quota.burst") == .null)
            _ = try await bench.get("\(Bench.contacts)?limit=1")
            let asked = try await bench.send("GET", "/_simulator/requests?after=1", token: nil).json
            #expect(asked.at("results.0.query") == "limit=1")
            #expect(try await bench.send("POST", "/_simulator/reset", token: nil).status == 200)
            #expect(try await bench.send("GET", "/_simulator/stats", token: nil).json["requests"] == 0)
            #expect(try await bench.search([:]).json["total"] == 3)
        }
    }

    @Test func `keeps its portal in a file`() async throws {
        let path = "/tmp/simulator-test-\(UUIDs.version4()).sqlite"
        defer { for suffix in ["", "-wal", "-shm"] { unlinkFile(path + suffix) } }
        try await Bench.running {
            $0.database = path
        } _: { bench in
            try await bench.contact(["email": "ada@example.org"])
        }
        try await Bench.running(contacts: 50) {
            $0.database = path
        } _: { bench in
            let emails = try await bench.found([:])
            #expect(emails == ["ada@example.org"])
        }
    }

    @Test func `makes up the same people for the same seed`() async throws {
        func emails(_ seed: UInt64) async throws -> [String] {
            var result: [String] = []
            try await Bench.running(contacts: 200) {
                $0.seed = seed
            } _: { bench in
                result = try await bench.found(["limit": 200])
            }
            return result
        }
        let first = try await emails(7)
        #expect(first.count == 200)
        #expect(Set(first).count == 200)
        #expect(try await emails(7) == first)
        #expect(try await emails(8) != first)
    }

    @Test func `takes as long as it is told to`() async throws {
        try await Bench.running { options in
            options.latency = .milliseconds(80)...(.milliseconds(80))
        } _: { bench in
            async let answer = bench.get(Bench.contacts)
            for _ in 0..<2 {
                while bench.clock.sleeperCount == 0 { await Task.yield() }
                bench.clock.advance(by: .milliseconds(40))
            }
            let status = try await answer.status
            #expect(status == 200)
        }
    }
}

@Suite("Options") struct OptionTests {
    @Test func `read latencies`() throws {
        #expect(try SimulatorOptions.parseLatency("80ms") == .milliseconds(80)...(.milliseconds(80)))
        #expect(try SimulatorOptions.parseLatency("40ms..1.5s") == .milliseconds(40)...(.milliseconds(1500)))
    }

    @Test(arguments: ["", "80", "ms", "2s..1s", "-1ms", "1ms..", "..2ms"])
    func `refuse latencies that make no sense`(text: String) {
        #expect(throws: SimulatorOptionError.self) { try SimulatorOptions.parseLatency(text) }
    }

    @Test(arguments: ["nonsense.scope", "forms, crm.objects.contacts.raed", "v2", "crm.objects.contacts.read.v2"])
    func `refuse scopes that there are none of, and name those that there are`(text: String) {
        let scope = text.split(separator: " ").last.map(String.init) ?? ""
        let error = #expect(throws: SimulatorOptionError.self) { try SimulatorOptions.parseScopes(text) }
        #expect(error?.message.contains("'\(scope)'") == true)
        #expect(error?.message.contains("crm.objects.contacts.read, ") == true)
    }

    @Test func `take a token as it stands`() throws {
        #expect(try SimulatorOptions.parseToken("pat-na1-x") == "pat-na1-x")
    }

    @Test(arguments: ["", " ", "a b", "a\n", "tökén"])
    func `refuse a token that no header can carry`(text: String) {
        #expect(throws: SimulatorOptionError.self) { try SimulatorOptions.parseToken(text) }
    }

    @Test func `read scopes`() throws {
        let sensitive = "crm.objects.contacts.sensitive.read.v2"
        #expect(try SimulatorOptions.parseScopes("forms, tickets \(sensitive)") == ["forms", "tickets", sensitive])
    }
}

@Suite("Odd numbers") struct OddNumberTests {
    @Test(arguments: [
        "9223372036854775807", "-9223372036854775808", "99999999999999999999", "1e400", "-0", "0x10", "nan", "１２",
    ])
    func `never bring the server down`(number: String) async throws {
        try await Bench.running { bench in
            for name in ["birthday", "last_seen", "score", "hs_additional_emails"] {
                _ = try await bench.post(
                    Bench.contacts,
                    [
                        "properties": .object([
                            .init("lastname", "L"), .init(name, .string(number)),
                        ])
                    ])
            }
            for filter in ["hs_object_id", "createdate", "score", "birthday"] {
                for op in ["GT", "GTE", "LT", "EQ"] {
                    _ = try await bench.search([
                        "filters": .array([
                            ["propertyName": .string(filter), "operator": .string(op), "value": .string(number)]
                        ])
                    ])
                }
            }
            let escaped = PercentEncoding.encode(number)
            for path in [
                "\(Bench.contacts)/\(escaped)", "\(Bench.contacts)?after=\(escaped)",
                "\(Bench.contacts)?limit=\(escaped)",
                "/crm/v4/objects/contacts/\(escaped)/associations/companies?after=\(escaped)",
                "/form-integrations/v1/submissions/forms/\(FormTests.contact)?after=\(escaped)",
                "/marketing/v3/forms?after=\(escaped)",
            ] { _ = try await bench.get(path) }
            _ = try await bench.post(
                "\(Bench.contacts)/merge", ["primaryObjectId": .string(number), "objectIdToMerge": .string(number)])
            _ = try await bench.post("\(Bench.contacts)/batch/archive", ["inputs": .array([["id": .string(number)]])])
            _ = try await bench.post(
                "/crm/v4/associations/contacts/companies/batch/archive",
                ["inputs": .array([["from": ["id": .string(number)], "to": .array([["id": .string(number)]])]])])
            let form: JSONValue = [
                "submittedAt": .string(number),
                "fields": .array([["name": "lastname", "value": "L"], ["name": "email", "value": "a@example.org"]]),
            ]
            _ = try await bench.post("/submissions/v3/integration/secure/submit/20000001/\(FormTests.contact)", form)
            let alive = try await bench.get(Bench.contacts)
            #expect(alive.status == 200)
        }
    }
}
