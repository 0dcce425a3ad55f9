/// Runs a test at the console's first prompt, in an empty home.
///
/// - Parameters:
///   - prompt: What the prompt ends with, or holds where a narrow terminal breaks its words.
///   - before: Prepares the home.
func withConsole(
    _ arguments: [String] = ["--simulator"], environment: [String: String] = [:], columns: UInt16 = 100,
    prompt: String = ReplTests.prompt, before: (Home) throws -> Void = { _ in },
    _ body: (Home, Terminal) async throws -> Void
) async throws {
    try await Home.with { home in
        try before(home)
        let terminal = try Terminal(home, arguments, environment: environment, columns: columns)
        try await terminal.expect(prompt)
        try await body(home, terminal)
    }
}
