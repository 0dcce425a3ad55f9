import Foundation
import Testing

/// Help, tables and errors as they stand in `Screens/`, where people can see what becomes of them.
@Suite("What the screen shows", .enabled(if: Screen.isReachable, Comment(rawValue: Screen.remark)))
struct ScreenReferenceTests {
    private static let lines = [
        "?hubspot.contacts.merge", "?task",
        "hubspot.contacts.list{ limit = 3, properties = { 'email', 'firstname', 'fax' } }",
        "hubspot.contacts.get(501, { properties = { 'email', 'firstname', 'fax' } })", "hubspot.owners.list()",
        "hubspot.pipelines.get('tickets', '0')", "hubspot.properties.get('contacts', 'lifecyclestage')",
        "hubspot.forms.list()", "hubspot.contacts.get(7)", "hubspot.contact", "error('of its own')",
        "hubspot.contacts.create{ email = 'x@example.org', lifecyclestage = 'leed' }",
        "hubspot.contacts.batch.update{ { id = 501, properties = { lifecyclestage = 'leed' } }, { id = 7, properties = { city = 'Bath' } } }",
    ]

    @Test(arguments: [40, 80, 120]) func `is what the files hold`(columns: Int) async throws {
        var shown = ""
        try await Home.with { home in
            for line in Self.lines {
                try await Screen.with(
                    home, environment: ["PAGER": "cat", "NO_COLOR": "1"], columns: columns, rows: 90
                ) { screen in
                    // In narrow terminals the line is broken, and ends at the prompt all the same.
                    try await screen.prompts()
                    try await screen.press("C-l")
                    try await screen.waits("an empty screen") { $0.lines.count == 1 }
                    let picture = try await screen.run(line)
                    shown += picture.lines.dropLast().joined(separator: "\n") + "\n\n"
                }
            }
        }
        // What differs from one run to the next, by something as long.
        shown = shown.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/, with: "2026-01-01T00:00:00.000Z")
        shown = shown.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, with: "2026-01-01T00:00:00Z")
        try Reference.compare(shown, with: "Tests/EndToEndTests/Screens/console-\(columns).txt")
    }
}

/// Files that a test makes again and compares.
enum Reference {
    static func compare(_ text: String, with path: String) throws {
        let url = Home.repository.appending(path: path)
        if ProcessInfo.processInfo.environment["MOONSPOT_WRITE_GENERATED"] == "1" { try Data(text.utf8).write(to: url) }
        let committed = try String(contentsOf: url, encoding: .utf8)
        #expect(committed == text, "scripts/format --generated makes \(path) again")
    }
}
