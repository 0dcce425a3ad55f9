import LuaRuntime
import Testing

@Suite("A declared function") struct CallTests {
    @Test func `returns values that pass through unchanged`() async throws {
        let values = try await lua(
            "return host.now(1, 2.5, 'a\\0b', false, { 1, { x = 1 } }), host.now('\\xff')")
        #expect(values == [1, .bytes([0xff])])
    }

    @Test func `leaves out what cannot be copied`() async throws {
        let values = try await lua("local t = host.now({ [print] = 1, a = print, b = 3 }) return t")
        #expect(values == [.object([("b", 3)])])
    }

    @Test func `suspends the main chunk, pcall, iterators and a user's coroutine`() async throws {
        let values = try await lua(
            """
            local out = { host.echo(1) }
            local _, two = pcall(host.echo, 2)
            out[2] = two
            for v in function(_, last) local v = host.echo((last or 2) + 1) if v < 5 then return v end end do out[#out + 1] = v end
            local co = coroutine.wrap(function() coroutine.yield(host.echo(5)) coroutine.yield(host.echo(6)) end)
            out[#out + 1] = co()
            out[#out + 1] = co()
            return out
            """)
        #expect(values == [.table(LuaTable(list: [1, 2, 3, 4, 5, 6]))])
    }

    @Test func `keeps the user's yields the user's through nested coroutines`() async throws {
        let values = try await lua(
            """
            local log = {}
            local function add(value) log[#log + 1] = value end
            local outer = coroutine.create(function()
              local inner = coroutine.create(function(a)
                add(host.echo(a))
                add(coroutine.yield('inner yields'))
                add(host.echo('inner again'))
                return 'inner returns'
              end)
              add(select(2, coroutine.resume(inner, 'first')))
              add(coroutine.yield('outer yields'))
              add(select(2, coroutine.resume(inner, 'resumed')))
            end)
            add(select(2, coroutine.resume(outer)))
            add(tostring(coroutine.resume(outer, 'outer resumed')))
            return table.concat(log, '; '), coroutine.status(outer)
            """)
        #expect(
            values == [
                "first; inner yields; outer yields; outer resumed; resumed; inner again; inner returns; true", "dead",
            ])
    }

    @Test func `waits on the spot where Lua cannot yield`() async throws {
        let values = try await lua(
            """
            local list = { 3, 1, 2 }
            table.sort(list, function(a, b) return host.echo(a) < host.echo(b) end)
            local text = string.gsub('abc', '%a', function(c) return host.echo(c:upper()) end)
            local meta = setmetatable({}, { __index = function(_, k) return host.echo(k .. '!') end })
            return list, text, meta.x
            """)
        #expect(values == [.table(LuaTable(list: [1, 2, 3])), "ABC", "x!"])
    }

    @Test func `suspends in metamethods, handlers and to-be-closed variables, and waits in finalizers`() async throws {
        let values = try await lua(
            """
            local log = {}
            local function add(value) log[#log + 1] = value end
            local t = setmetatable({}, {
              __index = function(_, k) return host.echo(k) end,
              __call = function(_, x) return host.echo(x) end,
              __concat = function(_, x) return host.echo('concat ' .. x) end,
              __eq = function() return host.echo(true) end,
            })
            add(t.index) add(t('call')) add(t .. 'x') add(tostring(t == setmetatable({}, getmetatable(t))))
            add(select(2, xpcall(error, function(e) return host.echo('handled ' .. e) end, 'it')))
            do
              local x <close> = setmetatable({}, { __close = function() add(host.echo('closed')) end })
            end
            setmetatable({}, { __gc = function() add(host.echo('collected')) end })
            collectgarbage()
            return table.concat(log, ', ')
            """)
        #expect(values == ["index, call, concat x, true, handled it, closed, collected"])
    }

    @Test func `raises a table that pcall catches and that prints with its kind first and its place last`() async throws
    {
        let values = try await lua(
            """
            local ok, e = pcall(host.fail)
            local ok2, e2 = pcall(function() host.fail('conflict') end)
            return ok, e.kind, e.message, tostring(e2)
            """)
        #expect(values == [false, "not_found", "no such thing", "conflict: no such thing at test:2"])
    }

    @Test func `that fails uncaught names its kind in the failure`() async throws {
        let failure = try await failure("host.fail()")
        #expect(failure.kind == "not_found")
        #expect(failure.message == "test:1: not_found: no such thing")
    }

    @Test func `gives JSON documents as tables with metatables`() async throws {
        let values = try await lua(
            #"""
            local page = host.document('{"results":[{"id":"1"},{"id":"2"}],"total":2}')
            return page.kind, page.results[2].kind, page.results[2].id, page.total
            """#)
        #expect(values == ["root", "element", "2", 2])
    }

    @Test func `refuses a document that is no JSON as an error`() async throws {
        let values = try await lua(
            "local ok, e = pcall(host.document, '{') return ok, e.kind, e.message:match('invalid JSON') ")
        #expect(values == [false, "bad_response", "invalid JSON"])
    }

    @Test func `takes JSON arguments`() async throws {
        let values = try await lua("return host.encode({ a = { 1, 2 }, b = 'x' })")
        #expect(values == [#"{"a":[1,2],"b":"x"}"#])
    }

    @Test func `says that memory is short where an argument's JSON does not fit`() async throws {
        let values = try await lua(
            "local list = {} for i = 1, 100 do list[i] = { (('x'):rep(1000)) } end "
                + "local wide = {} for i = 1, 100 do wide[i] = list end return pcall(host.encode, wide)"
        ) { $0.memoryLimit = 4 << 20 }
        #expect(values == [false, "not enough memory"])
    }

    @Test func `may have its body in Lua`() async throws {
        let values = try await lua("local n = 0 return host.twice(function() n = host.echo(n + 1) return n end)")
        #expect(values == [1, 2])
    }

    @Test func `of a module below is found on first use`() async throws {
        let values = try await lua(
            "return host.deep.hello(), host.deep.answer, host.deep == host.deep, rawget(host, 'nothing')")
        #expect(values == ["hello", 42, true, nil])
    }

    @Test func `of a name that the module lacks raises with the nearest`() async throws {
        let values = try await lua(
            "local ok, e = pcall(function() return host.deep.helo end) return ok, e.kind, e.message")
        #expect(values == [false, "invalid_argument", "'host.deep' has no 'helo'; did you mean 'hello'?"])
    }

    @Test func `of a module stays: constants cannot be assigned`() async throws {
        let values = try await lua(
            "local ok, e = pcall(function() host.deep.answer = 1 end) host.deep.mine = 2 return ok, e, host.deep.answer, host.deep.mine"
        )
        #expect(values == [false, "test:1: answer is read-only", 42, 2])
    }

    @Test(arguments: [
        ("host.options()", "missing argument 'id' to 'host.options' (string or integer expected)"),
        ("host.options({})", "bad argument 'id' to 'host.options' (string or integer expected, got table)"),
        (
            "host.options(1.5)",
            "bad argument 'id' to 'host.options' (string or integer expected, got a number with a fraction)"
        ),
        ("host.options(1, 2)", "bad argument 'opts' to 'host.options' (table expected, got number)"),
        (
            "host.options(1, { limit = 'x' })",
            "bad argument 'opts.limit' to 'host.options' (integer expected, got string)"
        ),
        (
            "host.options(1, { limti = 1 })",
            "bad argument 'opts' to 'host.options' (unknown option 'limti'; did you mean 'limit'?)"
        ),
        (
            "host.options(1, { properties = { 'a', 2 } })",
            "bad argument 'opts.properties[2]' to 'host.options' (string expected, got number)"
        ),
        (
            "host.options(1, { properties = { a = 1 } })",
            "bad argument 'opts.properties' to 'host.options' (a list expected, got a table with 'a')"
        ),
        (
            "host.options(1, { mode = 'x' })",
            "bad argument 'opts.mode' to 'host.options' (one of 'fast', 'slow' expected, got 'x')"
        ),
        (
            "host.options('\\xff')",
            "bad argument 'id' to 'host.options' (string or integer expected, got a string that is not valid UTF-8)"
        ),
        ("host.options(0/0)", "bad argument 'id' to 'host.options' (string or integer expected, got nan)"),
        (
            "host.options(2^70)",
            "bad argument 'id' to 'host.options' (string or integer expected, got a number beyond 64 bits)"
        ),
        ("host.twice(1)", "bad argument 'f' to 'host.twice' (function expected, got number)"),
        (
            "local t = {} t.t = t host.encode(t)",
            "bad argument 'value' to 'host.encode' (cannot encode $.t: a cycle: it is the same table as $)"
        ),
    ])
    func `refuses wrong arguments by name`(call: String, message: String) async throws {
        let failure = try await failure(call)
        #expect(failure.kind == "invalid_argument")
        #expect(failure.message == "test:1: invalid_argument: " + message)
    }

    @Test func `takes ids as strings or integers`() async throws {
        let values = try await lua("return host.options(12), host.options('12'), host.options(12.0)")
        #expect(values == ["12", "12", "12", nil])
    }
}
