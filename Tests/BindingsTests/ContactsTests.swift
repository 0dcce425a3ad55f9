import LuaRuntime
import Simulator
import Testing

@Suite("hubspot.contacts") struct ContactsTests {
    @Test func `creates, gets, finds, updates and deletes`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local c = hubspot.contacts.create{ email = "Ada@Example.org", firstname = "Ada" }
                local by_id = hubspot.contacts.get(c.id)
                local by_number = hubspot.contacts.get(math.tointeger(tonumber(c.id)), { properties = { "firstname" } })
                local by_email = hubspot.contacts.get("ADA@example.org")
                local changed = hubspot.contacts.update("ada@example.org", { lastname = "Lovelace", firstname = json.null })
                hubspot.contacts.delete(c.id)
                return by_id.email, by_number.firstname, by_email.id == c.id, changed.lastname,
                  hubspot.contacts.find(c.id), hubspot.contacts.get(c.id, { archived = true }).archived
                """)
            #expect(answer == ["ada@example.org", "Ada", true, "Lovelace", nil, true])
        }
    }

    @Test func `raises errors with HubSpot's fields, which print as one line`() async throws {
        try await Console.running { (console: Console) async throws in
            let missing = try await console.failure("hubspot.contacts.get(999999)")
            #expect(missing["kind"] == "not_found")
            #expect(missing["status"] == 404)
            #expect(missing["request"] == "GET /crm/objects/2026-09/contacts/999999")
            #expect(missing["correlationId"] != .none)
            let conflict = try await console.failure(
                "local c = hubspot.contacts.create{ email = 'a@example.org' } hubspot.contacts.create{ email = 'A@example.org' }"
            )
            #expect(conflict["kind"] == "conflict")
            #expect(conflict["existing_id"].asString?.isEmpty == false)
            let invalid = try await console.failure("hubspot.contacts.create{ email = 'nonsense' }")
            #expect(invalid["kind"] == "validation")
            #expect(invalid["errors"].asTable?.list.isEmpty == false)
            let text = try await console.value(
                "local ok, e = pcall(hubspot.contacts.get, 999999) return tostring(e)")
            #expect(text.asString?.contains("\n") == false)
            #expect(text.asString?.contains("not_found") == true)
        }
    }

    @Test func `turns Lua's values into HubSpot's`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local c = hubspot.contacts.create{ firstname = 42, lastname = 2.50, jobtitle = true, company = { "a", "b" } }
                local r = hubspot.contacts.get(c.id, { properties = { "firstname", "lastname", "jobtitle", "company" } })
                return r.firstname, r.lastname, r.jobtitle, r.company
                """)
            #expect(answer == ["42", "2.5", "true", "a;b"])
        }
    }

    @Test func `upserts without touching what is left out`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local a = hubspot.contacts.upsert("Ada@example.org", { firstname = "Ada", lastname = "L" })
                local b = hubspot.contacts.upsert("ada@example.org", { firstname = "Augusta" })
                local r = hubspot.contacts.get(a.id)
                return a.new, b.new, a.id == b.id, r.firstname, r.lastname, hubspot.contacts.count()
                """)
            #expect(answer == [true, false, true, "Augusta", "L", 1])
        }
    }

    @Test func `merges, and deletes for good`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local a = hubspot.contacts.create{ email = "a@example.org" }
                local b = hubspot.contacts.create{ email = "b@example.org" }
                local m = hubspot.contacts.merge(a.id, b.id)
                hubspot.contacts.gdpr_delete(m.id)
                return m.email, hubspot.contacts.find(m.id)
                """)
            #expect(answer.first == "a@example.org")
            #expect(answer.dropFirst().allSatisfy { $0 == .none })
        }
    }

    @Test func `pages with page:next and iterates to the end, or to max`() async throws {
        var options = SimulatorOptions()
        options.contacts = 25
        try await Console.running(options) { (console: Console) async throws in
            let answer = try await console.run(
                """
                local pages, seen, page = 0, {}, hubspot.contacts.list{ limit = 10 }
                while page do
                  pages = pages + 1
                  for _, c in ipairs(page.results) do seen[c.id] = true end
                  page = page:next()
                end
                local n, each, few = 0, 0, 0
                for _ in pairs(seen) do n = n + 1 end
                for c in hubspot.contacts.each{ limit = 7 } do each = each + 1 end
                for c in hubspot.contacts.each{ max = 12, limit = 5 } do few = few + 1 end
                for c in hubspot.contacts.each{ max = 0 } do few = few + 1000 end
                for c in hubspot.contacts.each{ limit = 2 } do break end
                return pages, n, each, few
                """)
            #expect(answer == [3, 25, 25, 12])
        }
    }

    @Test func `iterates where Lua cannot yield`() async throws {
        var options = SimulatorOptions()
        options.contacts = 5
        try await Console.running(options) { (console: Console) async throws in
            let answer = try await console.value(
                """
                local n = 0
                table.sort({ 1, 2 }, function(a, b)
                  for c in hubspot.contacts.each{ limit = 2 } do n = n + 1 end
                  return a < b
                end)
                return n % 5
                """)
            #expect(answer == 0)
        }
    }
}

@Suite("hubspot.contacts.search") struct SearchTests {
    @Test func `takes words, where, any and HubSpot's own shape`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                hubspot.contacts.batch.create{
                  { email = "ada@example.org", firstname = "Ada", lifecyclestage = "lead" },
                  { email = "grace@example.com", firstname = "Grace", lifecyclestage = "customer" },
                  { email = "alan@example.org", firstname = "Alan", lifecyclestage = "lead", company = "x" },
                }
                local function names(query)
                  local list = {}
                  for _, c in ipairs(hubspot.contacts.search(query).results) do list[#list + 1] = c.firstname end
                  table.sort(list)
                  return table.concat(list, ",")
                end
                return names("grace"), names{ where = { lifecyclestage = "lead" } },
                  names{ where = { lifecyclestage = { "lead", "customer" }, company = { has = true } } },
                  names{ where = { lifecyclestage = "lead", any = { { firstname = "Ada" }, { firstname = "Grace" } } } },
                  names{ any = { { firstname = "Ada" }, { firstname = "Grace" } } },
                  names{ where = { email = { contains = "*@example.org" }, firstname = { neq = "Ada" } } },
                  names{ filterGroups = { { filters = { { propertyName = "firstname", operator = "EQ", value = "Ada" } } } } },
                  names{ filters = { { propertyName = "firstname", operator = "IN", values = { "alan" } } } },
                  names{ sorts = { "-firstname" }, limit = 1 },
                  hubspot.contacts.count{ where = { lifecyclestage = "lead" } }, hubspot.contacts.count(),
                  hubspot.contacts.search{ where = { lifecyclestage = "lead" }, limit = 1 }.total
                """)
            #expect(
                answer == [
                    "Grace", "Ada,Alan", "Alan", "Ada", "Ada,Grace", "Alan", "Ada", "Alan", "Grace", 2, 3, 2,
                ])
        }
    }

    @Test func `finds by a list what it finds by the list's values one by one`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                hubspot.contacts.batch.create{
                  { email = "q@example.org", firstname = "F5", lifecyclestage = "lead" },
                  { email = "r@example.org", firstname = "f6", lifecyclestage = "customer" },
                  { email = "s@example.org", firstname = "G7", lifecyclestage = "lead" },
                }
                local function count(where) return hubspot.contacts.search{ where = where }.total end
                local since = hubspot.contacts.get("q@example.org").createdAt
                return count{ firstname = "F5" }, count{ firstname = { "F5", "F6" } },
                  count{ firstname = { one_of = { "g7", "F5" } } }, count{ firstname = { none_of = { "F5" } } },
                  count{ lifecyclestage = { "lead" } }, count{ email = { "Q@Example.org" } }, count{ createdate = { since } } > 0
                """)
            #expect(answer == [1, 2, 2, 2, 2, 1, true])
        }
    }

    @Test func `goes on past a page, in every record once, while records leave the result`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local list = {}
                for i = 1, 30 do list[i] = { email = ("p%d@example.org"):format(i), firstname = "before" } end
                hubspot.contacts.batch.create(list)
                local n = 0
                for c in hubspot.contacts.search_each{ where = { firstname = "before" }, limit = 4 } do
                  hubspot.contacts.update(c.id, { firstname = "after" })
                  n = n + 1
                end
                local few = 0
                for c in hubspot.contacts.search_each({ where = { firstname = "after" } }, { max = 9 }) do few = few + 1 end
                return n, few, hubspot.contacts.count{ where = { firstname = "before" } }
                """)
            #expect(answer == [30, 9, 0])
        }
    }
}

@Suite("hubspot.contacts.batch") struct BatchModuleTests {
    @Test func `takes lists of any length, and tells each failure with its place`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local list = {}
                for i = 1, 230 do list[i] = { email = ("p%d@example.org"):format(i) } end
                list[7] = { email = "not an address" }
                list[111] = { email = "P1@example.org" }
                list[200] = { email = print }
                local created = hubspot.contacts.batch.create(list)
                local kinds = {}
                for _, e in ipairs(created.errors) do kinds[#kinds + 1] = e.index .. " " .. e.kind end
                local ids = {}
                for i, c in ipairs(created.results) do ids[i] = c.id end
                table.insert(ids, 3, "999999")
                table.insert(ids, ids[1])
                local read = hubspot.contacts.batch.read(ids, { properties = { "email" } })
                local by_email = hubspot.contacts.batch.read{ "p2@example.org", "P2@example.org", "none@example.org" }
                return #created.results, table.concat(kinds, ", "), created.results[1].email, #read.results, #read.errors,
                  read.errors[1].index, read.errors[1].kind, #by_email.results, #by_email.errors, by_email.errors[1].index
                """)
            #expect(
                answer == [
                    227, "7 validation, 111 conflict, 200 invalid_argument", "p1@example.org", 227, 1, 3, "not_found",
                    1, 1, 3,
                ])
        }
    }

    @Test func `upserts by email and keeps what is left out`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                hubspot.contacts.create{ email = "a@example.org", firstname = "A", lastname = "Z" }
                local out = hubspot.contacts.batch.upsert{
                  { email = "a@example.org", firstname = "B" },
                  { email = "bad", firstname = "X" },
                  { id = "new@example.org", properties = { firstname = "N" } },
                  { email = "A@example.org", firstname = "C" },
                }
                local a = hubspot.contacts.get("a@example.org")
                return #out.results, out.results[1].new, out.results[2].new, out.errors[1].index, out.errors[1].kind,
                  a.firstname, a.lastname, hubspot.contacts.count()
                """)
            #expect(answer == [2, false, true, 2, "validation", "C", "Z", 2])
        }
    }

    @Test func `updates and archives, by email too`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local a = hubspot.contacts.create{ email = "a@example.org" }
                local b = hubspot.contacts.create{ email = "b@example.org" }
                local u = hubspot.contacts.batch.update{
                  { id = a.id, properties = { firstname = "A" } },
                  { id = "b@example.org", properties = { firstname = "B" } },
                  { id = 999999, properties = { firstname = "C" } },
                }
                local x = hubspot.contacts.batch.archive{ a.id, "b@example.org", "none@example.org" }
                return #u.results, u.errors[1].index, u.errors[1].kind, #x.results, x.errors[1].index, hubspot.contacts.count()
                """)
            #expect(answer == [2, 3, "not_found", 2, 3, 0])
        }
    }

    @Test func `sends nothing for an empty list`() async throws {
        try await withoutSession { (runtime: LuaRuntime) async throws in
            let answer = try await runtime.run(
                LuaChunk("local r = hubspot.contacts.batch.read{} return #r.results, #r.errors", name: "=test"))
            #expect(answer == [0, 0])
        }
    }

    @Test func `raises where nothing was sent`() async throws {
        try await withoutSession { (runtime: LuaRuntime) async throws in
            let answer = try await runtime.run(
                LuaChunk(
                    "local ok, e = pcall(hubspot.contacts.batch.read, { 1 }) return ok, e.kind, tostring(e)",
                    name: "=test"))
            #expect(answer.prefix(2) == [false, "unauthenticated"])
        }
    }
}

@Suite("Other object types") struct ObjectsTests {
    @Test func `have the same functions`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local c = hubspot.companies.create{ name = "Analytical Engines", domain = "example.org" }
                local same = hubspot.objects("0-2") == hubspot.companies and hubspot.objects("companies") == hubspot.companies
                local n = 0
                for company in hubspot.companies.each() do n = n + 1 end
                return hubspot.companies.get(c.id).name, same, n, rawget(hubspot.companies, "gdpr_delete")
                """)
            #expect(answer.prefix(3) == ["Analytical Engines", true, 1])
            #expect(answer.dropFirst(3).allSatisfy { $0 == .none })
        }
    }
}
