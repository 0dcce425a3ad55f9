import LuaRuntime
import Simulator
import Testing

@Suite("An iterator that is shown") struct LookedAtTests {
    /// What the chunk returns, with so many elements of its iterators.
    private func shown(
        _ code: String, rows: Int, texts: Bool = true, _ body: (LuaRuntime, [LuaValue]) async throws -> Void
    ) async throws {
        var options = SimulatorOptions()
        options.contacts = 12
        try await Console.running(options) { (console: Console) async throws in
            let limit = LuaRuntime.SnapshotLimit(marksRepeats: texts, rows: rows)
            try await body(
                console.runtime, try await console.runtime.run(LuaChunk(code, name: "=test"), snapshot: limit))
        }
    }

    private func ids(_ value: LuaValue?) -> [String] {
        (value?.asTable?["results"].asTable?.list ?? []).compactMap { $0.asTable?["id"].asString }
    }

    @Test func `gives its first elements, and says that there are more`() async throws {
        try await shown("return hubspot.contacts.each{ limit = 5 }", rows: 3) { _, values in
            #expect(values.count == 4)
            #expect(values.first?.asTable?.metatable == "hubspot.rows")
            #expect(ids(values.first) == ["501", "502", "503"])
            #expect(values.first?.asTable?["more"] == true)
            #expect(values.last?.asTable?.metatable == "hubspot.closing")
        }
    }

    @Test func `yields them all the same`() async throws {
        try await shown("iterator = hubspot.contacts.each{ limit = 5 } return iterator", rows: 7) { runtime, values in
            #expect(ids(values.first).count == 7)
            let chunk = LuaChunk(
                "local n, first = 0 for c in iterator do n, first = n + 1, first or c.id end return n, first",
                name: "=test")
            let counted = try await runtime.run(chunk)
            #expect(counted == [12, "501"])
        }
    }

    @Test func `gives those behind them where the ones that were shown have passed`() async throws {
        try await shown("iterator = hubspot.contacts.each{ limit = 5 } return iterator", rows: 7) { runtime, values in
            #expect(values.first?.asTable?["passed"] == 0)
            var limit = LuaRuntime.SnapshotLimit(rows: 3)
            let again = LuaChunk("return iterator", name: "=test")
            // To look at fewer of them makes no more pass, and none the less.
            #expect(ids(try await runtime.run(again, snapshot: limit).first) == ["501", "502", "503"])
            limit.passes = true
            let next = try await runtime.run(again, snapshot: limit).first
            #expect(ids(next) == ["508", "509", "510"])
            #expect(next?.asTable?["passed"] == 7)
            let rest = try await runtime.run(again, snapshot: limit).first
            #expect(ids(rest) == ["511", "512"])
            #expect(rest?.asTable?["more"] == false)
            await #expect(throws: LuaFailure.self) { try await runtime.run(again, snapshot: limit) }
            #expect(try await runtime.run(LuaChunk("return iterator()", name: "=test")) == [nil])
        }
    }

    @Test func `gives what a loop has left, and all where all are wanted`() async throws {
        let code = "local it = hubspot.contacts.search_each{} it() it() return it"
        try await shown(code, rows: .max, texts: false) { _, values in
            #expect(ids(values.first) == (503...512).map { String($0) })
            #expect(values.first?.asTable?["more"] == false)
        }
        try await shown("return hubspot.contacts.each{ max = 2 }", rows: 10) { _, values in
            #expect(ids(values.first) == ["501", "502"])
            #expect(values.first?.asTable?["more"] == false)
        }
    }

    @Test func `raises what it would raise in a loop`() async throws {
        try await Console.running { (console: Console) async throws in
            let chunk = LuaChunk("return hubspot.contacts.each{ after = 'nonsense' }", name: "=test")
            await #expect(throws: LuaFailure.self) {
                try await console.runtime.run(chunk, snapshot: LuaRuntime.SnapshotLimit(rows: 3))
            }
        }
    }

    @Test func `stays a function where no elements are wanted, and for a function of the script's`() async throws {
        try await shown("return hubspot.contacts.each(), print", rows: 0) { _, values in
            #expect(values.first?.typeName == "function")
        }
        try await shown("return function() end", rows: 3) { _, values in
            #expect(values.first?.typeName == "function")
        }
    }

    @Test func `is told from a function of a module, which tells its name`() async throws {
        try await shown("return hubspot.contacts.get, task.map", rows: 3) { _, values in
            #expect(
                values == [
                    .opaque(type: "function", description: "function: hubspot.contacts.get"),
                    .opaque(type: "function", description: "function: task.map"),
                ])
        }
    }
}

@Suite("A property that is nil") struct EmptyPropertyTests {
    private func nulls(_ code: String) async throws -> [[String]] {
        var found: [[String]] = []
        try await Console.running { (console: Console) async throws in
            let values = try await console.run(
                """
                local ada = hubspot.contacts.create{ email = "ada@example.org", firstname = "Ada" }
                local opts = { properties = { "email", "phone", "city" } }
                return \(code)
                """)
            found = values.map { $0.asTable?["properties"].asTable?.nulls ?? ["no record"] }
        }
        return found
    }

    @Test(arguments: [
        "hubspot.contacts.get(ada.id, opts)", "hubspot.contacts.list(opts).results[1]",
        "hubspot.contacts.batch.read({ ada.id }, opts).results[1]",
    ])
    func `is known to be empty where it was fetched`(code: String) async throws {
        #expect(try await nulls(code) == [["city", "phone"]])
    }

    @Test func `is nil in Lua in both cases, and in the JSON of the record`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local ada = hubspot.contacts.create{ email = "ada@example.org" }
                local record = hubspot.contacts.get(ada.id, { properties = { "email", "phone" } })
                return record.phone, record.city, record.properties.phone, json.encode(record):find("phone")
                """)
            #expect(answer == [nil, nil, nil, nil])
        }
    }
}
