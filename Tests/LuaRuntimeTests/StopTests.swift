import LuaRuntime
import Testing

@Suite("A stop") struct StopTests {
    /// Starts a chunk that never ends, stops it once it has called `host.started`, and returns why it ended.
    private func stopped(_ source: String, then check: String = "return 'usable'") async throws -> (LuaFailure?, [LuaValue]) {
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
        "announce.started() while true do pcall(host.hang) end",
        "announce.started() coroutine.wrap(function() pcall(host.hang) end)()",
        "announce.started() table.sort({ 1, 2, 3 }, function() host.hang() end)",
        "announce.started() task.sleep(3600)",
        "announce.started() debug.sethook() while true do debug.sethook() end",
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

    @Test func `ends to-be-closed variables that take more than a second`() async throws {
        let (failure, after) = try await stopped(
            """
            local x <close> = setmetatable({}, { __close = function() while true do end end })
            announce.started()
            while true do end
            """)
        #expect(failure?.cause == .interrupted)
        #expect(after == ["usable"])
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
            """) { $0.memoryLimit = 16 << 20 }
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
            LuaFunction("started", "It runs.", body: .immediate { _ in
                start.yield()
                return []
            })
        ])
}
