import LuaRuntime
import Testing

@testable import Moonspot

@Suite("What the history keeps") struct HistoryTests {
    @Test(arguments: [
        ("t = 'pat-na1-11111111-2222-3333-4444-555555555555'", "t = 'pat-na1-••••'"),
        ("x(\"pat-eu1-abcd1234\") -- pat-na2-zzzzzzzz", "x(\"pat-eu1-••••\") -- pat-na2-••••"),
        ("h = { Authorization = 'Bearer CKabcdefgh' }", "h = { Authorization = 'Bearer ••••' }"),
        ("r = 'na1-11111111-2222-3333-4444-555555555555'", "r = 'na1-••••'"),
        ("'CJ0a" + String(repeating: "Ab1_", count: 20) + "'", "'••••'"),
        ("u = 'https://x/?hapikey=11111111-2222-3333-4444-555555555555'", "u = 'https://x/?hapikey=••••'"),
    ])
    func `blanks what is shaped like a token`(line: String, kept: String) {
        #expect(HistoryRedaction.redacted(line) == kept)
    }

    @Test(arguments: [
        "hubspot.forms.submit('11111111-1111-4111-8111-111111111111', { email = 'a@b.example' })",
        "pattern = 'pat-' .. x", "path = '/crm/objects/2026-09/contacts'",
        "hs_analytics_first_touch_converting_campaign_name = 1", "-H \"Authorization: Bearer $HUBSPOT_ACCESS_TOKEN\"",
        "'https://gw.example/x?'\"hapikey=${HUBSPOT_ACCESS_TOKEN}\"",
    ])
    func `leaves what is no token`(line: String) {
        #expect(HistoryRedaction.redacted(line) == line)
    }

    @Test func `leaves out what begins with a space`() {
        #expect(HistoryFile.kept(" secret = 1") == nil)
        #expect(HistoryFile.kept("x = 1") == "x = 1")
    }

    @Test(arguments: ["for i = 1, 2 do\n  print(i)\nend", "s = \"a\\nb\\\\\"", "plain", "日本\n"])
    func `keeps entries of several lines`(entry: String) {
        #expect(!HistoryFile.encoded(entry).contains("\n"))
        #expect(HistoryFile.decoded(HistoryFile.encoded(entry)) == entry)
    }

    @Test func `tells how a line went, also where two consoles write`() throws {
        let folder = try TemporaryFolder()
        let file = HistoryFile(path: folder.path + "/history")
        var first = HistoryEntry(id: "a-1", text: "x\ty = {\n}", begun: 7, profile: "acme")
        let second = HistoryEntry(id: "b-1", text: "error()", begun: 8, profile: "other")
        #expect(file.append(line: first.fileLine))
        #expect(file.append(line: second.fileLine))
        first.ending = HistoryEntry.Ending(duration: .milliseconds(12), requests: 3, failed: true)
        #expect(file.append(line: first.endingLine))
        #expect(file.append("old\tline {not json"))
        #expect(file.entries() == [first, second, HistoryEntry(text: "old\tline {not json")])
        #expect(file.entries().map { $0.matches(["failed"]) } == [true, false, false])
        #expect(file.entries().map { $0.matches(["ERROR"]) } == [false, true, false])
        #expect(file.entries().map { $0.matches(["acme"]) } == [true, false, false])
    }

    @Test func `lies in a file that only its owner reads, whatever was there`() throws {
        let folder = try TemporaryFolder()
        let file = HistoryFile(path: folder.path + "/history")
        #expect(file.load() == [])
        #expect(file.append("one"))
        folder.setMode(0o644, of: "history")
        #expect(file.append("two\nlines"))
        #expect(file.load() == ["one", "two\nlines"])
        #expect(folder.mode(of: "history") == 0o600)
    }
}

@Suite("Exit statuses") struct ExitStatusTests {
    @Test(
        arguments: [
            ("unauthenticated", 3), ("forbidden", 3), ("read_only", 3), ("not_allowed", 3), ("daily_limit", 4),
            ("network", 5),
            ("timeout", 5), ("unavailable", 5), ("not_found", 1), ("validation", 1), ("conflict", 1),
            ("rate_limited", 1),
            ("cancelled", 1), ("bad_response", 1), ("invalid_argument", 1), ("of_a_script's_own", 1), (nil, 1),
        ] as [(String?, Int32)])
    func `follow the kind of the error that nothing caught`(kind: String?, status: Int32) {
        let failure = LuaFailure(value: .none, message: "", kind: kind)
        #expect(ExitStatus(failure).rawValue == status)
    }

    @Test func `tell an interrupt from a limit`() {
        #expect(ExitStatus(LuaFailure(value: .none, message: "", cause: .interrupted)) == .interrupted)
        #expect(ExitStatus(LuaFailure(value: .none, message: "", kind: "timeout", cause: .timeLimit)) == .failed)
        #expect(ExitStatus(LuaFailure(value: .none, message: "", cause: .memory)) == .failed)
    }
}

@Suite("arg") struct ScriptArgumentsTests {
    private func entries(_ value: LuaValue) -> [Int64: LuaValue] {
        guard case .table(let table) = value else { return [:] }
        var result: [Int64: LuaValue] = [:]
        for (index, element) in table.list.enumerated() { result[Int64(index + 1)] = element }
        for field in table.fields { if let key = field.key.asInteger { result[key] = field.value } }
        return result
    }

    @Test func `counts from the script`() {
        let arguments = ScriptArguments(words: ["moonspot", "--simulator", "a.lua", "x", "-y"], script: 2)
        #expect(entries(arguments.table) == [-2: "moonspot", -1: "--simulator", 0: "a.lua", 1: "x", 2: "-y"])
        #expect(arguments.arguments == ["x", "-y"])
    }

    @Test func `counts from the program where there is no script`() {
        let arguments = ScriptArguments(words: ["moonspot", "-e", "return 1"], script: nil)
        #expect(entries(arguments.table) == [0: "moonspot", 1: "-e", 2: "return 1"])
        #expect(arguments.arguments == [])
    }
}

@Suite("A misspelt global") struct MisspeltGlobalTests {
    private static let globals = ["print", "hubspot", "task", "tostring", "_", "_G", "_VERSION", "x", "io", "total"]

    @Test(
        arguments: [
            ("stdin:1: attempt to call a nil value (global 'pirnt')", "pirnt"),
            ("a.lua:3: attempt to index a nil value (global 'hubspt')", "hubspt"),
            ("stdin:1: attempt to call a nil value (local 'pirnt')", nil),
            ("stdin:1: attempt to call a number value (global 'x')", nil), ("(global 'x')", nil),
        ] as [(String, String?)])
    func `stands in Lua's message`(message: String, name: String?) {
        #expect(MisspeltGlobal.name(in: LuaFailure(value: .string(message), message: message)) == name)
    }

    @Test(
        arguments: [
            ("pirnt", "pirnt"), ("  pirnt ; ", "pirnt"), ("nil", nil), ("", nil), ("12", nil), ("a.b", nil),
            ("a b", nil),
            ("f()", nil), ("grün", nil),
        ] as [(String, String?)])
    func `stands in a line by itself`(line: String, name: String?) {
        #expect(MisspeltGlobal.name(inLine: line) == name)
    }

    @Test(
        arguments: [
            ("pirnt", "print"), ("hubspt", "hubspot"), ("totl", "total"), ("print", nil), ("y", nil), ("oi", nil),
            ("wombat", nil), ("_VERSON", nil),
        ] as [(String, String?)])
    func `is told with the nearest name where one is near`(name: String, nearest: String?) {
        #expect(MisspeltGlobal.nearest(to: name, among: Self.globals) == nearest)
    }
}
