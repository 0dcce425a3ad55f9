import LuaRuntime
import Testing

@Suite("A great many tasks") struct StressManyTests {
    @Test func `may be each other's children, and are cancelled with the first`() async throws {
        let values = try await lua(
            """
            local made = 0
            local function chain(n) made = made + 1 if n > 0 then task.spawn(chain, n - 1) end task.sleep(60) end
            local first = task.spawn(chain, 30000)
            while made <= 30000 do task.sleep(0) end
            task.cancel(first)
            return select(2, pcall(task.await, first)).kind
            """)
        #expect(values == ["cancelled"])
    }

    @Test func `that wait for each other in a ring get an error that names a few`() async throws {
        let values = try await lua(
            """
            local ring, count, failed = {}, 2000, 0
            for i = 1, count do ring[i] = task.spawn(function() return task.await(ring[i % count + 1]) end) end
            local message = select(2, pcall(task.await, ring[1]))
            for i = 1, count do if not pcall(task.await, ring[i]) then failed = failed + 1 end end
            return failed, message:find("deadlock", 1, true) ~= nil, #message < 1000
            """)
        #expect(values == [2000, true, true])
    }
}
