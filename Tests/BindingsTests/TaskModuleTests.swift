import LuaRuntime
import Simulator
import Testing

@Suite("task") struct TaskModuleTests {
    private func run(_ code: String) async throws -> [LuaValue] {
        var answer: [LuaValue] = []
        try await withoutSession { answer = try await $0.run(LuaChunk(code, name: "=test")) }
        return answer
    }

    @Test func `awaits what it spawned`() async throws {
        #expect(
            try await run(
                "local t = task.spawn(function(a, b) task.sleep(0) return a + b, 'x' end, 1, 2) return t:await()")
                == [3, "x"])
    }

    @Test func `maps a list in order, holes included`() async throws {
        let answer = try await run(
            """
            local r = task.map({ 30, 10, 20 }, function(v, i) task.sleep(v / 10000) if i == 2 then return nil end return v + i end)
            return r[1], r[2], r[3], r.n
            """)
        #expect(answer == [31, nil, 23, 3])
    }

    @Test func `keeps the number of results apart from its entries`() async throws {
        let answer = try await run(
            """
            local r = task.map({ 1, 2, 3, 4 }, function(v) if v % 2 == 1 then return v end end)
            local keys = {}
            for key in next, r do keys[#keys + 1] = math.type(key) end
            local again = task.map(r, function(v, i) return v or -i end)
            r[4] = "set"
            return table.concat(keys, " "), r.n, rawget(r, "n"), json.encode(again), again.n, json.encode(task.all{ function() return "x" end }),
              table.unpack(r, 1, r.n)
            """)
        #expect(answer == ["integer integer", 4, nil, "[1,-2,3,-4]", 4, #"["x"]"#, 1, nil, 3, "set"])
    }

    @Test func `takes what table.pack made, what can be called, and a list with a metatable`() async throws {
        let answer = try await run(
            """
            local callable = setmetatable({}, { __call = function(_, v) return v and v * 2 end })
            local packed = task.map(table.pack(1, nil, 3), callable)
            local drawn = 0
            local iterator = setmetatable({ 9, 9, 9 }, { __call = function() drawn = drawn + 1 if drawn <= 2 then return drawn end end })
            local array = task.map(json.array{ 5 }, callable)
            return packed.n, packed[1], packed[2], packed[3], task.map(iterator, callable).n, array[1],
              task.timeout(1, setmetatable({}, { __call = function() return "called" end })),
              task.all{ setmetatable({}, { __call = function() return 7 end }) }[1]
            """)
        #expect(answer == [3, 2, nil, 6, 2, 10, "called", 7])
    }

    @Test func `maps an iterator on demand, no more at a time than asked`() async throws {
        let answer = try await run(
            """
            local drawn, running, most = 0, 0, 0
            local function iterator()
              task.sleep(0)
              if drawn < 20 then drawn = drawn + 1 return drawn, drawn * 2 end
            end
            local r = task.map(iterator, function(a, b)
              running = running + 1
              most = math.max(most, running)
              task.sleep(0.001)
              running = running - 1
              return a + b
            end, { concurrency = 4 })
            return r.n, r[20], most
            """)
        #expect(answer == [20, 60, 4])
    }

    @Test func `raises an item's own error unchanged, and stops the others`() async throws {
        let answer = try await run(
            """
            local mine, closed = { "mine" }, 0
            local ok, e = pcall(task.each, { 1, 2, 3 }, function(i)
              local guard <close> = setmetatable({}, { __close = function() closed = closed + 1 end })
              if i == 2 then task.sleep(0.001) error(mine) end
              task.sleep(100)
            end)
            task.sleep(0.01)
            return ok, e == mine, closed
            """)
        #expect(answer == [false, true, 3])
    }

    @Test func `raises an iterator's error`() async throws {
        #expect(
            try await run("local ok, e = pcall(task.map, function() error({ 'it' }) end, print) return ok, e[1]") == [
                false, "it",
            ])
    }

    @Test func `runs all and keeps each first result`() async throws {
        let answer = try await run(
            """
            local r = task.all{ function() task.sleep(0.002) return 1, 9 end, function() return nil end, function() return 3 end }
            return r[1], r[2], r[3], r.n, task.all{}.n
            """)
        #expect(answer == [1, nil, 3, 3, 0])
    }

    @Test func `ends what takes too long, and its to-be-closed variables run`() async throws {
        let answer = try await run(
            """
            local closed = false
            local ok, e = pcall(task.timeout, 0.005, function()
              local guard <close> = setmetatable({}, { __close = function() closed = true end })
              task.sleep(100)
            end)
            return ok, e.kind, closed, task.timeout(10, function() task.sleep(0) return 1, 2 end)
            """)
        #expect(answer == [false, "timeout", true, 1, 2])
    }

    @Test func `passes on the error of what it limits`() async throws {
        #expect(
            try await run(
                "local ok, e = pcall(task.timeout, 5, function() error({ kind = 'cancelled' }) end) return ok, e.kind")
                == [false, "cancelled"])
    }

    @Test func `raises cancelled where a cancelled task is awaited`() async throws {
        #expect(
            try await run(
                "local t = task.spawn(task.sleep, 100) task.sleep(0) t:cancel() local ok, e = pcall(t.await, t) return ok, e.kind"
            )
                == [false, "cancelled"])
    }

    @Test func `fills the simulator with requests at once, drawing from an iterator`() async throws {
        var options = SimulatorOptions()
        options.contacts = 40
        try await Console.running(options) { (console: Console) async throws in
            let answer = try await console.run(
                """
                local r = task.map(hubspot.contacts.each{ limit = 10 }, function(c) return hubspot.contacts.get(c.id).id == c.id end)
                for i = 1, r.n do assert(r[i]) end
                return r.n
                """)
            #expect(answer == [40])
        }
    }
}

@Suite("json") struct JSONModuleTests {
    @Test(arguments: [
        ("json.encode{ 1, 2.5, 'x', json.null, true }", #"[1,2.5,"x",null,true]"#), ("json.encode{}", "{}"),
        ("json.encode(json.array{})", "[]"), ("json.encode(json.array())", "[]"),
        ("json.encode(json.decode('[]'))", "[]"),
        ("json.encode(nil)", "null"), ("json.encode{ a = 9007199254740993 }", #"{"a":9007199254740993}"#),
    ])
    func `writes`(code: String, text: String) async throws {
        try await withoutSession { (runtime: LuaRuntime) async throws in
            let answer = try await runtime.run(LuaChunk("return \(code)", name: "=test"))
            #expect(answer == [.string(text)])
        }
    }

    @Test func `names the byte that is not UTF-8`() async throws {
        try await withoutSession { (runtime: LuaRuntime) async throws in
            let answer = try await runtime.run(
                LuaChunk(#"return select(2, pcall(json.decode, '{"a":"b\xff"}')).message"#, name: "=test"))
            #expect(answer == ["bad argument 'text' to 'json.decode' (the string is not valid UTF-8 at byte 8)"])
        }
    }

    @Test func `reads, and refuses with a kind`() async throws {
        try await withoutSession { (runtime: LuaRuntime) async throws in
            let answer = try await runtime.run(
                LuaChunk(
                    """
                    local v = json.decode('{"a":[1,null,2.5],"b":null}')
                    local ok, e = pcall(json.decode, "{")
                    local ok2, e2 = pcall(json.encode, { f = print })
                    return v.a[1], v.a[2] == json.null, v.b, e.kind, e2.kind, json.encode({ a = 1 }, { pretty = true })
                    """, name: "=test"))
            #expect(answer == [1, true, nil, "invalid_argument", "invalid_argument", "{\n  \"a\": 1\n}"])
        }
    }
}
