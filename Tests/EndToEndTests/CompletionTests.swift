import Foundation
import Testing

@Suite("Tab in the console") struct CompletionTests {
    /// Presses Tab until `text` shows: what is not there yet is not waited for.
    private func press(_ terminal: Terminal, until text: String) async throws {
        for _ in 0..<50 {
            terminal.type("\t")
            if (try? await terminal.expect(text, within: .milliseconds(500))) != nil { return }
        }
        try await terminal.expect(text, within: .seconds(1))
    }

    @Test func `completes properties, values and forms of the portal`() async throws {
        try await Home.with { home in
            let terminal = try Terminal(home, ["--simulator"])
            try await terminal.expect(ReplTests.prompt)
            terminal.type("hubspot.contacts.create{ email = 'tab@example.org', firstna")
            try await press(terminal, until: "firstname = ")
            terminal.type("'Tab', lifecyclestage = 'opp")
            try await press(terminal, until: "'opportunity'")
            terminal.enter(" }.lifecyclestage")
            try await terminal.expect("\nopportunity\n")
            try await terminal.expect(ReplTests.prompt)
            terminal.type("hubspot.forms.get('Newsl")
            try await press(terminal, until: "'Newsletter")
        }
    }

    @Test func `calls no metamethod`() async throws {
        try await Home.with { home in
            let terminal = try Terminal(home, ["--simulator"])
            try await terminal.expect(ReplTests.prompt)
            terminal.enter(
                "trap = setmetatable({ inner = {} }, { __index = function() print('sprung') return {} end })")
            try await terminal.expect(ReplTests.prompt)
            terminal.type("trap.inn")
            try await press(terminal, until: "trap.inner")
            terminal.type(".x.y\t")
            terminal.type("\u{3}")
            let shown = try await terminal.expect(ReplTests.prompt)
            #expect(!shown.contains("sprung"))
        }
    }

    @Test func `completes files behind a command`() async throws {
        try await Home.with { home in
            try home.write("print('ran it')", to: "a script.lua")
            let terminal = try Terminal(home, ["--simulator"])
            try await terminal.expect(ReplTests.prompt)
            terminal.type(":run \(home.folder.path)/a")
            try await press(terminal, until: #"a\ script.lua"#)
            terminal.type("\r")
            try await terminal.expect("\nran it\n")
        }
    }
}
