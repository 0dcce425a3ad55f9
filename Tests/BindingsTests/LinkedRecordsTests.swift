import HubSpot
import LuaRuntime
import Testing

@Suite("A record's links") struct LinkedRecordsTests {
    private static let crowd = """
        local company = hubspot.companies.create{ name = "Crowd" }
        local rows = {}
        for i = 1, 620 do rows[i] = { email = ("p%d@example.org"):format(i) } end
        local links = {}
        for i, person in ipairs(hubspot.contacts.batch.create(rows).results) do links[i] = { from = person.id, to = company.id } end
        assert(#hubspot.associations.batch.link("contacts", "companies", links).errors == 0)
        -- Each entry once, and nothing left to be followed.
        local function check(record, count)
          local list = record.associations.contacts
          local seen = {}
          for _, link in ipairs(list.results) do
            assert(not seen[link.id], "twice: " .. link.id)
            seen[link.id] = true
            assert(link.type == link.types[1] and link.types[1] ~= nil)
          end
          assert(#list.results == count, #list.results)
          assert(list.paging == nil)
        end
        local opts = { associations = { "contacts" } }

        """

    @Test(arguments: APIVersion.allCases) func `are all listed, each once, by every way of reading it`(
        version: APIVersion
    ) async throws {
        try await Console.batching(configure: { $0.apiVersion = version }) { console in
            _ = try await console.run(
                Self.crowd + """
                    check(hubspot.companies.get(company.id, opts), 620)
                    check(hubspot.companies.find(company.id, opts), 620)
                    check(hubspot.companies.list(opts).results[1], 620)
                    for record in hubspot.companies.each(opts) do check(record, 620) end
                    check(hubspot.companies.batch.read({ company.id }, opts).results[1], 620)
                    check(hubspot.companies.search{ where = { name = "Crowd" }, associations = { "contacts" } }[1], 620)
                    for record in hubspot.companies.search_each{ associations = { "contacts" } } do check(record, 620) end
                    """)
        }
    }

    @Test func `name the kinds of all links to a record`() async throws {
        try await Console.batching { console in
            let answer = try await console.run(
                """
                local company, person = hubspot.companies.create{ name = "C" }.id, hubspot.contacts.create{ email = "a@example.org" }.id
                hubspot.associations.create_label("contacts", "companies", { label = "Adviser", name = "adviser" })
                hubspot.associations.link("contacts", person, "companies", company, "Adviser")
                hubspot.associations.link("contacts", person, "companies", company)
                local function kinds(record)
                  local results = record.associations.companies.results
                  assert(#results == 1 and results[1].id == company)
                  local types = table.move(results[1].types, 1, #results[1].types, 1, {})
                  table.sort(types)
                  return table.concat(types, " ")
                end
                local opts = { associations = { "companies" } }
                return kinds(hubspot.contacts.get(person, opts)), kinds(hubspot.contacts.batch.read({ person }, opts).results[1]),
                  hubspot.companies.get(company, { associations = { "deals" } }).associations == nil
                """)
            #expect(answer[0] == answer[1])
            #expect(answer[0].asString?.contains("adviser") == true)
            #expect(answer[2] == true)
        }
    }

    @Test func `are read a thousand records to a request`() async throws {
        try await Console.batching { console in
            let cost = try await console.cost(
                """
                local ids = {}
                for i = 1, 2000 do ids[i] = 5000000 + i end
                return #hubspot.associations.batch.read("contacts", "companies", ids).results
                """)
            #expect(cost.value == 2000)
            #expect(cost.requests == 2)
        }
    }
}

@Suite("A page") struct PageTests {
    @Test func `is its results to #, to an index and to ipairs, and whole to JSON`() async throws {
        try await Console.running { console in
            let answer = try await console.value(
                """
                for i = 1, 3 do hubspot.contacts.create{ email = i .. "@example.org" } end
                local page = hubspot.contacts.list{ limit = 2 }
                assert(#page == 2 and page[1] == page.results[1] and page[3] == nil and page.nothing == nil)
                local seen = 0
                for i, contact in ipairs(page) do
                  assert(contact == page.results[i])
                  seen = seen + 1
                end
                assert(seen == 2)
                local whole = json.decode(json.encode(page))
                assert(#whole.results == 2 and whole.paging.next.after and whole[1] == nil)
                local last = page:next()
                assert(#last == 1 and last:next() == nil)
                assert(#hubspot.contacts.search{ where = { email = "none@example.org" } } == 0)
                return #hubspot.owners.list() > 0
                """)
            #expect(answer == true)
        }
    }

    @Test func `holds records to which nothing can be assigned`() async throws {
        try await Console.running { console in
            for name in ["email", "phone", "anything"] {
                let error = try await console.failure(
                    "local c = hubspot.contacts.create{ email = 'a\(name)@example.org' } c.\(name) = 'x'")
                #expect(error["kind"] == "invalid_argument")
                #expect(error["message"].asString?.contains("update(") == true)
            }
        }
    }
}
