import HubSpot
import LuaRuntime
import Testing
import Quota

@Suite("hubspot.plan") struct PlanTests {
    /// `records requests` of the plan, and of each of its parts.
    private func counts(_ console: Console, _ body: String) async throws -> [String: String] {
        let value = try await console.value(
            """
            local plan = hubspot.plan(function() \(body) end)
            local counts = { all = plan.records .. " " .. plan.requests }
            for name, share in pairs(plan.by) do counts[name] = share.records .. " " .. share.requests end
            return counts
            """)
        var counts: [String: String] = [:]
        for field in value.asTable?.fields ?? [] { counts[field.key.asString ?? ""] = field.value.asString }
        return counts
    }

    private func requests(_ console: Console) async throws -> Int64 {
        try await console.value("return hubspot.limits.state().totals.requests").asInteger ?? -1
    }

    @Test func `counts a look-up and a write for each upsert that travels alone`() async throws {
        try await Console.running(configure: { $0.isBatching = false }) { console in
            let counts = try await counts(
                console,
                """
                for i = 1, 3 do hubspot.contacts.upsert("p" .. i .. "@example.org", { firstname = "P" }) end
                """)
            #expect(counts["all"] == "3 6")
            #expect(counts["contacts.read"] == "3 3")
            #expect(try await requests(console) == 0)
        }
    }

    @Test func `counts what is called together as batches, and sends nothing`() async throws {
        try await Console.running { console in
            let counts = try await counts(
                console,
                """
                local ids = {}
                for id = 1, 250 do ids[id] = id end
                task.each(ids, function(id) hubspot.contacts.update(id, { firstname = "x" }) end)
                hubspot.forms.submit("11111111-1111-4111-8111-111111111111", { email = "a@example.org", lastname = "L" },
                  { portalId = 20000001 })
                task.map({ 1, 2, 3 }, function(id) hubspot.associations.link("contacts", id, "companies", 9) end)
                """)
            #expect(
                counts == [
                    "all": "254 5", "contacts.update": "250 3", "forms.submit": "1 1", "associations.link": "3 1",
                ])
            // The form's definition, by which the submission is checked.
            #expect(try await requests(console) == 1)
        }
    }

    @Test func `names what HubSpot would refuse by its definitions, and goes on`() async throws {
        try await Console.running { console in
            let values = try await console.run(
                """
                local errors
                local plan = hubspot.plan(function()
                  for i = 1, 3 do hubspot.contacts.create{ email = "p" .. i .. "@example.org", lifecyclestage = "leed" } end
                  hubspot.contacts.update(1, { score = "many", createdate = 5 })
                  errors = hubspot.contacts.batch.upsert{ { email = "no address" }, { email = "a@example.org", firstname = "A" } }.errors
                  hubspot.forms.submit("11111111-1111-4111-8111-111111111111", { email = "nobody" })
                  hubspot.contacts.create{ email = "fine@example.org", birthday = "2000-02-29" }
                end)
                local reasons = {}
                for i, refusal in ipairs(plan.refusals) do
                  reasons[i] = refusal.call .. " " .. tostring(refusal.property) .. " " .. refusal.code .. " " .. refusal.count
                end
                table.sort(reasons)
                return plan.refused, plan.records, table.concat(reasons, "; "), #errors, errors[1].index, errors[1].kind,
                  tostring(plan), hubspot.contacts.count()
                """)
            #expect(values[0] == 6)
            #expect(values[1] == 2)
            #expect(
                values[2].asString
                    == "contacts.create lifecyclestage INVALID_OPTION 3; contacts.update createdate READ_ONLY_VALUE 1; "
                    + "contacts.update score INVALID_INTEGER 1; contacts.upsert email INVALID_EMAIL 1; "
                    + "forms.submit email INVALID_EMAIL 1; forms.submit lastname REQUIRED_FIELD 1")
            #expect(values[3...5] == [1, 1, "validation"])
            #expect(
                values[6].asString?.contains("6 would be refused: lifecyclestage has no option 'leed'") == true,
                "\(values[6])")
            #expect(values[6].asString?.contains("(3 times)") == true)
            #expect(values[7] == 0)
        }
    }

    @Test func `takes properties that it would make itself`() async throws {
        try await Console.running { console in
            let refused = try await console.value(
                """
                return hubspot.plan(function()
                  hubspot.properties.create("contacts", { name = "shoe_size", label = "Shoe size", type = "number",
                    fieldType = "number", groupName = "contactinformation" })
                  hubspot.contacts.create{ email = "a@example.org", shoe_size = 43 }
                end).refused
                """)
            #expect(refused == 0)
        }
    }

    @Test func `counts an upsert by email as a look-up and a write, however it is called`() async throws {
        try await Console.running { console in
            let naive = try await counts(
                console,
                """
                local rows = {}
                for i = 1, 120 do rows[i] = { email = "p" .. i .. "@example.org" } end
                task.each(rows, function(row) hubspot.contacts.upsert(row.email, row) end)
                """)
            #expect(naive == ["all": "120 4", "contacts.read": "120 2", "contacts.upsert": "120 2"])
            let listed = try await counts(
                console,
                """
                local rows = {}
                for i = 1, 120 do rows[i] = { email = "p" .. i .. "@example.org", firstname = "x" } end
                hubspot.contacts.batch.upsert(rows)
                """)
            #expect(listed == naive)
            let whole = try await counts(
                console,
                """
                task.each({ 1, 2 }, function(i)
                  hubspot.contacts.upsert("p" .. i .. "@example.org", { firstname = "x" }, { whole = true })
                end)
                """)
            #expect(whole == ["all": "2 1", "contacts.upsert": "2 1"])
            #expect(try await requests(console) == 0)
        }
    }

    @Test func `counts calls one after the other as requests of their own`() async throws {
        try await Console.running { console in
            let counts = try await counts(
                console, #"for id = 1, 7 do hubspot.contacts.update(id, { firstname = "x" }) end"#)
            #expect(counts == ["all": "7 7", "contacts.update": "7 7"])
        }
    }

    @Test func `lets reads through, which the script may go by`() async throws {
        try await Console.running { console in
            let counts = try await counts(
                console,
                """
                hubspot.contacts.list()
                if hubspot.contacts.find("nobody@example.org") == nil then
                  local made = hubspot.contacts.create{ email = "nobody@example.org" }
                  assert(made.dry_run and made.email == "nobody@example.org")
                end
                """)
            #expect(counts == ["all": "1 3", "contacts.read": "2 2", "contacts.create": "1 1"])
            #expect(try await requests(console) == 2)
            #expect(try await console.value("return hubspot.contacts.find('nobody@example.org')") == .none)
        }
    }

    @Test func `takes in tasks that nobody awaits, and leaves what runs beside it alone`() async throws {
        try await Console.running { console in
            let value = try await console.value(
                """
                local made
                local beside = task.spawn(function()
                  for i = 1, 5 do hubspot.contacts.create{ email = "beside" .. i .. "@example.org" } end
                end)
                local plan = hubspot.plan(function()
                  task.spawn(function() task.sleep(0.01) hubspot.contacts.create{ email = "within@example.org" } end)
                end)
                beside:await()
                return plan.records .. " " .. tostring(hubspot.contacts.find("beside5@example.org") ~= nil) .. " "
                  .. tostring(hubspot.contacts.find("within@example.org"))
                """)
            #expect(value == "1 true nil")
        }
    }

    @Test func `raises the function's own error, and plans no more afterwards`() async throws {
        try await Console.running { console in
            let value = try await console.value(
                """
                local ok, problem = pcall(hubspot.plan, function() error({ mine = true }) end)
                assert(not ok and problem.mine)
                local made = hubspot.contacts.create{ email = "after@example.org" }
                return tostring(made.dry_run) .. " " .. #made.id
                """)
            #expect(value.asString?.hasPrefix("nil ") == true)
        }
    }

    @Test func `counts nothing of a plan within: that would write nothing`() async throws {
        try await Console.running { console in
            let value = try await console.value(
                """
                local inner
                local outer = hubspot.plan(function()
                  inner = hubspot.plan(function() hubspot.contacts.create{ email = "a@example.org" } end)
                  hubspot.contacts.delete(1)
                end)
                return inner.records .. " " .. outer.records .. " " .. (outer.by["contacts.create"] and "yes" or "no")
                """)
            #expect(value == "1 1 no")
        }
    }

    @Test(arguments: [true, false])
    func `works in a session that must not write`(isReadOnly: Bool) async throws {
        try await Console.running(configure: {
            if isReadOnly { $0.isReadOnly = true } else { $0.isDryRun = true }
            $0.onDryRun = { Issue.record("shown: \($0.summary)") }
        }) { console in
            let counts = try await counts(
                console, #"task.map({ 1, 2 }, function(id) hubspot.contacts.update(id, { firstname = "x" }) end)"#)
            #expect(counts == ["all": "2 1", "contacts.update": "2 1"])
        }
    }

    @Test func `raises what the session may not do at all`() async throws {
        try await Console.running(configure: { $0.permissions = try! PermissionList("contacts:read") }) { console in
            let error = try await console.failure("hubspot.plan(function() hubspot.contacts.delete(1) end)")
            #expect(error["kind"] == "not_allowed")
        }
    }

    @Test func `tells the time that the quota takes, and the part of the day`() async throws {
        try await Console.running(configure: { $0.quota = try! QuotaSpecification("10/10s,1000/day") }) { console in
            let values = try await console.run(
                """
                local plan = hubspot.plan(function()
                  for id = 1, 25 do hubspot.contacts.update(id, { firstname = "x" }) end
                end)
                return plan.seconds, plan.lane, plan.day.share, plan.day.fits, tostring(plan),
                  hubspot.plan(function() for id = 1, 1001 do hubspot.contacts.update(id, { firstname = "x" }) end end).day.fits
                """)
            // Ten at once, ten after a window, five after the second.
            let seconds = values[0].asNumber ?? 0
            #expect(seconds >= 20 && seconds < 22, "\(seconds)")
            #expect(values[1] == "burst")
            #expect(values[2] == 0.025)
            #expect(values[3] == true)
            #expect(values[4].asString?.hasPrefix("25 records in 25 requests, about 2") == true, "\(values[4])")
            #expect(values[5] == false)
        }
    }

    @Test(arguments: ["501", "setmetatable({}, {})", "nil"])
    func `refuses what is no function`(argument: String) async throws {
        try await Console.running { console in
            let error = try await console.failure("hubspot.plan(\(argument))")
            #expect(error["kind"] == "invalid_argument")
            #expect(error["message"].asString?.contains("function expected") == true, "\(error)")
        }
    }

    @Test func `counts a list of links a hundred to a request`() async throws {
        try await Console.running { console in
            let counts = try await counts(
                console,
                """
                local pairs_of = {}
                for i = 1, 120 do pairs_of[i] = { from = i, to = 1000 + i } end
                hubspot.associations.batch.link("contacts", "companies", pairs_of)
                """)
            #expect(counts == ["all": "120 2", "associations.link": "120 2"])
        }
    }

    @Test func `needs no session where nothing is called`() async throws {
        try await withoutSession { runtime in
            let values = try await runtime.run(LuaChunk("return tostring(hubspot.plan(function() end))", name: "=test"))
            #expect(values == ["0 records in 0 requests, less than a second"])
        }
    }
}
