import Bindings
import HubSpot
import LuaRuntime
import Simulator
import Testing

@Suite("hubspot.session") struct SessionFieldsTests {
    private static let unknown: @Sendable (inout SessionDescription) -> Void = { $0.portalID = nil }

    @Test(arguments: [
        "profile", "portalId", "auth", "base_url", "api_version", "simulator", "read_only", "accountType", "scopes",
        "more",
    ])
    func `cannot be changed`(field: String) async throws {
        try await Console.running { console in
            let error = try await console.failure("local s = hubspot.session s.\(field) = 1")
            #expect(error["kind"] == "invalid_argument")
            #expect(error["message"].asString?.contains("read-only") == true)
            let kept = try await console.value(
                "local s = hubspot.session pcall(function() s.\(field) = 'changed' end) "
                    + "local function read(t) return select(2, pcall(function() return t.\(field) end)) end "
                    + "return read(s) ~= 'changed' and read(hubspot.session) ~= 'changed'")
            #expect(kept == true)
        }
    }

    @Test func `can be walked over, written as JSON and printed`() async throws {
        try await Console.running { console in
            let answer = try await console.run(
                """
                local walked = {}
                for name, value in pairs(hubspot.session) do walked[name] = value end
                local written = json.decode(json.encode{ inner = { hubspot.session } }).inner[1]
                for name, value in pairs(walked) do assert(written[name] == value, name) end
                return walked.portalId, written.api_version, tostring(hubspot.session), hubspot.session
                """)
            #expect(answer.prefix(2) == [20_000_001, "2026-09"])
            #expect(answer[2].asString?.contains("portalId = 20000001") == true)
            let table = try #require(answer[3].asTable)
            #expect(
                table["portalId"] == 20_000_001 && table["simulator"] == true && table.metatable == "hubspot.session")
        }
    }

    @Test func `reads the portal when it is asked for: one request, kept and shared`() async throws {
        try await Console.running(describe: Self.unknown) { console in
            let answer = try await console.run(
                """
                local s = hubspot.session
                local all = task.map({ 1, 2, 3, 4, 5 }, function() return s.portalId end)
                assert(s.portalId == hubspot.session.portalId)
                return all[1], all[5], s.accountType, s.region, hubspot.limits.state().totals.requests
                """)
            #expect(answer == [20_000_001, 20_000_001, answer[2], "na1", 1])
            #expect(answer[2].asString?.isEmpty == false)
        }
    }

    @Test func `reads it where Lua cannot yield`() async throws {
        try await Console.running(describe: Self.unknown) { console in
            let value = try await console.value(
                "return (('x'):gsub('x', function() return tostring(hubspot.session.portalId) end))")
            #expect(value == "20000001")
        }
    }

    @Test func `raises why it cannot be read`() async throws {
        try await withoutSession { runtime in
            let answer = try await runtime.run(
                LuaChunk(
                    "local ok, e = pcall(function() return hubspot.session.portalId end) "
                        + "return ok, e.kind, json.encode(hubspot.session):find('portalId')", name: "=test"))
            #expect(answer == [false, "unauthenticated", nil])
        }
        let allowed = try PermissionList("contacts:read")
        try await Console.running(configure: { $0.permissions = allowed }, describe: Self.unknown) { console in
            for field in ["accountType", "scopes"] {
                let failure = try await console.failure("return hubspot.session.\(field)")
                #expect(failure["kind"] == "not_allowed")
            }
        }
    }

    @Test func `tells what the token may do, asked once`() async throws {
        try await Console.running { console in
            let answer = try await console.run(
                """
                local scopes = hubspot.session.scopes
                local requests = hubspot.limits.state().totals.requests
                assert(#hubspot.session.scopes == #scopes and hubspot.limits.state().totals.requests == requests)
                return #scopes > 0, json.encode(hubspot.session):find(scopes[1], 1, true) ~= nil
                """)
            #expect(answer == [true, true])
        }
    }
}

@Suite("An error's text") struct ErrorTextTests {
    private static let guid = "99999999-1111-4111-8111-111111111111"

    @Test(arguments: [
        ("hubspot.contacts.get(999999999999)", "no contact with id 999999999999"),
        ("hubspot.contacts.get('nobody@example.org')", "no contact with email nobody@example.org"),
        ("hubspot.contacts.update('nobody@example.org', { city = 'x' })", "no contact with email nobody@example.org"),
        ("hubspot.deals.get(987654)", "no deal with id 987654"),
        ("hubspot.companies.update(987654, { name = 'x' })", "no company with id 987654"),
        ("hubspot.properties.get('contacts', 'no_such')", "no property no_such of contacts"),
        ("hubspot.forms.get('\(guid)')", "no form with id \(guid)"),
        ("hubspot.lists.get(987654)", "no list with id 987654"),
        ("hubspot.owners.get(987654)", "no owner with id 987654"),
        ("hubspot.pipelines.get('deals', 'no_such')", "no pipeline with id no_such of deals"),
        ("hubspot.files.get('987654')", "no file with id 987654"),
        ("hubspot.schemas.get('cars')", "no object type cars"),
        ("hubspot.associations.list('contacts', 987654, 'companies')", "no contact with id 987654"),
        ("hubspot.request('GET', '/crm/v3/objects/contacts/987654')", "no contact with id 987654"),
    ])
    func `begins with kind and status and says what was looked for`(call: String, words: String) async throws {
        try await Console.running { console in
            let answer = try await console.run(
                "local ok, e = pcall(function() return \(call) end) return tostring(e), e.request, e.message")
            let text = try #require(answer[0].asString), request = try #require(answer[1].asString)
            #expect(text.hasPrefix("not_found (404): \(words)"), "\(text)")
            #expect(text.contains(" (\(request)) at test:1"), "\(text)")
            #expect(answer[2].asString?.hasPrefix(words) == true)
        }
    }

    @Test func `is the same in a batch and alone`() async throws {
        for isBatching in [true, false] {
            try await Console.running(configure: { $0.isBatching = isBatching }) { console in
                let value = try await console.value(
                    """
                    local function text(f, ...) return select(2, pcall(f, ...)).message end
                    local said = task.map({ 900001, 900002, "nobody@example.org" }, function(id)
                      return text(hubspot.contacts.get, id)
                    end)
                    local changed = task.map({ 900001, 900002 }, function(id) return text(hubspot.deals.update, id, { dealname = "x" }) end)
                    local read = hubspot.contacts.batch.read{ 900001, 900002 }
                    local names = hubspot.properties.batch and hubspot.properties.batch.read("contacts", { "email", "no_such" })
                    return table.concat({ said[2], said[3], changed[1], read.errors[2].message,
                      tostring(read.errors[1]):match("^not_found %(404%): [^(]+") }, "|")
                    """)
                #expect(
                    value
                        == .string(
                            "no contact with id 900002|no contact with email nobody@example.org|no deal with id 900001|"
                                + "no contact with id 900002|not_found (404): no contact with id 900001 "),
                    "\(isBatching): \(value)")
            }
        }
    }

    @Test func `has no status where there was no answer`() async throws {
        try await Console.running(configure: { $0.isReadOnly = true }) { console in
            let value = try await console.value(
                "return tostring(select(2, pcall(hubspot.contacts.delete, 1)))")
            #expect(value.asString?.hasPrefix("read_only: this session is read-only") == true)
        }
    }
}
