import Testing

@testable import Moonspot

@Suite("Commands at the REPL") struct ReplCommandTests {
    /// The command's name and the words behind it; nil where there is none.
    private func read(_ line: String) -> (name: String, arguments: [String])? {
        guard let words = CommandWords(line), case .command(let command) = CommandTable.find(words.name) else {
            return nil
        }
        return (command.name, words.arguments)
    }

    @Test(
        arguments: [
            (":help", "help", []), (":help hubspot.contacts.get", "help", ["hubspot.contacts.get"]),
            (" :quit ", "quit", []), (":q", "quit", []), (":exit", "quit", []), (":limits", "limits", []),
            (":u", "undo", []),
            (":run 'a b.lua' x", "run", ["a b.lua", "x"]), (#":run a\ b.lua c\d"#, "run", ["a b.lua", #"c\d"#]),
            ("?", "help", []), ("?hubspot.limits", "help", ["hubspot.limits"]), ("? hubspot", "help", ["hubspot"]),
        ] as [(String, String, [String])])
    func `are words behind a colon`(line: String, name: String, arguments: [String]) throws {
        let found = try #require(read(line))
        #expect(found.name == name)
        #expect(found.arguments == arguments)
    }

    @Test(arguments: ["::label::", "x:y()", "return 1", ""])
    func `are told from Lua`(line: String) {
        #expect(CommandWords(line) == nil)
    }

    @Test func `may be cut to what is unique`() {
        for command in CommandTable.all {
            let others = CommandTable.all.map(\.name).filter { $0 != command.name }
            for length in 1...command.name.count {
                let cut = String(command.name.prefix(length))
                guard length == command.name.count || !others.contains(where: { $0.hasPrefix(cut) }) else { continue }
                #expect(read(":" + cut)?.name == command.name, "\(cut)")
            }
        }
        #expect(read(":h") == nil)
    }

    private func message(_ word: String) -> String? {
        if case .unknown(let message) = CommandTable.find(word) { message } else { nil }
    }

    @Test func `are hinted at where one is misspelt`() {
        #expect(message("limtis") == "no command :limtis. Did you mean :limits? :help lists them")
        #expect(message("frobnicate") == "no command :frobnicate. :help lists them")
        #expect(message("edti") == "no command :edti. Did you mean :edit? :help lists them")
        #expect(message("hi") == nil)
        #expect(message("h")?.contains(":help") == true)
        #expect(message("") == "no command :. :help lists them")
    }

    @Test func `are found by what is unique of their names`() {
        #expect(message("form") == nil && message("fo") == nil && message("undo") == nil)
        #expect(message("re")?.contains("record") == true)
    }
}

@Suite(":watch") struct WatchedLineTests {
    @Test(
        arguments: [
            ("5 f()", Duration.seconds(5), "f()"), ("0.5  f()", .milliseconds(500), "f()"),
            ("500ms f()", .milliseconds(500), "f()"), ("f()", .seconds(2), "f()"), ("2 + 2", .seconds(2), "+ 2"),
            ("5x", .seconds(2), "5x"),
        ] as [(String, Duration, String)])
    func `takes seconds before the line`(text: String, pause: Duration, code: String) throws {
        let found = try WatchedLine.parse(text)
        #expect(found.pause == pause)
        #expect(found.code == code)
    }

    @Test(arguments: ["", "5", "0 f()", "0.01 f()"])
    func `says what it needs`(text: String) {
        #expect(throws: CommandProblem.self) { _ = try WatchedLine.parse(text) }
    }
}

@Suite("A saved script") struct SavedScriptTests {
    @Test(
        arguments: [
            (["x = 1", "x"], nil), (["_ + 1"], 0), (["f(_, _3)", "_1"], 3), (["a_1 = 2", "_ENV", "__index"], nil),
        ] as [([String], Int?)])
    func `keeps as many results as its lines look back`(lines: [String], farthest: Int?) {
        #expect(SavedScript.resultsRead(in: lines) == farthest)
    }
}
