import Testing

/// A portal is what a simulator looks like from behind a forwarder: the program asks before it harms one.
@Suite("A console on a real portal") struct ConfirmationTests {
    private static let prompt = "20000001> "

    private func withPortal(
        _ body: (Home, SimulatorServer, _ environment: [String: String]) async throws -> Void
    ) async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "300") { server in
                try await Forwarder.with(to: server, home) { forwarder in
                    let environment = [
                        "HUBSPOT_ACCESS_TOKEN": server.token, "HUBSPOT_BASE_URL": "http://127.0.0.1:\(forwarder.port)",
                        "MOONSPOT_PROFILE": "acme", "MOONSPOT_CONFIG": home.path("config.toml"),
                    ]
                    try home.write("[profiles.acme]\nportalId = 20000001\n", to: "config.toml")
                    try await body(home, server, environment)
                }
            }
        }
    }

    @Test func `asks before a deletion, and sends nothing without a yes`() async throws {
        try await withPortal { home, server, environment in
            let terminal = try Terminal(home, [], environment: environment)
            try await terminal.expect(Self.prompt)
            terminal.enter("ids = {}; for p in hubspot.contacts.each{ max = 3 } do ids[#ids + 1] = p.id end")
            try await terminal.expect(Self.prompt)
            terminal.enter("hubspot.contacts.delete(ids[1])")
            try await terminal.expect("This will delete 1 contact")
            try await terminal.expect("in portal 20000001")
            try await terminal.expect("Type yes to do it")
            terminal.enter("no")
            try await terminal.expect("not_confirmed")
            try await terminal.expect(Self.prompt)
            terminal.enter("print(hubspot.contacts.find(ids[1]) ~= nil)")
            try await terminal.expect("\ntrue\n")
            terminal.enter("hubspot.contacts.delete(ids[1])")
            try await terminal.expect("Type yes to do it")
            terminal.enter("yes")
            try await terminal.expect(Self.prompt)
            terminal.enter("print(hubspot.contacts.find(ids[1]) ~= nil)")
            try await terminal.expect("\nfalse\n")
            terminal.enter("hubspot.contacts.merge(ids[2], ids[3])")
            try await terminal.expect("It cannot be undone.")
            terminal.type("\u{03}")
            try await terminal.expect(Self.prompt)
            terminal.enter("hubspot.contacts.delete(ids[2], { confirm = true })")
            try await terminal.expect(Self.prompt)
            terminal.enter("print(hubspot.contacts.find(ids[2]) ~= nil, hubspot.contacts.find(ids[3]) ~= nil)")
            try await terminal.expect("\nfalse\ttrue\n")
            let stats = try await server.control("GET", "/_simulator/stats")
            #expect(stats["throttled"] as? Int == 0)
        }
    }

    @Test func `asks once for a batch and for a loop, with the number`() async throws {
        try await withPortal { home, _, environment in
            let terminal = try Terminal(home, [], environment: environment)
            try await terminal.expect(Self.prompt)
            terminal.enter(
                "rows = {}; for p in hubspot.contacts.each() do rows[#rows + 1] = { id = p.id, properties = { city = 'Bath' } } end"
            )
            try await terminal.expect(Self.prompt)
            terminal.enter("local b = hubspot.contacts.batch.update(rows); print('changed', #b.results)")
            try await terminal.expect("This will update 30")
            try await terminal.expect("Type 30")
            terminal.enter("yes")
            try await terminal.expect("not_confirmed")
            try await terminal.expect(Self.prompt)
            terminal.enter(
                "task.each(rows, function(r) hubspot.contacts.update(r.id, r.properties) end); print('all changed')")
            try await terminal.expect("this line goes on to update")
            try await terminal.expect("items in all")
            let question = try await terminal.expect(" to do it")
            terminal.enter(String(question.filter(\.isNumber)))
            try await terminal.expect("\nall changed\n")
            try await terminal.expect(Self.prompt)
            terminal.enter(
                "local n = hubspot.contacts.count{ where = { city = 'Bath' } }; print('in Bath', n == #rows)")
            try await terminal.expect("\nin Bath\ttrue\n")
        }
    }

    @Test func `asks nothing of a simulator, in the process or served`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "3") { server in
                let terminal = try Terminal(home, [], environment: server.environment)
                try await terminal.expect("> ")
                terminal.enter("for p in hubspot.contacts.each() do hubspot.contacts.delete(p.id) end print('gone')")
                try await terminal.expect("\ngone\n")
                let inside = try Terminal(home, ["--simulator"])
                try await inside.expect(Self.prompt)
                inside.enter("for p in hubspot.contacts.each() do hubspot.contacts.delete(p.id) end print('gone')")
                try await inside.expect("\ngone\n")
            }
        }
    }

    @Test func `asks from as many records on as the profile says, and as :set says`() async throws {
        try await withPortal { home, _, environment in
            try home.write("[profiles.acme]\nportalId = 20000001\nconfirm_above = 1\n", to: "config.toml")
            let terminal = try Terminal(home, [], environment: environment)
            try await terminal.expect(Self.prompt)
            terminal.enter("ids = {}; for p in hubspot.contacts.each{ max = 4 } do ids[#ids + 1] = p.id end")
            try await terminal.expect(Self.prompt)
            terminal.enter("hubspot.contacts.update(ids[1], { city = 'Bath' }).city")
            try await terminal.expect("\nBath\n")
            try await terminal.expect(Self.prompt)
            let two =
                "hubspot.contacts.batch.update{ { id = ids[1], properties = { city = 'Ely' } }, { id = ids[2], properties = { city = 'Ely' } } }"
            terminal.enter(two)
            try await terminal.expect("This will update 2 contacts in portal 20000001.")
            try await terminal.expect("Type 2")
            terminal.enter("2")
            try await terminal.expect("2 records")
            try await terminal.expect(Self.prompt)
            terminal.enter(":set confirm off")
            try await terminal.expect("confirm  off")
            terminal.enter("hubspot.contacts.delete(ids[1]) print('gone unasked')")
            try await terminal.expect("\ngone unasked\n")
            terminal.enter(":set confirm all")
            try await terminal.expect("confirm  all")
            terminal.enter("hubspot.contacts.delete(ids[2])")
            try await terminal.expect("This will delete 1 contact")
            terminal.enter("yes")
            try await terminal.expect(Self.prompt)
            // What the prompt does not own, it does not ask about.
            terminal.enter("task.spawn(function() print(pcall(hubspot.contacts.delete, ids[3])) end)")
            try await terminal.expect("not_confirmed")
            terminal.enter(":set confirm sometimes")
            try await terminal.expect("write one of all, moderate, off")
        }
    }

    @Test func `asks nobody where no terminal is, and waits for nothing`() async throws {
        try await withPortal { home, server, environment in
            try home.write("[profiles.acme]\nportalId = 20000001\nconfirm = \"all\"\n", to: "config.toml")
            let result = try await home.run(
                "-e", "hubspot.contacts.delete(hubspot.contacts.list{ limit = 1 }[1].id)", environment: environment)
            #expect(result.status == 3)
            #expect(result.errors.contains("--yes") && result.errors.contains("{ confirm = true }"), "\(result.errors)")
            let stats = try await server.control("GET", "/_simulator/stats")
            #expect((stats["by_status"] as? [String: Int])?["204"] == nil)
        }
    }

    @Test func `refuses what runs on behind the prompt`() async throws {
        try await withPortal { home, _, environment in
            let terminal = try Terminal(home, [], environment: environment)
            try await terminal.expect(Self.prompt)
            terminal.enter(
                "task.spawn(function() task.sleep(0.2); print(pcall(hubspot.contacts.delete, 1)) end)")
            try await terminal.expect("has to be confirmed")
        }
    }

    @Test func `lets scripts alone, unless the profile says that all is confirmed`() async throws {
        try await withPortal { home, _, environment in
            let code = "for p in hubspot.contacts.each{ max = 1 } do hubspot.contacts.delete(p.id) end"
            let plain = try await home.run("-e", code, environment: environment)
            #expect(plain.status == 0, "\(plain.errors)")
            try home.write("[profiles.acme]\nportalId = 20000001\nconfirm = \"all\"\n", to: "config.toml")
            let refused = try await home.run("-e", code, environment: environment)
            #expect(refused.status == 3)
            #expect(refused.errors.contains("not_confirmed"))
            #expect(refused.errors.contains("--yes"))
            let yes = try await home.run("--yes", "-e", code, environment: environment)
            #expect(yes.status == 0, "\(yes.errors)")
            let confirmed = try await home.run(
                "-e", code.replacing("(p.id)", with: "(p.id, { confirm = true })"), environment: environment)
            #expect(confirmed.status == 0, "\(confirmed.errors)")
            try home.write("[profiles.acme]\nconfirm = \"al\"\n", to: "config.toml")
            let wrong = try await home.run("-e", "hubspot.contacts.count()", environment: environment)
            #expect(wrong.status == 2)
            #expect(wrong.errors.contains("all, moderate, off"))
        }
    }

    @Test func `takes no more than the number of deletions that a run may make`() async throws {
        try await withPortal { home, server, environment in
            let code = """
                local ids = {}
                for p in hubspot.contacts.each{ max = 20 } do ids[#ids + 1] = p.id end
                local refused = 0
                task.each(ids, function(id)
                  local ok, e = pcall(hubspot.contacts.delete, id)
                  if not ok then assert(e.kind == "not_allowed", tostring(e)) refused = refused + 1 end
                end)
                local left = 0
                for _, id in ipairs(ids) do if hubspot.contacts.find(id) then left = left + 1 end end
                print(refused, left)
                hubspot.contacts.delete(ids[1])
                """
            let result = try await home.run("--max-delete", "7", "-e", code, environment: environment)
            #expect(result.output == "13\t13\n", "\(result.errors)")
            #expect(result.status == 3)
            #expect(result.errors.contains("--max-delete"))
            try home.write("[profiles.acme]\nmax_delete = 0\n", to: "config.toml")
            let none = try await home.run("-e", "hubspot.contacts.delete(1)", environment: environment)
            #expect(none.status == 3)
        }
    }
}
