import Foundation
import Testing

@Suite("Planning and applying") struct PlanTests {
    /// A portal with two contacts and a company, whose ids `ids.lua` holds, and the home of who works with it.
    static func with(
        _ options: String..., body: (Home, SimulatorServer) async throws -> Void
    ) async throws {
        try await Home.with { home in
            let process = try home.start(["simulator", "--port", "0", "--contacts", "0"] + options)
            defer { process.signal(SIGKILL) }
            let words = try await process.line().split(separator: " ").map(String.init)
            let server = SimulatorServer(url: words[2], token: words[4], process: process)
            let code = """
                local ada = hubspot.contacts.create{ email = "ada@example.org", firstname = "Ada", city = "Rome" }
                local bob = hubspot.contacts.create{ email = "bob@example.org", firstname = "Bob", city = "Rome" }
                local acme = hubspot.companies.create{ name = "Acme", domain = "acme.example" }
                local file = io.open("\(home.path("ids.lua"))", "w")
                file:write(("return { ada = '%s', bob = '%s', acme = '%s' }"):format(ada.id, bob.id, acme.id))
                """
            let made = try await home.run("--journal", "off", "-e", code, environment: server.environment)
            try #require(made.status == 0, "\(made.errors)")
            try await body(home, server)
        }
    }

    static let changes = """
        local ids = dofile(arg[0]:match("^(.*)/") .. "/ids.lua")
        hubspot.contacts.update(ids.ada, { city = "Oslo", firstname = "Ada" })
        hubspot.contacts.update(ids.bob, { city = "Rome" })
        local carl = hubspot.contacts.upsert("carl@example.org", { city = "Rome" })
        hubspot.contacts.upsert("bob@example.org", { city = "Kyiv" })
        hubspot.associations.link("contacts", carl.id, "companies", ids.acme)
        hubspot.companies.create({ name = "Beta" }, { associations = { contacts = carl.id } })
        """

    /// All contacts' names and cities, and how many companies each has.
    static func state(_ home: Home, _ server: SimulatorServer) async throws -> String {
        let result = try await home.run(
            "-e",
            """
            for contact in hubspot.contacts.each{ properties = { "email", "city" }, associations = { "companies" } } do
              local companies = contact.associations and contact.associations.companies
              print(contact.email, contact.city, companies and #companies.results or 0)
            end
            """, environment: server.environment)
        #expect(result.status == 0, "\(result.errors)")
        return result.output
    }

    static func requests(_ server: SimulatorServer) async throws -> Int {
        try await server.control("GET", "/_simulator/stats")["requests"] as? Int ?? -1
    }

    private static func lines(_ home: Home, _ name: String = "plan.jsonl") throws -> [[String: Any]] {
        try home.read(name).split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
        }
    }

    @Test func `shows what a script would change, and writes nothing`() async throws {
        try await Self.with { home, server in
            let before = try await Self.state(home, server)
            let script = try home.write(Self.changes, to: "change.lua")
            let plan = try await home.run(
                "plan", "--out", home.path("plan.jsonl"), script, "an argument", environment: server.environment)
            #expect(plan.status == 10, "\(plan.errors)")
            #expect(plan.output.contains("city: Rome → Oslo"), "\(plan.output)")
            #expect(plan.output.contains("city: Rome → Kyiv"))
            #expect(plan.output.contains("1 further write changes nothing"))
            #expect(try await Self.state(home, server) == before)
            let lines = try Self.lines(home)
            #expect(Set(lines[0].keys) == ["plan", "portal", "script", "made", "sha256"])
            #expect(lines[0]["portal"] as? Int == 20_000_001 && lines[0]["script"] as? String == script)
            #expect(lines.count == 6)
            for line in lines.dropFirst() {
                #expect(
                    Set(line.keys) == ["n", "method", "path", "type", "id", "before", "body", "depends"], "\(line)")
            }
            #expect(lines[1]["method"] as? String == "PATCH")
            #expect((lines[1]["before"] as? [String: String])?["city"] == "Rome")
            #expect(lines[2]["method"] as? String == "POST")
            let number = try #require(lines[2]["n"] as? Int)
            #expect((lines[4]["path"] as? String)?.contains("/contacts/plan:\(number)/") == true, "\(lines[4])")
            #expect(lines[4]["id"] as? String == "plan:\(number)" && lines[4]["depends"] as? [Int] == [number])
            #expect(lines[5]["depends"] as? [Int] == [number])
            let attributes = try FileManager.default.attributesOfItem(atPath: home.path("plan.jsonl"))
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `applies what was kept at the cost that was told, and can be taken back`() async throws {
        try await Self.with { home, server in
            let before = try await Self.state(home, server)
            let script = try home.write(Self.changes, to: "change.lua")
            let file = home.path("plan.jsonl")
            let plan = try await home.run(
                "plan", "--output", "json", "--out", file, script, environment: server.environment)
            #expect(plan.status == 10, "\(plan.errors)")
            let told = try JSONSerialization.jsonObject(with: Data(plan.output.utf8)) as? [String: Any]
            let cost = try #require(told?["requests"] as? Int)
            let count = try await Self.requests(server)
            let apply = try await home.run("apply", file, "--yes", environment: server.environment)
            #expect(apply.status == 0, "\(apply.errors)\(apply.output)")
            #expect(apply.errors.contains("applied by run 1: 5 done"))
            #expect(try await Self.requests(server) - count == cost, "\(plan.output)")
            #expect(
                try await Self.state(home, server).split(separator: "\n").sorted() == [
                    "ada@example.org\tOslo\t0", "bob@example.org\tKyiv\t0", "carl@example.org\tRome\t2",
                ])
            let again = try await home.run("apply", file, "--yes", environment: server.environment)
            #expect(again.status == 0 && again.errors.contains("run 1 has applied this plan already"))
            let undo = try await home.run("undo", "1", "--yes", environment: server.environment)
            #expect(undo.status == 0, "\(undo.errors)\(undo.output)")
            #expect(try await Self.state(home, server) == before)
            let third = try await home.run("apply", file, "--yes", environment: server.environment)
            #expect(third.status == 0 && third.errors.contains("taken back since"))
            #expect(try await Self.state(home, server) == before)
        }
    }

    @Test func `leaves a record that was changed since, and names it`() async throws {
        try await Self.with { home, server in
            let script = try home.write(Self.changes, to: "change.lua")
            let file = home.path("plan.jsonl")
            #expect(try await home.run("plan", "--out", file, script, environment: server.environment).status == 10)
            let other = try await home.run(
                "--journal", "off", "-e", #"hubspot.contacts.update("ada@example.org", { city = "Paris" })"#,
                environment: server.environment)
            #expect(other.status == 0, "\(other.errors)")
            let apply = try await home.run("apply", file, "--yes", environment: server.environment)
            #expect(apply.status == 1, "\(apply.errors)")
            #expect(
                apply.output.contains("city is 'Paris' now, and was 'Rome' when the plan was made"), "\(apply.output)")
            #expect(apply.output.contains("plan.jsonl:2"))
            #expect(try await Self.state(home, server).contains("ada@example.org\tParis"))
            #expect(try await Self.state(home, server).contains("carl@example.org"))
            let forced = try await home.run("apply", file, "--yes", "--force", environment: server.environment)
            #expect(forced.status == 0, "\(forced.errors)\(forced.output)")
            #expect(forced.errors.contains("applied by run 1: 1 done, 4 before"))
            #expect(try await Self.state(home, server).contains("ada@example.org\tOslo"))
            // The undo gives back what was there before it was forced.
            #expect(try await home.run("undo", "1", "--yes", environment: server.environment).status == 0)
            #expect(try await Self.state(home, server).contains("ada@example.org\tParis"))
        }
    }

    @Test func `says what HubSpot would refuse, and keeps the rest`() async throws {
        try await Self.with { home, server in
            let script = try home.write(
                """
                for i = 1, 3 do hubspot.contacts.create{ email = "p" .. i .. "@example.org", lifecyclestage = "leed" } end
                hubspot.contacts.create{ email = "ada@example.org" }
                hubspot.contacts.update(999999999, { city = "Oslo" })
                local refused = hubspot.contacts.create{ email = "q@example.org", nonsense = 1 }
                hubspot.associations.link("contacts", refused.id, "companies", 1)
                hubspot.companies.create{ name = "Beta" }
                """, to: "change.lua")
            let plan = try await home.run(
                "plan", "--out", home.path("plan.jsonl"), script, environment: server.environment)
            #expect(plan.status == 1)
            #expect(plan.output.contains("7 would be refused:"), "\(plan.output)\(plan.errors)")
            #expect(
                plan.output.contains("lifecyclestage has no option 'leed'")
                    && plan.output.contains("(3 times: p1@example.org, p2@example.org, p3@example.org)"))
            #expect(plan.output.contains("a contact with ada@example.org already"))
            #expect(plan.output.contains("there is no contact 999999999"))
            #expect(plan.output.contains("there is no property 'nonsense'"))
            #expect(plan.output.contains("it needs a record whose creation would be refused"))
            #expect(try Self.lines(home).count == 2)
        }
    }

    @Test func `has nothing to do where nothing would change`() async throws {
        try await Self.with { home, server in
            let script = try home.write(
                #"hubspot.contacts.update("ada@example.org", { city = "Rome" })"#, to: "same.lua")
            let plan = try await home.run(
                "plan", "--out", home.path("plan.jsonl"), script, environment: server.environment)
            #expect(plan.status == 0 && plan.output.contains("nothing to change"), "\(plan.output)\(plan.errors)")
            let apply = try await home.run("apply", home.path("plan.jsonl"), environment: server.environment)
            #expect(apply.status == 0 && apply.errors.contains("nothing to change"))
            let failing = try home.write("error('no')", to: "fail.lua")
            let failed = try await home.run("plan", failing, environment: server.environment)
            #expect(failed.status == 1)
            #expect(try await home.run("plan", home.path("none.lua")).status == 2)
        }
    }

    @Test func `refuses another portal, what is not sound, and to guess`() async throws {
        try await Self.with { home, server in
            let script = try home.write(Self.changes, to: "change.lua")
            let file = home.path("plan.jsonl")
            #expect(try await home.run("plan", "--out", file, script, environment: server.environment).status == 10)
            let before = try await Self.state(home, server)
            let asked = try await home.run("apply", file, environment: server.environment)
            #expect(asked.status == 3 && asked.errors.contains("--yes"), "\(asked.errors)")
            let dry = try await home.run("apply", file, "--yes", "--dry-run", environment: server.environment)
            #expect(dry.status == 0 && dry.errors.contains("nothing is sent in a dry run"), "\(dry.errors)")
            let reading = try await home.run("apply", file, "--yes", "--read-only", environment: server.environment)
            #expect(reading.status == 3, "\(reading.errors)")
            let text = try home.read("plan.jsonl")
            let other = try home.write(text.replacing("20000001", with: "42"), to: "other.jsonl")
            let elsewhere = try await home.run("apply", other, "--yes", environment: server.environment)
            #expect(elsewhere.status == 1 && elsewhere.errors.contains("a plan of portal 42"), "\(elsewhere.errors)")
            let broken = try home.write(text.replacing("\"PATCH\"", with: "\"GET\""), to: "broken.jsonl")
            let unsound = try await home.run("apply", broken, "--yes", environment: server.environment)
            #expect(unsound.status == 1 && unsound.errors.contains("broken.jsonl:2: method: "), "\(unsound.errors)")
            #expect(try await home.run("apply", home.path("none"), "--yes").status == 2)
            #expect(try await Self.state(home, server) == before)
            let edited = try home.write(text.replacing("Oslo", with: "Bergen"), to: "edited.jsonl")
            let applied = try await home.run("apply", edited, "--yes", environment: server.environment)
            #expect(applied.status == 0 && applied.errors.contains("was edited"), "\(applied.errors)\(applied.output)")
            #expect(try await Self.state(home, server).contains("ada@example.org\tBergen"))
        }
    }

    @Test func `is kept in a file from Lua too`() async throws {
        try await Self.with { home, server in
            let script = try home.write(
                """
                local plan = hubspot.plan(function()
                  hubspot.contacts.update("ada@example.org", { city = "Oslo" })
                  hubspot.contacts.update("bob@example.org", { city = "Rome" })
                end, { out = arg[1] })
                print(plan.writes, plan.unchanged, plan.out == arg[1], plan.records)
                print(pcall(hubspot.plan, function(t) return t.out end, { out = "", more = 1 }))
                """, to: "make.lua")
            let made = try await home.run(script, home.path("lua.jsonl"), environment: server.environment)
            #expect(made.status == 0, "\(made.errors)")
            #expect(made.output.hasPrefix("1\t1\ttrue\t1\ntrue\t"), "\(made.output)")
            #expect(try Self.lines(home, "lua.jsonl").count == 2)
            let apply = try await home.run("apply", home.path("lua.jsonl"), "--yes", environment: server.environment)
            #expect(apply.status == 0, "\(apply.errors)")
            #expect(try await Self.state(home, server).contains("ada@example.org\tOslo"))
            let untrusted = try await home.run(
                "--untrusted", "-e", #"hubspot.plan(function() end, { out = "x" })"#, environment: server.environment)
            #expect(untrusted.status == 3 && untrusted.errors.contains("untrusted"), "\(untrusted.errors)")
        }
    }
}
