import Bindings
import HubSpot
import LuaRuntime
import Simulator
import Synchronization
import Testing

@Suite("hubspot.request") struct RequestTests {
    @Test func `sends any request and answers status, headers and body`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local made = hubspot.request("POST", "/crm/v3/objects/contacts", { body = { properties = { email = "a@example.org" } } })
                local got = hubspot.request("get", "/crm/v3/objects/contacts?limit=1", { query = { properties = { "email" } } })
                local text = hubspot.request("POST", "/crm/v3/objects/contacts/search", { body = '{"limit":1}' })
                local none = hubspot.request("DELETE", "/crm/v3/objects/contacts/" .. made.body.id)
                local missing = hubspot.request("GET", "/crm/v3/objects/contacts/999", { raise = false })
                return made.status, got.body.results[1].properties.email, text.body.total, none.status, none.body, missing.status,
                  type(got.headers["content-type"])
                """)
            #expect(answer == [201, "a@example.org", 1, 204, nil, 404, "string"])
            #expect(
                try await console.failure("hubspot.request('GET', '/crm/v3/objects/contacts/999')")["kind"]
                    == "not_found")
        }
    }
}

@Suite("A session's restraints") struct RestraintTests {
    @Test func `read-only refuses what would write, and reads`() async throws {
        try await Console.running(configure: { $0.isReadOnly = true }) { (console: Console) async throws in
            #expect(
                try await console.failure("hubspot.contacts.create{ email = 'a@example.org' }")["kind"] == "read_only")
            #expect(try await console.failure("hubspot.contacts.batch.archive{ 1, 2 }")["kind"] == "read_only")
            #expect(
                try await console.failure("hubspot.forms.submit('g', { email = 'a@example.org' })")["kind"]
                    == "read_only")
            #expect(try await console.value("return hubspot.contacts.count()") == 0)
            #expect(try await console.value("return hubspot.session.read_only") == true)
        }
    }

    @Test func `dry runs answer with what was given, and show the requests`() async throws {
        let shown = Mutex<[String]>([])
        try await Console.running(configure: { configuration in
            configuration.isDryRun = true
            configuration.onDryRun = { request in shown.withLock { $0.append(request.summary) } }
        }) { (console: Console) async throws in
            let answer = try await console.run(
                """
                local c = hubspot.contacts.create{ email = "a@example.org" }
                local u = hubspot.contacts.update(5, { firstname = "A" })
                local b = hubspot.contacts.batch.create{ { email = "b@example.org" }, { email = "c@example.org" } }
                hubspot.contacts.delete(5)
                local up = hubspot.contacts.batch.upsert{ { email = "d@example.org", firstname = "D" } }
                local f = hubspot.forms.submit("11111111-1111-4111-8111-111111111111", { email = "e@example.org", lastname = "L" })
                local r = hubspot.request("POST", "/crm/v3/objects/contacts", { body = { properties = { email = "f@example.org" } } })
                return c.email, c.dry_run, r.dry_run, r.status, u.id, u.dry_run, #b.results, b.results[2].email, b.results[2].dry_run,
                  up.results[1].firstname, f.dry_run, r.body.properties.email, hubspot.contacts.count()
                """)
            #expect(
                answer == [
                    "a@example.org", true, true, nil, "5", true, 2, "c@example.org", true, "D", true, "f@example.org",
                    0,
                ])
        }
        let requests = shown.withLock { $0 }
        #expect(requests.contains("DELETE /crm/objects/2026-09/contacts/5"))
        #expect(requests.count == 7)
    }

    @Test(arguments: ["read-only", "dry run", "allow"])
    func `looks nothing up for an upsert that is not to be sent`(mode: String) async throws {
        let allowed = try PermissionList("contacts:read")
        try await Console.running(configure: { configuration in
            switch mode {
            case "read-only": configuration.isReadOnly = true
            case "dry run": configuration.isDryRun = true
            default: configuration.permissions = allowed
            }
        }) { (console: Console) async throws in
            let requests = try await console.value(
                """
                task.each({ "a", "b", "c" }, function(name)
                  local email = name .. "@example.org"
                  local ok, answer = pcall(hubspot.contacts.upsert, email, { email = email })
                  assert(ok and answer.dry_run and answer.email == email or answer.kind == "read_only" or answer.kind == "not_allowed")
                end)
                return hubspot.limits.state().totals.requests
                """)
            #expect(requests == 0)
        }
    }

    @Test func `allows what it was given`() async throws {
        let allowed = try PermissionList("contacts:read")
        try await Console.running(configure: { $0.permissions = allowed }) { (console: Console) async throws in
            #expect(try await console.value("return hubspot.contacts.count()") == 0)
            #expect(try await console.failure("hubspot.companies.list()")["kind"] == "not_allowed")
            #expect(try await console.failure("hubspot.contacts.delete(1)")["kind"] == "not_allowed")
        }
    }

    @Test func `speaks v3 too`() async throws {
        try await Console.running(configure: { $0.apiVersion = .v3 }) { (console: Console) async throws in
            let error = try await console.failure("hubspot.contacts.get(999999)")
            #expect(error["request"] == "GET /crm/v3/objects/contacts/999999")
        }
    }
}

@Suite("What is known of session, account and limits") struct AccountTests {
    @Test func `is told by session without a request`() async throws {
        try await withoutSession { (runtime: LuaRuntime) async throws in
            let answer = try await runtime.run(
                LuaChunk(
                    "local s = hubspot.session local ok, e = pcall(function() s.simulator = true end) "
                        + "return s.base_url, s.api_version, hubspot.session.simulator, s.profile, ok, e.kind",
                    name: "=test"))
            #expect(answer == ["https://api.hubapi.com", "2026-09", false, nil, false, "invalid_argument"])
        }
    }

    @Test func `names the simulator's address once it runs, and the portal once HubSpot has told it`() async throws {
        try await Console.running(describe: {
            $0.baseURL = nil
            $0.portalID = nil
        }) { (console: Console) async throws in
            let answer = try await console.run(
                """
                local before = hubspot.session.base_url
                hubspot.contacts.count()
                local seen = json.encode(hubspot.session):find("portalId")
                hubspot.forms.preview("11111111-1111-4111-8111-111111111111", { email = "ada@example.org" })
                return before, hubspot.session.base_url, seen, json.decode(json.encode(hubspot.session)).portalId
                """)
            #expect(answer == [nil, .string(console.simulator.baseURL), nil, 20_000_001])
        }
    }

    @Test func `is told by account`() async throws {
        try await Console.running { (console: Console) async throws in
            let id = try await console.value("return hubspot.account.info().portalId")
            #expect(id == 20_000_001)
        }
    }

    @Test func `is told by limits, which count what was sent`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                hubspot.contacts.list()
                hubspot.contacts.batch.create{ { firstname = "A" }, { firstname = "B" } }
                local s = hubspot.limits.state()
                hubspot.limits.wait(5)
                return s.totals.requests, s.totals.batches, s.totals.records, s.burst.limit - s.burst.remaining == s.burst.used,
                  s.burst.window, s.store, s.queue.in_flight, math.type(s.search.limit)
                """)
            #expect(
                answer == [2, 1, 3, true, 10, "memory", 0, "integer"]
                    || answer == [2, 1, 3, true, 10.0, "memory", 0, "integer"])
        }
    }
}
