import Foundation
import Testing

@Suite("Undoing a run") struct UndoTests {
    /// A portal with two contacts and a company, and their ids in the file `ids.lua`.
    private static func prepare(_ home: Home, _ server: SimulatorServer) async throws {
        let code = """
            local ada = hubspot.contacts.create{ email = "ada@example.org", firstname = "Ada", city = "Rome" }
            local bob = hubspot.contacts.create{ email = "bob@example.org", firstname = "Bob", city = "Rome" }
            local acme = hubspot.companies.create{ name = "Acme", domain = "acme.example" }
            local file = io.open("\(home.path("ids.lua"))", "w")
            file:write(("return { ada = '%s', bob = '%s', acme = '%s' }"):format(ada.id, bob.id, acme.id))
            """
        try await run(home, server, code, journal: "off")
    }

    @discardableResult
    private static func run(
        _ home: Home, _ server: SimulatorServer, _ code: String, journal: String = "writes"
    ) async throws -> String {
        let file = try home.write(code, to: "script.lua")
        let result = try await home.run("--journal", journal, file, environment: server.environment)
        #expect(result.status == 0, "\(result.errors)")
        return result.output
    }

    /// All contacts' names and cities, and Ada's companies.
    private static func state(_ home: Home, _ server: SimulatorServer) async throws -> String {
        try await run(
            home, server,
            """
            local ids = dofile("\(home.path("ids.lua"))")
            for contact in hubspot.contacts.each{ properties = { "email", "firstname", "city" } } do
              print(contact.email, contact.firstname, contact.city)
            end
            local ok, links = pcall(hubspot.associations.list, "contacts", ids.ada, "companies")
            print(ok and #links.results)
            """)
    }

    private static let changes = """
        local ids = dofile(arg[0]:match("^(.*)/") .. "/ids.lua")
        hubspot.contacts.update(ids.ada, { city = "Oslo", firstname = "Augusta" })
        hubspot.contacts.update(ids.ada, { city = "Bonn" })
        hubspot.contacts.upsert("carl@example.org", { city = "Rome" })
        hubspot.contacts.upsert("bob@example.org", { city = "Kyiv" })
        hubspot.associations.link("contacts", ids.ada, "companies", ids.acme)
        hubspot.contacts.delete(ids.bob)
        """

    /// HubSpot takes a later stage alone, and says nothing where it keeps the one that it has.
    @Test func `takes a lifecycle stage back to an earlier one`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                try await Self.prepare(home, server)
                let stage =
                    #"print(hubspot.contacts.get("ada@example.org", { properties = { "lifecyclestage" } }).lifecyclestage)"#
                try await Self.run(
                    home, server, #"hubspot.contacts.update("ada@example.org", { lifecyclestage = "lead" })"#,
                    journal: "off")
                try await Self.run(
                    home, server, #"hubspot.contacts.update("ada@example.org", { lifecyclestage = "customer" })"#)
                #expect(try await Self.run(home, server, stage) == "customer\n")
                let undo = try await home.run("undo", "1", "--yes", environment: server.environment)
                #expect(undo.status == 0, "\(undo.output)\(undo.errors)")
                #expect(try await Self.run(home, server, stage) == "lead\n")
            }
        }
    }

    @Test(arguments: ["writes", "undo"]) func `leaves the portal as it was`(mode: String) async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                try await Self.prepare(home, server)
                let before = try await Self.state(home, server)
                try await Self.run(home, server, Self.changes, journal: mode)
                let after = try await Self.state(home, server)
                #expect(after.contains("Augusta\tBonn") && after.contains("carl") && !after.contains("bob"))
                let plan = try await home.run("undo", "1", "--plan", environment: server.environment)
                #expect(plan.status == 0, "\(plan.errors)")
                #expect(plan.output.contains("city: Bonn → Rome, firstname: Augusta → Ada"))
                #expect(plan.output.contains("is made again, under a new id"))
                #expect(try await Self.state(home, server) == after)
                let undo = try await home.run("undo", "1", "--yes", environment: server.environment)
                #expect(undo.status == 0, "\(undo.errors)\(undo.output)")
                #expect(undo.errors.contains("taken back by run 2"))
                // Whether they were linked before is known where it was read.
                #expect(undo.output.contains("whether they were linked before is not known") == (mode == "writes"))
                let links = mode == "writes" ? "1" : "0"
                #expect(
                    try await Self.state(home, server).split(separator: "\n").sorted()
                        == before.replacing("\n0\n", with: "\n\(links)\n").split(separator: "\n").sorted())
                // The undo is a run that can be undone.
                let redo = try await home.run("undo", "2", "--yes", environment: server.environment)
                #expect(redo.status == 0, "\(redo.errors)\(redo.output)")
                let again = try await Self.state(home, server)
                #expect(again.contains("Augusta\tBonn") && again.contains("carl") && !again.contains("bob"))
            }
        }
    }

    @Test func `leaves and lists what was changed since, and what cannot be undone`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                try await Self.prepare(home, server)
                try await Self.run(
                    home, server,
                    """
                    local ids = dofile("\(home.path("ids.lua"))")
                    hubspot.contacts.update(ids.ada, { city = "Oslo", firstname = "Augusta" })
                    local eve = hubspot.contacts.create{ email = "eve@example.org" }
                    hubspot.contacts.merge(ids.bob, eve.id)
                    """)
                try await Self.run(
                    home, server,
                    """
                    local ids = dofile("\(home.path("ids.lua"))")
                    hubspot.contacts.update(ids.ada, { city = "Paris" })
                    """, journal: "off")
                let undo = try await home.run("undo", "1", "--yes", environment: server.environment)
                #expect(undo.status == 0, "\(undo.errors)\(undo.output)")
                #expect(undo.output.contains("city was changed since: it is 'Paris', and the run left 'Oslo'"))
                #expect(undo.output.contains("a merge cannot be undone"))
                #expect(try await Self.state(home, server).contains("ada@example.org\tAda\tParis"))
                let forced = try await home.run(
                    "undo", "1", "--yes", "--force", "--output", "jsonl", environment: server.environment)
                #expect(forced.status == 0, "\(forced.errors)")
                #expect(try await Self.state(home, server).contains("ada@example.org\tAda\tRome"))
            }
        }
    }

    @Test func `gives records that it makes again the links that they had, where they were read before`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                try await Self.prepare(home, server)
                let ids = "local ids = dofile('\(home.path("ids.lua"))')"
                try await Self.run(
                    home, server, "\(ids) hubspot.associations.link('contacts', ids.bob, 'companies', ids.acme)",
                    journal: "off")
                try await Self.run(
                    home, server, "\(ids) hubspot.contacts.delete(ids.bob) hubspot.companies.delete(ids.acme)",
                    journal: "undo")
                let undo = try await home.run("undo", "1", "--yes", environment: server.environment)
                #expect(undo.status == 0, "\(undo.errors)\(undo.output)")
                #expect(!undo.output.contains("the links that it had"), "\(undo.output)")
                #expect(undo.output.contains("linked again"))
                let links = try await home.run(
                    "-e",
                    "#hubspot.associations.list('contacts', hubspot.contacts.get('bob@example.org').id, 'companies')",
                    environment: server.environment)
                #expect(links.output == "1\n", "\(links.errors)")
            }
        }
    }

    @Test func `leaves a record that it made and others have filled or linked since`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                try await Self.prepare(home, server)
                try await Self.run(
                    home, server,
                    """
                    local ids = dofile("\(home.path("ids.lua"))")
                    for _, name in ipairs{ "filled", "linked", "own" } do
                      local made = hubspot.contacts.create({ email = name .. "@example.org" },
                        { associations = { companies = ids.acme } })
                      hubspot.associations.link("contacts", made.id, "contacts", ids.ada)
                      local deal = hubspot.deals.create{ dealname = name, dealstage = "qualifiedtobuy" }
                      hubspot.associations.link("deals", deal.id, "contacts", made.id)
                    end
                    """)
                try await server.control("POST", "/_simulator/clock", body: #"{"advance_ms":5000}"#)
                try await Self.run(
                    home, server,
                    """
                    local ids = dofile("\(home.path("ids.lua"))")
                    hubspot.contacts.update("filled@example.org", { city = "Paris" })
                    hubspot.associations.link("contacts", hubspot.contacts.get("linked@example.org").id, "contacts", ids.bob)
                    """, journal: "off")
                let undo = try await home.run("undo", "1", "--yes", environment: server.environment)
                #expect(undo.output.contains("city was set since: it is 'Paris'"), "\(undo.output)\(undo.errors)")
                #expect(undo.output.contains("it was linked to contacts "), "\(undo.output)")
                let state = try await Self.state(home, server)
                #expect(state.contains("filled@") && state.contains("linked@") && !state.contains("own@"), "\(state)")
                let forced = try await home.run("undo", "1", "--yes", "--force", environment: server.environment)
                #expect(forced.status == 0, "\(forced.output)\(forced.errors)")
                let after = try await Self.state(home, server)
                #expect(!after.contains("filled@") && !after.contains("linked@"), "\(after)")
            }
        }
    }

    @Test func `stops at Ctrl-C, says how far it came, and goes on`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(
                home, "--contacts", "0", "--limits", "unlimited", "--latency", "60ms"
            ) { server in
                let code = """
                    hubspot.contacts.create{ firstname = "A" }
                    for _, type in ipairs{ "companies", "products", "line_items" } do
                      hubspot.objects(type).create{ name = "A" }
                    end
                    for _, type in ipairs{ "tasks", "notes", "calls" } do
                      hubspot.objects(type).create{ hs_timestamp = "2026-01-01T10:00:00Z" }
                    end
                    """
                try await Self.run(home, server, code)
                let child = try home.start(["undo", "1", "--yes"], environment: server.environment)
                let deadline = ContinuousClock.now + .seconds(60)
                while try await server.control("GET", "/_simulator/requests")["results"].map({ "\($0)" })?
                    .contains("DELETE") != true, ContinuousClock.now < deadline
                {}
                child.signal(SIGINT)
                let end = try await child.finish()
                #expect(end.status == 130, "\(end.output)\(end.errors)")
                #expect(end.errors.contains("not taken back; run moonspot undo 1 again"), "\(end.errors)")
                let again = try await home.run("undo", "1", "--yes", environment: server.environment)
                #expect(again.status == 0, "\(again.output)\(again.errors)")
                let left = try await home.run(
                    "-e", "hubspot.products.count() + hubspot.calls.count() + hubspot.contacts.count()",
                    environment: server.environment)
                #expect(left.output == "0\n", "\(left.errors)")
            }
        }
    }

    @Test func `asks first, and refuses another portal`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                try await Self.prepare(home, server)
                try await Self.run(home, server, Self.changes)
                let state = try await Self.state(home, server)
                let asked = try await home.run("undo", "1", environment: server.environment)
                #expect(asked.status == 3 && asked.errors.contains("--yes"), "\(asked.errors)")
                let other = try await home.run("undo", "1", "--yes", "--simulator")
                #expect(other.status == 1 && other.errors.contains("which portal"), "\(other.errors)")
                #expect(try await Self.state(home, server) == state)
                let missing = try await home.run("undo", "77", "--yes", environment: server.environment)
                #expect(missing.status == 1 && missing.errors.contains("there is no run 77"))
            }
        }
    }

    @Test func `takes back a line of the console, and then the one before`() async throws {
        try await Home.with { home in
            let terminal = try Terminal(home, ["--simulator"])
            try await terminal.expect(ReplTests.prompt)
            terminal.enter(#"ada = hubspot.contacts.create{ email = "ada@example.org", city = "Rome" }"#)
            try await terminal.expect(ReplTests.prompt)
            terminal.enter(#"hubspot.contacts.update(ada.id, { city = "Oslo" }).city"#)
            try await terminal.expect("Oslo\n")
            try await terminal.expect(ReplTests.prompt)
            terminal.enter(":undo")
            try await terminal.expect("city: Oslo → Rome")
            try await terminal.expect(ReplTests.prompt)
            terminal.enter("print('city ' .. hubspot.contacts.get(ada.id, { properties = { 'city' } }).city)")
            try await terminal.expect("city Rome\n")
            terminal.enter(":undo")
            try await terminal.expect("archived")
            try await terminal.expect(ReplTests.prompt)
            terminal.enter("print('found ' .. tostring(hubspot.contacts.find(ada.id)))")
            try await terminal.expect("found nil\n")
            terminal.enter(":undo")
            try await terminal.expect("no line has written anything")
        }
    }
}
