import Testing

@testable import Moonspot

@Suite("The outline of a script") struct LuaOutlineTests {
    private func outline(_ source: String) -> LuaOutline { LuaOutline(Array(source.utf8)) }

    private func unread(_ source: String) -> [String] {
        outline(source).locals.filter { !$0.isRead }.map(\.name)
    }

    @Test(arguments: [
        ("local a = 1", ["a"]), ("local a = 1 return a", []), ("local a a = 2", ["a"]),
        ("local a, b = 1, 2 print(b)", ["a"]), ("local a = 1 local a = a return a", []),
        ("local f = function() return f end", ["f"]), ("local function f() return f end", []),
        ("local x = 1 do local x = 2 print(x) end", ["x"]), ("repeat local x = f() until x", []),
        ("for i = 1, 3 do end", ["i"]), ("for k, v in pairs(t) do print(v) end", ["k"]),
        ("local function f(a, b) return a end f()", ["b"]), ("local t = {} t.x = 1", []), ("local t = {} t[1] = 1", []),
        ("local t = {} function t.f() end", []), ("local a <const> = 1", ["a"]), ("local a <close> = f()", ["a"]),
        ("local s = 'a' print(s:rep(2), #s, -s, not s)", []), ("local a = 1 return { a = a, [a] = 1, a }", []),
        ("local a = 1 goto done ::done:: return a", []), ("local f f 'x' f { } f [[y]]", []),
        ("if x then local y = 1 elseif z then return y else local w end", ["y", "w"]),
        ("local a = 1 return function(...) local b = ... return a, b end", []),
        ("local a = 0x1p4 + 3e-2 .. '' return (a)", []), ("local M = {} function M:f() return self end return M", []),
    ]) func `tells which locals are read`(source: String, names: [String]) {
        #expect(unread(source) == names)
    }

    @Test func `follows paths from globals, and from locals that stand for them`() {
        let found = outline(
            """
            local contacts = hubspot.contacts
            contacts.get(1)
            hubspot.objects("2-1").get(1)
            local hubspot = 1
            return hubspot.nothing
            """)
        #expect(
            found.paths.map(\.names) == [
                ["hubspot", "contacts"], ["hubspot", "contacts", "get"], ["hubspot", "objects"],
            ])
        #expect(found.calls.map(\.path.names).contains(["hubspot", "contacts", "get"]))
        #expect(found.calls.map(\.path.names).contains(["hubspot", "objects"]))
    }

    @Test func `keeps the tables that are written out in calls`() throws {
        let call = try #require(
            outline(#"f(1, { limit = 5, nested = { a = 1 }, ["x"] = 2, 3 }, g)"#).calls.first { $0.path.names == ["f"] }
        )
        #expect(call.arguments.count == 3)
        #expect(call.arguments[0] == nil)
        #expect(call.arguments[1]?.fields.map(\.name) == ["limit", "nested"])
        #expect(call.arguments[1]?.fields[1].value?.fields.map(\.name) == ["a"])
        #expect(outline("f{ a = 1 }").calls.first?.arguments.first??.fields.map(\.name) == ["a"])
    }

    /// What does not compile is told by Lua itself; the walk has to end all the same.
    @Test(arguments: [
        "local", "f(", "{", "if", "end", "for in", "return }", "= = =", "local x <", ")]}", "a.b:c", "::",
    ])
    func `ends whatever it reads`(source: String) {
        #expect(outline(source + " " + source).locals.count < 5)
    }
}
