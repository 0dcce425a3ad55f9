import Foundation
import Testing

@Suite("The console") struct ReplTests {
    /// The simulator's prompt, told apart from a real portal's.
    static let prompt = "simulator 20000001> "

    /// A console on the simulator's portal, at its first prompt.
    @Test func `prints what an expression returns, and keeps it in _`() async throws {
        try await withConsole { _, terminal in
            terminal.enter("6 * 7")
            try await terminal.expect("\n42\n")
            try await terminal.expect(Self.prompt)
            terminal.enter("_ + 0.5")
            try await terminal.expect("\n42.5\n")
            terminal.enter("error('an error keeps ' .. _)")
            try await terminal.expect("an error keeps 42.5")
            try await terminal.expect(Self.prompt)
            terminal.enter("print('still ' .. _)")
            try await terminal.expect("\nstill 42.5\n")
        }
    }

    @Test func `goes on over lines until a statement is complete`() async throws {
        try await withConsole { _, terminal in
            terminal.enter("for i = 1, 2 do")
            try await terminal.expect(".. ")
            terminal.enter("print('turn ' .. i * 10)")
            try await terminal.expect(".. ")
            terminal.enter("end")
            try await terminal.expect("\nturn 10\nturn 20\n")
            try await terminal.expect(Self.prompt)
        }
    }

    @Test func `shows records as a table that fits the terminal`() async throws {
        try await withConsole { _, terminal in
            terminal.enter(#"ada = hubspot.contacts.create{ email = "ada@example.org", firstname = "Ada" }"#)
            try await terminal.expect(Self.prompt)
            terminal.enter(#"hubspot.contacts.list{ properties = { "email", "firstname" }, limit = 100 }.results"#)
            let shown = try await terminal.expect(Self.prompt)
            #expect(shown.contains("ada@example.org"))
            let widest = shown.components(separatedBy: "\n").dropFirst().map(\.count).max() ?? 0
            #expect(widest <= 100, "\(shown)")
        }
    }

    @Test func `leaves with 0 at Ctrl-D and at :quit`() async throws {
        for farewell in ["\u{4}", ":quit\r"] {
            try await withConsole { _, terminal in
                terminal.type(farewell)
                let status = try await terminal.end()
                #expect(status == 0)
            }
        }
    }

    @Test func `clears the line at Ctrl-C`() async throws {
        try await withConsole { _, terminal in
            terminal.type("error('never run')")
            try await terminal.expect("never run')")
            terminal.type("\u{3}")
            try await terminal.expect(Self.prompt)
            terminal.enter("print('after ' .. 'the line')")
            let between = try await terminal.expect("after the line\n")
            #expect(!between.contains("stdin:1"))
        }
    }

    @Test(arguments: [
        "while true do end", "task.sleep(600)", "pcall(function() while true do pcall(task.sleep, 600) end end)",
    ])
    func `stops what runs at Ctrl-C and keeps the variables`(code: String) async throws {
        try await withConsole { _, terminal in
            terminal.enter("kept = 'here'")
            try await terminal.expect(Self.prompt)
            terminal.enter("print('now ' .. 'running') \(code)")
            try await terminal.expect("now running\n")
            terminal.type("\u{3}")
            try await terminal.expect(Self.prompt)
            terminal.enter("print('it is still ' .. kept)")
            try await terminal.expect("\nit is still here\n")
            try await terminal.expect(Self.prompt)
            terminal.type("\u{4}")
            let status = try await terminal.end()
            #expect(status == 0)
        }
    }

    @Test func `does not run what is pasted line by line`() async throws {
        try await withConsole { _, terminal in
            terminal.type("\u{1b}[200~print('pasted ' .. 1)\nprint('pasted ' .. 2)\n\u{1b}[201~")
            // Pasted text waits for Enter, and then runs as one piece.
            terminal.type("\r")
            let before = try await terminal.expect("\npasted 1\n")
            #expect(!before.contains("pasted 2"))
            let between = try await terminal.expect("pasted 2\n")
            #expect(!between.contains(Self.prompt))
        }
    }

    @Test func `keeps a history that only its owner can read`() async throws {
        let token = "pat-na1-11111111-2222-4333-8444-555555555555"
        try await withConsole { home, terminal in
            for line in ["'first line'", " 'begins with a space'", "'\(token)'"] {
                terminal.enter(line)
                try await terminal.expect(Self.prompt)
            }
            terminal.type("\u{4}")
            let status = try await terminal.end()
            #expect(status == 0)
            let path = ".local/state/moonspot/history"
            let attributes = try FileManager.default.attributesOfItem(atPath: home.path(path))
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let history = try home.read(path)
            #expect(history.contains("first line"))
            #expect(!history.contains("begins with a space"))
            #expect(!history.contains("11111111-2222"))

            let second = try Terminal(home, ["--simulator"])
            try await second.expect(Self.prompt)
            second.type("\u{1b}[A\u{1b}[A\r")
            try await second.expect("first line")
        }
    }

    @Test func `lets spawned work go on while the prompt waits`() async throws {
        try await withConsole { _, terminal in
            terminal.enter(
                "task.spawn(function() for i = 1, 3 do task.sleep(0.05) print('beat ' .. i) end end) return nil")
            try await terminal.expect("beat 3\n")
            terminal.enter("print('the line ' .. 'works')")
            try await terminal.expect("\nthe line works\n")
        }
    }

    @Test func `submits a form and shows the quota`() async throws {
        try await withConsole { _, terminal in
            terminal.enter(
                #"hubspot.forms.submit("11111111-1111-4111-8111-111111111111", { email = "grace@example.org", firstname = "Grace", lastname = "Hopper" })"#
            )
            try await terminal.expect("inlineMessage")
            try await terminal.expect(Self.prompt)
            terminal.enter(":limits")
            try await terminal.expect("burst")
            try await terminal.expect(Self.prompt)
            terminal.enter(":set pager off")
            try await terminal.expect(Self.prompt)
            terminal.enter(":help")
            try await terminal.expect(":quit")
            terminal.enter(":nonsense")
            try await terminal.expect("no command :nonsense")
        }
    }

    @Test func `follows a script in the script's session, even one that failed`() async throws {
        try await Home.with { home in
            let script = try home.write("left = 'behind'\nerror('went wrong')\n", to: "script.lua")
            let terminal = try Terminal(home, ["--simulator", "-i", script])
            try await terminal.expect("went wrong")
            try await terminal.expect(Self.prompt)
            terminal.enter("print('left ' .. left)")
            try await terminal.expect("\nleft behind\n")
            terminal.enter(":run \(try home.write("print('run ' .. left, ...)", to: "other.lua")) x")
            try await terminal.expect("run behind")
        }
    }

    @Test func `shows control characters of a record, and does not send them`() async throws {
        try await withConsole { _, terminal in
            terminal.enter(#"hubspot.contacts.create{ email = "x@example.org", firstname = "a\27]0;title\7b" }"#)
            try await terminal.expect("x@example.org")
            try await terminal.expect(Self.prompt)
            #expect(!terminal.transcript.contains("\u{1b}]0;title"))
        }
    }
}
