import LuaRuntime
import Testing

@Suite("A chunk") struct RunTests {
    @Test func `returns its values`() async throws {
        let values = try await lua("return 1, 2.5, 'three', true, nil, { 1, 2, x = 'y' }")
        #expect(
            values == [
                1, 2.5, "three", true, nil, .table(LuaTable(list: [1, 2], fields: [("x", "y")])),
            ])
    }

    @Test func `gets its arguments`() async throws {
        let values = try await withRuntime {
            try await $0.run(LuaChunk("return select('#', ...), ...", name: "=test"), arguments: ["a", 2])
        }
        #expect(values == [2, "a", 2])
    }

    @Test func `may begin with a shebang, and keeps its line numbers`() async throws {
        let failure = try await failure("#!/usr/bin/env moonspot\nerror('x')")
        #expect(failure.message == "test:2: x")
    }

    @Test func `may begin with a byte order mark, with and without a shebang`() async throws {
        let mark = "\u{FEFF}"
        for text in [mark + "return 1", mark + "#!/usr/bin/env moonspot\nreturn 1"] {
            let values = try await withRuntime { try await $0.run(LuaChunk(text, name: "=test")) }
            #expect(values == [1])
        }
    }

    @Test func `that does not compile is a syntax error`() async throws {
        let failure = try await failure("return +")
        #expect(failure.cause == .syntax)
        #expect(failure.message.contains("unexpected symbol"))
    }

    @Test func `that fails says where and how it got there`() async throws {
        let failure = try await failure("local function f() error('boom') end\nf()")
        #expect(failure.message == "test:1: boom")
        #expect(failure.traceback.contains("test:2"))
    }

    @Test func `typed at the REPL may be an expression, and its first value becomes _`() async throws {
        let values = try await withRuntime { runtime in
            _ = try await runtime.run(LuaChunk("6 * 7, 'more'", name: "=stdin", kind: .typed))
            return try await runtime.run(LuaChunk("_", name: "=stdin", kind: .typed))
        }
        #expect(values == [42])
    }

    @Test func `typed at the REPL sets _ past a script that watches its globals`() async throws {
        let values = try await withRuntime { runtime in
            let strict = "setmetatable(_G, { __newindex = function(_, name) error('no global ' .. name) end })"
            _ = try await runtime.run(LuaChunk(strict, name: "=t"))
            _ = try await runtime.run(LuaChunk("42", name: "=stdin", kind: .typed))
            return try await runtime.run(LuaChunk("_", name: "=stdin", kind: .typed))
        }
        #expect(values == [42])
    }

    @Test func `typed at the REPL leaves _ alone when it fails`() async throws {
        let values = try await withRuntime { runtime in
            _ = try await runtime.run(LuaChunk("'kept'", name: "=stdin", kind: .typed))
            _ = try? await runtime.run(LuaChunk("error('x')", name: "=stdin", kind: .typed))
            return try await runtime.run(LuaChunk("_", name: "=stdin", kind: .typed))
        }
        #expect(values == ["kept"])
    }

    @Test func `runs its to-be-closed variables when it fails`() async throws {
        let values = try await withRuntime { runtime in
            _ = try? await runtime.run(
                LuaChunk(
                    "local x <close> = setmetatable({}, { __close = function() closed = true end }) error('x')",
                    name: "=t"))
            return try await runtime.run(LuaChunk("return closed", name: "=t"))
        }
        #expect(values == [true])
    }

    @Test(arguments: [
        ("x = ", LuaRuntime.Completeness.incomplete), ("for i = 1, 3 do", .incomplete), ("1 + 1", .complete),
        ("f(", .incomplete), ("local s = [[a", .incomplete), ("", .complete),
    ])
    func `is complete or not`(source: String, expected: LuaRuntime.Completeness) async throws {
        let found = try await withRuntime { await $0.completeness(of: source) }
        #expect(found == expected)
    }

    @Test func `in one state shares globals with the next`() async throws {
        let values = try await withRuntime { runtime in
            _ = try await runtime.run(LuaChunk("counter = 1", name: "=a"))
            return try await runtime.run(LuaChunk("return counter + 1", name: "=b"))
        }
        #expect(values == [2])
    }

    @Test func `finds the library's modules by require`() async throws {
        let values = try await lua("local module, origin = require('greeting') return module.hello, origin") {
            $0.library = { $0 == "greeting" ? LuaChunk("return { hello = 'hi' }", name: "@stdlib/greeting.lua") : nil }
        }
        #expect(values == ["hi", "@stdlib/greeting.lua"])
    }
}

@Suite("Closing a runtime") struct CloseTests {
    @Test func `runs finalizers before it returns`() async throws {
        let file = "/tmp/moonspot-close-\(UInt64.random(in: 0..<UInt64.max))"
        _ = try await lua("x = setmetatable({}, { __gc = function() io.open('\(file)', 'w'):close() end })")
        let values = try await lua(
            "local f = io.open('\(file)') if f then f:close() os.remove('\(file)') end return f ~= nil")
        #expect(values == [true])
    }
}
