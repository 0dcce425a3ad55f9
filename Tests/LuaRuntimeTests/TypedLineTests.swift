import LuaRuntime
import Testing

/// What lines typed one after the other answer, the last one's values.
private func typed(_ lines: String...) async throws -> [LuaValue] {
    try await withRuntime { runtime in
        var values: [LuaValue] = []
        for line in lines { values = try await runtime.run(LuaChunk(line, name: "=stdin", kind: .typed)) }
        return values
    }
}

/// The failure of the last line; the others have to run.
private func failureOfLast(_ lines: String...) async throws -> LuaFailure? {
    try await withRuntime { runtime in
        for line in lines.dropLast() { _ = try await runtime.run(LuaChunk(line, name: "=stdin", kind: .typed)) }
        return await #expect(throws: LuaFailure.self) {
            try await runtime.run(LuaChunk(lines.last ?? "", name: "=stdin", kind: .typed))
        }
    }
}

@Suite("A local of a typed line") struct TypedLineTests {
    @Test func `stays usable on the lines that follow`() async throws {
        #expect(try await typed("local x = 5", "x = x + 1", "x, _G.x") == [6, nil])
        #expect(
            try await typed("local a, b = (function() return 1, 2 end)()", "local c = a + b", "a, b, c") == [1, 2, 3])
        #expect(try await typed("local nothing", "nothing == nil, rawget(_G, 'nothing')") == [true, nil])
        #expect(try await typed("local x = 1 return x", "x") == [1])
    }

    @Test func `is one variable, for the functions of every line`() async throws {
        let values = try await typed(
            "local n = 0 function inc() n = n + 1 return n end", "inc()", "n = n + 10",
            "local function twice() return inc() + inc() end",
            "twice(), n")
        #expect(values == [25, 13])
    }

    @Test func `hides a global and an earlier local, from where it is declared`() async throws {
        #expect(try await typed("x = 'global'", "local x = x .. '!'", "x, _G.x") == ["global!", "global"])
        #expect(try await typed("local x = 1 old = function() return x end", "local x = 2", "x, old()") == [2, 1])
        #expect(try await typed("local x = 1 local x = x + 1", "x") == [2])
        #expect(try await typed("y = 1", "local before = y local y = 2", "before, y") == [1, 2])
    }

    @Test func `calls itself as a function`() async throws {
        #expect(
            try await typed("local function fact(n) return n < 2 and 1 or n * fact(n - 1) end", "fact(10)") == [
                3_628_800
            ])
    }

    @Test func `stays in its block`() async throws {
        for line in [
            "do local x = 1 end", "for i = 1, 2 do local x = i end", "if true then local x = 1 else local x = 2 end",
            "while true do local x = 1 break end", "repeat local x = 1 until x", "local f = function() local x = 1 end",
            "local t = { f = function() local x = 1 end }", "(function() local x = 1 end)()",
        ] {
            #expect(try await typed(line, "x") == [nil], "\(line)")
        }
    }

    @Test(arguments: [
        "local x = 1; (print or error)()", "local x = 1 -- local y", "local x = 1 --[[ local y = ]] ",
        "local x = [[local y]] x = 1",
        "local x = ('1' .. \"local y = 2\"):sub(1, 1) + 0", "local x <const> = 1", "local x <const> = math.floor(1.5)",
        "local x, z <const> = 1, 2", "local x = #{ 1 } goto on ::on::", "local x = 1 ::label:: ", "local x\n= 1\n",
        "local x = (function(...) local y = ... return y end)(1)", "local x = not nil and 1 or 2",
        "local x = ({ [1] = 1, f = 2, 3; 4 })[1] x = 1", "local x = 0x1p0 // 1 | 0",
        "local x = 1 local function y2() end",
        "local x = select('#', 'a') if x then local z = 1 end", "local x = 1 for i = 1, 3 do local w = i end return x",
        "do local w end local x = 1", "local x = 1 error_free = true",
    ])
    func `is kept however it is written`(line: String) async throws {
        #expect(try await typed(line, "x, y") == [1, nil])
    }

    @Test func `keeps its line numbers and stays where the line fails later`() async throws {
        let failure = try await failureOfLast("local x = 1", "local y = x\n\nerror('here')")
        #expect(failure?.message == "stdin:3: here")
        try await withRuntime { (runtime: LuaRuntime) async throws -> Void in
            _ = try? await runtime.run(LuaChunk("local x = 7 error('later')", name: "=stdin", kind: .typed))
            let kept = try await runtime.run(LuaChunk("x", name: "=stdin", kind: .typed))
            #expect(kept == [7])
            _ = try? await runtime.run(LuaChunk("local print2 = error('at once')", name: "=stdin", kind: .typed))
            let lost = try await runtime.run(LuaChunk("print2", name: "=stdin", kind: .typed))
            #expect(lost == [nil])
        }
    }

    @Test func `that is constant stays so`() async throws {
        for declaration in ["local c <const> = 5", "local c <const> = tonumber('5')", "local c <const>, d = 5, 6"] {
            #expect(try await typed(declaration, "c + 1") == [6])
            #expect(
                try await failureOfLast(declaration, "c = 6")?.message.contains(
                    "attempt to assign to const variable 'c'") == true)
            #expect(try await typed(declaration, "local c = 7", "c = c + 1", "c") == [8])
        }
    }

    @Test func `that is to be closed ends with its line, and is named`() async throws {
        let line = "local f <close> = setmetatable({}, { __close = function() closed = true end }) local g = 1"
        #expect(try await typed(line, "closed, f, g") == [true, nil, 1])
        #expect(LuaChunk(line, name: "=stdin", kind: .typed).endingLocals == ["f"])
        #expect(LuaChunk("local _ENV = { x = 1 }", name: "=stdin", kind: .typed).endingLocals == ["_ENV"])
        #expect(try await typed("local _ENV = { x = 1 }", "type(print)") == ["function"])
    }

    @Test func `is completed like a global`() async throws {
        try await withRuntime { runtime in
            _ = try await runtime.run(
                LuaChunk("local person = { name = 'Ada', age = 36 }", name: "=stdin", kind: .typed))
            #expect(await runtime.names(in: []).contains { $0.name == "person" })
            #expect(await runtime.names(in: ["person"]).map(\.name) == ["age", "name"])
        }
    }

    @Test func `is not seen by scripts`() async throws {
        let values = try await withRuntime { runtime in
            _ = try await runtime.run(LuaChunk("local x = 1", name: "=stdin", kind: .typed))
            return try await runtime.run(LuaChunk("return x", name: "=script"))
        }
        #expect(values == [nil])
    }

    @Test func `works in numbers`() async throws {
        let many = (1...199).map { "local v\($0) = \($0)" }.joined(separator: " ")
        #expect(try await typed(many, "local w = v1 + v199", "w, v100") == [200, 100])
    }
}
