import Foundation
import Testing

@Suite("Applying a plan that is killed") struct ApplyTests {
    /// Companies, which nothing names but their ids, contacts, and a link between each two.
    private static let script = """
        for i = 1, 12 do
          local company = hubspot.companies.create{ name = "Company " .. i }
          local contact = hubspot.contacts.create{ email = "person" .. i .. "@example.org", firstname = "P" }
          hubspot.associations.link("contacts", contact.id, "companies", company.id)
          hubspot.contacts.update(contact.id, { city = "Oslo" })
        end
        task.map({ 1, 2, 3, 4, 5, 6, 7, 8 }, function(i) hubspot.companies.create{ name = "Late " .. i } end)
        """

    /// All that the script is to have made, a line each.
    private static let whole = """
        local names = {}
        for company in hubspot.companies.each{ properties = { "name" } } do
          names[#names + 1] = company.name
        end
        for contact in hubspot.contacts.each{ properties = { "email", "city" }, associations = { "companies" } } do
          local links = contact.associations and contact.associations.companies.results or {}
          names[#names + 1] = contact.email .. " " .. tostring(contact.city) .. " " .. #links
        end
        table.sort(names)
        print(table.concat(names, "\\n"))
        """

    private static let expected =
        ((1...12).flatMap { ["Company \($0)", "person\($0)@example.org Oslo 1"] }
        + (1...8).map { "Late \($0)" }).sorted()

    private func until(_ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await !condition() {
            guard ContinuousClock.now < deadline else { throw Child.Failure("it did not come about in time") }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    @Test(arguments: [1, 4, 11, 17, 26, 38, 47]) func `loses nothing and doubles nothing`(requests: Int) async throws {
        try await Home.with { home in
            try await SimulatorServer.with(
                home, "--contacts", "0", "--limits", "unlimited", "--latency", "20ms"
            ) { server in
                let script = try home.write(Self.script, to: "make.lua")
                let file = home.path("plan.jsonl")
                let plan = try await home.run("plan", "--out", file, script, environment: server.environment)
                #expect(plan.status == 10, "\(plan.errors)")
                let before = try await PlanTests.requests(server)
                let child = try home.start(["apply", file, "--yes"], environment: server.environment)
                try await until { (try? await PlanTests.requests(server)) ?? 0 >= before + 2 + requests }
                child.signal(SIGKILL)
                #expect(try await child.finish().status == 137)
                let apply = try await home.run("apply", file, "--yes", environment: server.environment)
                #expect(apply.status == 0, "\(apply.errors)\(apply.output)")
                #expect(apply.errors.contains("applied by run 1: "), "\(apply.errors)")
                let made = try await home.run("-e", Self.whole, environment: server.environment)
                #expect(made.output.split(separator: "\n").map(String.init) == Self.expected, "\(apply.output)")
                // All of it is one run, which can be taken back.
                let undo = try await home.run("undo", "1", "--yes", environment: server.environment)
                #expect(undo.status == 0, "\(undo.errors)\(undo.output)")
                let rest = try await home.run("-e", Self.whole, environment: server.environment)
                #expect(rest.output == "\n", "\(undo.output)")
            }
        }
    }

    @Test func `lists a submission whose fate nobody knows, and sends it no second time`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                let script = try home.write(
                    """
                    hubspot.forms.submit("11111111-1111-4111-8111-111111111111", { email = "a@example.org", lastname = "L" })
                    hubspot.companies.create{ name = "Acme" }
                    """, to: "submit.lua")
                let file = home.path("plan.jsonl")
                #expect(try await home.run("plan", "--out", file, script, environment: server.environment).status == 10)
                try await server.control(
                    "PUT", "/_simulator/faults",
                    body: #"{"rules":[{"method":"POST","path":"/submissions/*","action":{"kind":"hang"}}]}"#)
                let child = try home.start(["apply", file, "--yes"], environment: server.environment)
                let wal = ".local/state/moonspot/journal.sqlite-wal"
                try await until { home.exists(wal) ? try home.read(wal).contains("/submissions/") : false }
                child.signal(SIGKILL)
                #expect(try await child.finish().status == 137)
                try await server.control("PUT", "/_simulator/faults", body: #"{"rules":[]}"#)
                let apply = try await home.run("apply", file, "--yes", environment: server.environment)
                #expect(apply.status == 1)
                #expect(apply.output.contains("whether it was carried out is not known"), "\(apply.output)")
                #expect(apply.errors.contains("1 done, 1 unknown"), "\(apply.errors)")
                let sent = try await server.control("GET", "/_simulator/submissions")["results"] as? [Any]
                #expect(sent?.isEmpty == true)
                let forced = try await home.run("apply", file, "--yes", "--force", environment: server.environment)
                #expect(forced.status == 0, "\(forced.errors)\(forced.output)")
                let again = try await server.control("GET", "/_simulator/submissions")["results"] as? [Any]
                #expect(again?.count == 1)
            }
        }
    }

    private static let companies = "for i = 1, 6 do hubspot.companies.create{ name = 'K' .. i } end"
    private static let names = """
        local names = {}
        for company in hubspot.companies.each{ properties = { "name" } } do names[#names + 1] = company.name end
        table.sort(names)
        return table.concat(names, " ")
        """

    /// Plans six companies, and loses what HubSpot answers to their creation.
    private func losing(
        _ kind: String, _ options: [String], _ body: (Home, SimulatorServer, _ file: String) async throws -> Void
    ) async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, ["--contacts", "0", "--limits", "unlimited"] + options) { server in
                let script = try home.write(Self.companies, to: "make.lua")
                let file = home.path("plan.jsonl")
                #expect(try await home.run("plan", "--out", file, script, environment: server.environment).status == 10)
                try await server.control(
                    "PUT", "/_simulator/faults",
                    body:
                        #"{"rules":[{"method":"POST","path":"/crm/objects/*companies*","nth":1,"times":1,"action":{"kind":"KIND"}}]}"#
                        .replacing("KIND", with: kind))
                let apply = try await home.run("apply", file, "--yes", environment: server.environment)
                #expect(apply.status != 0 && apply.errors.contains("6 unknown"), "\(apply.errors)")
                try await body(home, server, file)
            }
        }
    }

    @Test(arguments: [[], ["--search-lag", "2s"]])
    func `finds what was made before, also where the search shows it late`(options: [String]) async throws {
        try await losing("reset_after", options) { home, server, file in
            let apply = try await home.run("apply", file, "--yes", environment: server.environment)
            #expect(apply.status == 0, "\(apply.errors)\(apply.output)")
            let made = try await home.run("-e", Self.names, environment: server.environment)
            #expect(made.output == "K1 K2 K3 K4 K5 K6\n")
        }
    }

    @Test func `takes no other's record for its own`() async throws {
        try await losing("reset_before", []) { home, server, file in
            let other = try await home.run(
                "--journal", "off", "-e", "hubspot.companies.create{ name = 'K1', city = 'Paris' }",
                environment: server.environment)
            #expect(other.status == 0, "\(other.errors)")
            let apply = try await home.run("apply", file, "--yes", environment: server.environment)
            #expect(apply.status == 1, "\(apply.errors)\(apply.output)")
            #expect(apply.output.contains("is like what it makes"), "\(apply.output)")
            #expect(apply.errors.contains("5 done, 1 unknown"), "\(apply.errors)")
        }
    }

    @Test func `names a line that was edited after it was sent`() async throws {
        try await PlanTests.with { home, server in
            let script = try home.write(
                #"hubspot.contacts.update("ada@example.org", { city = "Oslo" })"#, to: "change.lua")
            let file = home.path("plan.jsonl")
            #expect(try await home.run("plan", "--out", file, script, environment: server.environment).status == 10)
            #expect(try await home.run("apply", file, "--yes", environment: server.environment).status == 0)
            let edited = try home.write(
                try home.read("plan.jsonl").replacing("\"city\":\"Oslo\"", with: "\"city\":\"Bonn\""),
                to: "edited.jsonl")
            let apply = try await home.run("apply", edited, "--yes", environment: server.environment)
            #expect(apply.status == 1, "\(apply.errors)\(apply.output)")
            #expect(apply.output.contains("it was sent already, as it was before it was edited"), "\(apply.output)")
            #expect(try await PlanTests.state(home, server).contains("ada@example.org\tOslo"))
            let forced = try await home.run("apply", edited, "--yes", "--force", environment: server.environment)
            #expect(forced.status == 0, "\(forced.errors)\(forced.output)")
            #expect(try await PlanTests.state(home, server).contains("ada@example.org\tBonn"))
        }
    }

    @Test func `stops at Ctrl-C, says how far it came, and goes on`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(
                home, "--contacts", "0", "--limits", "unlimited", "--latency", "50ms"
            ) { server in
                let script = try home.write(Self.script, to: "make.lua")
                let file = home.path("plan.jsonl")
                #expect(try await home.run("plan", "--out", file, script, environment: server.environment).status == 10)
                let before = try await PlanTests.requests(server)
                let child = try home.start(["apply", file, "--yes"], environment: server.environment)
                try await until { (try? await PlanTests.requests(server)) ?? 0 >= before + 12 }
                child.signal(SIGINT)
                let end = try await child.finish()
                #expect(end.status == 130, "\(end.errors)\(end.output)")
                #expect(end.errors.contains("stopping; Ctrl-C again ends it at once"), "\(end.errors)")
                #expect(end.errors.contains("not sent; run moonspot apply"), "\(end.errors)")
                let history = try await home.run("history", "1", "--output", "jsonl", environment: server.environment)
                #expect(!history.output.contains("\"unknown\""), "\(history.output)")
                let apply = try await home.run("apply", file, "--yes", environment: server.environment)
                #expect(apply.status == 0, "\(apply.errors)\(apply.output)")
                let made = try await home.run("-e", Self.whole, environment: server.environment)
                #expect(made.output.split(separator: "\n").map(String.init) == Self.expected)
            }
        }
    }

    @Test(arguments: ["apply", "undo", "check"]) func `says in few words how it is used`(command: String) async throws {
        try await Home.with { home in
            let result = try await home.run(command)
            #expect(result.status == 2)
            let lines = result.errors.split(separator: "\n")
            #expect(lines.count == 3, "\(result.errors)")
            #expect(lines[1].hasPrefix("Usage: moonspot \(command) "), "\(result.errors)")
        }
    }
}
