import Foundation
import Testing

@Suite("A session with a server") struct ServerSessionTests {
    @Test func `takes its token and address from the environment`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "3") { server in
                let code = """
                    local ada = hubspot.contacts.create{ email = "ada@example.org", firstname = "Ada" }
                    print(hubspot.contacts.get("ada@example.org").firstname, hubspot.contacts.count())
                    hubspot.contacts.update(ada.id, { firstname = "Augusta" })
                    print(hubspot.contacts.get(ada.id).firstname, hubspot.session.simulator)
                    """
                let result = try await home.run("-e", code, environment: server.environment)
                #expect(result.output == "Ada\t4\nAugusta\tfalse\n", "\(result.errors)")
                #expect(result.status == 0)
                let stats = try await server.control("GET", "/_simulator/stats")
                #expect(stats["throttled"] as? Int == 0)
            }
        }
    }

    @Test(arguments: ["2026-09", "2026-03", "v3"])
    func `speaks every version of the API`(version: String) async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "5") { server in
                let result = try await home.run(
                    "--api-version", version, "-e", "#hubspot.contacts.list{ limit = 100 }.results",
                    environment: server.environment)
                #expect(result.output == "5\n", "\(result.errors)")
            }
        }
    }

    @Test func `is never throttled, whatever a script asks for`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--limits", "20/1s", "--contacts", "1") { server in
                let code =
                    "local n = {} for i = 1, 60 do n[i] = i end "
                    + "task.each(n, function() hubspot.contacts.list{ limit = 1 } end)"
                let result = try await home.run(
                    "--limits", "20/1s", "-e", code, environment: server.environment)
                #expect(result.status == 0, "\(result.errors)")
                let stats = try await server.control("GET", "/_simulator/stats")
                #expect(stats["throttled"] as? Int == 0)
                #expect((stats["requests"] as? Int ?? 0) >= 60)
            }
        }
    }

    @Test func `outlives a server that resets, hangs up half way or sends HTML`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "1") { server in
                for action in [
                    #"{"kind":"reset_before"}"#, #"{"kind":"reset_after"}"#, #"{"kind":"truncate"}"#,
                    #"{"status":502,"headers":{"Content-Type":"text/html"},"body":"<html>Bad Gateway</html>"}"#,
                ] {
                    try await server.control(
                        "PUT", "/_simulator/faults",
                        body: #"{"rules":[{"method":"POST","path":"/crm/*","probability":1,"action":\#(action)}]}"#)
                    let result = try await home.run(
                        "-e",
                        "local ok, e = pcall(hubspot.contacts.create, { email = 'x@example.org' }) print(ok, e.kind)",
                        environment: server.environment)
                    #expect(result.status == 0, "\(action): \(result.errors)")
                    #expect(result.output.hasPrefix("false\t"), "\(action): \(result.output)")
                }
            }
        }
    }
}
