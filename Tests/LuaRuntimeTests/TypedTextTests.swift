import LuaRuntime
import Testing

private func completeness(_ source: String) async throws -> LuaRuntime.Completeness {
    try await withRuntime { await $0.completeness(of: source) }
}

private func typed(_ source: String) async throws -> [LuaValue] {
    try await withRuntime { try await $0.run(LuaChunk(source, name: "=stdin", kind: .typed)) }
}

@Suite("A text that ends in an expression") struct TypedTextTests {
    @Test(
        arguments: [
            ("x = 1; x", 1), ("x = 1 x", 1), ("x = 1\nx", 1), ("local x = 2; x", 2), ("local x <const> = 2; x + 1", 3),
            ("for i = 1, 3 do n = i end; n", 3), ("for k, v in pairs({ 4 }) do n = v end n", 4),
            ("if true then x = 5 else x = 6 end\nx", 5), ("while f == nil do f = 7 end f", 7),
            ("repeat local y = 8 z = y until y == 8 z", 8), ("do x = 9 end x", 9),
            ("function f() return 10 end f()", 10), ("local function f() return 11 end f()", 11),
            ("goto done; ::done:: 12", 12), ("x = 1 -- a comment; y\nx + 12 -- and one behind it", 13),
            ("x = [[\n; y\n]]; #x", 4), ("s = 'abc'\ns:upper()\n  :lower()\n  :len()", 3),
            ("t = { a = { b = 14 } }; t.a.b", 14), ("x = 15;;; x;", 15), ("f = function() return 16 end; f()", 16),
            ("x = 'it\\'s' .. \"\\\"; y\"; 17", 17), ("x = 1; -x", -1), ("x = 1; (x + 1) * 2", 4),
            ("a = #{ 1, 2 } a", 2),
            ("x = 0x10p1 x // 1", 32), ("local a <const>, b = 1, 2 b", 2),
            ("t = setmetatable({}, { __call = function(_, f) return f end })\nt(function() end) == nil", nil),
        ] as [(String, Int64?)])
    func `shows its values`(source: String, value: Int64?) async throws {
        #expect(try await completeness(source) == .complete)
        let values = try await typed(source)
        if let value { #expect(values.first?.asNumber == Double(value)) } else { #expect(values == [false]) }
    }

    /// As Lua has it: a line that begins with a bracket goes on with the one before.
    @Test func `is no other than the one that Lua reads`() async throws {
        #expect(try await typed("function f(x) return function(y) return x, y end end\nf(1)\n(2)") == [1, 2])
        #expect(try await typed("function f() return 1 end g = f\n()  g") == [1])
    }

    @Test func `is an expression of -e too`() async throws {
        let values = try await withRuntime {
            try await $0.run(LuaChunk("x = 1; x + 1", name: "=(command line)", kind: .expression))
        }
        #expect(values == [2])
    }

    @Test func `shows the values of a call at its end to a person, and not to a script`() async throws {
        let source = "function f() return 5 end f()"
        #expect(try await typed(source) == [5])
        let values = try await withRuntime {
            try await $0.run(LuaChunk(source, name: "=(command line)", kind: .expression))
        }
        #expect(values == [])
    }

    @Test func `leaves the line's number as it is`() async throws {
        let failure = await #expect(throws: LuaFailure.self) { try await typed("x = 1\n\nx.y.z") }
        #expect(failure?.message.hasPrefix("stdin:3:") == true)
    }

    @Test(arguments: [
        "x = function()", "x = function() y", "if x then y", "for k", "for k, v in pairs(t)", "while x", "f(", "t = {",
        "x = 1; {", "x = 1; foo +", "1 +", "not", "x = 5 +", "a.b =", "local x <", "local function f",
        "function f() return 1", "s = [[abc", "-- a comment\n--[==[ and a long one", "x = 'abc\\", "x = 'abc\\z  ",
        "x = 1; 'abc\\\\\\", "repeat x", "repeat until", "goto", "a = f();\nb = {\n1,",
    ])
    func `wants more where that mends it`(source: String) async throws {
        #expect(try await completeness(source) == .incomplete)
    }

    @Test(
        arguments: [
            ("x = 'abc", "unfinished string near <eof>"), ("x = 1; 'abc", "unfinished string near <eof>"),
            ("x = 'abc\\\\", "unfinished string near <eof>"), ("end", "near 'end'"), ("x = 1; x end", "near 'end'"),
            ("x = 1 = 2", "near '='"), ("break", "break outside"), ("goto done; x", "no visible label 'done'"),
            ("return 1; x", "near 'x'"), ("x = 1; a b", "near 'b'"), ("for for", "near 'for'"), ("x = }", "near '}'"),
            ("'abc\n'", "unfinished string"), ("x = 1; local local", "near 'local'"),
        ] as [(String, String)])
    func `is refused at once where nothing mends it`(source: String, message: String) async throws {
        guard case .invalid(let told) = try await completeness(source) else {
            Issue.record("\(source) is not refused: \(try await completeness(source))")
            return
        }
        #expect(told.contains(message))
    }
}
