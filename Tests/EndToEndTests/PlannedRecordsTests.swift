import Foundation
import Testing

@Suite("A record that a plan makes") struct PlannedRecordsTests {
    @Test func `is found by its id, its address and unique values, as the plan leaves it`() async throws {
        try await PlanTests.with { home, server in
            let made = try await home.run(
                "--journal", "off", "-e",
                """
                hubspot.properties.create("companies", { name = "code", label = "Code", type = "string",
                  fieldType = "text", groupName = "companyinformation", hasUniqueValue = true })
                """, environment: server.environment)
            #expect(made.status == 0, "\(made.errors)")
            let script = try home.write(
                """
                local carl = hubspot.contacts.create{ email = "Carl@example.org", firstname = "Carl" }
                print(hubspot.contacts.get("carl@example.org").id == carl.id, hubspot.contacts.get(carl.id).firstname)
                hubspot.contacts.update("carl@example.org", { city = "Oslo" })
                print(hubspot.contacts.find("carl@example.org").city, hubspot.contacts.find("nobody@example.org"))
                hubspot.contacts.upsert("carl@example.org", { city = "Kyiv" })
                print(hubspot.contacts.get(carl.id).city)
                local dora = hubspot.contacts.upsert("dora@example.org", { firstname = "Dora" })
                print(hubspot.contacts.get("dora@example.org").firstname, hubspot.contacts.get(dora.id).firstname)
                local beta = hubspot.companies.create{ name = "Beta", code = "b7" }
                print(hubspot.companies.get("b7", { idProperty = "code" }).name)
                local read = hubspot.contacts.batch.read({ carl.id, "ada@example.org", "none@example.org" },
                  { properties = { "firstname" } })
                print(#read.results, read.results[1].firstname, #read.errors)
                print(hubspot.contacts.count(), hubspot.contacts.get("ada@example.org").firstname)
                """, to: "reads.lua")
            let file = home.path("plan.jsonl")
            let plan = try await home.run("plan", "--out", file, script, environment: server.environment)
            #expect(
                plan.output.hasPrefix(
                    "true\tCarl\nOslo\tnil\nKyiv\nDora\tDora\nBeta\n2\tCarl\t1\n2\tAda\n"),
                "\(plan.output)\(plan.errors)")
            let apply = try await home.run("apply", file, "--yes", environment: server.environment)
            #expect(apply.status == 0, "\(apply.output)\(apply.errors)")
            #expect(try await PlanTests.state(home, server).contains("carl@example.org\tKyiv"))
            // The same without a file, where writes are counted alone.
            let counted = try home.write(
                """
                print(hubspot.plan(function()
                  local carl = hubspot.contacts.create{ email = "gil@example.org", firstname = "Gil" }
                  hubspot.contacts.update(carl.id, { city = "Oslo" })
                  print(hubspot.contacts.get("gil@example.org").city, hubspot.contacts.get(carl.id).firstname)
                end).records)
                """, to: "counted.lua")
            let count = try await home.run(counted, environment: server.environment)
            #expect(count.output == "Oslo\tGil\n2\n", "\(count.errors)")
        }
    }

    @Test func `is told from a text that looks like its name`() async throws {
        try await PlanTests.with { home, server in
            let script = try home.write(
                """
                local carl = hubspot.contacts.create{ email = "carl@example.org", jobtitle = "plan:1" }
                hubspot.contacts.update(carl.id, { city = "plan:1", company = carl.id, state = "plan:2" })
                hubspot.companies.create{ name = "plan:1", description = "see plan:1" }
                hubspot.contacts.update("ada@example.org", { city = "plan:3" })
                """, to: "texts.lua")
            let file = home.path("plan.jsonl")
            let plan = try await home.run("plan", "--out", file, script, environment: server.environment)
            #expect(plan.status == 10, "\(plan.output)\(plan.errors)")
            let apply = try await home.run(
                "apply", file, "--yes", "--output", "jsonl", environment: server.environment)
            #expect(apply.status == 0, "\(apply.output)\(apply.errors)")
            let values = try await home.run(
                "-e",
                """
                local options = { properties = { "city", "company", "jobtitle", "state" } }
                local carl = hubspot.contacts.get("carl@example.org", options)
                local ada = hubspot.contacts.get("ada@example.org", { properties = { "city" } })
                for company in hubspot.companies.each{ properties = { "name", "description" } } do
                  if company.description then print(company.name, company.description) end
                end
                return carl.jobtitle, carl.city, carl.company == carl.id, carl.state, ada.city
                """, environment: server.environment)
            #expect(
                values.output == "plan:1\tsee plan:1\nplan:1\tplan:1\ttrue\tplan:2\tplan:3\n",
                "\(values.output)\(values.errors)\(plan.output)")
        }
    }

    @Test func `has its real id in what apply tells of links`() async throws {
        try await PlanTests.with { home, server in
            let script = try home.write(PlanTests.changes, to: "change.lua")
            let file = home.path("plan.jsonl")
            #expect(try await home.run("plan", "--out", file, script, environment: server.environment).status == 10)
            let apply = try await home.run("apply", file, "--yes", "--output", "jsonl", environment: server.environment)
            let lines = try apply.output.split(separator: "\n").map {
                try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
            }
            #expect(lines.count == 5)
            for line in lines {
                #expect((line["made_id"] as? String).map { Int($0) != nil } == true, "\(line)")
            }
        }
    }

    @Test func `refuses what is no option of hubspot plan`() async throws {
        try await Home.with { home in
            let code = """
                print(pcall(hubspot.plan, function() end, { ot = "x" }))
                print(pcall(hubspot.plan, function() end, { out = "x", more = 1 }))
                print(hubspot.plan(function(t) assert(t.ot == "x") end, { ot = "x" }).records)
                """
            let result = try await home.run("--simulator", "-e", code)
            let lines = result.output.split(separator: "\n")
            #expect(lines[0].contains("unknown option 'ot'; it takes 'out'"), "\(result.output)\(result.errors)")
            #expect(lines[1].contains("unknown option 'more'"))
            #expect(lines[2] == "0")
        }
    }

    @Test func `is planned only where its file can be written`() async throws {
        try await Home.with { home in
            let script = try home.write("print('ran')", to: "script.lua")
            for place in [home.path("none/plan.jsonl"), home.folder.path] {
                let plan = try await home.run("--simulator", "plan", "--out", place, script)
                #expect(plan.status == 2 && plan.output.isEmpty, "\(plan.output)")
                #expect(plan.errors.contains("the plan cannot be written to"), "\(plan.errors)")
            }
            #expect(!home.exists("none"))
        }
    }

    @Test func `update_where raises where nothing may be written, or all is refused`() async throws {
        try await PlanTests.with { home, server in
            let code = "hubspot.contacts.update_where({ city = 'Rome' }, { city = 'Oslo' })"
            let refused = try await home.run("--read-only", "-e", code, environment: server.environment)
            #expect(refused.status == 3 && refused.errors.contains("read_only"), "\(refused.errors)")
            let wrong = try await home.run(
                "-e", "hubspot.contacts.update_where({ city = 'Rome' }, { nosuch = '1' })",
                environment: server.environment)
            #expect(wrong.status == 1, "\(wrong.output)")
            #expect(wrong.errors.contains("none of the 2 records that match was changed"), "\(wrong.errors)")
        }
    }
}
