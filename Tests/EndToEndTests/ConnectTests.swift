import Foundation
import Testing

@Suite("hubspot.connect") struct ConnectTests {
    /// Two portals, each on a server of its own, a profile for each, and one that cannot be used.
    private func withTwoPortals(
        _ limits: String = "190/10s",
        _ body: (Home, _ a: SimulatorServer, _ b: SimulatorServer, String) async throws -> Void
    ) async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "1", "--limits", limits) { a in
                try await SimulatorServer.with(home, "--contacts", "2") { b in
                    let configuration = try home.write(
                        """
                        default_profile = 'client-a'
                        [profiles.client-a]
                        base_url = '\(a.url)'
                        token_env = 'A_TOKEN'
                        [profiles.client-b]
                        base_url = '\(b.url)'
                        token_env = 'B_TOKEN'
                        read_only = false
                        [profiles.empty]
                        base_url = '\(b.url)'
                        [profiles.reader]
                        base_url = '\(b.url)'
                        token_env = 'B_TOKEN'
                        read_only = true

                        """, to: "config.toml")
                    try await body(home, a, b, configuration)
                }
            }
        }
    }

    private func run(
        _ home: Home, _ a: SimulatorServer, _ b: SimulatorServer, _ configuration: String, _ arguments: [String],
        _ further: [String: String] = [:]
    ) async throws -> Child.Result {
        let environment = ["MOONSPOT_CONFIG": configuration, "A_TOKEN": a.token, "B_TOKEN": b.token]
        return try await home.start(arguments, environment: environment.merging(further) { $1 }).finish()
    }

    @Test func `answers all that hubspot has, in the other profile's portal`() async throws {
        try await withTwoPortals { home, a, b, configuration in
            let code = """
                local b = hubspot.connect("client-b")
                print(hubspot.contacts.count(), b.contacts.count(), hubspot.objects("contacts").count(), b.objects("contacts").count())
                local ada = b.contacts.create{ email = "ada@example.org" }
                print(ada.email, b.contacts.get(ada.id).email, select(2, pcall(hubspot.contacts.get, "ada@example.org")).kind)
                local emails = {}
                for record in b.contacts.each() do emails[#emails + 1] = record.email end
                for record in hubspot.contacts.each() do emails[#emails + 1] = record.email end
                print(#emails, #b.contacts.list{ limit = 1 }:next().results)
                print(hubspot.session.profile, b.session.profile, hubspot.session.base_url ~= b.session.base_url, b.session.portalId)
                print(b.contacts.batch.read({ ada.id }).results[1].email, b.associations.batch ~= nil, b.account.info().portalId)
                print(b.plan(function() b.contacts.update(ada.id, { firstname = "Ada" }) end).records, b.contacts.get(ada.id).firstname)
                print(b.request("GET", "/crm/objects/2026-09/contacts/" .. ada.id).status, hubspot.limits.state().totals.requests > 0)
                print(b == hubspot.connect("client-b"), hubspot == hubspot.connect("client-a"), b.connect("client-a") == hubspot, b == hubspot)
                for name in pairs(hubspot) do assert(b[name] ~= nil, name) end
                print(require("hubspot") == hubspot, os.getenv("A_TOKEN"), os.getenv("B_TOKEN"))
                """
            let result = try await run(home, a, b, configuration, ["-e", code])
            #expect(
                result.output == """
                    1\t2\t1\t2
                    ada@example.org\tada@example.org\tnot_found
                    4\t1
                    client-a\tclient-b\ttrue\t20000001
                    ada@example.org\ttrue\t20000001
                    1\tnil
                    200\ttrue
                    true\ttrue\ttrue\tfalse
                    true\tnil\tnil

                    """, "\(result.output)\n\(result.errors)")
        }
    }

    @Test func `never takes the credential that the program starts with`() async throws {
        try await withTwoPortals { home, a, b, configuration in
            let code = """
                print(hubspot.contacts.count(), hubspot.connect("client-b").contacts.count())
                print(hubspot.connect("client-a") == hubspot)
                local ok, problem = pcall(hubspot.connect, "empty")
                print(problem.kind, problem.message:find("auth login --profile empty", 1, true) ~= nil)
                """
            let started = ["HUBSPOT_ACCESS_TOKEN": a.token, "HUBSPOT_BASE_URL": a.url]
            let result = try await run(home, a, b, configuration, ["-e", code], started)
            #expect(result.output == "1\t2\nfalse\nunauthenticated\ttrue\n", "\(result.errors)")
            let stats = try await b.control("GET", "/_simulator/stats")
            #expect((stats["by_status"] as? [String: Int])?["401"] == nil, "\(stats)")
        }
    }

    @Test func `says which profile was probably meant`() async throws {
        try await withTwoPortals { home, a, b, configuration in
            let result = try await run(
                home, a, b, configuration, ["-e", "print(select(2, pcall(hubspot.connect, 'client-c')))"])
            #expect(result.output.hasPrefix("invalid_argument: "), "\(result.output)")
            #expect(result.output.contains("no profile 'client-c'; did you mean 'client-"), "\(result.output)")
            let none = try await home.run("-e", "hubspot.connect('acme')")
            #expect(none.status == 1)
            #expect(none.errors.contains("run moonspot auth login --profile acme"), "\(none.errors)")
        }
    }

    @Test(arguments: [
        (["--read-only"], "read_only"), (["--allow", "contacts:read"], "not_allowed"), (["--dry-run"], "true"),
    ])
    func `is under the program's own limits`(options: [String], told: String) async throws {
        try await withTwoPortals { home, a, b, configuration in
            let code = """
                local ok, answer = pcall(hubspot.connect("client-b").contacts.create, { email = "ada@example.org" })
                print(ok and answer.dry_run or answer.kind)
                """
            let result = try await run(home, a, b, configuration, options + ["-e", code])
            #expect(result.output == told + "\n", "\(result.errors)")
            let count = try await run(
                home, a, b, configuration, ["--profile", "client-b", "-e", "hubspot.contacts.count()"])
            #expect(count.output == "2\n")
        }
    }

    @Test func `has permissions and limits of its own`() async throws {
        try await withTwoPortals("5/10s") { home, a, b, configuration in
            let code = """
                local reader, b = hubspot.connect("reader"), hubspot.connect("client-b")
                print(select(2, pcall(reader.contacts.create, { email = "ada@example.org" })).kind, reader.session.read_only)
                hubspot.contacts.list() b.contacts.list()
                print(hubspot.limits.state().burst.limit, b.limits.state().burst.limit)
                """
            let result = try await run(home, a, b, configuration, ["-e", code])
            #expect(
                result.output == "read_only\ttrue\n5.0\t190.0\n" || result.output == "read_only\ttrue\n5\t190\n",
                "\(result.output)\(result.errors)")
        }
    }

    @Test func `is not open to an untrusted script`() async throws {
        try await withTwoPortals { home, a, b, configuration in
            let result = try await run(
                home, a, b, configuration, ["--untrusted", "-e", "hubspot.connect('client-b').contacts.count()"])
            #expect(result.status == 3 && result.errors.contains("not_allowed"), "\(result.errors)")
            let stats = try await b.control("GET", "/_simulator/stats")
            #expect(stats["requests"] as? Int == 0)
        }
    }

    @Test(arguments: [[], ["--fast-clock"]])
    func `stays in the simulator where the program does`(options: [String]) async throws {
        try await withTwoPortals { home, a, b, configuration in
            let code = """
                local b = hubspot.connect("client-b")
                b.contacts.create{ email = "only@example.org" }
                print(hubspot.contacts.find("only@example.org"), b.contacts.find("only@example.org").email, b.session.simulator)
                """
            let words = ["--simulator"] + options + ["-e", code]
            let result = try await run(home, a, b, configuration, words)
            #expect(result.output == "nil\tonly@example.org\ttrue\n", "\(result.errors)")
            let without = try await home.start(words).finish()
            #expect(without.output == result.output, "\(without.errors)")
            for server in [a, b] {
                #expect(try await server.control("GET", "/_simulator/stats")["requests"] as? Int == 0)
            }
        }
    }
}
