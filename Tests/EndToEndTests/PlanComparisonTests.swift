import Foundation
import Testing

/// What a plan keeps of the portal, and `apply` compares before it sends.
@Suite("A plan's look at the portal") struct PlanComparisonTests {
    /// Plans a script, has others change the portal, and applies the plan.
    private static func apply(
        _ script: String, after change: String, _ home: Home, _ server: SimulatorServer
    ) async throws -> Child.Result {
        let file = home.path("plan.jsonl")
        let path = try home.write(
            #"local ids = dofile(arg[0]:match("^(.*)/") .. "/ids.lua")"# + "\n" + script, to: "change.lua")
        let plan = try await home.run("plan", "--out", file, path, environment: server.environment)
        #expect(plan.status == 10, "\(plan.output)\(plan.errors)")
        let code = "local ids = dofile('\(home.path("ids.lua"))') \(change)"
        let changed = try await home.run("--journal", "off", "-e", code, environment: server.environment)
        #expect(changed.status == 0, "\(changed.errors)")
        return try await home.run("apply", file, "--yes", environment: server.environment)
    }

    @Test(arguments: [
        // Both records of a merge, however it is written.
        (
            "hubspot.contacts.merge(ids.ada, ids.bob)", #"hubspot.contacts.update(ids.bob, { city = "Kyiv" })"#,
            "city is 'Kyiv' now, and was 'Rome' when the plan was made"
        ),
        (
            "hubspot.contacts.merge(ids.ada, ids.bob)", #"hubspot.contacts.update(ids.ada, { jobtitle = "Poet" })"#, ""
        ),
        (
            #"hubspot.request("POST", "/crm/objects/2026-09/contacts/merge", { body = { primaryObjectId = ids.ada, objectIdToMerge = ids.bob } })"#,
            #"hubspot.contacts.update(ids.bob, { firstname = "Rob" })"#, "firstname is 'Rob' now"
        ),
        ("hubspot.contacts.merge(ids.ada, ids.bob)", "hubspot.contacts.delete(ids.bob)", "is gone"),
        // Both ends of a link.
        (
            #"hubspot.associations.link("contacts", ids.ada, "companies", ids.acme)"#,
            "hubspot.companies.delete(ids.acme)", "company 501 is gone"
        ),
        (
            #"hubspot.associations.link("contacts", ids.ada, "companies", ids.acme)"#,
            #"hubspot.associations.link("contacts", ids.ada, "companies", ids.acme)"#, "they are linked as"
        ),
        // Each record of a batch that is spelled out.
        (
            #"hubspot.request("POST", "/crm/objects/2026-09/contacts/batch/update", { body = { inputs = { { id = tostring(ids.ada), properties = { city = "Oslo" } }, { id = tostring(ids.bob), properties = { city = "Oslo" } } } } })"#,
            #"hubspot.contacts.update(ids.bob, { city = "Kyiv" })"#, "city is 'Kyiv' now, and was 'Rome'"
        ),
        (
            #"hubspot.request("POST", "/crm/objects/2026-09/contacts/batch/archive", { body = { inputs = { { id = tostring(ids.bob) } } } })"#,
            #"hubspot.contacts.update(ids.bob, { city = "Kyiv" })"#, "city is 'Kyiv' now, and was 'Rome'"
        ),
        // The record that HubSpot's own upsert finds, and the one that it would make.
        (
            #"hubspot.contacts.upsert("bob@example.org", { city = "Oslo" }, { whole = true })"#,
            #"hubspot.contacts.update(ids.bob, { city = "Kyiv" })"#, "city is 'Kyiv' now, and was 'Rome'"
        ),
        (
            #"hubspot.contacts.upsert("eve@example.org", { city = "Oslo" }, { whole = true })"#,
            #"hubspot.contacts.create{ email = "eve@example.org" }"#, "has the address eve@example.org by now"
        ),
    ])
    func `is compared for every record that a write touches`(
        script: String, change: String, reason: String
    ) async throws {
        try await PlanTests.with { home, server in
            let apply = try await Self.apply(script, after: change, home, server)
            if reason.isEmpty {
                // A property that the record did not have when the plan was made is none of the plan's.
                #expect(apply.status == 0, "\(apply.output)\(apply.errors)")
            } else {
                #expect(apply.status == 1, "\(apply.output)\(apply.errors)")
                #expect(apply.output.contains(reason), "\(apply.output)")
            }
        }
    }

    @Test func `merges what is as it was, and shows what goes`() async throws {
        try await PlanTests.with { home, server in
            let apply = try await Self.apply(
                "hubspot.contacts.merge(ids.ada, ids.bob)", after: "", home, server)
            #expect(apply.status == 0, "\(apply.output)\(apply.errors)")
            #expect(apply.output.contains("is merged into contacts"))
            let left = try await home.run("-e", "hubspot.contacts.count()", environment: server.environment)
            #expect(left.output == "1\n")
        }
    }

    @Test func `says which rows lack what a new record needs`() async throws {
        try await PlanTests.with { home, server in
            let script = try home.write(
                """
                hubspot.deals.create{ dealname = "Stageless" }
                hubspot.deals.create{ dealstage = "qualifiedtobuy" }
                hubspot.deals.batch.create{ { dealname = "Other" }, { dealname = "Sound", dealstage = "qualifiedtobuy" } }
                hubspot.tickets.create{ subject = "Help" }
                hubspot.companies.create{ phone = "1" }
                hubspot.notes.create{ hs_note_body = "x" }
                hubspot.contacts.upsert("new@example.org", { city = "Oslo" })
                """, to: "needs.lua")
            let plan = try await home.run(
                "plan", "--output", "json", "--out", home.path("plan.jsonl"), script, environment: server.environment)
            #expect(plan.status == 1, "\(plan.errors)")
            let told = try JSONSerialization.jsonObject(with: Data(plan.output.utf8)) as? [String: Any]
            let refusals = try #require(told?["refusals"] as? [[String: Any]])
            let stage = try #require(refusals.first { $0["property"] as? String == "dealstage" })
            #expect(stage["code"] as? String == "MISSING_REQUIRED_PROPERTY")
            #expect(stage["count"] as? Int == 2 && stage["records"] as? [String] == ["Stageless", "Other"])
            #expect(
                Set(refusals.compactMap { $0["property"] as? String })
                    == ["dealstage", "dealname", "hs_pipeline_stage", "domain", "hs_timestamp"])
            #expect((told?["changes"] as? [Any])?.count == 2)
            // The plan knows what HubSpot knows: what it keeps is taken.
            let apply = try await home.run("apply", home.path("plan.jsonl"), "--yes", environment: server.environment)
            #expect(apply.status == 0, "\(apply.output)\(apply.errors)")
        }
    }

    @Test func `takes a lifecycle stage back, which HubSpot itself does not, and tells it`() async throws {
        try await PlanTests.with { home, server in
            let file = home.path("plan.jsonl")
            let setting = try await home.run(
                "--journal", "off", "-e",
                """
                for _, name in ipairs{ "ada", "bob" } do
                  hubspot.contacts.update(name .. "@example.org", { lifecyclestage = "customer" })
                end
                """, environment: server.environment)
            #expect(setting.status == 0, "\(setting.errors)")
            let script = try home.write(
                """
                hubspot.contacts.update("ada@example.org", { lifecyclestage = "lead", city = "Oslo" })
                hubspot.contacts.update("bob@example.org", { lifecyclestage = "evangelist" })
                """, to: "back.lua")
            let plan = try await home.run("plan", "--out", file, script, environment: server.environment)
            #expect(plan.output.contains("1 lifecycle stage goes back"), "\(plan.output)\(plan.errors)")
            let json = try await home.run("plan", "--output", "json", script, environment: server.environment)
            let told = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
            let start = try await PlanTests.requests(server)
            let apply = try await home.run("apply", file, "--yes", environment: server.environment)
            #expect(apply.status == 0, "\(apply.output)\(apply.errors)")
            #expect(try await PlanTests.requests(server) - start == told?["requests"] as? Int, "\(json.output)")
            let stages = try await home.run(
                "-e",
                """
                local found = {}
                for _, name in ipairs{ "ada", "bob" } do
                  local options = { properties = { "lifecyclestage", "city" } }
                  local contact = hubspot.contacts.get(name .. "@example.org", options)
                  found[#found + 1] = contact.lifecyclestage .. " " .. contact.city
                end
                return table.concat(found, ", ")
                """, environment: server.environment)
            #expect(stages.output == "lead Oslo, evangelist Rome\n", "\(stages.errors)")
        }
    }
}
