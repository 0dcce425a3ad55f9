import Foundation
import Testing

@Suite("submit-form.lua") struct SubmitFormTests {
    private static func with(
        _ body: (_ home: Home, _ server: SimulatorServer, _ run: ([String]) async throws -> Child.Result) async throws
            -> Void
    ) async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                try await body(home, server) { words in
                    var options = words
                    let at = options.firstIndex(of: "SCRIPT") ?? 0
                    if options.contains("SCRIPT") { options.remove(at: at) }
                    options.insert(Home.automation("submit-form.lua"), at: at)
                    return try await home.start(options, environment: server.environment).finish()
                }
            }
        }
    }

    private static func submissions(_ server: SimulatorServer) async throws -> [String] {
        let stored = try await server.control("GET", "/_simulator/submissions")["results"] as? [[String: Any]] ?? []
        return stored.map { submission in
            let fields = submission["fields"] as? [[String: Any]] ?? []
            return fields.first { $0["name"] as? String == "email" }?["value"] as? String ?? ""
        }.sorted()
    }

    private static let rows = """
        email,lastname,firstname,context.pageUri
        one@example.org,Lovelace,Ada,https://www.example.org
        no address,Byron,,
        two@example.org,,,
        three@example.org,Gödel,,
        """

    @Test func `takes a form by its name, checks, and says what became of it`() async throws {
        try await Self.with { _, server, run in
            let refused = try await run(["Contact us", "email=a@example.org"])
            #expect(refused.status == 1 && refused.errors.contains("refused: lastname: Required field"))
            #expect(try await Self.submissions(server).isEmpty, "it is checked before it is sent")
            let accepted = try await run(["Contact us", "--wait", "email=a@example.org", "lastname=Byron"])
            #expect(accepted.status == 0 && accepted.output.hasPrefix("contact 501 created"), "\(accepted.errors)")
            let unknown = try await run(["Contct us", "email=a@example.org"])
            #expect(unknown.status == 1 && unknown.errors.contains("did you mean 'Contact us'?"))
            let consent = try await run(["Newsletter", "email=a@example.org"])
            #expect(consent.status == 1, "\(consent.output)\(consent.errors)")
            #expect(try await Self.submissions(server) == ["a@example.org"])
        }
    }

    @Test func `submits rows, keeps those that are refused, and goes on after a kill`() async throws {
        try await Self.with { home, server, run in
            let file = try home.write(Self.rows, to: "rows.csv")
            let refused = home.path("refused.csv")
            let result = try await run(["Contact us", "--rows", file, "--refused", refused])
            #expect(result.status == 1 && result.output == "4 rows: 2 accepted, 2 refused\n", "\(result.errors)")
            #expect(try await Self.submissions(server) == ["one@example.org", "three@example.org"])
            let kept = try home.read("refused.csv")
            #expect(kept.hasPrefix("email,lastname,firstname,context.pageUri,refused_because\r\nno address,Byron,,,"))
            let mended = try home.write(
                kept.replacing("no address", with: "four@example.org").replacing("org,,,,", with: "org,Curie,,,"),
                to: "mended.csv")
            let second = try await run(["Contact us", "--rows", mended])
            #expect(second.status == 0 && second.output == "2 rows: 2 accepted, 0 refused\n", "\(second.errors)")

            let many = try home.write(
                "email,lastname\n" + (1...60).map { "p\($0)@example.org,P\n" }.joined(), to: "many.csv")
            let child = try home.start(
                [Home.automation("submit-form.lua"), "Contact us", "--rows", many, "--on-unknown", "skip"],
                environment: server.environment)
            let deadline = ContinuousClock.now + .seconds(60)
            while try await Self.submissions(server).count < 14, ContinuousClock.now < deadline {}
            child.signal(SIGKILL)
            _ = try await child.finish()
            let rest = try await run(["Contact us", "--rows", many, "--on-unknown", "skip"])
            #expect(rest.status == 0, "\(rest.output)\(rest.errors)")
            let all = try await Self.submissions(server).filter { $0.hasPrefix("p") }
            #expect(Set(all).count == all.count, "none twice: \(all)")
        }
    }

    @Test func `sends nothing where it is shown or planned, or where a column is no field`() async throws {
        try await Self.with { home, server, run in
            let file = try home.write(Self.rows, to: "rows.csv")
            let dry = try await run(["--dry-run", "SCRIPT", "Contact us", "--rows", file])
            #expect(dry.status == 1 && dry.output == "4 rows: 2 shown, none sent, 2 refused\n", "\(dry.errors)")
            let plan = try await run(["plan", "SCRIPT", "Contact us", "--rows", file])
            #expect(plan.output.contains("forms.submit        2         2"), "\(plan.output)\(plan.errors)")
            let wrong = try home.write("emial,lastname\na@example.org,B\n", to: "wrong.csv")
            let refused = try await run(["Contact us", "--rows", wrong])
            #expect(refused.status == 2 && refused.errors.contains("'emial' (did you mean 'email'?)"))
            #expect(try await Self.submissions(server).isEmpty)
            let mapped = try await run(["Contact us", "--rows", wrong, "--map", "emial=email"])
            #expect(mapped.status == 0, "\(mapped.errors)")
        }
    }
}
