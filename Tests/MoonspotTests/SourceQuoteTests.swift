import LuaRuntime
import Testing

@testable import Moonspot

@Suite("The line of a script that failed") struct SourceQuoteTests {
    private let source = Array("local t = {}\n\tlocal v = t.foo.bar\nprint(v, v)\n".utf8)

    @Test func `has a caret below what the failure is about`() {
        #expect(
            SourceQuote(source, line: 2, words: ["foo"])?.lines == [
                "  2 |     local v = t.foo.bar", "    |                 ^",
            ])
    }

    @Test func `has none where that stands there twice, or not at all`() {
        #expect(SourceQuote(source, line: 3, words: ["v"])?.lines == ["  3 | print(v, v)"])
        #expect(SourceQuote(source, line: 1, words: ["foo", "t"])?.caret == 6)
        #expect(SourceQuote(source, line: 9, words: []) == nil)
    }

    @Test func `counts cells, and shows no control characters`() {
        let quote = SourceQuote(Array("local s = '日本' .. \u{1b} x".utf8), line: 1, words: ["x"])
        #expect(quote?.lines == ["  1 | local s = '日本' .. \\27 x", "    |                         ^"])
    }

    @Test(arguments: [
        ("a.lua:3: attempt to index a nil value (field 'foo')", "", ["foo"]),
        ("a.lua:3: attempt to call a nil value (global 'f')", "", ["f"]),
        (
            "a.lua:1: not_found: no contact", "stack traceback:\n\t[C]: in field 'get'\n\ta.lua:1: in main chunk",
            ["get"]
        ),
        ("a.lua:1: bad", "stack traceback:\n\t[C]: in function 'string.rep'\n\ta.lua:1: in main chunk", ["rep"]),
        ("a.lua:1: 'hubspot' has no 'contact'; did you mean 'contacts'?", "", ["contact"]), ("x", "", []),
    ]) func `looks for the names that a failure tells`(message: String, traceback: String, words: [String]) {
        #expect(SourceQuote.words(LuaFailure(value: .none, message: message, traceback: traceback)) == words)
    }

    @Test func `looks for what a syntax error stands near`() {
        let failure = LuaFailure(value: .none, message: "a.lua:1: unexpected symbol near '''", cause: .syntax)
        #expect(SourceQuote.words(failure) == ["'"])
    }
}

@Suite("A script's own frames") struct OwnFramesTests {
    private let traceback = """
        stack traceback:
        \t[C]: in field 'page'
        \tmoonspot:hubspot:30: in upvalue 'fetch'
        \tstdlib/csv.lua:12: in function 'csv.rows'
        \ta.lua:5: in local 'inner'
        \t[C]: in function 'pcall'
        \ta.lua:8: in main chunk
        \t[C]: in ?
        """

    @Test func `are those of its own files, and what lies between`() {
        #expect(
            OwnFrames(traceback, isOurs: true).frames == [
                "a.lua:5: in local 'inner'", "[C]: in function 'pcall'", "a.lua:8: in main chunk",
            ])
        #expect(OwnFrames(traceback, isOurs: true).place == ScriptPlace(name: "a.lua", line: 5))
        #expect(OwnFrames("stack traceback:\n\t[C]: in ?").text == "")
    }

    @Test func `tell where they are, with odd names too`() {
        #expect(ScriptPlace("(command line):1: x") == ScriptPlace(name: "(command line)", line: 1))
        #expect(ScriptPlace("C:\\a:b.lua:12: in f") == ScriptPlace(name: "C:\\a:b.lua", line: 12))
        #expect(ScriptPlace("no place: 12") == nil)
        #expect(ScriptPlace(name: "...long/a.lua", line: 1).names("@/very/long/a.lua"))
        #expect(!ScriptPlace(name: "a.lua", line: 1).names("@b/a.lua"))
    }
}
