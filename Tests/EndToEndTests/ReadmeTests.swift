import Foundation
import Testing

@Suite("The README") struct ReadmeTests {
    /// The lines of the README's Lua, as a reader types them.
    private func session() throws -> [String] {
        let text = try String(contentsOf: Home.repository.appendingPathComponent("README.md"), encoding: .utf8)
        let blocks = text.components(separatedBy: "```lua\n").dropFirst()
        let lines = blocks.flatMap { $0.components(separatedBy: "```")[0].split(separator: "\n").map(String.init) }
        return lines.filter { $0 != ":quit" }
    }

    @Test func `shows a session that a reader can type`() async throws {
        let lines = try session()
        #expect(lines.count > 8)
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
            for part in ["Existing ID", "INVALID_EMAIL", "inlineMessage", "burst"] {
                #expect(shown.contains(part), "\(part) is not in:\n\(shown)")
            }
            // Nothing that was not meant to fail did.
            #expect(!shown.contains("stdin:"), "\(shown)")
            #expect(!shown.contains("validation:"), "\(shown)")
            terminal.enter("print(table.concat(names, ' and '))")
            try await terminal.expect("\nAda and Grace\n")
        }
    }
}
