import Foundation
import Testing

/// What a person sees who waits at a terminal.
@Suite("The status line") struct StatusLineTests {
    /// Three calls at the same time where two fit into the window: the third waits for all of it, however slow the others
    /// are.
    private static let waiting =
        "do task.map({ 1, 2, 3 }, function() hubspot.contacts.list{ limit = 1 } print('done') end) end"
    private static let slow = ["--simulator", "--limits", "2/4s"]

    @Test func `counts down a long wait in a script, and leaves nothing behind`() async throws {
        try await Home.with { home in
            let terminal = try Terminal(home, Self.slow + ["-e", Self.waiting], columns: 80)
            try await terminal.expect("waiting ")
            try await terminal.expect("burst window full (2 in 4 s), 1 call queued")
            #expect(try await terminal.end() == 0)
            #expect(shown(terminal.transcript) == ["done", "done", "done"])
        }
    }

    @Test func `stands below the typed line at the console, not in what it prints`() async throws {
        try await Home.with { home in
            let terminal = try Terminal(home, Self.slow)
            try await terminal.expect(ReplTests.prompt)
            terminal.enter(Self.waiting)
            try await terminal.expect("waiting ")
            // With what is used of the window, where that is more than half.
            try await terminal.expect("simulator 20000001")
            terminal.enter("'the ' .. 'end'")
            try await terminal.expect("the end\n")
            #expect(!shown(terminal.transcript).contains { $0.contains("waiting") })
        }
    }

    @Test func `goes at Ctrl-C`() async throws {
        try await Home.with { home in
            let terminal = try Terminal(
                home,
                ["--simulator", "--limits", "1/1m", "-e", "for _ = 1, 2 do hubspot.contacts.list() print('done') end"])
            try await terminal.expect("waiting ")
            terminal.type("\u{3}")
            #expect(try await terminal.end() == 130)
            #expect(shown(terminal.transcript) == ["done", "^C", "moonspot: interrupted"])
        }
    }

    @Test(arguments: [["--no-progress"], []])
    func `can be switched off, and needs a terminal`(option: [String]) async throws {
        try await Home.with { home in
            if option.isEmpty {
                let result = try await home.start(Self.slow + ["-e", Self.waiting]).finish()
                #expect(result.errors.isEmpty && result.status == 0)
            } else {
                let terminal = try Terminal(home, Self.slow + option + ["-e", Self.waiting])
                #expect(try await terminal.end() == 0)
                #expect(terminal.plain == "done\ndone\ndone\n")
                #expect(!terminal.transcript.contains("\u{1b}"))
            }
        }
    }

    @Test func `is without colour where NO_COLOR is set`() async throws {
        try await Home.with { home in
            let terminal = try Terminal(home, Self.slow + ["-e", Self.waiting], environment: ["NO_COLOR": "1"])
            #expect(try await terminal.end() == 0)
            #expect(terminal.plain.contains("waiting "))
            #expect(!terminal.transcript.contains("\u{1b}[2m"))
        }
    }

    @Test func `shows how far task.each is`() async throws {
        try await Home.with { home in
            let script = """
                local ids = {}
                for i = 1, 60 do ids[i] = i end
                task.each(ids, function(i) hubspot.request("GET", "/crm/v3/owners") end)
                print("all done")
                """
            let terminal = try Terminal(home, ["--simulator", "--limits", "20/2s", "-e", script], columns: 80)
            try await terminal.expect("task.each: ")
            let rest = try await terminal.expect("all done\n")
            #expect(rest.contains(" of 60 · "))
            #expect(rest.contains(" left"))
            #expect(try await terminal.end() == 0)
            #expect(shown(terminal.transcript) == ["all done"])
        }
    }

    /// The lines that stand on the terminal in the end: what was cleared is gone.
    private func shown(_ transcript: String) -> [String] {
        transcript.replacingOccurrences(of: "\r\n", with: "\n").split(separator: "\n").map { line in
            let kept = line.components(separatedBy: "\r\u{1b}[K").last ?? ""
            return kept.replacing(/\u{1b}\[[0-9;?]*[a-zA-Z]/, with: "")
        }.filter { !$0.isEmpty }
    }
}

@Suite("Who shares the quota") struct ProcessListTests {
    @Test func `is listed with what each process holds`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--limits", "20/10s,1000/day", "--contacts", "3") { server in
                let script = try home.write(
                    "for i = 1, 25 do hubspot.contacts.list{ limit = 1 } if i == 20 then print('full') end end",
                    to: "busy.lua")
                let busy = try home.start([script, "secret-argument"], environment: server.environment)
                #expect(try await busy.line() == "full")
                // It tells of itself a moment later.
                var shown = ""
                let deadline = ContinuousClock.now + .seconds(20)
                while !shown.contains("busy.lua") || !shown.contains("burst 2"), ContinuousClock.now < deadline {
                    shown = try await home.run("limits", environment: server.environment).output
                }
                busy.signal(SIGKILL)
                _ = try await busy.finish()
                let line = try #require(
                    shown.split(separator: "\n").first { $0.contains("moonspot busy.lua") }, "\(shown)")
                let words = line.split(separator: " ")
                #expect(words.first.map(String.init) == "\(busy.pid)")
                #expect(line.contains("burst 2"), "\(shown)")
                #expect(!shown.contains("secret-argument"))
            }
        }
    }
}
