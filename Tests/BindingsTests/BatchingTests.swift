import HubSpot
import LuaRuntime
import Simulator
import Testing
import Quota

extension Console {
    /// Runs `body` with a console whose calls of one kind travel together, or not.
    static func batching(
        _ isBatching: Bool = true, _ options: SimulatorOptions = SimulatorOptions(),
        configure: (inout SessionConfiguration) -> Void = { _ in }, _ body: (Console) async throws -> Void
    ) async throws {
        var options = options
        options.quota = .unlimited
        try await running(
            options,
            configure: {
                $0.quota = try? QuotaSpecification("unlimited")
                $0.isBatching = isBatching
                configure(&$0)
            }, body)
    }

    /// How many requests, records and batches the chunk takes, and its first value.
    func cost(_ code: String) async throws -> (requests: Int, records: Int, batches: Int, value: LuaValue) {
        func totals() async throws -> [Int] {
            let answer = try await run(
                "local t = hubspot.limits.state().totals return t.requests, t.records, t.batches")
            return answer.map { Int($0.asInteger ?? -1) }
        }
        let before = try await totals()
        let value = try await value(code)
        let after = try await totals()
        return (after[0] - before[0], after[1] - before[1], after[2] - before[2], value)
    }
}

@Suite("Calls made together") struct BatchingTests {
    private static let people = """
        local rows = {}
        for i = 1, 1000 do rows[i] = { email = ("p%d@example.org"):format(i), firstname = "N" .. i } end

        """

    @Test func `travel together: naive code takes some hundredths of the requests`() async throws {
        try await Console.batching { console in
            let created = try await console.cost(
                Self.people
                    + "task.each(rows, function(r) assert(hubspot.contacts.upsert(r.email, r).new == true) end)")
            #expect((20...40).contains(created.requests))
            #expect(created.records == 2_000)
            #expect((20...40).contains(created.batches))
            let changed = try await console.cost(
                Self.people
                    + """
                    task.each(rows, function(r)
                      local c = hubspot.contacts.upsert(r.email:upper(), { lastname = "L" .. r.firstname })
                      assert(c.new == false and c.lastname == "L" .. r.firstname)
                    end)
                    """)
            #expect((20...40).contains(changed.requests))
            let whole = try await console.cost(
                Self.people
                    + "task.each(rows, function(r) assert(not hubspot.contacts.upsert(r.email, r, { whole = true }).new) end)"
            )
            #expect((10...20).contains(whole.requests))
            let read = try await console.cost(
                Self.people
                    + """
                    local got = task.map(rows, function(r) return hubspot.contacts.get(r.email, { properties = { "lastname" } }) end)
                    for i, r in ipairs(got) do assert(r.lastname == "LN" .. i and r.email == nil) end
                    task.each(got, function(r) hubspot.contacts.delete(r.id) end)
                    return hubspot.contacts.find(rows[7].email)
                    """)
            #expect((20...45).contains(read.requests))
            #expect(read.value == .none)
        }
    }

    @Test func `go out one by one with --no-batch`() async throws {
        try await Console.batching(false) { console in
            let cost = try await console.cost(
                "local n = {} for i = 1, 30 do n[i] = i end task.each(n, function(i) hubspot.contacts.find(10^6 + i) end)"
            )
            #expect(cost.requests == 30)
            #expect(cost.batches == 0)
        }
    }

    @Test func `are plain calls where they stand alone`() async throws {
        try await Console.batching { console in
            let cost = try await console.cost(
                """
                local c = hubspot.contacts.create{ email = "ada@example.org" }
                hubspot.contacts.update(c.id, { firstname = "Ada" })
                hubspot.contacts.upsert("ada@example.org", { lastname = "L" })
                hubspot.contacts.get(c.id)
                hubspot.contacts.delete(c.id)
                """)
            #expect(cost.requests == 5)
            #expect(cost.batches == 0)
        }
    }

    @Test func `fail alone: one bad record leaves its neighbours be`() async throws {
        try await Console.batching { console in
            let answer = try await console.cost(
                """
                local n = {} for i = 1, 100 do n[i] = i end
                local outcomes = task.map(n, function(i)
                  return { pcall(hubspot.contacts.create, { email = i == 42 and "nonsense" or "p" .. i .. "@example.org" }) }
                end)
                local good, bad = 0, nil
                for i, o in ipairs(outcomes) do if o[1] then good = good + 1 else bad = { i, o[2] } end end
                return good .. " " .. bad[1] .. " " .. bad[2].kind .. " " .. bad[2].status .. " " .. bad[2].request
                """)
            #expect(answer.value == "99 42 validation 400 POST /crm/objects/2026-09/contacts")
            #expect(answer.requests <= 2)
        }
    }

    @Test func `tell those that are missing as a plain call does`() async throws {
        try await Console.batching { console in
            let answer = try await console.cost(
                """
                local c = hubspot.contacts.create{ email = "ada@example.org" }
                local n = {} for i = 1, 200 do n[i] = i end
                local found = 0
                task.each(n, function(i)
                  if hubspot.contacts.find(i == 7 and "Ada@example.org" or "p" .. i .. "@example.org") then found = found + 1 end
                end)
                local missing = task.map({ 9000001, 9000002 }, function(id)
                  local ok, e = pcall(hubspot.contacts.get, id) return e
                end)
                local e = missing[2]
                return found .. " " .. e.kind .. " " .. e.status .. " " .. e.message .. " " .. e.request
                """)
            #expect(
                answer.value == "1 not_found 404 no contact with id 9000002 GET /crm/objects/2026-09/contacts/9000002")
            #expect(answer.requests <= 6)
        }
    }

    @Test func `write to one record in call order`() async throws {
        try await Console.batching { console in
            let answer = try await console.run(
                """
                local c = hubspot.contacts.create{ email = "ada@example.org" }
                local n = {} for i = 1, 40 do n[i] = i end
                local seen = task.map(n, function(i) return hubspot.contacts.update(c.id, { firstname = "F" .. i }).firstname end)
                for i = 1, 40 do assert(seen[i] == "F" .. i) end
                task.each(n, function(i)
                  hubspot.contacts.upsert(i % 2 == 0 and "GRACE@example.org" or "grace@example.org", { firstname = "G" .. i })
                end)
                return hubspot.contacts.get(c.id).firstname, hubspot.contacts.get("grace@example.org").firstname
                """)
            #expect(answer == ["F40", "G40"])
        }
    }

    @Test func `write to one contact in call order, by whichever of its addresses`() async throws {
        for _ in 1...3 {
            try await Console.batching { console in
                let answer = try await console.run(
                    """
                    local ada = hubspot.contacts.create{ email = "ada@example.org" }
                    local other = hubspot.contacts.create{ email = "lovelace@example.org" }
                    ada = hubspot.contacts.merge(ada.id, other.id)
                    local n, others = {}, 0
                    for i = 1, 60 do n[i] = i end
                    local news = task.map(n, function(i)
                      local address = i % 3 == 0 and "new" .. i .. "@example.org"
                        or i % 2 == 0 and "ada@example.org" or "Lovelace@example.org"
                      return hubspot.contacts.upsert(address, { firstname = "F" .. i }).new
                    end)
                    for _, is_new in ipairs(news) do if is_new then others = others + 1 end end
                    return hubspot.contacts.get(ada.id).firstname, others, hubspot.contacts.count()
                    """)
                #expect(answer == ["F59", 20, 21])
            }
        }
    }

    @Test func `keep the order of the very first calls, which open the session`() async throws {
        for _ in 1...5 {
            try await Console.batching { console in
                let answer = try await console.value(
                    """
                    local n = {} for i = 1, 60 do n[i] = i end
                    task.each(n, function(i) hubspot.contacts.upsert("ada@example.org", { firstname = "F" .. i }) end)
                    return hubspot.contacts.get("ada@example.org").firstname
                    """)
                #expect(answer == "F60")
            }
        }
    }

    @Test func `leave the others be when one is cancelled`() async throws {
        try await Console.batching { console in
            let answer = try await console.value(
                """
                local tasks = {}
                for i = 1, 20 do
                  tasks[i] = task.spawn(function() return hubspot.contacts.create{ email = "p" .. i .. "@example.org" }.email end)
                end
                task.sleep(0)
                tasks[5]:cancel()
                local ok = 0
                for i = 1, 20 do if pcall(tasks[i].await, tasks[i]) then ok = ok + 1 end end
                return ok
                """)
            #expect(answer == 19)
        }
    }

    @Test func `are shown, refused or allowed one by one`() async throws {
        try await Console.batching(configure: { $0.isDryRun = true }) { console in
            let answer = try await console.cost(
                """
                local n = 0
                task.each({ 1, 2, 3 }, function(i) if hubspot.contacts.update(i, { firstname = "x" }).dry_run then n = n + 1 end end)
                return n
                """)
            #expect(answer.value == 3)
            #expect(answer.requests == 0)
        }
        try await Console.batching(configure: { $0.isReadOnly = true }) { console in
            let kinds = try await console.value(
                """
                return table.concat(task.map({ 1, 2 }, function(i)
                  local ok, e = pcall(hubspot.contacts.update, i, { firstname = "x" }) return e.kind
                end), " ")
                """)
            #expect(kinds == "read_only read_only")
        }
    }

    @Test func `link records together`() async throws {
        try await Console.batching { console in
            let answer = try await console.cost(
                """
                local n = {} for i = 1, 100 do n[i] = i end
                local company = hubspot.companies.create{ name = "Engines" }
                local people = task.map(n, function(i) return hubspot.contacts.create{ email = "p" .. i .. "@example.org" } end)
                local before = hubspot.limits.state().totals.requests
                local answers = task.map(people, function(c)
                  return hubspot.associations.link("contacts", c.id, "companies", company.id)
                end)
                for i, a in ipairs(answers) do assert(#a.results == 2 and a.results[1].from.id == people[i].id) end
                local ok, e = pcall(hubspot.associations.link, "contacts", people[1].id, "companies", 99999999)
                local errors = task.map({ 99999999, company.id }, function(id)
                  local ok, e = pcall(hubspot.associations.link, "contacts", people[1].id, "companies", id) return ok or e
                end)
                assert(errors[2] == true and errors[1].message == e.message and errors[1].request == e.request)
                return hubspot.limits.state().totals.requests - before
                """)
            #expect((answer.value.asInteger ?? 99) <= 6)
            let linked = try await console.value(
                "return #hubspot.associations.list('companies', hubspot.companies.list().results[1].id, 'contacts').results"
            )
            #expect(linked == 100)
        }
    }

    @Test(arguments: [true, false]) func `link and unlink a pair in call order, one by one and in lists`(
        isBatching: Bool
    ) async throws {
        try await Console.batching(isBatching) { console in
            let wrong = try await console.value(
                """
                local links = hubspot.associations
                local person = hubspot.contacts.create{ email = "ada@example.org" }.id
                local function listed(call)
                  return function(_, id, _, to) return call("contacts", "companies", { { from = id, to = to } }) end
                end
                local on, off = { links.link, listed(links.batch.link) }, { links.unlink, listed(links.batch.unlink) }
                local cases, steps = {}, {}
                for i = 1, 16 do
                  local first, second = on, off
                  if i > 8 then first, second = off, on end
                  local case = { isLinked = i > 8, company = hubspot.companies.create{ name = "C" .. i }.id }
                  local calls = { second[i % 2 + 1], first[i // 2 % 2 + 1], second[i // 4 % 2 + 1] }
                  cases[i] = case
                  for n, call in ipairs(calls) do steps[#steps + 1] = { call = call, company = case.company } end
                end
                task.each(steps, function(step) step.call("contacts", person, "companies", step.company) end)
                local linked, wrong = {}, {}
                for link in links.each("contacts", person, "companies") do linked[tostring(link.toObjectId)] = true end
                for i, case in ipairs(cases) do
                  if (linked[case.company] or false) ~= case.isLinked then wrong[#wrong + 1] = i end
                end
                return table.concat(wrong, " ")
                """)
            #expect(wrong == "")
        }
    }
}
