import LuaRuntime
import Testing

@Suite("update_where and count by a property") struct WhereTests {
    private static let people = """
        local rows = {}
        for i = 1, 6 do
          rows[i] = { email = "p" .. i .. "@example.org", city = i % 2 == 0 and "Rome" or "Oslo",
            lifecyclestage = i < 3 and "lead" or "customer" }
        end
        hubspot.contacts.batch.create(rows)
        """

    @Test func `changes all that match, and leaves alone what has the values`() async throws {
        try await Console.running { console in
            try await console.run(Self.people)
            let before = try await console.value("return hubspot.limits.state().totals.requests").asInteger ?? 0
            let values = try await console.run(
                """
                local done = hubspot.contacts.update_where({ city = "Rome" }, { city = "Rome", jobtitle = "Boss" })
                local again = hubspot.contacts.update_where({ city = "Rome" }, { jobtitle = "Boss" })
                return done.matched, done.updated, done.unchanged, #done.errors, done.changes,
                  again.matched, again.updated, again.unchanged, hubspot.contacts.count{ where = { jobtitle = "Boss" } }
                """)
            #expect(values == [3, 3, 0, 0, .none, 3, 0, 3, 3])
            // A search and a batch; a search; and the count.
            #expect(
                try await console.value("return hubspot.limits.state().totals.requests").asInteger == before + 4)
        }
    }

    @Test func `shows what would change, and sends nothing`() async throws {
        try await Console.running { console in
            try await console.run(Self.people)
            let values = try await console.run(
                """
                local shown = hubspot.contacts.update_where({ lifecyclestage = { one_of = { "lead", "customer" } } },
                  { city = "Rome" }, { preview = true })
                local first = shown.changes[1].values.city
                return shown.matched, shown.updated, shown.unchanged, #shown.changes, first.old, first.new,
                  hubspot.contacts.count{ where = { city = "Rome" } }
                """)
            #expect(values == [6, 0, 3, 3, "Oslo", "Rome", 3])
            let refused = try await console.failure(
                #"hubspot.contacts.update_where({ city = "Rome" }, { lifecyclestage = "leed" }, { preview = true })"#)
            #expect(refused["kind"] == "validation")
        }
    }

    @Test(arguments: [
        ("{}", "{ city = 'x' }", "where"), ("{ city = {} }", "{ city = 'x' }", "where.city"),
        ("{ city = 'Rome' }", "{}", "properties"), ("nil", "{ city = 'x' }", "where"),
    ])
    func `refuses what is empty`(conditions: String, properties: String, argument: String) async throws {
        try await Console.running { console in
            let error = try await console.failure("hubspot.contacts.update_where(\(conditions), \(properties))")
            #expect(error["kind"] == "invalid_argument")
            #expect(error["message"].asString?.contains("'\(argument)'") == true, "\(error["message"])")
        }
    }

    @Test func `is planned like any other write`() async throws {
        try await Console.running { console in
            try await console.run(Self.people)
            let values = try await console.run(
                """
                local plan = hubspot.plan(function()
                  hubspot.contacts.update_where({ city = "Rome" }, { city = "Oslo" })
                end)
                return plan.by["contacts.update"].records, hubspot.contacts.count{ where = { city = "Rome" } }
                """)
            #expect(values == [3, 3])
        }
    }

    @Test func `counts by the values of a property`() async throws {
        try await Console.running { console in
            try await console.run(Self.people + "\nhubspot.contacts.create{ email = 'none@example.org' }")
            let values = try await console.run(
                """
                local cities = hubspot.contacts.count{ by = "city" }
                local stages = hubspot.contacts.count{ where = { city = "Rome" }, by = "lifecyclestage" }
                return cities.Rome, cities.Oslo, cities[""], stages.lead, stages.customer,
                  next(hubspot.contacts.count{ by = "jobtitle" }), hubspot.companies.count{ by = "industry" }.X
                """)
            #expect(values[0...4] == [3, 3, .none, 1, 2])
            let wrong = try await console.failure(#"hubspot.contacts.count{ by = "citty" }"#)
            #expect(wrong["message"].asString?.contains("did you mean 'city'?") == true, "\(wrong["message"])")
            #expect(wrong["message"].asString?.contains("'query.by'") == true)
        }
    }

    @Test func `asks for each option where that is less than to walk`() async throws {
        try await Console.running { console in
            let values = try await console.run(
                """
                for page = 1, 20 do
                  local rows = {}
                  for i = 1, 100 do
                    rows[i] = { email = ("p%d.%d@example.org"):format(page, i), lifecyclestage = i < 11 and "lead" or "customer" }
                  end
                  hubspot.contacts.batch.create(rows)
                end
                local before = hubspot.limits.state().totals.requests
                local stages = hubspot.contacts.count{ by = "lifecyclestage" }
                local options = hubspot.properties.get("contacts", "lifecyclestage").options
                return stages.lead, stages.customer, hubspot.limits.state().totals.requests - before, #options
                """)
            #expect(values[0] == 200 && values[1] == 1800)
            // The definitions, all that have a value, each option; and the one definition.
            #expect(values[2].asInteger == 1 + 1 + (values[3].asInteger ?? 0) + 1)
        }
    }
}
