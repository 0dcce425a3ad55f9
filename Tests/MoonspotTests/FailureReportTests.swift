import LuaRuntime
import Testing

@testable import Moonspot

@Suite("Failures") struct FailureReportTests {
    private let script = FailureReport(style: .plain, isRepl: false, isTerminal: false)
    private let repl = FailureReport(style: .plain, isRepl: true, isTerminal: true)
    private let missing = LuaFailure(
        value: LuaError("not_found", "no contact has the id 7").luaValue,
        message: "stdin:1: not_found: no contact has the id 7",
        traceback: "stack traceback:\n\t[C]: in field 'get'\n\tstdin:1: in main chunk\n\t[C]: in ?", kind: "not_found")

    @Test func `of a script name the program, the place and the way there`() {
        let failure = LuaFailure(
            value: "x", message: "a.lua:3: x", traceback: "stack traceback:\n\ta.lua:3: in main chunk")
        #expect(script.text(failure) == "moonspot: a.lua:3: x\nstack traceback:\n\ta.lua:3: in main chunk\n")
    }

    @Test func `of a typed line are one line`() {
        #expect(repl.text(missing) == "not_found: no contact has the id 7\n")
    }

    @Test func `at the REPL tell the way where it leads through a function`() {
        var failure = missing
        failure.traceback = "stack traceback:\n\tstdin:1: in function 'f'\n\tstdin:1: in main chunk"
        #expect(repl.text(failure).contains("in function 'f'"))
    }

    @Test func `of the syntax have no traceback`() {
        let failure = LuaFailure(
            value: "x", message: "stdin:1: syntax error near 'bar'", traceback: "stack", cause: .syntax)
        #expect(script.text(failure) == "moonspot: stdin:1: syntax error near 'bar'\n")
    }

    @Test func `never send control characters to the terminal`() {
        let failure = LuaFailure(value: "x", message: "a\u{1B}[2J", traceback: "t\u{7}\n\tb")
        #expect(script.text(failure) == "moonspot: a\\27[2J\nt\\7\n\tb\n")
    }

    @Test func `show the script's own line, with a caret`() {
        let chunk = LuaChunk("local x = 1\nreturn hubspot.contacts.get(x)", name: "@a.lua")
        let failure = LuaFailure(
            value: LuaError("not_found", "no contact has the id 1").luaValue, message: "a.lua:2: not_found: no contact",
            traceback: "stack traceback:\n\t[C]: in field 'get'\n\ta.lua:2: in main chunk\n\t[C]: in ?",
            kind: "not_found")
        #expect(
            script.text(failure, in: chunk) == """
                moonspot: a.lua:2: not_found: no contact
                  2 | return hubspot.contacts.get(x)
                    |                         ^

                """)
    }

    @Test func `of a module of moonspot's show the line that led there, and files that the script required`() {
        var report = script
        report.read = { $0 == "lib.lua" ? Array("\n\nlocal rows = csv.open(path)".utf8) : nil }
        let failure = LuaFailure(
            value: "x", message: "stdlib/csv.lua:9: no such file",
            traceback: """
                stack traceback:
                \t[C]: in function 'error'
                \tstdlib/csv.lua:9: in field 'open'
                \tlib.lua:3: in field 'read'
                \ta.lua:1: in main chunk
                \t[C]: in ?
                """)
        #expect(report.text(failure).contains("  3 | local rows = csv.open(path)\n"))
        #expect(!report.text(failure).contains("\tstdlib/csv.lua"))
    }

    @Test(arguments: ["unauthenticated", "forbidden", "read_only", "not_allowed", "not_confirmed"])
    func `that no line of the script mends have no traceback`(kind: String) {
        let failure = LuaFailure(
            value: LuaError(kind, "no").luaValue, message: "a.lua:2: \(kind): no",
            traceback: "stack traceback:\n\t[C]: in field 'get'\n\ta.lua:2: in local 'f'\n\ta.lua:3: in main chunk",
            kind: kind)
        #expect(script.text(failure) == "moonspot: a.lua:2: \(kind): no\n")
    }

    @Test func `by Ctrl-C begin on a line of their own`() {
        let failure = LuaFailure(value: .none, message: "interrupted!", cause: .interrupted)
        #expect(repl.text(failure) == "\ninterrupted\n")
        #expect(script.text(failure) == "moonspot: interrupted\n")
    }
}
