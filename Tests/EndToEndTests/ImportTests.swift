import Foundation
import Testing

@Suite("import.lua") struct ImportTests {
    private static let code = """
        hubspot.properties.create("companies", {
          name = "code", label = "Code", type = "string", fieldType = "text", groupName = "companyinformation",
          hasUniqueValue = true })
        hubspot.contacts.create{ email = "ada@example.org" }
        """

    /// Imports the text of a file into a portal that knows companies by `code`, and has a contact Ada.
    private static func with(
        _ body: (_ home: Home, _ server: SimulatorServer, _ run: (String, [String]) async throws -> Child.Result)
            async throws -> Void
    ) async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--limits", "unlimited", "--contacts", "0") { server in
                let made = try await home.run("-e", code, environment: server.environment)
                try #require(made.status == 0, "\(made.errors)")
                try await body(home, server) { text, options in
                    let path = try home.write(text, to: "rows.csv")
                    return try await home.start(
                        [Home.automation("import.lua"), "companies", path] + options,
                        environment: server.environment
                    ).finish()
                }
            }
        }
    }

    @Test func `creates and updates by a unique property, and links by a unique value`() async throws {
        try await Self.with { home, server, run in
            let first = try await run(
                "code,name,who\n1,Acme,ada@example.org\n2,Bolt,nobody@example.org\n3,Coil,\n",
                ["--by", "code", "--associate", "who=contacts:email", "--refused", home.path("refused.csv")])
            #expect(first.status == 1 && first.output == "3 rows: 3 created, 0 updated, 0 bad, 1 not linked\n")
            #expect(
                try home.read("refused.csv").hasPrefix("code,name,who,refused_because\r\n2,Bolt,nobody@example.org,"))
            let links = try await home.run(
                "-e",
                """
                local found = {}
                for company in hubspot.companies.each{ properties = { "code" } } do
                  local linked = hubspot.associations.list("companies", company.id, "contacts").results
                  if #linked > 0 then found[#found + 1] = company.code end
                end
                return table.concat(found, " ")
                """, environment: server.environment)
            #expect(links.output == "1\n", "\(links.errors)")
            let again = try await run("code,name\n1,Acme Inc\n", ["--by", "code"])
            #expect(again.status == 0 && again.output == "1 row: 0 created, 1 updated, 0 bad\n", "\(again.errors)")
        }
    }

    @Test func `keeps refused rows in a file that can be mended and imported`() async throws {
        try await Self.with { home, _, run in
            let text = "code,name,numberofemployees\n1,Acme,many\n2,\"Bo\"\"lt, Ltd\",7\n"
            let first = try await run(text, ["--by", "code", "--refused", home.path("refused.csv")])
            #expect(first.status == 1 && first.output == "2 rows: 1 created, 0 updated, 1 bad\n", "\(first.errors)")
            let refused = try home.read("refused.csv")
            #expect(refused.hasPrefix("code,name,numberofemployees,refused_because\r\n1,Acme,many,"), "\(refused)")
            let mended = try await run(refused.replacing("many", with: "12"), ["--by", "code"])
            #expect(mended.status == 0 && mended.output == "1 row: 1 created, 0 updated, 0 bad\n", "\(mended.errors)")
        }
    }

    @Test func `updates by ids, creates, and asks what a record is known by`() async throws {
        try await Self.with { home, server, run in
            let created = try await run("name\nAcme\nAcme\n", ["--create"])
            #expect(
                created.status == 0 && created.output == "2 rows: 2 created, 0 updated, 0 bad\n", "\(created.errors)")
            let ids = try await home.run(
                "-e", "for c in hubspot.companies.each() do print(c.id) end", environment: server.environment)
            let id = ids.output.split(separator: "\n").first ?? ""
            let updated = try await run("id,name\n\(id),Bolt\n999999,Nobody\n", [])
            #expect(updated.output == "2 rows: 0 created, 1 updated, 1 bad\n", "\(updated.errors)")
            let unknown = try await run("name\nAcme\n", [])
            #expect(unknown.status == 1 && unknown.errors.contains("--by PROPERTY, or --create"), "\(unknown.errors)")
        }
    }

    @Test func `archives what the file does not name after a yes alone`() async throws {
        try await Self.with { home, server, run in
            _ = try await run("code,name\n1,Acme\n2,Bolt\n", ["--by", "code"])
            let bad = try await run(
                "code,name,numberofemployees\n1,Acme,\n3,Coil,many\n", ["--by", "code", "--mirror", "--yes"])
            #expect(bad.status == 1 && bad.errors.contains("nothing is archived"), "\(bad.errors)")
            let mirrored = try await run("code,name\n1,Acme\n", ["--by", "code", "--mirror", "--yes"])
            #expect(mirrored.output == "1 row: 0 created, 1 updated, 0 bad\n1 archived\n", "\(mirrored.errors)")
            let left = try await home.run("-e", "hubspot.companies.count()", environment: server.environment)
            #expect(left.output == "1\n")
        }
    }

    @Test func `plans what it would archive and link, asks nothing, and apply does it`() async throws {
        try await Self.with { home, server, run in
            _ = try await run("code,name\n1,Acme\n2,Bolt\n3,Coil\n", ["--by", "code"])
            let path = try home.write(
                "code,name,who\n1,Acme Inc,ada@example.org\n4,Dyne,ada@example.org\n", to: "rows.csv")
            let words = [
                Home.automation("import.lua"), "companies", path, "--by", "code", "--mirror", "--associate",
                "who=contacts:email",
            ]
            let dry = try await home.start(["--dry-run"] + words, environment: server.environment).finish()
            #expect(dry.status == 0 && dry.output.hasSuffix("2 would be archived\n"), "\(dry.output)\(dry.errors)")
            #expect(dry.errors.contains("/companies/batch/archive"), "\(dry.errors)")
            let file = home.path("plan.jsonl")
            let plan = try await home.start(["plan", "--out", file] + words, environment: server.environment).finish()
            #expect(plan.status == 10, "\(plan.errors)")
            #expect(plan.output.contains("2 would be archived"), "\(plan.output)")
            #expect(plan.output.split(separator: "\n").count { $0.hasSuffix("goes to the recycle bin") } == 2)
            let apply = try await home.run("apply", file, "--yes", environment: server.environment)
            #expect(apply.status == 0, "\(apply.errors)\(apply.output)")
            let left = try await home.run(
                "-e",
                """
                local found = {}
                for company in hubspot.companies.each{ properties = { "code", "name" }, associations = { "contacts" } } do
                  local links = company.associations and #company.associations.contacts.results or 0
                  found[#found + 1] = company.code .. company.properties.name .. links
                end
                table.sort(found)
                return table.concat(found, " ")
                """, environment: server.environment)
            #expect(left.output == "1Acme Inc1 4Dyne1\n", "\(left.errors)")
        }
    }

    @Test func `tells by its end that not all could be archived`() async throws {
        try await Self.with { home, server, run in
            _ = try await run("code,name\n1,Acme\n2,Bolt\n3,Coil\n", ["--by", "code"])
            let path = try home.write("code,name\n1,Acme\n", to: "rows.csv")
            let stopped = try await home.run(
                "--max-delete", "1", Home.automation("import.lua"), "companies", path, "--by", "code", "--mirror",
                "--yes", environment: server.environment)
            #expect(stopped.status == 3, "\(stopped.errors)")
            #expect(stopped.output.hasSuffix("1 archived, 1 not\n"), "\(stopped.output)")
            #expect(stopped.errors.contains("more than the 1 deletions"), "\(stopped.errors)")
        }
    }

    @Test func `checks names and the file of refused rows before anything is sent`() async throws {
        try await Self.with { home, server, run in
            let misspelt = try await run("code,nmae\n1,Acme\n", ["--by", "code"])
            #expect(
                misspelt.status == 2 && misspelt.errors.contains("'nmae' (did you mean 'name'?)"), "\(misspelt.errors)")
            let shared = try await run("name,city\nAcme,Oslo\n", ["--by", "name"])
            #expect(
                shared.status == 2 && shared.errors.contains("companies are known by code or id"), "\(shared.errors)")
            for place in [home.path("rows.csv"), home.path("none/refused.csv")] {
                let refused = try await run("code,name\n1,Acme\n", ["--by", "code", "--refused", place])
                #expect(refused.status == 2 && refused.errors.contains("--refused"), "\(refused.errors)")
            }
            let left = try await home.run("-e", "hubspot.companies.count()", environment: server.environment)
            #expect(left.output == "0\n")
        }
    }

    @Test func `keeps rows that are too short or too long as they stood`() async throws {
        try await Self.with { home, _, run in
            let refused = home.path("refused.csv")
            _ = try await run(
                "code,name,city\n1,Acme\n2,Bolt,Oslo,extra\n3,Coil,Rome\n", ["--by", "code", "--refused", refused])
            #expect(
                try home.read("refused.csv")
                    == "code,name,city,refused_because\r\n1,Acme\r\n2,Bolt,Oslo,extra,4 fields where the header has 3\r\n"
            )
            let again = try await run(try home.read("refused.csv"), ["--by", "code"])
            #expect(again.output == "2 rows: 0 created, 0 updated, 2 bad\n", "\(again.errors)")
        }
    }

    @Test func `counts a record that two rows make once`() async throws {
        try await Self.with { _, _, run in
            let result = try await run("code,name\n1,Acme\n2,Bolt\n1,Acme Inc\n", ["--by", "code"])
            #expect(result.output == "3 rows: 2 created, 1 updated, 0 bad\n", "\(result.errors)")
        }
    }

    @Test func `makes no new record of a row whose links lead nowhere, so that it can be mended`() async throws {
        try await Self.with { home, server, run in
            let refused = home.path("refused.csv")
            let words = ["--create", "--associate", "who=contacts:email", "--refused", refused]
            let first = try await run("name,who\nAcme,ada@example.org\nBolt,nobody@example.org\n", words)
            #expect(first.status == 1 && first.output == "2 rows: 1 created, 0 updated, 1 bad\n", "\(first.errors)")
            let mended = try home.read("refused.csv").replacing("nobody@", with: "ada@")
            let second = try await run(mended, ["--create", "--associate", "who=contacts:email"])
            #expect(second.status == 0 && second.output == "1 row: 1 created, 0 updated, 0 bad\n", "\(second.errors)")
            let left = try await home.run("-e", "hubspot.companies.count()", environment: server.environment)
            #expect(left.output == "2\n")
        }
    }

    @Test func `links a record to all that a field names, as an export has them`() async throws {
        try await Self.with { home, server, run in
            let made = try await home.run(
                "-e", "hubspot.contacts.create{ email = 'bob@example.org' }", environment: server.environment)
            #expect(made.status == 0, "\(made.errors)")
            let result = try await run(
                "code,name,who\n1,Acme,501;502\n", ["--by", "code", "--associate", "who=contacts"])
            #expect(result.status == 0, "\(result.errors)")
            let links = try await home.run(
                "-e",
                "#hubspot.associations.list('companies', hubspot.companies.get('1', { idProperty = 'code' }).id, 'contacts')",
                environment: server.environment)
            #expect(links.output == "2\n", "\(links.errors)")
        }
    }
}
