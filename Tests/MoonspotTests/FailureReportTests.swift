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

    @Test func `by Ctrl-C begin on a line of their own`() {
        let failure = LuaFailure(value: .none, message: "interrupted!", cause: .interrupted)
        #expect(repl.text(failure) == "\ninterrupted\n")
        #expect(script.text(failure) == "moonspot: interrupted\n")
    }
}
