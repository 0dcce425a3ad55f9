import LuaRuntime
import Testing

@Suite("A task") struct TaskTests {
    @Test func `first runs when its spawner suspends, and gives its results to who awaits it`() async throws {
        let values = try await lua(
            """
            local log = {}
            local t = task.spawn(function(a, b) log[#log + 1] = 'child' return host.echo(a + b), 'x' end, 1, 2)
            log[#log + 1] = 'spawner'
            local sum, x = task.await(t)
            return table.concat(log, ' '), sum, x, task.done(t), task.await(t)
            """)
        #expect(values == ["spawner child", 3, "x", true, 3, "x"])
    }

    @Test func `runs while others wait`() async throws {
        let values = try await lua(
            """
            local log = {}
            local a = task.spawn(function() task.sleep(0.02) log[#log + 1] = 'slow' end)
            local b = task.spawn(function() log[#log + 1] = 'quick' end)
            task.await(a) task.await(b)
            return table.concat(log, ' ')
            """)
        #expect(values == ["quick slow"])
    }

    @Test func `that fails raises its own error in who awaits it`() async throws {
        let values = try await lua(
            """
            local e = {}
            local t = task.spawn(function() error(e) end)
            local ok, got = pcall(task.await, t)
            return ok, rawequal(e, got)
            """)
        #expect(values == [false, true])
    }

    @Test func `is told from what is none`() async throws {
        let values = try await lua("local ok, e = pcall(task.await, 5) return ok, e.kind, e.message, e.where")
        #expect(
            values == [
                false, "invalid_argument",
                "a task expected, got number; methods are called with a colon, as in t:await()", "test:1",
            ])
    }

    @Test func `that fails unawaited is reported when its parent ends`() async throws {
        let reports = Reports()
        let count = try await withRuntime({ $0.onUnawaitedFailure = { reports.add($0) } }) { runtime in
            _ = try await runtime.run(LuaChunk("task.spawn(function() error('lost') end) task.sleep(0)", name: "=t"))
            return await runtime.drain().unawaitedFailures
        }
        #expect(reports.messages == ["t:1: lost"])
        #expect(count == 1)
    }

    @Test func `that is awaited is not reported`() async throws {
        let reports = Reports()
        let count = try await withRuntime({ $0.onUnawaitedFailure = { reports.add($0) } }) { runtime in
            _ = try await runtime.run(
                LuaChunk("local t = task.spawn(error, 'x') task.sleep(0) pcall(task.await, t)", name: "=t"))
            return await runtime.drain().unawaitedFailures
        }
        #expect(reports.messages.isEmpty)
        #expect(count == 0)
    }

    @Test func `goes on after the chunk that spawned it`() async throws {
        let values = try await withRuntime { runtime in
            _ = try await runtime.run(LuaChunk("task.spawn(function() task.sleep(0.01) done = true end)", name: "=t"))
            await runtime.drain()
            return try await runtime.run(LuaChunk("return done", name: "=t"))
        }
        #expect(values == [true])
    }

    @Test func `that is cancelled runs its to-be-closed variables and raises cancelled in who awaits it`() async throws
    {
        let values = try await lua(
            """
            local closed
            local t = task.spawn(function()
              local guard <close> = setmetatable({}, { __close = function(_, e) closed = e.kind end })
              pcall(host.hang)
              closed = 'swallowed'
            end)
            task.sleep(0)
            task.cancel(t)
            local ok, e = pcall(task.await, t)
            return ok, e.kind, closed
            """)
        #expect(values == [false, "cancelled", "cancelled"])
    }

    @Test func `that is cancelled before it ran never runs`() async throws {
        let values = try await lua(
            """
            local ran = false
            local t = task.spawn(function() ran = true end)
            task.cancel(t)
            return pcall(task.await, t), ran
            """)
        #expect(values == [false, false])
    }

    @Test func `cancels its children with it`() async throws {
        let values = try await lua(
            """
            local child
            local t = task.spawn(function() child = task.spawn(host.hang) host.hang() end)
            task.sleep(0)
            task.cancel(t)
            pcall(task.await, t)
            local _, e = pcall(task.await, child)
            return e.kind
            """)
        #expect(values == ["cancelled"])
    }

    @Test func `can be waited for with a limit`() async throws {
        let values = try await lua(
            """
            local slow, quick = task.spawn(host.hang), task.spawn(host.echo, 1)
            local a, b = task.wait(slow, 0.01), task.wait(quick, 5)
            task.cancel(slow)
            return a, b
            """)
        #expect(values == [false, true])
    }

    @Test func `is stopped by its deadline, also while it never waits`() async throws {
        let values = try await lua(
            """
            local busy, waiting = task.spawn(function() while true do end end), task.spawn(host.hang)
            task.deadline(busy, 0.01) task.deadline(waiting, 0.01)
            local _, a = pcall(task.await, busy)
            local _, b = pcall(task.await, waiting)
            return a.kind, task.late(busy), b.kind, task.late(waiting)
            """)
        #expect(values == ["cancelled", true, "cancelled", true])
    }

    @Test func `waiting for itself in a circle is a deadlock that names the tasks`() async throws {
        let failure = try await failure(
            """
            local a, b
            a = task.spawn(function() task.await(b) end)
            b = task.spawn(function() task.await(a) end)
            task.await(a)
            """)
        #expect(failure.message.contains("deadlock: task"))
        #expect(failure.message.contains("waits for task"))
    }

    @Test func `can be awaited where Lua cannot yield, while the others go on`() async throws {
        let values = try await lua(
            """
            local list = { 2, 1 }
            table.sort(list, function(a, b)
              return task.await(task.spawn(function() return host.echo(a) < host.echo(b) end))
            end)
            return list
            """)
        #expect(values == [.table(LuaTable(list: [1, 2]))])
    }

    @Test func `yields to nobody outside a coroutine`() async throws {
        let failure = try await failure("coroutine.yield(1)")
        #expect(failure.message == "attempt to yield from outside a coroutine")
    }

    @Test func `counts as the main coroutine`() async throws {
        let values = try await lua("return select(2, coroutine.running()), coroutine.isyieldable()")
        #expect(values == [true, false])
    }

    @Test func `waits in thousands`() async throws {
        let values = try await lua(
            """
            local tasks, sum = {}, 0
            for i = 1, 10000 do tasks[i] = task.spawn(function() task.sleep(0.01) return i end) end
            for i = 1, #tasks do sum = sum + task.await(tasks[i]) end
            return sum
            """)
        #expect(values == [50_005_000])
    }
}
