import LuaRuntime
import Testing

@Suite("A wait where Lua cannot yield") struct NestedWaitTests {
    @Test(arguments: [
        "host.hang()", "task.sleep(3600)", "task.await(task.spawn(host.hang))",
        "while true do pcall(task.sleep, 3600) end",
        "coroutine.wrap(function() task.sleep(3600) end)()",
    ])
    func `is ended by a deadline, which no pcall swallows`(wait: String) async throws {
        let values = try await lua(
            """
            local closed
            local t = task.spawn(function()
              local outer <close> = setmetatable({}, { __close = function(_, e) closed = e.kind end })
              table.sort({ 2, 1 }, function() \(wait) end)
              closed = 'swallowed'
            end)
            task.deadline(t, 0.01)
            local _, e = pcall(task.await, t)
            return e.kind, closed, task.late(t)
            """)
        #expect(values == ["cancelled", "cancelled", true])
    }

    @Test func `goes on in any number of tasks on top of each other`() async throws {
        let values = try await lua(
            """
            local shared = task.spawn(function() task.sleep(0.01) return 'v' end)
            local tasks, sum = {}, 0
            for i = 1, 300 do
              tasks[i] = task.spawn(function()
                return (('x'):gsub('x', function() return task.await(shared) .. task.await(task.spawn(host.echo, i)) end))
              end)
            end
            for i = 1, #tasks do if task.await(tasks[i]) == 'v' .. i then sum = sum + 1 end end
            return sum
            """)
        #expect(values == [300])
    }

    @Test(.timeLimit(.minutes(1))) func `is no deadlock where the stack is used up, but an error that says so`()
        async throws
    {
        let values = try await lua(
            """
            local shared = task.spawn(function() task.sleep(0.01) return 'v' end)
            local function nested(depth)
              if depth == 0 then return task.await(shared) end
              return (('x'):gsub('x', function() return nested(depth - 1) end))
            end
            local tasks, refused, others = {}, 0, 0
            for i = 1, 4000 do tasks[i] = task.spawn(nested, 60) end
            for i = 1, #tasks do
              local ok, e = pcall(task.await, tasks[i])
              if not ok and tostring(e):find('on top of each other', 1, true) then refused = refused + 1
              elseif not ok or e ~= 'v' then others = others + 1 end
            end
            return others, refused < #tasks
            """)
        #expect(values == [0, true])
    }

    @Test func `that nothing can end names the task that it lies on`() async throws {
        let values = try await lua(
            """
            local below, above, other
            local quick = task.spawn(function() task.sleep(0.01) end)
            below = task.spawn(function() table.sort({ 2, 1 }, function() task.await(quick) end) return 'went on' end)
            above = task.spawn(function() table.sort({ 2, 1 }, function() task.await(other) end) end)
            other = task.spawn(function() return task.await(below) end)
            local _, e = pcall(task.await, above)
            e = e:gsub('task (%d+)', function(n)
              return ({ [tostring(below):match('%d+')] = 'BELOW', [tostring(above):match('%d+')] = 'ABOVE' })[n] or 'OTHER'
            end)
            return e, task.await(other)
            """)
        #expect(
            values == [
                .string(
                    "deadlock: ABOVE waits for OTHER, OTHER waits for BELOW, BELOW cannot go on before ABOVE, which runs on top of it "
                        + "where Lua cannot yield"), "went on",
            ])
    }
}

@Suite("The coroutine of an ended task") struct EndedTaskTests {
    @Test(arguments: ["return 'val'", "error('val', 0)", "task.sleep(0) return function() return 'changed' end"])
    func `is dead, and nothing alters its outcome`(body: String) async throws {
        let values = try await lua(
            """
            local co
            local t = task.spawn(function() co = coroutine.running() \(body) end)
            local before = table.pack(pcall(task.await, t))
            local status = coroutine.status(co)
            local ok, problem = coroutine.resume(co, 1, 2)
            coroutine.close(co) coroutine.close(co)
            local after = table.pack(pcall(task.await, t))
            return status, ok, problem, before.n == after.n and before[1] == after[1] and before[2] == after[2]
            """)
        #expect(values == ["dead", false, "cannot resume dead coroutine", true])
    }
}

@Suite("A failure that nobody awaits any more") struct AbandonedFailureTests {
    /// What is reported of a chunk, and how many tasks failed.
    private func reports(of source: String) async throws -> ([String], Int) {
        let reports = Reports()
        let count = try await withRuntime({ $0.onUnawaitedFailure = { reports.add($0) } }) { runtime in
            _ = try await runtime.run(LuaChunk(source, name: "=t"))
            return await runtime.drain().unawaitedFailures
        }
        return (reports.messages, count)
    }

    @Test(arguments: ["task.cancel(awaiter)", "task.deadline(awaiter, 0)"])
    func `is reported when its awaiter was stopped`(stop: String) async throws {
        let (messages, count) = try await reports(
            of: """
                local gate = task.spawn(host.hang)
                local t = task.spawn(function() task.wait(gate) error('lost') end)
                local awaiter = task.spawn(function() task.await(t) end)
                task.sleep(0) \(stop)
                pcall(task.await, awaiter)
                task.cancel(gate)
                task.wait(t)
                """)
        #expect(messages == ["t:2: lost"])
        #expect(count == 1)
    }

    @Test func `is not reported while another awaits it`() async throws {
        let (messages, _) = try await reports(
            of: """
                local gate = task.spawn(host.hang)
                local t = task.spawn(function() task.wait(gate) error('taken') end)
                local awaiter = task.spawn(function() task.await(t) end)
                local other = task.spawn(function() pcall(task.await, t) end)
                task.sleep(0) task.cancel(awaiter)
                pcall(task.await, awaiter)
                task.cancel(gate)
                task.await(other)
                """)
        #expect(messages.isEmpty)
    }

    @Test(arguments: [
        "local t t = task.spawn(function() task.await(t) end)",
        "local a, b a = task.spawn(function() task.await(b) end) b = task.spawn(function() task.await(a) end)",
    ])
    func `is reported where it is a deadlock left at the end`(source: String) async throws {
        let (messages, count) = try await reports(of: source)
        #expect(count == 1)
        #expect(messages.count == 1 && messages[0].hasPrefix("deadlock: task"), "\(messages)")
    }

    @Test func `is no deadlock while a deadline is to come`() async throws {
        let values = try await lua(
            """
            local q q = task.spawn(function() pcall(task.await, q) end)
            local t = task.spawn(function() task.await(q) end)
            task.deadline(t, 0.05)
            local _, e = pcall(task.await, t)
            return e.kind, task.late(t)
            """)
        #expect(values == ["cancelled", true])
    }
}

@Suite("Memory that waiting tasks have filled") struct FilledMemoryTests {
    @Test(.timeLimit(.minutes(1))) func `fails those that cannot begin, and leaves the state usable`() async throws {
        let values = try await lua(
            """
            local ended, failed = 0, 0
            local function sleeper() task.sleep(0.01) ended = ended + 1 end
            local tasks, n = {}, 0
            local ok, e = pcall(function() while true do local t = task.spawn(sleeper) n = n + 1 tasks[n] = t end end)
            for i = 1, n do
              local ok, e = pcall(task.await, tasks[i])
              if not ok and e == 'not enough memory' then failed = failed + 1 end
            end
            tasks = nil
            return ok, e, n > 1000, failed > 0, ended + failed == n, task.await(task.spawn(host.echo, 5))
            """
        ) { $0.memoryLimit = 8 << 20 }
        #expect(values == [false, "not enough memory", true, true, true, 5])
    }
}
