import ArgumentParser
import Testing

@testable import Moonspot

@Suite("Splitting the command line") struct CommandLineSplitTests {
    @Test(
        arguments: [
            ([], [], nil),
            (["a.lua"], [], 0),
            (["a.lua", "-x", "--output", "json"], [], 0),
            (["--simulator", "a.lua", "--simulator"], ["--simulator"], 1),
            (["--output", "json", "a.lua"], ["--output", "json"], 2),
            (["--output=json", "a.lua"], ["--output=json"], 1),
            (["-"], [], 0),
            (["--", "-x.lua"], [], 1),
            (["--", "repl"], [], 1),
            (["./repl"], [], 0),
            (["-e", "return 1"], ["-e", "return 1"], nil),
            (["-ereturn 1", "--output", "json"], ["-e", "return 1", "--output", "json"], nil),
            (["-e", "--x", "limits"], ["-e", "--x"], 2),
            (["-i", "repl"], ["-i"], 1),
            (["repl", "--simulator"], ["repl", "--simulator"], nil),
            (["--simulator", "limits", "--output", "json"], ["limits", "--simulator", "--output", "json"], nil),
            (["auth", "login", "--profile", "acme"], ["auth", "login", "--profile", "acme"], nil),
            (["--profile", "acme", "auth", "status"], ["auth", "status", "--profile", "acme"], nil),
            (["--simulator", "auth", "--help"], ["auth", "--simulator", "--help"], nil),
            (["--generate-completion-script", "zsh"], ["--generate-completion-script", "zsh"], nil),
            (["run", "--simulator", "limits", "--help"], ["run", "--simulator"], 2),
            (["--read-only", "run", "-"], ["run", "--read-only"], 2),
            (["run"], ["run"], nil),
        ] as [([String], [String], Int?)])
    func `leaves to the script what follows its name`(arguments: [String], words: [String], script: Int?) {
        let split = CommandLineSplit(arguments)
        #expect(split.words == words)
        #expect(split.scriptIndex == script)
    }

    @Test func `knows every option that takes a value`() throws {
        // Those that may stand before a script.
        let help = RootCommand.helpMessage(columns: 200) + PlanCommand.helpMessage(columns: 200)
        var declared: Set<String> = []
        for line in help.split(separator: "\n") where line.hasPrefix("  -") {
            let words = line.split(separator: " ")
            if words.count > 1, words[1].hasPrefix("<") { declared.insert(String(words[0])) }
        }
        #expect(declared == CommandLineSplit.optionsWithValue)
    }
}

@Suite("What the command line asks for") struct InvocationTests {
    private func describe(_ arguments: [String], isTerminal: Bool = true) -> String {
        switch Invocation.parse(arguments, isTerminal: isTerminal) {
        case .message(_, let status): "message \(status.rawValue)"
        case .repl: "repl"
        case .plan(let command, let index): "plan \(index) \(command.out ?? "-")\(command.all ? " all" : "")"
        case .script(_, let index, let staysOpen): "script \(index)\(staysOpen ? " -i" : "")"
        case .standardInput: "stdin"
        case .code(let code, _, let index, let staysOpen): "code \(code) \(index ?? -1)\(staysOpen ? " -i" : "")"
        case .command(let command): "\(type(of: command))"
        }
    }

    @Test(
        arguments: [
            ([], "repl"),
            (["--simulator"], "repl"),
            (["repl", "--simulator"], "repl"),
            (["a.lua", "--help"], "script 0"),
            (["-i", "a.lua"], "script 1 -i"),
            (["-i"], "repl"),
            (["-e", "-1"], "code -1 -1"),
            (["-e", "return ...", "a", "b"], "code return ... 2"),
            (["run", "a.lua"], "script 1"),
            (["plan", "--out", "p.jsonl", "--all", "a.lua", "--out", "x"], "plan 4 p.jsonl all"),
            (["plan"], "message 2"),
            (["limits"], "LimitsCommand"),
            (["--simulator", "limits"], "LimitsCommand"),
            (["simulator", "--tier", "free", "--latency", "40ms..120ms"], "SimulatorCommand"),
            (["doctor", "--simulator"], "DoctorCommand"),
            (["--help"], "message 0"),
            (["help"], "message 0"),
            (["help", "simulator"], "message 0"),
            (["--version"], "message 0"),
            (["run", "--help"], "message 0"),
            (["auth", "login", "--help"], "message 0"),
            (["simulator", "--version"], "message 0"),
            (["run"], "message 2"),
            (["--nonsense"], "message 2"),
            (["--nonsense", "a.lua"], "message 2"),
            (["--output", "xml"], "message 2"),
            (["--output"], "message 2"),
            (["--base-url", "http://example.com"], "message 2"),
            (["--memory-limit", "lots"], "message 2"),
            (["--time-limit", "5"], "message 2"),
            (["--store", "redis://user:pw@host"], "message 2"),
            (["simulator", "--tier", "free", "--limits", "10/1s"], "message 2"),
            (["limits", "stray"], "message 2"),
        ] as [([String], String)])
    func `is one of a few things`(arguments: [String], expected: String) {
        #expect(describe(arguments) == expected)
    }

    @Test func `is standard input where that is no terminal`() {
        #expect(describe([], isTerminal: false) == "stdin")
        #expect(describe(["-i"], isTerminal: false) == "repl")
    }

    @Test(arguments: [
        ["--log-level", "warning"], ["--simulator", "--log-level", "warning"],
        ["--read-only", "--log-level", "warning"],
    ])
    func `is the same whether the parser is needed or not`(arguments: [String]) {
        let short = arguments.filter { !["--log-level", "warning"].contains($0) }
        guard case .code(_, let parsed, _, _) = Invocation.parse(arguments + ["-e", "1"], isTerminal: true),
            case .code(_, let plain, _, _) = Invocation.parse(short + ["-e", "1"], isTerminal: true)
        else {
            Issue.record("no code")
            return
        }
        #expect(parsed == plain)
    }

    @Test func `names the option and what it takes where a value is wrong`() {
        guard case .message(let text, _) = Invocation.parse(["--time-limit", "5"], isTerminal: true) else {
            Issue.record("no message")
            return
        }
        #expect(text.contains("--time-limit"))
        #expect(text.contains("500ms"))
    }
}

@Suite("Quantities") struct QuantitiesTests {
    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("30s", .seconds(30)), ("1.5s", .milliseconds(1500)),
        ("5m", .seconds(300)),
        ("2h", .seconds(7200)),
    ])
    func `reads a duration with its unit`(text: String, expected: Duration) throws {
        #expect(try Quantities.duration(text) == expected)
    }

    @Test(arguments: ["", "5", "s", "-1s", "1 s", "5d", "0s", "nan", "1e3s", "0x10s", "99999999999h"])
    func `refuses what is no duration`(text: String) {
        #expect(throws: ArgumentProblem.self) { try Quantities.duration(text) }
    }

    @Test(arguments: [
        ("64M", 67_108_864), ("1G", 1_073_741_824), ("512k", 524_288), ("1048576", 1_048_576), ("1.5M", 1_572_864),
    ])
    func `reads a size`(text: String, bytes: Int) throws {
        #expect(try Quantities.size(text) == bytes)
    }

    @Test(arguments: ["", "M", "64X", "-1M", "1", "64 M", "9999999999G"])
    func `refuses what is no size`(text: String) {
        #expect(throws: ArgumentProblem.self) { try Quantities.size(text) }
    }

    @Test func `reads a share with or without its sign`() throws {
        #expect(try Quantities.share("10%") == 0.1)
        #expect(try Quantities.share("25") == 0.25)
        #expect(throws: ArgumentProblem.self) { try Quantities.share("100%") }
    }
}
