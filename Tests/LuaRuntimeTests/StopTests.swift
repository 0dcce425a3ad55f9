import LuaRuntime
import Testing

@Suite("A stop") struct StopTests {
    /// Starts a chunk that never ends, stops it once it has called `host.started`, and returns why it ended.
    private func stopped(_ source: String, then check: String = "return 'usable'") async throws -> (
        LuaFailure?, [LuaValue]
    ) {
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        return try await withRuntime({ $0.modules.append(announcing(start)) }) { runtime in
            async let ended: LuaFailure? = {
                do throws(LuaFailure) {
                    _ = try await runtime.run(LuaChunk(source, name: "=test"))
                    return nil
                } catch {
                    return error
                }
            }()
            for await _ in started { break }
            runtime.stop(.interrupt)
            let failure = await ended
            return (failure, try await runtime.run(LuaChunk(check, name: "=after")))
        }
    }

    @Test(arguments: [
        "announce.started() while true do end",
        "announce.started() while true do pcall(function() while true do end end) end",
        "announce.started() while true do xpcall(function() while true do end end, function(e) return e end) end",
        "announce.started() local co = coroutine.create(function() while true do end end) while true do coroutine.resume(co) end",
        "announce.started() coroutine.wrap(function() while true do end end)()",
        "announce.started() host.hang()",
        "return setmetatable({}, { __tostring = function() announce.started() while true do pcall(error) end end })",
        "return { setmetatable({}, { __tostring = function() announce.started() host.hang() end }) }",
        "announce.started() while true do pcall(host.hang) end",
        "announce.started() coroutine.wrap(function() pcall(host.hang) end)()",
        "announce.started() table.sort({ 1, 2, 3 }, function() host.hang() end)",
        "announce.started() task.sleep(3600)",
        "announce.started() debug.sethook() while true do debug.sethook() end",
        "announce.started() while true do xpcall(error, function() while true do end end) end",
        "announce.started() xpcall(function() while true do end end, function() while true do end end)",
        "announce.started() xpcall(table.sort, function() while true do end end, { 2, 1 }, function() while true do end end)",
        "announce.started() coroutine.wrap(function() table.sort({ 2, 1 }, function() while true do end end) end)()",
        "announce.started() while true do load(function() while true do end end) end",
        "announce.started() task.await(task.spawn(host.hang))",
        "announce.started() setmetatable({}, { __index = function() while true do end end }).x = setmetatable({}, { __index = function() while true do end end }).y",
    ])
    func `ends what runs and leaves the state usable`(source: String) async throws {
        let (failure, after) = try await stopped(source)
        #expect(failure?.cause == .interrupted)
        #expect(after == ["usable"])
    }

    @Test func `runs to-be-closed variables, with their own calls`() async throws {
        let (failure, after) = try await stopped(
            """
            local x <close> = setmetatable({}, { __close = function() closed = host.echo('closed') end })
            announce.started()
            while true do end
            """, then: "return closed")
        #expect(failure?.cause == .interrupted)
        #expect(after == ["closed"])
    }

    @Test(arguments: [
        "body()",
        "coroutine.wrap(body)()",
        "coroutine.resume(coroutine.create(function() pcall(body) end))",
        "coroutine.wrap(function() local x <close> = looping() coroutine.wrap(body)() end)()",
        "local co = coroutine.create(function() local x <close> = looping() coroutine.yield() end) coroutine.resume(co) "
            + "announce.started() while true do end coroutine.close(co)",
    ])
    func `ends to-be-closed variables that take more than a second`(source: String) async throws {
        let (failure, after) = try await stopped(
            """
            function looping() return setmetatable({}, { __close = function() while true do end end }) end
            function body()
              local x <close> = looping()
              announce.started()
              while true do end
            end
            \(source)
            """)
        #expect(failure?.cause == .interrupted)
        #expect(after == ["usable"])
    }

    @Test func `says where it struck, whatever to-be-closed variables do`() async throws {
        let (failure, _) = try await stopped(
            """
            local x <close> = setmetatable({}, { __close = function() error("of the script's own") end })
            announce.started()
            while true do end
            """)
        #expect(failure?.cause == .interrupted)
        #expect(failure?.traceback.contains("test:3: in main chunk") == true, "\(failure?.traceback ?? "none")")
    }

    @Test(arguments: ["body()", "coroutine.wrap(body)()", "coroutine.wrap(function() pcall(body) end)()"])
    func `is the error that to-be-closed variables get`(source: String) async throws {
        let (_, after) = try await stopped(
            """
            function body()
              local x <close> = setmetatable({}, { __close = function(_, problem) closed = problem.message end })
              local y <close> = setmetatable({}, { __close = function() error("of the script's own") end })
              local z <close> = setmetatable({}, { __close = function(_, problem) first = problem.message end })
              announce.started()
              while true do end
            end
            \(source)
            """, then: "return first, closed == nil")
        #expect(after == ["interrupted", true])
    }

    @Test func `that is meant for another leaves the hooks of a script's coroutines in place`() async throws {
        let values = try await lua(
            """
            local hooks, coroutines, counts = {}, {}, { 0, 0 }
            for i = 1, 2 do
              hooks[i] = function() counts[i] = counts[i] + 1 end
              coroutines[i] = coroutine.wrap(function()
                debug.sethook(hooks[i], "", 7)
                while true do
                  local other = i == 2 or coroutines[2]()
                  coroutine.yield(other and debug.gethook() == hooks[i])
                end
              end)
            end
            local tasks = {}
            for i = 1, 40 do
              tasks[i] = task.spawn(task.sleep, 3600)
              task.deadline(tasks[i], i / 2000)
            end
            while not task.done(tasks[40]) do
              for _ = 1, 100 do coroutines[1]() end
              task.sleep(0)
            end
            local before = counts[1] + counts[2]
            return coroutines[1](), counts[1] + counts[2] > before
            """)
        #expect(values == [true, true])
    }

    @Test(arguments: [
        "xpcall(error, function() announce.started() task.sleep(3600) end)",
        "xpcall(error, function() announce.started() while true do pcall(task.sleep, 3600) end end)",
        "xpcall(function() announce.started() pcall(task.sleep, 3600) end, loop)",
        "xpcall(function() xpcall(function() announce.started() loop() end, loop) end, loop)",
        "table.sort({ 2, 1 }, function() xpcall(function() announce.started() task.sleep(3600) end, loop) end)",
        "coroutine.wrap(function() xpcall(table.sort, loop, { 2, 1 }, function() announce.started() loop() end) end)()",
    ])
    func `calls no message handler of the script's`(source: String) async throws {
        let (failure, after) = try await stopped(
            """
            heard, closed = 0, nil
            local function loop() heard = heard + 1 while true do heard = heard + 1 end end
            local x <close> = setmetatable({}, { __close = function(_, e) closed, atStop = e.kind, heard end })
            \(source)
            """, then: "return closed, atStop == heard")
        #expect(failure?.cause == .interrupted)
        #expect(after == ["cancelled", true])
    }

    @Test func `of an error's __tostring says why`() async throws {
        let (failure, after) = try await stopped(
            "error(setmetatable({}, { __tostring = function() announce.started() while true do end end }))")
        #expect(failure?.cause == .interrupted)
        #expect(failure?.message == "cancelled: interrupted")
        #expect(after == ["usable"])
    }

    @Test func `of tasks that outlive their chunk is told when they have ended`() async throws {
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        try await withRuntime({ $0.modules.append(announcing(start)) }) { runtime in
            let source = "task.spawn(function() announce.started() while true do task.sleep(0) end end)"
            _ = try await runtime.run(LuaChunk(source, name: "=test"))
            for await _ in started { break }
            runtime.stop(.timeLimit, scope: .all)
            let drained = await runtime.drain()
            #expect(drained.stop?.cause == .timeLimit)
            #expect(drained.unawaitedFailures == 0)
            #expect(await runtime.drain().stop == nil)
        }
    }

    @Test func `says why in the failure's cause`() async throws {
        let (failure, _) = try await stopped("announce.started() while true do end")
        #expect(failure?.kind == "cancelled")
        #expect(failure?.message == "test:1: cancelled: interrupted" || failure?.message == "cancelled: interrupted")
    }

    @Test func `of the memory limit can be caught and leaves the state usable`() async throws {
        let values = try await lua(
            """
            local ok, e = pcall(function() local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1000) .. i end end)
            return ok, e, #('y'):rep(1000)
            """
        ) { $0.memoryLimit = 16 << 20 }
        #expect(values == [false, "not enough memory", 1000])
    }
}

@Suite("The idle signal") struct IdleSignalTests {
    /// Runs a chunk that never ends until it has called `announce.started` and the signal has come within `limit`.
    private func wait(for source: String, atMost limit: Duration) async throws {
        let idle = IdleSignal()
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        try await withRuntime({
            $0.idle = idle
            $0.modules.append(announcing(start))
        }) { runtime in
            async let run = runtime.run(LuaChunk(source, name: "=test"))
            for await _ in started { break }
            await idle.wait(atMost: limit)
            runtime.stop(.interrupt)
            _ = try? await run
        }
    }

    @Test(.timeLimit(.minutes(1))) func `comes when no coroutine can run`() async throws {
        try await wait(for: "announce.started() host.hang()", atMost: .seconds(3600))
    }

    @Test(.timeLimit(.minutes(1))) func `comes after the limit while a script is busy`() async throws {
        try await wait(for: "announce.started() while true do end", atMost: .milliseconds(5))
    }
}

/// A module whose one function tells the test that the chunk runs.
private func announcing(_ start: AsyncStream<Void>.Continuation) -> LuaModule {
    LuaModule(
        "announce", "Tells the test.",
        functions: [
            LuaFunction(
                "started", "It runs.",
                body: .immediate { _ in
                    start.yield()
                    return []
                })
        ])
}
