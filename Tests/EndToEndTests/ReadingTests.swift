import Foundation
import Testing

/// Keys in, the terminal's text out.
@Suite("Reading a line") struct ReadingTests {
    private static let up = "\u{1b}[A", down = "\u{1b}[B"

    @Test(arguments: [
        ("a = { b = 40 + 2 }; a.b", "42"), ("local t = { 5, 6 } #t", "2"), ("x = 1; nil", "nil"),
        ("for i = 1, 3 do last = i * 10 end; last", "30"), ("x = 7; tostring(x) .. '!'", "7!"),
    ])
    func `runs statements and shows the expression at their end, at once`(line: String, shown: String) async throws {
        try await withConsole { _, terminal in
            terminal.enter(line)
            try await terminal.expect("\n\(shown)\n")
            try await terminal.expect(ReplTests.prompt)
            terminal.enter("'the next line is ' .. 'its own'")
            try await terminal.expect("\nthe next line is its own\n")
        }
    }

    @Test func `runs a pasted block that ends in an expression`() async throws {
        try await withConsole { _, terminal in
            terminal.type("\u{1b}[200~local sum = 0\nfor i = 1, 4 do\n  sum = sum + i\nend\nsum\n\u{1b}[201~\r")
            try await terminal.expect("\n10\n")
            try await terminal.expect(ReplTests.prompt)
        }
    }

    @Test(arguments: [
        ("x = 'abc", "unfinished string"), ("x = 1 = 2", "near '='"), ("end", "near 'end'"), ("x = 1; a b", "near 'b'"),
    ])
    func `says at once what cannot become a chunk`(line: String, said: String) async throws {
        try await withConsole { _, terminal in
            terminal.enter(line)
            let before = try await terminal.expect(said)
            #expect(!before.contains(".. "))
            try await terminal.expect(ReplTests.prompt)
        }
    }

    @Test func `takes the statement's earlier lines back by Up, to be edited as one`() async throws {
        try await withConsole { home, terminal in
            terminal.enter("for i = 1, 2 do")
            try await terminal.expect(".. ")
            terminal.enter("  local n = i * 10")
            try await terminal.expect(".. ")
            terminal.type(Self.up + Self.up + "\u{1}")  // to the first line, and its beginning
            terminal.type("seen = 'once' ")
            terminal.type(Self.down + Self.down + "print(seen, i) end")
            terminal.type("\r")
            try await terminal.expect("\nonce\t1\nonce\t2\n".replacingOccurrences(of: "\t", with: "\t"))
            try await terminal.expect(ReplTests.prompt)
            // The history holds it as one entry.
            terminal.type(Self.up + "\r")
            try await terminal.expect("\nonce\t1\nonce\t2\n")
            try await terminal.expect(ReplTests.prompt)
            terminal.type("\u{4}")
            _ = try await terminal.end()
            let history = try home.read(".local/state/moonspot/history")
            #expect(
                history.contains(#"seen = 'once' for i = 1, 2 do\n  local n = i * 10\nprint(seen, i) end"#),
                "\(history)")
        }
    }

    @Test func `goes on with the history by Up on a first line`() async throws {
        try await withConsole { _, terminal in
            terminal.enter("'first ' .. 'entry'")
            try await terminal.expect("\nfirst entry\n")
            try await terminal.expect(ReplTests.prompt)
            terminal.enter("'second ' .. 'entry'")
            try await terminal.expect("\nsecond entry\n")
            try await terminal.expect(ReplTests.prompt)
            terminal.type(Self.up + Self.up + Self.down + Self.up + "\r")
            try await terminal.expect("\nfirst entry\n")
        }
    }
}
