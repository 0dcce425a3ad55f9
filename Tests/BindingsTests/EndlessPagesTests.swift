import HubSpot
import LuaRuntime
import Testing

/// Servers whose pages never end, before every iterator.
@Suite("Pages that never end") struct EndlessPagesTests {
    struct Walk: Sendable, CustomTestStringConvertible {
        var iterator: String
        var path: String
        var method = "GET"
        /// The list of results, and an element of it; `%d` is a number.
        var list = "results"
        var element: String

        var testDescription: String { iterator }
    }

    static let walks = [
        Walk(iterator: "hubspot.contacts.each()", path: "*/contacts", element: #"{"id":"%d","properties":{}}"#),
        Walk(
            iterator: "hubspot.contacts.search_each{ sorts = 'createdate' }", path: "*/search", method: "POST",
            element: #"{"id":"%d","properties":{}}"#),
        Walk(
            iterator: "hubspot.contacts.search_each{}", path: "*/search", method: "POST",
            element: #"{"id":"%d","properties":{}}"#),
        Walk(
            iterator: "hubspot.associations.each('contacts', 1, 'companies')", path: "*/associations/companies",
            element: #"{"toObjectId":%d,"associationTypes":[]}"#),
        Walk(iterator: "hubspot.lists.members(7)", path: "*/memberships", element: #"{"recordId":"%d"}"#),
        Walk(iterator: "hubspot.owners.each()", path: "*/owners*", element: #"{"id":"%d"}"#),
        Walk(iterator: "hubspot.forms.each()", path: "*/forms*", element: #"{"id":"%d"}"#),
        Walk(
            iterator: "hubspot.forms.each_submission('11111111-1111-4111-8111-111111111111')", path: "*/submissions/*",
            element: #"{"submittedAt":%d,"values":[{"name":"a","value":"b"}]}"#),
    ]

    /// Lua that makes the simulator answer with one page after another. `page(i)` says what each is: an element's
    /// number and a cursor.
    private func answering(_ walk: Walk, _ page: String) -> String {
        """
        local rules = json.array{}
        local function page(i) \(page) end
        for i = 1, 12 do
          local number, after = page(i)
          rules[i] = { method = "\(walk.method)", path = "\(walk.path)", times = 1, action = { status = 200,
            headers = { ["content-type"] = "application/json" },
            body = ('{"total":99,"\(walk.list)":[\(walk.element)],"paging":{"next":{"after":"%s"}}}'):format(number, after) } }
        end
        hubspot.request("PUT", "/_simulator/faults", { body = { rules = rules } })
        local seen, count = {}, 0
        local ok, problem = pcall(function()
          for element in \(walk.iterator) do
            count = count + 1
            assert(count < 12, "endless")
          end
        end)
        return ok, type(problem) == "table" and problem.kind or tostring(problem), count
        """
    }

    private func expectBadResponse(_ walk: Walk, _ page: String, atMost most: Int64) async throws {
        try await Console.running { console in
            let answer = try await console.run(answering(walk, page))
            #expect(Array(answer.prefix(2)) == [false, "bad_response"])
            #expect((answer[2].asInteger ?? 99) <= most)
        }
    }

    @Test(arguments: walks) func `end with an error where cursors go round`(walk: Walk) async throws {
        try await expectBadResponse(walk, "return 100 - i, i % 2 == 0 and 11 or 10", atMost: 4)
    }

    @Test(arguments: walks) func `end with an error where the same page comes again under other cursors`(walk: Walk)
        async throws
    {
        try await expectBadResponse(walk, "return 7, 100 + i", atMost: 1)
    }

    @Test(arguments: walks) func `end with an error where the cursor is empty`(walk: Walk) async throws {
        try await expectBadResponse(walk, "return i, ''", atMost: 1)
    }

    @Test func `end with an error in page:next() too`() async throws {
        try await Console.running { console in
            let walk = Self.walks[0]
            let answer = try await console.run(
                answering(walk, "return i, i % 2 == 0 and 11 or 10").replacing(
                    "for element in \(walk.iterator) do",
                    with: "local page = hubspot.contacts.list() while page do page = page:next()"))
            #expect(Array(answer.prefix(2)) == [false, "bad_response"])
        }
    }

    @Test func `end with an error where lists never end`() async throws {
        let walk = Walk(
            iterator: "hubspot.lists.each()", path: "*/lists/*search", method: "POST", list: "lists",
            element: #"{"listId":"%d"}"#)
        try await Console.running { console in
            let code = answering(walk, "return 7, 3").replacing(#""total":99"#, with: #""hasMore":true,"offset":5"#)
            let answer = try await console.run(code)
            #expect(Array(answer.prefix(2)) == [false, "bad_response"])
        }
    }
}

@Suite("search_each with an order of its own") struct OrderedSearchTests {
    @Test(arguments: [
        "sorts = '-createdate', where = { email = { has = true } }, limit = 20",
        "sorts = 'city', where = { lifecyclestage = 'lead' }, limit = 7", "limit = 9, filters = filters",
    ])
    func `meets every hit once while the loop changes what it looks for`(query: String) async throws {
        try await Console.batching { console in
            let met = try await console.value(
                """
                local rows, filters = {}, {}
                for i = 1, 450 do rows[i] = { email = i .. "@example.org", city = "C" .. i % 5, lifecyclestage = "lead" } end
                assert(#hubspot.contacts.batch.create(rows).errors == 0)
                -- Six in a group: no room for one on ids.
                for i = 1, 5 do filters[i] = { propertyName = "email", operator = "HAS_PROPERTY" } end
                filters[6] = { propertyName = "lifecyclestage", operator = "EQ", value = "lead" }
                local met, seen = 0, {}
                for contact in hubspot.contacts.search_each{ \(query) } do
                  assert(not seen[contact.id])
                  seen[contact.id], met = true, met + 1
                  hubspot.contacts.delete(contact.id)
                end
                return met
                """)
            #expect(met == 450)
        }
    }

    @Test func `takes no more than max, in the order asked for`() async throws {
        try await Console.batching { console in
            let answer = try await console.value(
                """
                local rows = {}
                for i = 1, 300 do rows[i] = { email = ("p%03d@example.org"):format(i) } end
                hubspot.contacts.batch.create(rows)
                local emails = {}
                for contact in hubspot.contacts.search_each({ sorts = "-email", limit = 50 }, { max = 220 }) do
                  emails[#emails + 1] = contact.email
                end
                for i = 2, #emails do assert(emails[i] < emails[i - 1]) end
                return #emails
                """)
            #expect(answer == 220)
        }
    }
}

@Suite("Rows of one contact") struct AliasOrderTests {
    private static let merged = """
        local a = hubspot.contacts.create{ email = "main@example.org" }
        local b = hubspot.contacts.create{ email = "other@example.org" }
        hubspot.contacts.merge(a.id, b.id)
        local function name() return hubspot.contacts.get("main@example.org", { properties = { "email", "firstname" } }) end

        """

    @Test(
        arguments: [
            ["main", "other"], ["other", "main"], ["main", "main", "other"], ["other", "other", "main", "other"],
            ["main", "other", "main"],
        ], [false, true])
    func `are upserted in the list's order, whichever address they name`(addresses: [String], isWhole: Bool)
        async throws
    {
        try await Console.batching { console in
            let rows = addresses.enumerated().map {
                "{ email = '\($0.element.uppercased())@example.org', firstname = 'F\($0.offset)', lastname = 'L' }"
            }
            let answer = try await console.run(
                Self.merged + """
                    local batch = hubspot.contacts.batch.upsert({ \(rows.joined(separator: ", ")) }, { whole = \(isWhole) })
                    return #batch.errors, name().firstname, name().email
                    """)
            #expect(answer == [0, .string("F\(addresses.count - 1)"), "main@example.org"])
        }
    }

    @Test(arguments: [["a", "b"], ["b", "a"], ["a", "b", "a"], ["b", "b", "a", "b"], ["a", "a", "b"]])
    func `are updated in the list's order, by ids from before and after a merge`(ids: [String]) async throws {
        try await Console.batching { console in
            let rows = ids.enumerated().map {
                "{ id = \($0.element).id, properties = { firstname = 'F\($0.offset)' } }"
            }
            let answer = try await console.run(
                Self.merged + """
                    local batch = hubspot.contacts.batch.update{ \(rows.joined(separator: ", ")) }
                    return #batch.errors, name().firstname
                    """)
            #expect(answer == [0, .string("F\(ids.count - 1)")])
        }
    }

    @Test func `keep their indices beside bad ones`() async throws {
        try await Console.batching { console in
            let answer = try await console.value(
                Self.merged + """
                    local batch = hubspot.contacts.batch.upsert{ { email = "main@example.org", firstname = "1" },
                      { email = "new@example.org", shoe = "x" }, { email = "OTHER@example.org", firstname = "3" },
                      { email = "new@example.org", firstname = "4" }, { email = "nonsense@@", firstname = "5" } }
                    local bad = {}
                    for i, problem in ipairs(batch.errors) do bad[i] = problem.index end
                    local good = {}
                    for i, record in ipairs(batch.results) do good[i] = record.id .. tostring(record.new) end
                    return table.concat(bad, " ") .. " " .. #good .. " " .. name().firstname .. " "
                      .. hubspot.contacts.get("new@example.org").firstname
                    """)
            #expect(answer == "2 5 3 3 4")
        }
    }
}
