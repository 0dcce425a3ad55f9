import Foundation
import Testing

@Suite("The README") struct ReadmeTests {
    private static let path = "README.md"

    private static func text() throws -> String {
        try String(contentsOf: Home.repository.appendingPathComponent(path), encoding: .utf8)
    }

    /// The lines of the README's Lua, as a reader types them behind the session.
    private func lines() throws -> [String] {
        let blocks = try Self.text().components(separatedBy: "```lua\n").dropFirst()
        return blocks.flatMap { $0.components(separatedBy: "```")[0].split(separator: "\n").map(String.init) }
    }

    @Test func `shows lines that a reader can type behind the session`() async throws {
        let lines = try Session(readme: Self.text()).lines + lines()
        #expect(lines.count > 20)
        try await Home.with { home in
            let terminal = try Terminal(home, ["--simulator"], columns: 200)
            try await terminal.expect(ReplTests.prompt)
            var shown = ""
            for (index, line) in lines.enumerated() {
                let next = index + 1 < lines.count ? lines[index + 1] : ""
                terminal.enter(line)
                let goesOn = next.hasPrefix(" ") || next.hasPrefix("end")
                shown += try await terminal.expect(goesOn ? ".. " : ReplTests.prompt)
            }
            for part in ["Existing ID", "INVALID_EMAIL", "inlineMessage", "remaining"] {
                #expect(shown.contains(part), "\(part) is not in:\n\(shown)")
            }
            // Nothing that was not meant to fail did.
            #expect(!shown.contains("stdin:"), "\(shown)")
            #expect(!shown.contains("validation:"), "\(shown)")
            terminal.enter("print(table.concat(names, ' and '))")
            try await terminal.expect("\nAda and Grace\n")
        }
    }

    /// The block of the README that shows a session: what is typed, and what the screen shows then.
    struct Session {
        private static let prompt = "simulator 20000001> "
        /// Around the block.
        private let before: String, after: String
        let block: String

        init(readme text: String) throws {
            let parts = text.components(separatedBy: "<!-- A session that the tests run")
            guard parts.count == 2, let begin = parts[1].range(of: "```text\n"),
                let end = parts[1].range(of: "\n```", range: begin.upperBound..<parts[1].endIndex)
            else { throw Child.Failure("the README has no session") }
            before = parts[0] + "<!-- A session that the tests run" + parts[1][..<begin.upperBound]
            block = String(parts[1][begin.upperBound..<end.lowerBound])
            after = String(parts[1][end.lowerBound...])
        }

        var lines: [String] {
            block.split(separator: "\n").filter { $0.hasPrefix(Self.prompt) }.map {
                String($0.dropFirst(Self.prompt.count))
            }
        }

        func readme(with block: String) -> String { before + block + after }
    }
}

@Suite("The README's session", .enabled(if: Screen.isReachable, Comment(rawValue: Screen.remark)))
struct SessionReferenceTests {
    @Test func `is what the console shows`() async throws {
        let url = Home.repository.appending(path: "README.md")
        let text = try String(contentsOf: url, encoding: .utf8)
        let session = try ReadmeTests.Session(readme: text)
        #expect(session.lines.count > 8)
        var shown: [String] = []
        try await Home.with { home in
            try await Screen.with(home, environment: ["NO_COLOR": "1"], columns: 128, rows: 120) { screen in
                try await screen.prompts()
                try await screen.press("C-l")
                try await screen.waits("an empty screen") { $0.lines.count == 1 }
                var picture = try await screen.picture()
                for line in session.lines { picture = try await screen.run(line) }
                shown = Array(picture.lines.dropLast())
            }
        }
        try Reference.compare(session.readme(with: shown.joined(separator: "\n")), with: "README.md")
    }
}
