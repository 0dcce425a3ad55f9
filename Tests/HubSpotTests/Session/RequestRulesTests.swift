import HTTPTypes
import Testing

@testable import HubSpot
import Quota

@Suite("A request's rules") struct RequestRulesTests {
    typealias Row = (call: String, lanes: LaneSet, repetition: RequestRules.Repetition, permission: String)

    static let table: [Row] = [
        ("GET /crm/objects/2026-09/contacts/1", [.burst, .day], .reading, "contacts:read"),
        ("GET /crm/v3/objects/0-1", [.burst, .day], .reading, "contacts:read"),
        ("POST /crm/objects/2026-09/contacts", [.burst, .day], .never, "contacts:write"),
        ("PATCH /crm/v3/objects/contacts/1", [.burst, .day], .settingState, "contacts:write"),
        ("DELETE /crm/v3/objects/0-2/1", [.burst, .day], .settingState, "companies:write"),
        ("POST /crm/v3/objects/contacts/search", [.search, .day], .reading, "contacts:read"),
        ("POST /crm/objects/2026-03/deals/search", [.search, .day], .reading, "deals:read"),
        ("POST /crm/v3/objects/contacts/batch/read", [.burst, .day], .reading, "contacts:read"),
        ("POST /crm/v3/objects/contacts/batch/create", [.burst, .day], .never, "contacts:write"),
        ("POST /crm/v3/objects/contacts/batch/update", [.burst, .day], .settingState, "contacts:write"),
        ("POST /crm/v3/objects/contacts/batch/upsert", [.burst, .day], .settingState, "contacts:write"),
        ("POST /crm/v3/objects/contacts/batch/archive", [.burst, .day], .settingState, "contacts:write"),
        ("POST /crm/v3/objects/contacts/merge", [.burst, .day], .never, "contacts:write"),
        ("POST /crm/v3/objects/contacts/gdpr-delete", [.burst, .day], .settingState, "contacts:write"),
        ("GET /crm/v3/objects/p1_car/1", [.burst, .day], .reading, "p1_car:read"),
        // A type, not a verb.
        ("POST /crm/v3/objects/search", [.burst, .day], .never, "search:write"),
        (
            "POST /crm/v4/associations/contacts/companies/batch/read", [.associations, .day], .reading,
            "associations:read"
        ),
        (
            "POST /crm/associations/2026-09/contacts/companies/batch/create", [.associations, .day], .settingState,
            "associations:write"
        ),
        ("POST /crm/v4/associations/contacts/companies/labels", [.associations, .day], .never, "associations:write"),
        (
            "PUT /crm/objects/2026-09/contacts/1/associations/default/companies/2", [.burst, .associations, .day],
            .settingState, "associations:write"
        ),
        (
            "GET /crm/v4/objects/contacts/1/associations/companies", [.burst, .associations, .day], .reading,
            "associations:read"
        ),
        ("GET /crm/properties/2026-09/contacts", [.burst, .day], .reading, "properties:read"),
        ("GET /crm/owners/2026-09", [.burst, .day], .reading, "owners:read"),
        ("POST /crm/v3/lists/search", [.burst, .day], .reading, "lists:read"),
        ("PUT /crm/v3/lists/1/memberships/add", [.burst, .day], .settingState, "lists:write"),
        ("POST /crm/v3/lists", [.burst, .day], .never, "lists:write"),
        ("GET /account-info/2026-09/details", [.burst, .day], .reading, "account:read"),
        ("POST /oauth/v2/private-apps/get/access-token-info", [.burst, .day], .reading, "account:read"),
        ("GET /marketing/v3/forms/1", [.burst, .day], .reading, "forms:read"),
        ("POST /marketing/forms/2026-09-beta", [.burst, .day], .never, "forms:write"),
        ("GET /form-integrations/v1/submissions/forms/1", [.burst, .day], .reading, "forms:read"),
        ("POST /submissions/v3/integration/submit/1/2", .forms, .never, "forms:submit"),
        ("POST /submissions/v3/integration/secure/submit/1/2", .forms, .never, "forms:submit"),
        ("POST /files/v3/files", [.burst, .day], .never, "files:write"),
        ("GET /crm-object-schemas/2026-09/schemas", [.burst, .day], .reading, "schemas:read"),
    ]

    private func request(_ call: String) throws -> APIRequest {
        let words = call.split(separator: " ", maxSplits: 1)
        let path = String(words[1])
        return APIRequest(try #require(HTTPRequest.Method(String(words[0]))), path, host: APIRequest.Host(path: path))
    }

    @Test(arguments: table)
    func `follow from method and path`(_ row: Row) throws {
        let rules = try RequestRules(request(row.call))
        #expect(rules.lanes == row.lanes)
        #expect(rules.repetition == row.repetition)
        #expect(rules.permission.description == row.permission)
        #expect(rules.isWrite == !row.permission.hasSuffix(":read"))
    }

    @Test(arguments: [
        "crm/v3", "", "/", "//evil.example/x", "/crm//v3", "/crm/v3/objects/contacts/../deals",
        "/crm/v3/objects/./deals",
        "/crm/v3/objects/contacts/%2e%2e/deals", "/crm/v3/objects/contacts%2f..%2fdeals", "/crm/v3\\objects",
        "/crm/v3/a%5cb",
        "/crm/v3/objects/contacts/a b", "/crm/v3/objects/é", "/crm/v3/x#y", "/crm/v3/%zz", "/crm/v3/%0d%0aHost:x",
        "/crm/v3/x\r\nHost: y", "/crm/v3/objects/contacts/",
    ])
    func `refuse a path that could be read as another one`(path: String) {
        #expect(throws: HubSpotError.self) { try RequestRules(APIRequest(.get, path)) }
    }

    @Test func `let an email stand in a path`() throws {
        let paths = Paths(.september2026)
        for email in ["ada@example.org", "a/b@example.org", "a%b+c@example.org", "ü@example.org"] {
            let rules = try RequestRules(APIRequest(.get, paths.objects("contacts", email)))
            #expect(rules.permission == Permission("contacts", .read))
        }
    }

    @Test(arguments: [
        (
            APIVersion.september2026, "/crm/objects/2026-09/contacts/1", "/crm/associations/2026-09/a/b/labels",
            "/account-info/2026-09/details", "/crm-object-schemas/2026-09/schemas"
        ),
        (
            .march2026, "/crm/objects/2026-03/contacts/1", "/crm/associations/2026-03/a/b/labels",
            "/account-info/2026-03/details", "/crm-object-schemas/2026-03/schemas"
        ),
        (
            .v3, "/crm/v3/objects/contacts/1", "/crm/v4/associations/a/b/labels", "/account-info/v3/details",
            "/crm/v3/schemas"
        ),
    ])
    func `hold for both schemes of paths`(
        version: APIVersion, object: String, labels: String, account: String, schemas: String
    ) throws {
        let paths = Paths(version)
        #expect(paths.objects("contacts", "1") == object)
        #expect(paths.associations("a", "b", "labels") == labels)
        #expect(paths.account("details") == account)
        #expect(paths.schemas() == schemas)
        let rules = try RequestRules(APIRequest(.post, paths.objects("contacts", "search")))
        #expect(rules.lanes == [.search, .day])
    }

    @Test func `percent-encode what varies`() {
        #expect(Paths(.v3).objects("contacts", "a/b@x.y") == "/crm/v3/objects/contacts/a%2Fb%40x.y")
        let request = APIRequest(.get, "/x", query: [("a b", "ä&="), ("c", "1")])
        #expect(request.target == "/x?a%20b=%C3%A4%26%3D&c=1")
        #expect(APIRequest(.get, "/x?a=1", query: [("b", "2")]).target == "/x?a=1&b=2")
        #expect(APIRequest(.get, "/x?email=ada%40example.org").summary == "GET /x")
    }

    @Test(arguments: [
        ("contacts:read", "contacts:read", true), ("contacts:read", "contacts:write", false),
        ("contacts", "contacts:write", true),
        ("contacts:*", "contacts:write", true), ("*:read", "deals:read", true), ("*:read", "deals:write", false),
        ("all", "forms:submit", true), ("forms:submit", "forms:read", false),
        ("contact:read, 0-3:write", "deals:write", true),
        ("contact:read", "contacts:read", true),
    ])
    func `are allowed by a list`(list: String, permission: String, allowed: Bool) throws {
        let words = permission.split(separator: ":")
        let right = try #require(Permission.Right(rawValue: String(words[1])))
        #expect(try PermissionList(list).allows(Permission(String(words[0]), right)) == allowed)
    }

    @Test func `of two lists are what both allow`() throws {
        let both = try PermissionList("contacts,deals:read").narrowed(by: PermissionList("*:read,forms:submit"))
        #expect(both.allows(Permission("contacts", .read)) && both.allows(Permission("deals", .read)))
        #expect(!both.allows(Permission("contacts", .write)) && !both.allows(Permission("forms", .submit)))
        #expect("\(both)" == "contacts:*,deals:read within *:read,forms:submit")
        let one = try PermissionList("contacts:read")
        #expect(one.narrowed(by: .all) == one && PermissionList.all.narrowed(by: one) == one)
    }

    @Test(arguments: ["", "contacts:delete", ":read", "contacts:read:write", "contacts:read,,", "*x:read"])
    func `refuse a list that makes no sense`(list: String) {
        #expect(throws: ConfigurationError.self) { try PermissionList(list) }
    }
}
