import LuaRuntime
import Testing

/// What is printed of a chunk's results.
private func shown(_ source: String, _ limit: LuaRuntime.SnapshotLimit = .init()) async throws -> [LuaValue] {
    try await withRuntime { try await $0.run(LuaChunk(source, name: "=test"), snapshot: limit) }
}

@Suite("What a chunk returned") struct SnapshotTests {
    @Test(arguments: [1, 100, 1_500, 20_000])
    func `outlives the collector, however much of it there is`(count: Int) async throws {
        for element in ["i", "'text ' .. i", "{ i }"] {
            let source = "(function() local t = {} for i = 1, \(count) do t[i] = \(element) end return t end)()"
            let values = try await withRuntime { runtime in
                var values: [LuaValue] = []
                for _ in 1...3 {
                    let chunk = LuaChunk(source, name: "=stdin", kind: .typed)
                    values = try await runtime.run(chunk, snapshot: .init(entries: .max))
                }
                return values
            }
            #expect(values.first?.asTable?.list.count == count)
        }
    }

    @Test func `says what it is by __tostring, wherever it lies`() async throws {
        let values = try await shown(
            """
            local Point = { __name = "Point", __tostring = function(p) return "(" .. p.x .. ")" end }
            local function point(x) return setmetatable({ x = x }, Point) end
            return point(1), { point(2), deep = { point(3) } }, setmetatable({}, { __tostring = function() return 12 end })
            """)
        #expect(values[0] == .opaque(type: "table", description: "(1)"))
        #expect(values[1].asTable?.list == [.opaque(type: "table", description: "(2)")])
        #expect(values[1].asTable?["deep"].asTable?.list == [.opaque(type: "table", description: "(3)")])
        #expect(values[2] == .opaque(type: "table", description: "12"))
    }

    @Test func `is shown although its __tostring fails, returns nothing of use or changes what is shown`() async throws
    {
        let values = try await shown(
            """
            local list = {}
            local function with(f) return setmetatable({}, { __tostring = f }) end
            list[1] = with(function() error("broken", 0) end)
            list[2] = with(function() error({}) end)
            list[3] = with(function() return {} end)
            list[4] = with(function() for i = 1, 5 do list[i] = nil end list.new = 1 return "emptied" end)
            list[5] = with(12)
            return list[1], list[2], list[3], list[4], list[5], list
            """)
        let texts = values.prefix(5).map { value in if case .opaque(_, let text) = value { text } else { "" } }
        #expect(texts[0] == "<its __tostring fails: broken>")
        #expect(texts[1] == "<its __tostring fails: table>")
        #expect(texts[2] == "<its __tostring returns no string>")
        #expect(texts[3] == "emptied")
        #expect(texts[4].hasPrefix("<its __tostring fails: attempt to call a number value"))
        #expect(values[5].asTable?["new"] == 1)
    }

    @Test func `may wait in its __tostring`() async throws {
        let waited = try await shown(
            "return setmetatable({}, { __tostring = function() return host.echo('from far') end }), 1")
        #expect(waited == [.opaque(type: "table", description: "from far"), 1])
    }

    @Test func `carries its type's name where it says nothing itself`() async throws {
        let values = try await shown("return setmetatable({ 1 }, { __name = 'Point' }), io.stdout, { io.stdout }")
        #expect(values[0].asTable?.typeName == "Point")
        #expect(values[0].asTable?.list == [1])
        guard case .opaque("userdata", let text) = values[1] else { return #expect(Bool(false)) }
        #expect(text.hasPrefix("file ("))
        #expect(values[2].asTable?.list == [values[1]])
    }

    @Test func `ends where a table comes again inside of itself`() async throws {
        let values = try await shown("local t = { 1 } t.self = t t.list = { t } return t")
        let table = try #require(values[0].asTable)
        let again = try #require(table["self"].asTable)
        #expect(again.isTruncated && again.identity.number == table.identity.number)
        #expect(table["list"].asTable?.list.first?.asTable?.identity.number == table.identity.number)
        let failure = await #expect(throws: LuaFailure.self) {
            try await shown("local t = {} t.t = t return t", .init(marksRepeats: false))
        }
        #expect(failure?.message.contains("contains itself") == true)
    }

    @Test func `that shares its parts takes no more room than they do`() async throws {
        let values = try await shown(
            "local t = {} for i = 1, 60 do t = { t, t } end return t", .init(depth: 100, entries: .max))
        #expect(values.count == 1)
    }

    @Test func `counts what is left out`() async throws {
        let values = try await shown(
            "local t = { x = 1, y = 2 } for i = 1, 100 do t[i] = i end return t, { { 1 } }",
            .init(depth: 1, entries: 10))
        #expect(values[0].asTable?.list.count == 10)
        #expect(values[0].asTable?.omitted == 92)
        #expect(values[1].asTable?.list.first?.asTable?.isTruncated == true)
        let few = try await shown("local t = {} for i = 1, 100 do t[i] = { i } end return t", .init(total: 50))
        #expect(few[0].asTable.map { $0.list.count + $0.omitted } == 100)
    }
}
