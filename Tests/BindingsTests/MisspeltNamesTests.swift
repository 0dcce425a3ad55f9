import Bindings
import LuaRuntime
import Testing

/// Silence is a fault: a name that does not exist is told, with the one that was meant.
@Suite("A misspelt name") struct MisspeltNamesTests {
    static let names: [(String, String)] = [
        ("hubspot.contact", "'contacts'"), ("hubspot.compnies", "'companies'"), ("hubspot.Contacts", "'contacts'"),
        ("hubspot.reqest", "'request'"), ("hubspot.sesion", "'session'"), ("hubspot.contacts.serach", "'search'"),
        ("hubspot.contacts.searchEach", "'search_each'"), ("hubspot.contacts.btach", "'batch'"),
        ("hubspot.contacts.batch.updat", "'update'"), ("hubspot.properties.lst", "'list'"),
        ("hubspot.objects('cars').creat", "'create'"), ("hubspot.limits.stat", "'state'"),
        ("hubspot.forms.submitt", "'submit'"), ("task.spwan", "'spawn'"), ("task.slep", "'sleep'"),
        ("json.encod", "'encode'"), ("json.nul", "'null'"), ("require('hubspot').deal", "'deals'"),
        ("hubspot.session.portalID", "'portalId'"), ("hubspot.session.readonly", "'read_only'"),
        ("hubspot.session.scope", "'scopes'"), ("hubspot.session.baseUrl", "'base_url'"),
    ]

    @Test(arguments: Self.names) func `below a module raises with the nearest one`(code: String, nearest: String)
        async throws
    {
        try await withoutSession { (runtime: LuaRuntime) async throws in
            let chunk = "local ok, e = pcall(function() return \(code) end) return ok, e.kind, e.message"
            let answer = try await runtime.run(LuaChunk(chunk, name: "=test"))
            #expect(answer.prefix(2) == [false, "invalid_argument"], "\(code) gave \(answer)")
            #expect(answer.last?.asString?.contains("did you mean \(nearest)?") == true, "\(answer)")
        }
    }

    @Test func `that is near to none raises with what there is`() async throws {
        try await withoutSession { (runtime: LuaRuntime) async throws in
            let chunk = "local _, e = pcall(function() if hubspot.wombat then end end) return e.message"
            let message = try await runtime.run(LuaChunk(chunk, name: "=test")).first?.asString ?? ""
            #expect(message.hasPrefix("'hubspot' has no 'wombat'; it has account, "), "\(message)")
        }
    }

    @Test func `in a session is told from a field that is nil`() async throws {
        try await withoutSession { (runtime: LuaRuntime) async throws in
            let chunk =
                "local s = hubspot.session return s.profile, s[1], pcall(function() return s.foo end)"
            let answer = try await runtime.run(LuaChunk(chunk, name: "=test"))
            #expect(answer.prefix(3) == [.none, .none, false], "\(answer)")
        }
    }

    @Test(arguments: ["return t.result", "return t.value", "t:awiat()", "if t.done then end"])
    func `of a task's handle raises with what it has`(code: String) async throws {
        try await withoutSession { (runtime: LuaRuntime) async throws in
            let chunk = """
                local t = task.spawn(function() return 7 end)
                local ok, e = pcall(function() \(code) end)
                return ok, e.kind, e.message, t:await(), t[1]
                """
            let answer = try await runtime.run(LuaChunk(chunk, name: "=test"))
            #expect(answer.prefix(2) == [false, "invalid_argument"], "\(code) gave \(answer)")
            #expect(answer[2].asString?.contains("it has await and cancel") == true, "\(answer)")
            #expect(answer[3] == 7)
        }
    }

    @Test func `can be asked for by rawget, given a value, and walked over`() async throws {
        try await withoutSession { (runtime: LuaRuntime) async throws in
            let chunk = """
                assert(rawget(hubspot, "wombat") == nil and hubspot[1] == nil and #hubspot == 0)
                hubspot.wombat, task.isGood, hubspot.contacts.extra, json.flag = 1, true, false, nil
                assert(hubspot.wombat == 1 and task.isGood == true and hubspot.contacts.extra == false)
                local names = {}
                for name in pairs(hubspot) do names[name] = true end
                assert(names.contacts and names.request and names.wombat and not names.contact)
                for name, value in pairs(task) do names[name] = value end
                for name, value in pairs(hubspot.contacts) do names[name] = value end
                return type(names.spawn), type(names.search), type(names.batch), #json.encode{}
                """
            let answer = try await runtime.run(LuaChunk(chunk, name: "=test"))
            #expect(answer == ["function", "function", "table", 2])
        }
    }

    @Test func `cannot take a constant's place`() async throws {
        try await withoutSession { (runtime: LuaRuntime) async throws in
            for value in ["1", "true", "{}", "nil"] {
                let chunk = "return pcall(function() json.null = \(value) end)"
                let answer = try await runtime.run(LuaChunk(chunk, name: "=test"))
                #expect(answer.first == false && answer.last?.asString?.contains("read-only") == true, "\(answer)")
            }
        }
    }

    @Test(arguments: [
        ("hubspot.contacts:get(501)", "hubspot.contacts.get"),
        ("hubspot.contacts.batch:read{ 1 }", "hubspot.contacts.batch.read"),
        ("hubspot:request('GET', '/x')", "hubspot.request"), ("hubspot.contacts:each()", "hubspot.contacts.each"),
        ("task:sleep(0)", "task.sleep"), ("json:encode{}", "json.encode"), ("json:decode('1')", "json.decode"),
        ("hubspot.limits:state()", "hubspot.limits.state"), ("hubspot.owners:list{}", "hubspot.owners.list"),
    ]) func `is none, but a colon in a dot's place says to use a dot`(code: String, name: String) async throws {
        try await withoutSession { (runtime: LuaRuntime) async throws in
            let chunk = "local ok, e = pcall(function() return \(code) end) return ok, e.kind, e.message"
            let answer = try await runtime.run(LuaChunk(chunk, name: "=test"))
            #expect(answer.prefix(2) == [false, "invalid_argument"], "\(code) gave \(answer)")
            #expect(
                answer.last?.asString?.contains("a dot expected, got a colon: write \(name)(…)") == true, "\(answer)")
        }
    }

    /// What a table holds beside what is read of it.
    static let dropped: [(String, String)] = [
        ("hubspot.contacts.search{ wher = {} }", "did you mean 'where'"),
        ("hubspot.contacts.list{ propertes = {} }", "did you mean 'properties'"),
        ("hubspot.contacts.search{ where = {} }", "leave it out"),
        ("hubspot.contacts.search_each{ where = {} }", "leave it out"),
        ("hubspot.contacts.count{ where = {} }", "leave it out"),
        ("hubspot.contacts.search{ any = { { a = 1 }, {} } }", "leave it out"),
        ("hubspot.contacts.search{ where = { a = { betwen = { 1, 2 } } } }", "did you mean 'between'"),
        ("hubspot.contacts.search{ where = { a = 1, [true] = 2 } }", "names as keys expected"),
        ("hubspot.contacts.search{ where = { a = { eq = 1, [0.5] = 2 } } }", "names as keys expected"),
        (
            "hubspot.contacts.search{ filters = { { propertyName = 'a', operator = 'EQ', vlaue = 1 } } }",
            "did you mean 'value'"
        ),
        (
            "hubspot.contacts.search{ filters = { { propertyName = 'a', operator = 'IN', values = 'x' } } }",
            "a list of values expected"
        ),
        ("hubspot.contacts.search{ filterGroups = { { filters = {}, filter = {} } } }", "did you mean 'filters'"),
        (
            "hubspot.contacts.search{ sorts = { { propertyName = 'a', directon = 'DESCENDING' } } }",
            "did you mean 'direction'"
        ),
        ("hubspot.contacts.batch.update{ { id = 1, properties = {}, archived = true } }", "unknown field 'archived'"),
        (
            "hubspot.contacts.batch.upsert{ { id = 'a@example.org', properties = {}, idProperty = 'x' } }",
            "unknown field 'idProperty'"
        ),
        ("task.map({ 1, 2, 3, n = 1 }, print)", "at least 3"),
        ("task.map({ n = math.maxinteger }, print)", "a list can hold"),
    ]

    @Test(arguments: Self.dropped) func `in a table is told rather than dropped`(code: String, said: String)
        async throws
    {
        try await withoutSession { (runtime: LuaRuntime) async throws in
            let chunk = "local ok, e = pcall(function() return \(code) end) return ok, e.kind, e.message"
            let answer = try await runtime.run(LuaChunk(chunk, name: "=test"))
            #expect(answer.prefix(2) == [false, "invalid_argument"], "\(code) gave \(answer)")
            #expect(answer.last?.asString?.contains(said) == true, "\(answer)")
        }
    }
}
