import Foundation
import Testing

@Suite("One session") struct SharedSessionTests {
    /// `token_command` counts how often it is asked.
    private func configuration(_ home: Home, _ url: String, _ token: String) throws -> String {
        try home.write(
            """
            default_profile = 'a'
            [profiles.a]
            base_url = '\(url)'
            portalId = 20000001
            token_command = "echo asked >> '\(home.path("asked"))'; echo \(token)"

            """, to: "config.toml")
    }

    @Test func `is shared by a script, the console after it, :run and tasks`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "3") { server in
                try await Front.with(.plain, to: server.port, home) { front in
                    let file = try configuration(home, "http://127.0.0.1:\(front.port)", server.token)
                    let first = try home.write("print('first', hubspot.contacts.count())", to: "first.lua")
                    let second = try home.write(
                        """
                        local counts = task.map({ 1, 2, 3 }, function() return hubspot.contacts.count() end, { concurrency = 1 })
                        print("second", #counts)
                        """, to: "second.lua")
                    // Not at a terminal: there the console reads the portal's names for Tab, in requests of its own.
                    let run = try await home.start(["-i", first], environment: ["MOONSPOT_CONFIG": file]).finish(
                        input: """
                            print('typed', hubspot.contacts.count())
                            :run \(second)
                            print('sent', hubspot.limits.state().totals.requests)
                            """)
                    #expect(run.status == 0, "\(run.errors)")
                    for line in ["first\t3", "typed\t3", "second\t3", "sent\t5"] {
                        #expect(run.output.split(separator: "\n").contains { $0.hasSuffix(line) }, "\(run.output)")
                    }
                    #expect(try front.connections == 1)
                    #expect(try home.read("asked") == "asked\n")
                    #expect(try await server.control("GET", "/_simulator/stats")["requests"] as? Int == 5)
                }
            }
        }
    }

    @Test func `has its tokens renewed once, whatever runs in it`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "1", "--oauth-life", "60s") { server in
                try await Front.with(.plain, to: server.port, home) { front in
                    let login = try await home.start([
                        "auth", "login", "--kind", "client_credentials", "--base-url",
                        "http://127.0.0.1:\(front.port)", "--client-id", "5a1e7e00-0000-4000-8000-000000000333",
                        "--scopes", "oauth,crm.objects.contacts.read",
                    ]).finish(input: "5ec7e700-0000-4000-8000-000000000333\n")
                    #expect(login.status == 0, "\(login.errors)")
                    let before = try front.received.components(separatedBy: "POST /oauth/").count
                    let code =
                        "local n = task.map({ 1, 2, 3, 4, 5, 6, 7, 8 }, function(i) return hubspot.contacts.list{ limit = i } end) "
                        + "print(#n, hubspot.contacts.count())"
                    let run = try await home.run("-e", code)
                    #expect(run.output == "8\t1\n", "\(run.errors)")
                    #expect(try front.received.components(separatedBy: "POST /oauth/").count == before + 1)
                }
            }
        }
    }

    @Test func `takes its secret to no other host, and not twice into an address`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "1") { server in
                try await SimulatorServer.with(home, "--contacts", "1") { other in
                    try await Front.with(.plain, to: other.port, home) { elsewhere in
                        try await Front.with(.plain, to: server.port, home) { front in
                            let canary = "canary-7f3a-11aa-22bb-33cc"
                            let file = try home.write(
                                "[profiles.a]\nauth = 'query'\nquery = 'key'\ntoken_env = 'CANARY'\nbase_url = 'http://127.0.0.1:\(front.port)'\n",
                                to: "config.toml")
                            let environment = ["MOONSPOT_CONFIG": file, "CANARY": canary, "MOONSPOT_PROFILE": "a"]
                            func redirect(_ place: String) async throws -> Child.Result {
                                try await server.control(
                                    "PUT", "/_simulator/faults",
                                    body:
                                        #"{"rules":[{"path":"/crm/v3/objects/deals","nth":1,"times":1,"action":{"status":302,"headers":{"Location":"\#(place)"}}}]}"#
                                )
                                return try await home.start(
                                    [
                                        "--log-level", "trace", "-e",
                                        "print(select(2, pcall(hubspot.request, 'GET', '/crm/v3/objects/deals')))",
                                    ], environment: environment
                                ).finish()
                            }
                            let away = try await redirect(
                                "http://127.0.0.1:\(elsewhere.port)/crm/v3/objects/deals?key=\(canary)")
                            #expect(try elsewhere.connections == 0)
                            #expect(away.output.contains("not followed"), "\(away.output)\(away.errors)")
                            let here = try await redirect("/crm/v3/objects/deals?limit=2&key=\(canary)")
                            for result in [away, here] {
                                #expect(
                                    !(result.output + result.errors).contains(canary),
                                    "\(result.output)\(result.errors)")
                            }
                            let targets = try front.received.split(separator: "\r\n").filter { $0.hasPrefix("GET ") }
                            #expect(targets.contains { $0.contains("limit=2") }, "\(targets)")
                            for target in targets {
                                #expect(target.components(separatedBy: canary).count == 2, "\(target)")
                            }
                        }
                    }
                }
            }
        }
    }
}
