import Foundation
import TestSupport
import Testing

/// Scripts at random: a plan is applied and undone, and the portal is as it was.
@Suite("Plan, apply, undo") struct PlanPropertyTests {
    /// A script of so many statements. Records that it makes are used by later statements.
    private static func script(_ dice: inout SeededGenerator, statements: Int) -> String {
        var lines = [
            "local contacts, companies, deals = { 501, 502, 503, 504 }, { 501, 502 }, {}",
            "local function known(list, at) return list[(at - 1) % #list + 1] end",
        ]
        for n in 1...statements {
            let (one, other) = (Int.random(in: 1...9, using: &dice), Int.random(in: 1...9, using: &dice))
            let city = ["Oslo", "Rome", "", "Kyiv"].randomElement(using: &dice) ?? ""
            switch Int.random(in: 0..<11, using: &dice) {
            case 0, 1: lines.append("hubspot.contacts.update(known(contacts, \(one)), { city = '\(city)' })")
            case 2:
                lines.append(
                    "contacts[#contacts + 1] = hubspot.contacts.create{ email = 'new\(n)@example.org', city = '\(city)' }.id"
                )
            case 3:
                lines.append(
                    "contacts[#contacts + 1] = hubspot.contacts.upsert('up\(one % 3)@example.org', { firstname = 'U\(n)' }).id"
                )
            case 4: lines.append("companies[#companies + 1] = hubspot.companies.create{ name = 'Company \(n)' }.id")
            case 5, 6:
                lines.append(
                    "hubspot.associations.link('contacts', known(contacts, \(one)), 'companies', known(companies, \(other)))"
                )
            case 7:
                lines.append(
                    "hubspot.associations.unlink('contacts', known(contacts, \(one)), 'companies', known(companies, \(other)))"
                )
            case 8:
                lines.append(
                    "task.map({ 1, 2, 3 }, function(i) hubspot.companies.update(known(companies, i), { city = '\(city)' }) end)"
                )
            case 9:
                lines.append(
                    "hubspot.contacts.batch.update{ { id = known(contacts, \(one)), properties = { jobtitle = 'J\(n)' } } }"
                )
            default:
                lines.append(
                    "deals[#deals + 1] = hubspot.deals.create({ dealname = 'D\(n)', amount = \(n), dealstage = 'qualifiedtobuy' }, "
                        + "{ associations = { contacts = known(contacts, \(one)) } }).id")
            }
        }
        return lines.joined(separator: "\n")
    }

    private static let state = """
        local lines = {}
        for _, type in ipairs{ "contacts", "companies", "deals" } do
          local names = { "email", "city", "firstname", "jobtitle", "name", "dealname", "amount" }
          for record in hubspot[type].each{ properties = names, associations = { "companies", "contacts" } } do
            local parts = { type, record.id }
            for _, name in ipairs(names) do parts[#parts + 1] = tostring(record.properties[name] or "") end
            for _, other in ipairs{ "companies", "contacts" } do
              local links = {}
              for _, link in ipairs(record.associations and record.associations[other]
                and record.associations[other].results or {}) do links[#links + 1] = link.id end
              table.sort(links)
              parts[#parts + 1] = table.concat(links, " ")
            end
            lines[#lines + 1] = table.concat(parts, ",")
          end
        end
        print(table.concat(lines, "\\n"))
        """

    @Test(arguments: 1...6 as ClosedRange<UInt64>) func `leave the portal as it was`(seed: UInt64) async throws {
        var dice = SeededGenerator(state: seed)
        let text = Self.script(&dice, statements: 25)
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0", "--limits", "unlimited") { server in
                let seeded = try await home.run(
                    "--journal", "off", "-e",
                    """
                    for i = 1, 4 do hubspot.contacts.create{ email = "old" .. i .. "@example.org", city = "Rome" } end
                    for i = 1, 2 do hubspot.companies.create{ name = "Old " .. i } end
                    hubspot.associations.link("contacts", 501, "companies", 501)
                    hubspot.contacts.upsert("up1@example.org", { firstname = "Up" })
                    """, environment: server.environment)
                try #require(seeded.status == 0, "\(seeded.errors)")
                let before = try await home.run("-e", Self.state, environment: server.environment)
                let script = try home.write(text, to: "random.lua")
                let file = home.path("plan.jsonl")
                let plan = try await home.run(
                    "plan", "--output", "json", "--out", file, script, environment: server.environment)
                try #require(plan.status == 10, "\(plan.errors)\(plan.output)\n\(text)")
                let told = try JSONSerialization.jsonObject(with: Data(plan.output.utf8)) as? [String: Any]
                let count = try await PlanTests.requests(server)
                let unmoved = try await home.run("-e", Self.state, environment: server.environment)
                #expect(unmoved.output == before.output)
                let start = try await PlanTests.requests(server)
                #expect(start > count)
                let apply = try await home.run("apply", file, "--yes", environment: server.environment)
                try #require(apply.status == 0, "\(apply.errors)\(apply.output)\n\(text)")
                #expect(try await PlanTests.requests(server) - start == told?["requests"] as? Int, "\(text)")
                let direct = try await home.run("-e", Self.state, environment: server.environment)
                #expect(direct.output != before.output)
                let undo = try await home.run("undo", "1", "--yes", environment: server.environment)
                try #require(undo.status == 0, "\(undo.errors)\(undo.output)\n\(text)")
                let after = try await home.run("-e", Self.state, environment: server.environment)
                #expect(after.output == before.output, "\(text)")
            }
        }
    }
}
