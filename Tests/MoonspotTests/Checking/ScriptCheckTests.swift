import LuaRuntime
import Testing

@testable import Moonspot

@Suite("The check of a script") struct ScriptCheckTests {
    private func findings(_ source: String, unusedLocals: Bool = true) async throws -> [Finding] {
        let check = try ScriptCheck()
        let findings = await check.findings(Array(source.utf8), unusedLocals: unusedLocals)
        await check.close()
        return findings
    }

    @Test(arguments: [
        ("print(1)\nlocal x = = 3\n", 2, 11, "unexpected symbol near '='"),
        ("x = ) foo )", 1, 5, "unexpected symbol near ')'"), ("if x then", 1, 10, "'end' expected near <eof>"),
        ("#!/usr/bin/env moonspot\nlocal 1", 2, 7, "<name> expected near '1'"),
        ("local é = 1", 1, 7, "<name> expected near '<\\195>'"),
        ("local s = 'ä' x y", 1, 17, "syntax error near 'y'"),
    ]) func `finds wrong syntax`(source: String, line: Int, column: Int, message: String) async throws {
        #expect(try await findings(source) == [Finding(line: line, column: column, message: message)])
    }

    @Test(arguments: [
        ("hubspot.contact.get(1)", 9, "did you mean 'contacts'?"),
        ("hubspot.contacts.serach('x')", 18, "did you mean 'search'?"),
        ("local c = hubspot.contacts c.gett(1)", 30, "did you mean 'get'?"),
        ("task.spwan(f)", 6, "did you mean 'spawn'?"), ("json.encod(1)", 6, "did you mean 'encode'?"),
        ("hubspot.contacts.batch.raed{ 1 }", 24, "did you mean 'read'?"),
        ("hubspot.contacts.get(1, { propertis = {} })", 27, "did you mean 'properties'?"),
        ("hubspot.contacts.list{ limt = 5 }", 24, "did you mean 'limit'?"),
        ("hubspot.contacts.search{ were = { a = 1 } }", 26, "did you mean 'where'?"),
        ("hubspot.request('GET', '/x', { quary = {} })", 32, "did you mean 'query'?"),
    ]) func `finds names and options that there are not`(source: String, column: Int, part: String) async throws {
        let found = try await findings(source)
        #expect(found.count == 1)
        #expect(found.first?.column == column)
        #expect(found.first?.message.contains(part) == true, "\(found)")
    }

    @Test(arguments: [
        "hubspot.contacts.get(1, { properties = { 'email' } })", "hubspot.objects('2-1').get(1)",
        "hubspot.mine = 1 print(hubspot.mine)", "function hubspot.contacts.mine() end hubspot.contacts.mine()",
        "local hubspot = {} hubspot.anything()", "local function f(hubspot) return hubspot.x end f()",
        "print(hubspot.session.portalId)", "hubspot.contacts.create{ anything = 1 }", "local _unused = 1",
        "hubspot.contacts.search{ where = { email = { eq = 'x' } } }",
    ]) func `finds nothing in what is right`(source: String) async throws {
        #expect(try await findings(source) == [])
    }

    @Test func `finds locals that nothing reads, and leaves that to luacheck where it is there`() async throws {
        let source = "local a = 1\nlocal function f() end\nfor i = 1, 2 do end\n"
        #expect(
            try await findings(source) == [
                Finding(line: 1, column: 7, message: "unused variable 'a'"),
                Finding(line: 2, column: 16, message: "unused function 'f'"),
            ])
        #expect(try await findings(source, unusedLocals: false) == [])
    }

    @Test func `reads luacheck's lines`() {
        let text =
            "a:b.lua:3:7: unused variable 'x'\nother.lua:1:1: no\na:b.lua:4:1: accessing undefined variable 'y'\n"
        #expect(
            Luacheck.findings(text, name: "a:b.lua") == [
                Finding(line: 3, column: 7, message: "unused variable 'x'"),
                Finding(line: 4, column: 1, message: "accessing undefined variable 'y'"),
            ])
    }
}
