import HubSpot
import LuaRuntime
import Simulator
import Testing

@Suite("Typed values") struct TypedValuesTests {
    @Test(arguments: APIVersion.allCases) func `are read by the portal's definitions`(version: APIVersion) async throws
    {
        try await Console.running(configure: { $0.apiVersion = version }) { (console: Console) async throws in
            let answer = try await console.run(
                """
                local c = hubspot.contacts.create{ email = "ada@example.org", score = 2.5, numemployees = 12, newsletter = true,
                  birthday = "1815-12-10", last_seen = "2026-11-21T10:00:00.250Z", interests = { "soup", "tea" } }
                local opts = { typed = true, properties = { "email", "score", "numemployees", "newsletter", "birthday",
                  "last_seen", "interests", "favourite_food", "annualrevenue" } }
                local r = hubspot.contacts.get(c.id, opts)
                return r.email, r.score, r.numemployees, r.newsletter, os.date("!%Y-%m-%d", r.birthday), r.last_seen,
                  table.concat(r.interests, "+"), r.favourite_food, r.annualrevenue, r.id, math.type(r.hs_object_id)
                """)
            #expect(
                answer == [
                    "ada@example.org", 2.5, 12, true, "1815-12-10", 1_795_255_200.25, "soup+tea", nil, nil,
                    answer[9], "integer",
                ])
            #expect(answer[9].asString?.isEmpty == false)
        }
    }

    @Test func `come from every function that answers records, and go back as they came`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local names = { "score", "birthday", "last_seen", "newsletter", "interests" }
                local given = { email = "ada@example.org", score = 7, birthday = "2000-02-29", last_seen = "2026-11-21T10:00:00Z",
                  newsletter = false, interests = "tea;soup" }
                local c = hubspot.contacts.create(given, { typed = true })
                assert(c.score == 7 and c.newsletter == false)
                local seen = {}
                local function see(record) seen[#seen + 1] = math.type(record.score) .. #record.interests end
                see(hubspot.contacts.find(c.id, { typed = true, properties = names }))
                see(hubspot.contacts.list{ typed = true, properties = names }.results[1])
                for r in hubspot.contacts.each{ typed = true, properties = names } do see(r) end
                see(hubspot.contacts.search{ typed = true, properties = names }.results[1])
                for r in hubspot.contacts.search_each{ typed = true, properties = names } do see(r) end
                see(hubspot.contacts.batch.read({ c.id }, { typed = true, properties = names }).results[1])
                see(hubspot.contacts.batch.update({ { id = c.id, properties = { score = 8, interests = { "tea" } } } },
                  { typed = true }).results[1])
                local r = hubspot.contacts.get(c.id, { typed = true, properties = names })
                assert(hubspot.contacts.update(c.id, { birthday = r.birthday, last_seen = r.last_seen, newsletter = r.newsletter,
                  interests = r.interests, score = r.score }))
                local plain = hubspot.contacts.get(c.id, { properties = names })
                return table.concat(seen, " "), plain.birthday, plain.last_seen, plain.newsletter, plain.interests, plain.score
                """)
            #expect(
                answer == [
                    "integer2 integer2 integer2 integer2 integer2 integer2 integer1", "2000-02-29",
                    "2026-11-21T10:00:00Z", "false", "tea", "8",
                ])
        }
    }

    @Test(arguments: APIVersion.allCases) func `are written as HubSpot takes them`(version: APIVersion) async throws {
        try await Console.running(configure: { $0.apiVersion = version }) { (console: Console) async throws in
            let answer = try await console.run(
                """
                local t = 1795255200  -- 2026-11-21T10:00:00Z
                local names = { "birthday", "last_seen", "phone", "score", "closedate" }
                local function stored(properties)
                  local c = hubspot.contacts.create(properties)
                  local r = hubspot.contacts.get(c.id, { properties = names })
                  return r
                end
                local day = t - t % 86400
                local a = stored{ firstname = "a", birthday = day, last_seen = t, phone = 4915112345, score = t }
                local b = stored{ firstname = "b", birthday = os.date("!*t", day), last_seen = os.date("!*t", t) }
                local c = stored{ firstname = "c", birthday = { year = 2026, month = 14, day = 1 }, last_seen = t + 0.25,
                  closedate = t + 0.5 }
                local d = hubspot.contacts.upsert("d@example.org", { last_seen = t })
                local e = hubspot.contacts.batch.create{ { firstname = "e", last_seen = t } }.results[1]
                local f = hubspot.contacts.update(d.id, { last_seen = -t })
                return a.birthday, a.last_seen, a.phone, a.score, b.birthday, b.last_seen, c.birthday, c.last_seen, c.closedate,
                  d.last_seen, e.last_seen, f.last_seen
                """)
            #expect(
                answer == [
                    "2026-11-21", "2026-11-21T10:00:00Z", "4915112345", "1795255200", "2026-11-21",
                    "2026-11-21T10:00:00Z", "2027-02-01", "2026-11-21T10:00:00.250Z", "2026-11-21T10:00:00.500Z",
                    "2026-11-21T10:00:00Z", "2026-11-21T10:00:00Z", "1913-02-10T14:00:00Z",
                ])
        }
    }

    @Test func `are what searches compare with`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local t = 1795255200
                hubspot.contacts.batch.create{
                  { firstname = "a", last_seen = t - 3600, birthday = "2000-01-01", score = t },
                  { firstname = "b", last_seen = t, birthday = "2001-01-01", score = 5 },
                }
                local function count(where) return hubspot.contacts.count{ where = where } end
                return count{ last_seen = { gte = t } }, count{ last_seen = { gte = os.date("!*t", t - 3600) } },
                  count{ last_seen = { between = { t - 4000, t - 1 } } }, count{ birthday = { gt = { year = 2000, month = 6, day = 1 } } },
                  count{ score = { gte = t } }, count{ last_seen = { lt = tostring(t * 1000) } }, count{ last_seen = t }
                """)
            #expect(answer == [1, 2, 1, 1, 1, 1, 1])
        }
    }

    @Test func `tell what is wrong with a search where HubSpot does not`() async throws {
        try await Console.running { (console: Console) async throws in
            for (query, words) in [
                ("where = { last_seen = { gte = 'yesterday' } }", "last_seen holds a date, which 'yesterday' is not"),
                ("where = { fistname = 'Ada' }", "there is no property 'fistname'; did you mean 'firstname'?"),
                ("where = { score = { gt = 'many' } }", "score holds a number, which 'many' is not"),
                ("sorts = { '-creatdate' }", "there is no property 'creatdate'"),
            ] {
                let error = try await console.failure("hubspot.contacts.search{ \(query) }")
                #expect(error["kind"] == "validation" && error["status"] == 400, "\(query)")
                #expect(error["message"].asString?.contains(words) == true, "\(query): \(error["message"])")
            }
        }
    }

    @Test func `that HubSpot refuses are named by their property, in one line`() async throws {
        try await Console.running { (console: Console) async throws in
            for (properties, words) in [
                ("birthday = 'tomorrow'", "birthday: tomorrow was not a valid long"),
                ("lifecyclestage = 'x'", "lifecyclestage: x was not one of the allowed options"),
            ] {
                let error = try await console.failure("hubspot.contacts.create{ firstname = 'a', \(properties) }")
                let message = error["message"].asString ?? ""
                #expect(message.contains(words) && !message.contains("\n"), "\(message)")
            }
        }
    }

    @Test func `cost one request for the definitions, and none where every portal has the same`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local function requests() return hubspot.limits.state().totals.requests end
                local start = requests()
                local c = hubspot.contacts.create{ firstname = 42, phone = 4915112345, score = "1200" }
                local plain = requests() - start
                hubspot.contacts.update(c.id, { score = 1200, numemployees = 1 })
                local numbers = requests() - start - plain
                for i = 1, 5 do hubspot.contacts.get(c.id, { typed = true }) end
                return plain, numbers, requests() - start - plain - numbers
                """)
            #expect(answer == [1, 2, 5])
        }
    }

    @Test func `go as digits where the definitions may not be read`() async throws {
        let allowed = try PermissionList("contacts")
        try await Console.running(configure: { $0.permissions = allowed }) { (console: Console) async throws in
            let answer = try await console.run(
                """
                local c = hubspot.contacts.create{ firstname = "a", phone = 4915112345, last_seen = os.date("!*t", 1795255200) }
                local ok, e = pcall(hubspot.contacts.create, { firstname = "b" }, { typed = true })
                return c.phone, c.last_seen, ok, e.kind, hubspot.contacts.count()
                """)
            #expect(answer == ["4915112345", "2026-11-21T10:00:00Z", false, "not_allowed", 1])
        }
    }
}

@Suite("Definitions") struct DefinitionCacheTests {
    @Test func `are asked for once, until the session writes or asks anew`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local function cost(f)
                  local before = hubspot.limits.state().totals.requests
                  f()
                  return hubspot.limits.state().totals.requests - before
                end
                local function all()
                  hubspot.properties.list("contacts")
                  hubspot.properties.get("contacts", "email")
                  hubspot.pipelines.list("deals")
                  hubspot.owners.list()
                  hubspot.forms.get("11111111-1111-4111-8111-111111111111")
                end
                local first, again = cost(all), cost(all)
                hubspot.request("PATCH", "/crm/v3/properties/contacts/score", { body = { label = "Points" } })
                local after_write = cost(all)
                local refreshed = cost(function() hubspot.owners.list{ refresh = true } end)
                local together = cost(function()
                  task.all{ function() hubspot.pipelines.list("tickets") end, function() hubspot.pipelines.list("tickets") end }
                end)
                return first, again, after_write, refreshed, together, hubspot.properties.get("contacts", "score").label
                """)
            #expect(answer == [5, 0, 2, 1, 1, "Points"])
        }
    }
}
