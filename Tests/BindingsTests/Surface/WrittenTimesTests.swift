import HubSpot
import LuaRuntime
import Simulator
import Testing

@Suite("A number that is a time") struct WrittenTimesTests {
    private static let contact = #"local c = hubspot.contacts.create{ email = "ada@example.org" }"#

    private static let moments: [(String, String)] = [
        ("0", "1970-01-01T00:00:00Z"), ("1", "1970-01-01T00:00:01Z"), ("1000", "1970-01-01T00:16:40Z"),
        ("86400", "1970-01-02T00:00:00Z"), ("1.5e9", "2017-07-14T02:40:00Z"), ("-1", "1969-12-31T23:59:59Z"),
        ("0.25", "1970-01-01T00:00:00.250Z"), ("253402300799", "9999-12-31T23:59:59Z"),
        ("-62135596800", "0001-01-01T00:00:00Z"), ("'2026-11-21T10:00:00+01:00'", "2026-11-21T09:00:00Z"),
        ("'1795255200000'", "2026-11-21T10:00:00Z"), ("{ year = 2026, month = 2, day = 30 }", "2026-03-02T00:00:00Z"),
        ("{ year = 2026, month = 1, day = 2, min = 5 }", "2026-01-02T00:05:00Z"),
    ]

    @Test func `is seconds since 1970, whatever its size, and a text goes as it is`() async throws {
        try await Console.running { (console: Console) async throws in
            try await console.run("c = hubspot.contacts.create{ email = 'ada@example.org' }")
            for (value, stored) in Self.moments {
                let answer = try await console.run(
                    """
                    local one = hubspot.contacts.update(c.id, { last_seen = \(value) }).last_seen
                    local many = hubspot.contacts.batch.update{ { id = c.id, properties = { last_seen = \(value) } } }.results[1]
                    local found = hubspot.contacts.count{ where = { last_seen = \(value) } }
                    local among = hubspot.contacts.count{ where = { last_seen = { one_of = { \(value), 12345 } } } }
                    local between = hubspot.contacts.count{ where = { last_seen = { between = { \(value), \(value) } } } }
                    local spelled = hubspot.contacts.count{ filterGroups = { { filters = {
                      { propertyName = "last_seen", operator = "EQ", value = \(value) } } } } }
                    return one, many.last_seen, found, among, between, spelled
                    """)
                #expect(answer == [.string(stored), .string(stored), 1, 1, 1, 1], "\(value): \(answer)")
            }
        }
    }

    @Test(arguments: ["1795255200000", "253402300800", "-62167219201", "1e300", "1795255200000.0"])
    func `is refused beyond the calendar, with the remedy, wherever it is written`(number: String) async throws {
        let form = "'44444444-4444-4444-8444-444444444444', { email = 'a@example.org', birthday = \(number) }"
        try await Console.running { (console: Console) async throws in
            for (call, argument) in [
                ("hubspot.contacts.create{ last_seen = \(number) }", "properties.last_seen"),
                ("hubspot.contacts.update(1, { birthday = \(number) })", "properties.birthday"),
                ("hubspot.contacts.upsert('a@example.org', { last_seen = \(number) })", "properties.last_seen"),
                ("hubspot.contacts.batch.create{ { last_seen = \(number) } }", "list[1].last_seen"),
                ("hubspot.contacts.search{ where = { last_seen = { gt = \(number) } } }", "query.where.last_seen"),
                ("hubspot.contacts.count{ any = { { last_seen = \(number) } } }", "query"),
                (
                    "hubspot.contacts.search_each{ where = { last_seen = { one_of = { \(number) } } } }()",
                    "query.where.last_seen"
                ),
                ("hubspot.forms.submit(\(form))", "fields.birthday"),
                ("hubspot.forms.preview(\(form))", "fields.birthday"),
            ] {
                let error = try await console.failure(call)
                let message = error["message"].asString ?? ""
                #expect(error["kind"] == "invalid_argument", "\(call): \(error)")
                #expect(message.hasPrefix("bad argument '\(argument)' to 'hubspot."), "\(call): \(message)")
                #expect(message.contains("write the text"), "\(call): \(message)")
                if number.hasPrefix("17") {
                    #expect(message.contains("milliseconds? divide by 1000"), "\(message)")
                    #expect(message.contains("2026-11-21T10:00:00Z"), "\(message)")
                }
            }
            #expect(try await console.value("return hubspot.contacts.count()") == 0)
        }
    }

    @Test func `goes as its digits where the property holds no time`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local c = hubspot.contacts.create{ firstname = -2.0^63, phone = 2^53, score = 1795255200000, annualrevenue = 1e22,
                  numemployees = 1e-7, city = 100.0 }
                local r = hubspot.contacts.get(c.id, { properties = { "firstname", "phone", "score", "annualrevenue",
                  "numemployees", "city" } })
                return r.firstname, r.phone, r.score, r.annualrevenue, r.numemployees, r.city,
                  hubspot.contacts.count{ where = { score = 1795255200000 } }
                """)
            #expect(
                answer == [
                    "-9223372036854775808", "9007199254740992", "1795255200000", "10000000000000000000000", "0.0000001",
                    "100", 1,
                ])
            for number in ["0/0", "1/0", "-1/0"] {
                let error = try await console.failure("hubspot.contacts.create{ score = \(number) }")
                #expect(error["kind"] == "invalid_argument")
            }
        }
    }

    @Test func `fails alone in a list`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local b = hubspot.contacts.batch.create{ { firstname = "a" }, { properties = { birthday = 5 } }, { firstname = "c" } }
                return #b.results, #b.errors, b.errors[1].index, b.errors[1].kind, b.errors[1].message
                """)
            #expect(answer[0...3] == [2, 1, 2, "invalid_argument"])
            #expect(answer[4].asString?.contains("'list[2].properties.birthday'") == true, "\(answer[4])")
        }
    }

    @Test func `keeps the order of writes to one record`() async throws {
        try await Console.running { (console: Console) async throws in
            let last = try await console.value(
                """
                local c = hubspot.contacts.create{ firstname = "a" }
                task.all{
                  function() hubspot.contacts.update(c.id, { score = 1 }) end,
                  function() hubspot.contacts.update(c.id, { score = "2" }) end,
                }
                return hubspot.contacts.get(c.id, { properties = { "score" } }).score
                """)
            #expect(last == "2")
        }
    }

    @Test func `travels with others`() async throws {
        try await Console.running { (console: Console) async throws in
            let requests = try await console.value(
                """
                local list = {}
                for i = 1, 200 do list[i] = { firstname = "p" .. i } end
                local people = hubspot.contacts.batch.create(list).results
                local before = hubspot.limits.state().totals.requests
                task.each(people, function(c) hubspot.contacts.update(c.id, { score = 5, last_seen = 86400 }) end)
                assert(hubspot.contacts.get(people[200].id, { properties = { "last_seen" } }).last_seen == "1970-01-02T00:00:00Z")
                return hubspot.limits.state().totals.requests - before
                """)
            // The definitions, a read, and as few batches as possible.
            #expect((requests.asInteger ?? 99) <= 6, "\(requests)")
        }
    }
}

@Suite("A date") struct WrittenDatesTests {
    private static let days: [(String, String)] = [
        ("{ year = 2026, month = 11, day = 21 }", "2026-11-21"), ("1795219200", "2026-11-21"),
        ("1795219200.0", "2026-11-21"),
        ("-86400", "1969-12-31"), ("0", "1970-01-01"), ("253402214400", "9999-12-31"), ("-62135596800", "0001-01-01"),
        ("'2026-11-21'", "2026-11-21"), ("'1795219200000'", "2026-11-21"),
        ("{ year = 2026, month = 11, day = 21, hour = 0, min = 0, sec = 0 }", "2026-11-21"),
        ("{ year = 9999, month = 12, day = 31 }", "9999-12-31"),
    ]

    @Test func `is a day: midnight in UTC, a table, or a text`() async throws {
        try await Console.running { (console: Console) async throws in
            try await console.run("c = hubspot.contacts.create{ email = 'ada@example.org' }")
            for (value, stored) in Self.days {
                let answer = try await console.run(
                    """
                    return hubspot.contacts.update(c.id, { birthday = \(value) }).birthday,
                      hubspot.contacts.count{ where = { birthday = \(value) } }
                    """)
                #expect(answer == [.string(stored), 1], "\(value): \(answer)")
            }
        }
    }

    @Test(arguments: [
        "1795255200", "1", "-1", "0.5", "1795219200.001", "{ year = 2026, month = 11, day = 21, hour = 12 }",
        "os.date('!*t', 1795255200)", "{ year = 2026, month = 11, day = 21, sec = 1 }",
    ])
    func `is nothing else`(value: String) async throws {
        try await Console.running { (console: Console) async throws in
            for call in [
                "hubspot.contacts.create{ birthday = \(value) }",
                "hubspot.contacts.search{ where = { birthday = { lt = \(value) } } }",
                "hubspot.forms.submit('44444444-4444-4444-8444-444444444444', { email = 'a@example.org', birthday = \(value) })",
            ] {
                let error = try await console.failure(call)
                let message = error["message"].asString ?? ""
                #expect(error["kind"] == "invalid_argument", "\(call): \(error)")
                #expect(
                    message.contains("a day expected") && message.contains("{ year, month, day }"),
                    "\(call): \(message)")
                #expect(message.contains("hubspot.account.today()"), "\(message)")
            }
        }
    }

    @Test func `is today where the account is, or some days on`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local today, later = hubspot.account.today(), hubspot.account.today(7)
                local c = hubspot.contacts.create{ firstname = "a", birthday = today, last_seen = later }
                local span = (os.time{ year = later.year, month = later.month, day = later.day }
                  - os.time{ year = today.year, month = today.month, day = today.day }) / 86400
                local before = hubspot.limits.state().totals.requests
                hubspot.account.today(-30)
                return c.birthday == tostring(today), c.last_seen == tostring(later) .. "T00:00:00Z", math.floor(span + 0.5),
                  hubspot.contacts.count{ where = { birthday = { lte = hubspot.account.today() } } },
                  hubspot.limits.state().totals.requests - before
                """)
            #expect(answer == [true, true, 7, 1, 1])
            for days in ["1e9", "math.mininteger", "math.maxinteger"] {
                #expect(try await console.failure("hubspot.account.today(\(days))")["kind"] == "invalid_argument")
            }
        }
    }
}

@Suite("What `typed` reads") struct RoundTripTests {
    /// Writes texts over the whole range of each type, reads them typed, writes that back, and compares the texts.
    private static let program = """
        math.randomseed(20261122)
        local function pick(list) return list[math.random(#list)] end
        local function day() return os.date("!%Y-%m-%d", math.random(-62135596800, 253402300799)) end
        local function moment()
          local text = os.date("!%Y-%m-%dT%H:%M:%S", math.random(-62135596800, 253402300799))
          return text .. pick{ "Z", ".001Z", ".250Z", ".999Z" }
        end
        local function padded(f) return function() return (f():gsub("^%d+", function(year) return ("0"):rep(4 - #year) .. year end)) end end
        local makers = {
          score = function()
            return pick{ "0", "-1", "0.1", "1e3", "12.50", "9223372036854775807", "-9223372036854775808", "9007199254740993",
              "9223372036854775808", "12345678901234567890", "0.12345678901234567890", "1795255200000",
              tostring(math.random(-10 ^ 15 // 1 | 0, 10 ^ 15 // 1 | 0)), ("%.17g"):format(math.random() * 10 ^ math.random(-9, 12)) }
          end,
          birthday = padded(day), last_seen = padded(moment),
          newsletter = function() return pick{ "true", "false" } end,
          interests = function() return pick{ "soup", "soup;tea", "tea;cake;bread" } end,
          favourite_food = function() return pick{ "soup", "bread" } end,
        }
        local edges = { birthday = { "9999-12-31", "0001-01-01", "1969-12-31", "1970-01-01", "2000-02-29", "2026-03-29", "2026-10-25" },
          last_seen = { "9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z", "2026-03-29T01:00:00Z",
            "2026-10-25T00:59:59.001Z" } }
        local names = {}
        for name in pairs(makers) do names[#names + 1] = name end
        table.sort(names)
        local list = {}
        for i = 1, 120 do
          local properties = { firstname = "p" .. i }
          for _, name in ipairs(names) do
            local fixed = edges[name] and edges[name][i]
            if fixed or math.random() < 0.8 then properties[name] = fixed or makers[name]() end
          end
          list[i] = properties
        end
        local made = hubspot.contacts.batch.create(list)
        assert(#made.errors == 0, made.errors[1] and made.errors[1].message)
        local ids = {}
        for i, record in ipairs(made.results) do ids[i] = record.id end
        local before = hubspot.contacts.batch.read(ids, { properties = names }).results
        local typed = hubspot.contacts.batch.read(ids, { properties = names, typed = true }).results
        -- The values go to other records, so that one that is not written shows.
        local copies = {}
        for i, record in ipairs(typed) do
          local properties = {}
          for _, name in ipairs(names) do properties[name] = record[name] end
          copies[i] = { firstname = "copy", lastname = "of " .. i }
          for name, value in pairs(properties) do copies[i][name] = value end
        end
        local written = hubspot.contacts.batch.create(copies)
        assert(#written.errors == 0, written.errors[1] and written.errors[1].message)
        local written_ids = {}
        for i, record in ipairs(written.results) do written_ids[i] = record.id end
        local after = hubspot.contacts.batch.read(written_ids, { properties = names }).results
        local kinds, wrong = {}, {}
        for i, record in ipairs(before) do
          for _, name in ipairs(names) do
            local old, new = record[name], after[i][name]
            local same = old == new or name == "score" and old and new and tonumber(old) == tonumber(new) and math.abs(tonumber(old)) < 2^53
            if not same then wrong[#wrong + 1] = name .. ": " .. tostring(old) .. " became " .. tostring(new) end
            if old then kinds[name .. " " .. type(typed[i][name])] = true end
          end
        end
        -- And by the definitions' own words, each finds its record.
        for i = 1, 5 do
          for _, name in ipairs{ "birthday", "last_seen" } do
            local value = typed[i][name]
            if value and hubspot.contacts.count{ where = { [name] = value } } < 2 then wrong[#wrong + 1] = name .. " is not found" end
          end
        end
        local seen = {}
        for kind in pairs(kinds) do seen[#seen + 1] = kind end
        table.sort(seen)
        return table.concat(wrong, "\\n"), table.concat(seen, ", ")
        """

    @Test(arguments: APIVersion.allCases) func `can be written back, whatever it is`(version: APIVersion) async throws {
        var options = SimulatorOptions()
        options.quota = .unlimited
        try await Console.running(options, configure: { $0.apiVersion = version }) { (console: Console) async throws in
            let answer = try await console.run(Self.program)
            #expect(answer[0] == "")
            #expect(
                answer[1].asString
                    == "birthday number, favourite_food string, interests table, last_seen number, newsletter boolean, "
                    + "score number, score string")
        }
    }

    @Test func `is nil where nothing is stored, and an empty list clears several choices`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local names = { "score", "birthday", "last_seen", "newsletter", "interests", "favourite_food" }
                local c = hubspot.contacts.create{ firstname = "a", score = 1, birthday = "2000-01-01", last_seen = 5,
                  newsletter = true, interests = { "soup" }, favourite_food = "soup" }
                local cleared = {}
                for _, name in ipairs(names) do cleared[name] = json.null end
                hubspot.contacts.update(c.id, cleared)
                local r = hubspot.contacts.get(c.id, { properties = names, typed = true })
                hubspot.contacts.update(c.id, { interests = "tea" })
                hubspot.contacts.update(c.id, { interests = {} })
                local plain = hubspot.contacts.get(c.id, { properties = names })
                return r.score, r.birthday, r.last_seen, r.newsletter, r.favourite_food, #(r.interests or {}),
                  plain.interests or ""
                """)
            #expect(answer == [nil, nil, nil, nil, nil, 0, ""])
        }
    }
}
