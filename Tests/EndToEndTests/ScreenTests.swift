import Foundation
import Testing

@Suite("The console on a screen", .enabled(if: Screen.isReachable, Comment(rawValue: Screen.remark)))
struct ScreenTests {
    private static let prompt = "simulator 20000001>"

    private func console(
        _ arguments: [String] = ["--simulator"], environment: [String: String] = [:], columns: Int = 80,
        rows: Int = 30, _ body: (Screen) async throws -> Void
    ) async throws {
        try await Home.with { home in
            try await Screen.with(home, arguments, environment: environment, columns: columns, rows: rows) { screen in
                try await screen.prompts()
                try await body(screen)
            }
        }
    }

    @Test func `fills what is sure at the first Tab, and lists the rest in columns below the line`() async throws {
        try await console { screen in
            try await screen.type("hubspot.cont")
            try await screen.press("Tab")
            try await screen.waits("hubspot.contacts") { $0.atCursor == "\(Self.prompt) hubspot.contacts" }
            try await screen.type(".g")
            try await screen.press("Tab")
            let listed = try await screen.shows("gdpr_delete")
            let row = try #require(listed.lines.first { $0.contains("gdpr_delete") })
            #expect(row.contains("get"))
            // The line stands below the list, as it was.
            let line = try await screen.waits("the line again") { $0.cursor > 1 && $0.atCursor.hasPrefix(Self.prompt) }
            #expect(line.atCursor.hasPrefix("\(Self.prompt) hubspot.contacts.g"))
        }
    }

    @Test func `aligns a continuation, and has Up take the statement back to be edited`() async throws {
        try await console { screen in
            try await screen.enter("for i = 1, 2 do")
            try await screen.waits("a continuation") { $0.atCursor.hasSuffix("..") }
            try await screen.enter("  local n = i * 10")
            let below = try await screen.waits("a second continuation") {
                $0.atCursor.hasSuffix("..") && $0.lines.contains { $0.hasSuffix("local n = i * 10") }
            }
            // Its code stands below that of the first line.
            let first = try #require(below.lines.first { $0.contains("for i") })
            let second = try #require(below.lines.first { $0.contains("local n") })
            #expect(first.distance(of: "for i") == second.distance(of: "  local n"))
            try await screen.press("Up", "Up", "Home")
            try await screen.type("seen = 'once' ")
            try await screen.press("Down", "Down", "End")
            try await screen.type("print(seen, i) end")
            try await screen.press("Enter")
            let done = try await screen.prompts()
            #expect(done.lines.contains { $0.hasPrefix("once") && $0.hasSuffix("1") }, "\(done.text)")
            #expect(done.lines.contains { $0.hasPrefix("once") && $0.hasSuffix("2") }, "\(done.text)")
        }
    }

    @Test func `has a cyan prompt in a simulator, and plain text where colours are declined`() async throws {
        try await console { screen in
            try await screen.run("'a line without colours'")
            let picture = try await screen.picture(isColored: true)
            #expect(picture.text.contains("\n\u{1b}[36m\(Self.prompt)"), "\(picture.text)")
        }
        try await console(environment: ["NO_COLOR": "1"]) { screen in
            let picture = try await screen.picture(isColored: true)
            #expect(!picture.text.contains("\u{1b}[36m") && !picture.text.contains("\u{1b}[31m"), "\(picture.text)")
        }
    }

    @Test func `counts a wait down on a line that is gone afterwards`() async throws {
        try await console(["--simulator", "--limits", "3/4s", "--no-batch"]) { screen in
            try await screen.enter("for i = 501, 506 do hubspot.contacts.get(i) end print('all read')")
            try await screen.shows("burst window full")
            let done = try await screen.waits("the end of the loop") {
                $0.text.contains("\nall read") && $0.atCursor.hasPrefix("simulator")
            }
            #expect(!done.text.contains("burst window full"), "\(done.text)")
        }
    }

    @Test func `shows rows as blocks of lines where that is set, with what is chosen`() async throws {
        try await console { screen in
            try await screen.run(":set vertical on")
            try await screen.run(":set columns email,fax,firstname")
            let picture = try await screen.run(
                "hubspot.contacts.list{ limit = 2, properties = { 'email', 'firstname' } }")
            let blocks = picture.lines.filter { $0.hasPrefix("─ ") }
            #expect(blocks.count == 2, "\(picture.text)")
            #expect(
                picture.lines.filter { $0.hasPrefix("fax") && $0.hasSuffix("(not fetched)") }.count == 2,
                "\(picture.text)")
            #expect(!picture.text.contains("lifecyclestage"))
            let one = try await screen.run("hubspot.contacts.get(501)")
            #expect(one.lines.suffix(4).first?.hasPrefix("email") == true, "\(one.text)")
        }
    }

    @Test func `runs a pasted session part by part, with its commands`() async throws {
        try await console(rows: 60) { screen in
            try await screen.paste(
                """
                ada = hubspot.contacts.create{ email = "pasted@example.org" }
                ada.email
                :set columns email
                for person in hubspot.contacts.search_each{ where = { email = "pasted@example.org" } } do
                  print("found " .. person.email)
                end
                :time 6 * 7
                """)
            try await screen.press("Enter")
            let done = try await screen.waits("the last part") {
                $0.text.contains("\n42\n") && $0.atCursor == Self.prompt
            }
            #expect(
                done.text.contains("\npasted@example.org\ncolumns  email\nfound pasted@example.org\n"), "\(done.text)")
            try await screen.paste("'one'\nerror('stop here')\n:set columns auto\n'never'")
            try await screen.press("Enter")
            let stopped = try await screen.shows("what was pasted behind that is not run")
            #expect(!stopped.text.contains("\nnever\n"))
            try await screen.prompts()
            try await screen.paste("x = 'not set'\nx\nend\n")
            try await screen.press("Enter")
            try await screen.shows("near 'end'")
            let nothing = try await screen.run("tostring(x)")
            #expect(nothing.text.hasSuffix("nil\n\(Self.prompt)"), "\(nothing.text)")
        }
    }

    @Test func `begins a line of its own behind a :watch that Ctrl-C ends`() async throws {
        try await console { screen in
            try await screen.enter(":watch 60 'watched'")
            try await screen.shows("\nwatched")
            try await screen.press("C-c")
            let ended = try await screen.prompts()
            #expect(ended.lines.last == Self.prompt)
        }
    }

    @Test func `goes on with a page and with an iterator by :next`() async throws {
        try await console(rows: 60) { screen in
            try await screen.run(":set columns id")
            try await screen.run("hubspot.contacts.each{ max = 15, limit = 4 }")
            try await screen.shows("the first 10 records · the rest: :next, or for x in _ do … end")
            let next = try await screen.run(":next")
            #expect(next.text.contains("\n511\n512\n513\n514\n515\nrecords 11 to 15"), "\(next.text)")
            try await screen.run(":next")
            try await screen.shows("those were the last rows")
            try await screen.run("hubspot.contacts.list{ limit = 20 }")
            try await screen.shows("more: :next")
            let page = try await screen.run(":next")
            #expect(page.text.contains("\n521\n"), "\(page.text)")
        }
    }
}

extension String {
    /// How many characters stand before the text; nil where it is not there.
    fileprivate func distance(of text: String) -> Int? {
        firstRange(of: text).map { distance(from: startIndex, to: $0.lowerBound) }
    }
}
