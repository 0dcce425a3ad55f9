import JSON
import Testing

@testable import Simulator

@Suite("Versions") struct VersionTests {
    private static let link = "contacts/501/associations/companies"

    @Test(arguments: [
        "/crm/objects/2026-09/contacts", "/crm/objects/2025-09/contacts", "/crm/properties/2025-09/contacts",
        "/account-info/2025-09/details", "/account-info/2026-09/details", "/crm/owners/2026-09", "/crm/lists/2026-03/1",
        "/crm-object-schemas/2026-09/schemas", "/crm/objects/2026-03/\(link)", "/crm/v4/objects/\(link)",
        "/crm/objects/2025-09/\(link)", "/files/v3/files/search", "/files/2026-03/files/search",
        "/files/2026-09/files/search", "/files/2026-09/folders/search", "/files/2026-03/files/1",
        "/marketing/forms/2026-09-beta", "/marketing/forms/2027-03-beta", "/marketing/v3/forms",
    ])
    func `have the calls that HubSpot has under them`(path: String) async throws {
        try await Bench.running(contacts: 1) { bench in
            let answer = try await bench.get(path)
            #expect(answer.headers["content-type"]?.hasPrefix("application/json") == true, "\(path): \(answer.text)")
        }
    }

    @Test(arguments: [
        ("GET", "/crm/objects/2026-09/\(link)"), ("GET", "/files/2026-09/files/1"),
        ("DELETE", "/files/2026-09/files/1"),
        ("POST", "/files/2026-09/files"), ("GET", "/files/2026-09/files/1/signed-url"),
        ("GET", "/files/2025-09/files/1"),
        ("GET", "/crm/owners/2025-09"), ("GET", "/crm/lists/2025-09/1"), ("GET", "/crm/pipelines/2025-09/deals"),
        ("GET", "/crm-object-schemas/2025-09/schemas"), ("GET", "/marketing/forms/2026-09"),
        ("GET", "/marketing/forms/2026-03"), ("POST", "/oauth/2025-09/token"), ("GET", "/files/v4/files/1"),
        ("GET", "/crm/v3/objects/\(link)"), ("GET", "/account-info/2027-03/details"),
    ])
    func `have no others`(method: String, path: String) async throws {
        try await Bench.running(contacts: 1) { bench in
            let answer = try await bench.send(method, path, method == "POST" ? [:] : nil)
            #expect(answer.status == 404, "\(path): \(answer.text)")
            #expect(answer.headers["content-type"]?.hasPrefix("text/html") == true)
        }
    }

    @Test func `refuse another method where the path is there`() async throws {
        try await Bench.running { bench in
            let object = try await bench.send("PUT", "/crm/objects/2026-09/contacts", [:])
            let file = try await bench.send("PUT", "/files/2026-03/files", [:])
            #expect((object.status, file.status) == (405, 405))
        }
    }

    @Test(arguments: ["/account-info/v3", "/account-info/2026-09"])
    func `tell the day's limit even where there is none`(base: String) async throws {
        try await Bench.running { bench in
            let usage = try await bench.get("\(base)/api-usage/daily/private-apps").json
            #expect((usage.at("results.0.usageLimit")?.integer ?? 0) > 1_000_000)
        }
    }
}
