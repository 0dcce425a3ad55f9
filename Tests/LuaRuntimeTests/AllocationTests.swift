import Foundation
import LuaRuntime
import Testing

/// Runs one program again and again under a memory limit that grows by a few bytes, so that each of its allocations is
/// refused once: while a coroutine is made, in the bridge, in JSON, while an error is raised.
@Suite("An allocation that is refused") struct AllocationTests {
    /// What the state may hold beyond what it needs by itself, while the program runs: free again for what comes after.
    private static let ballast = 24 << 10
    /// Bytes between two limits; smaller ones strike more allocations (`MOONSPOT_ALLOCATION_STEP`).
    private static let step = Int(ProcessInfo.processInfo.environment["MOONSPOT_ALLOCATION_STEP"] ?? "") ?? 167

    @Test(arguments: bodies.keys.sorted())
    func `is an error that pcall catches, and leaves the state usable`(name: String) async throws {
        let program = LuaChunk(
            """
            local ballast = {}
            for i = 1, \(Self.ballast >> 10) do ballast[i] = ("b"):rep(990) .. i end
            local ok, problem = pcall(function() \(Self.bodies[name]!) end)
            ballast = nil
            collectgarbage()
            if ok then return "done" end
            if problem == "not enough memory" then return "refused" end
            error("neither done nor refused: " .. tostring(problem), 0)
            """, name: "=program")
        let check = LuaChunk(
            "return #('x'):rep(4096), coroutine.wrap(function() return host.echo('usable') end)()", name: "=check")
        let base = try await Self.leastMemory()
        var refusals = 0
        for limit in stride(from: base + Self.ballast, to: base + (4 << 20), by: Self.step) {
            guard let runtime = try? LuaRuntime(Self.options(limit: limit)) else { continue }
            var outcome: [LuaValue] = []
            do throws(LuaFailure) {
                outcome = try await runtime.run(program)
            } catch {
                // Struck before pcall was reached, or after.
                #expect(error.message.contains("not enough memory"), "limit \(limit)")
            }
            await runtime.drain()
            let after = try await runtime.run(check)
            #expect(after == [4096, "usable"])
            await runtime.close()
            if outcome == ["refused"] { refusals += 1 }
            if outcome == ["done"] {
                #expect(refusals > 10, "the sweep has to strike the program")
                return
            }
        }
        Issue.record("no limit was enough")
    }

    @Test func `finds small blocks of every size as they were left`() async throws {
        let runtime = try LuaRuntime(LuaRuntime.Options())
        // Strings and tables that grow and shrink over the sizes that come from lists and those that come from malloc, in an
        // order made of a seed, each with what it must hold.
        let holds = try await runtime.run(
            LuaChunk(
                """
                math.randomseed(7)
                local kept, marks = {}, {}
                for turn = 1, 60000 do
                  local place = math.random(400)
                  if marks[place] then
                    assert(#kept[place] == marks[place].size and kept[place]:find("^" .. marks[place].letter .. "*$"))
                  end
                  local letter = string.char(96 + place % 26 + 1)
                  local size = math.random(0, 600)
                  kept[place], marks[place] = letter:rep(size), { letter = letter, size = size }
                  if turn % 5000 == 0 then collectgarbage() end
                end
                local lists = {}
                for turn = 1, 2000 do
                  local list = {}
                  for i = 1, math.random(0, 80) do list[i] = turn * i end
                  lists[turn % 100 + 1] = list
                  for i = 1, #list do assert(list[i] == turn * i) end
                end
                return true
                """, name: "=sizes"))
        #expect(holds == [true])
        let collect = LuaChunk("collectgarbage() collectgarbage()", name: "=collect")
        _ = try await runtime.run(collect)
        let used = await runtime.memoryInUse()
        _ = try await runtime.run(LuaChunk("local t = {} for i = 1, 5000 do t[i] = {} end", name: "=more"))
        _ = try await runtime.run(collect)
        // Those that are back in their lists count no more: 5,000 tables would be 280,000 bytes.
        #expect(abs(await runtime.memoryInUse() - used) < 10_000)
        await runtime.close()
    }

    /// What a state holds that has collected its garbage.
    private static func leastMemory() async throws -> Int {
        let runtime = try LuaRuntime(options(limit: 0))
        _ = try await runtime.run(LuaChunk("collectgarbage() collectgarbage()", name: "=collect"))
        let bytes = await runtime.memoryInUse()
        await runtime.close()
        return bytes
    }

    private static func options(limit: Int) -> LuaRuntime.Options {
        var options = LuaRuntime.Options()
        options.modules = [TestModules.host, TestModules.task, TestModules.json]
        options.memoryLimit = limit
        options.library = {
            $0 == "greeting"
                ? LuaChunk("local M = {} function M.hello() return 'hi' end return M", name: "@greeting.lua") : nil
        }
        return options
    }

    private static let bodies = [
        "coroutines": """
        local kept = {}
        for i = 1, 12 do
          local co = coroutine.create(function(a)
            local x <close> = setmetatable({}, { __close = function() kept.closed = i end })
            for j = 1, 3 do a = coroutine.yield({ a, j }) end
            return coroutine.wrap(function() return coroutine.yield(1) end)()
          end)
          assert(coroutine.resume(co, i))
          if i % 2 == 0 then assert(coroutine.close(co)) else assert(coroutine.resume(co, i)) end
          kept[i] = co
        end
        """,
        "errors": """
        local kept = {}
        for i = 1, 24 do
          local ok, e = pcall(error, { code = i, text = ("%d"):format(i) })
          assert(not ok)
          kept[#kept + 1] = e
          if type(e) == "string" then error(e, 0) end
          local ok, e = xpcall(function() local t = nil; return t.x end, debug.traceback)
          if e:find("not enough memory", 1, true) then error("not enough memory", 0) end
          local ok, e = pcall(host.options, {}, 1)
          if e == "not enough memory" then error(e, 0) end
          local ok, e = pcall(host.fail, "conflict")
          if e == "not enough memory" then error(e, 0) end
          kept[#kept + 1] = e
          assert(e.kind == "conflict" and tostring(e))
        end
        """,
        "tasks": """
        local tasks = {}
        for i = 1, 8 do
          tasks[i] = task.spawn(function(n)
            task.sleep(0)
            local x <close> = setmetatable({}, { __close = function() host.echo(n) end })
            return host.echo(n, { n }, "text")
          end, i)
        end
        task.cancel(tasks[8])
        for i = 1, 7 do assert(task.await(tasks[i]) == i) end
        pcall(task.await, tasks[8])
        """,
        "json": """
        local text = json.encode({ list = { 1, 2.5, "three", { deep = { true, false } } }, name = "é", empty = {} })
        for i = 1, 4 do text = json.encode(json.decode(text)) end
        local big = {}
        for i = 1, 200 do big[i] = { id = i, name = "record " .. i } end
        assert(#json.decode(json.encode(big)) == 200)
        """,
        "documents": """
        for i = 1, 4 do
          local page = host.document('{"results":[{"id":"1","properties":{"email":"a@example.org"}},{"id":"2"}],"paging":null}')
          assert(page.kind == "root" and page.results[2].kind == "element")
          assert(host.encode({ a = { 1, 2, i } }))
        end
        assert(host.deep.hello() == "hello" and host.deep.answer == 42)
        """,
        "require": """
        package.loaded.greeting = nil
        local ok, module = pcall(require, "greeting")
        if not ok then error(module:find("not enough memory", 1, true) and "not enough memory" or module, 0) end
        assert(module.hello() == "hi")
        local ok, e = pcall(require, "no.such.module")
        if e == "not enough memory" then error(e, 0) end
        package.loaded.greeting = nil
        """,
        "waits on the spot": """
        local list = { 5, 3, 1, 4 }
        table.sort(list, function(a, b) return host.echo(a < b) end)
        assert(list[1] == 1 and list[4] == 5)
        assert(("abc"):gsub(".", function(c) return host.echo(c .. c) end) == "aabbcc")
        local t = setmetatable({}, { __index = function(_, k) return host.echo(k) end })
        assert(coroutine.wrap(function() return t.key .. task.await(task.spawn(function() return "x" end)) end)() == "keyx")
        """,
        "code": """
        for i = 1, 6 do
          local f, problem = load("local a, b = ... ; local t = { a, b, x = function() return a .. b end } return t.x()")
          if not f then error(problem, 0) end
          assert(f("x", i) == "x" .. i)
          assert(#string.format("%s %5.1f %q", "text", i, "quoted\\n") > 0)
          local parts = {}
          for j = 1, 50 do parts[#parts + 1] = tostring(j):rep(j) end
          assert(#table.concat(parts, ",") > 0)
        end
        """,
    ]
}
