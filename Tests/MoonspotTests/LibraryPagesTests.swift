import LuaRuntime
import Testing
import Words

@testable import Moonspot

@Suite("Help on the Lua modules") struct LibraryPagesTests {
    private static let library = Library(folder: nil)
    private static let topics = LuaDocumentation.topics(of: library)
    private static let functions = topics.filter { $0.contains(".") }

    private func page(_ name: String, width: Int = 100) -> String? {
        LuaDocumentation.page(HelpText.path(name), library: Self.library, width: width)
    }

    @Test func `is there for what a script can call`() {
        for name in [
            "csv", "csv.read", "csv.open", "csv.writer", "csv.separator", "csv.Reader:rows", "cli.start", "log.info",
            "atomic_file.File:commit", "dates.parse", "inspect.text", "utf8_case.fold", "testing.expect",
            "known_names.options", "csv_columns.find",
        ] {
            #expect(Self.topics.contains(name), "\(name)")
        }
        #expect(!Self.topics.contains { $0.hasPrefix("csv_text") || $0.hasPrefix("utf8_case_data") })
    }

    @Test(arguments: functions) func `has signature, arguments, errors, endpoint and example`(name: String) throws {
        let text = try #require(page(name))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines[0].hasPrefix(name + "("))
        for tag in ["@param", "@return", "@field", "Example:"] { #expect(!text.contains(tag), "\(text)") }
        #expect(lines.contains { $0.hasPrefix("raises ") })
        #expect(lines.contains { $0.hasPrefix("calls ") })
        #expect(lines.last?.hasPrefix("  ") == true, "\(name) has no example")
    }

    @Test func `tells the options of a table`() throws {
        let text = try #require(page("csv.read"))
        for part in [
            "csv.read(source [, opts])", ".separator", "One byte;", ".header", "returns csv.Reader",
            "raises csv.Error",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(try #require(page("cli.start")).contains(".choices"))
        #expect(try #require(page("csv.WriteOpts")).contains(".bom") == false)
        #expect(try #require(page("csv.WriteOpts")).contains("bom"))
    }

    @Test(arguments: [40, 60, 80, 100]) func `is wrapped between words`(width: Int) throws {
        for name in Self.topics {
            let text = try #require(page(name, width: width))
            for line in text.split(separator: "\n") where DisplayWidth.of(String(line)) > width {
                // Code is not broken, nor a word that is longer than its place.
                #expect(line.hasPrefix("  ") || line.split(separator: " ").count == 1, "\(name): \(line)")
            }
        }
        #expect(try #require(page("csv", width: 200)).contains("so it is what a spreadsheet shows beside the row"))
    }

    @Test func `is found by a function's place`() throws {
        let source = try #require(LuaSource("csv", library: Self.library))
        let read = try #require(source.functions.first { $0.name == "read" })
        let text = LuaDocumentation.page(atLine: read.line, of: "csv", library: Self.library, width: 100)
        #expect(text == page("csv.read"))
        #expect(LuaDocumentation.page(atLine: 1, of: "csv", library: Self.library, width: 100) == nil)
    }
}

@Suite("A comment of LuaCATS") struct LuaCommentTests {
    @Test func `is taken apart`() {
        let comment = LuaComment([
            "--- Reads a row. It may be", "--- empty.", "---", "--- More.", "--- Raises csv.Error where it is none.",
            "--- Example:", "---     local a = 1", "---       a = 2",
            "--- @param text string|fun(): string?  The text,",
            "---                 all of it.", "--- @param opts? csv.Opts", "--- @return string? row  Its fields.",
            "--- @return fun(): string, integer", "--- @return integer",
        ])
        #expect(comment.prose == ["Reads a row. It may be empty.", "More."])
        #expect(comment.summary == "Reads a row.")
        #expect(comment.raises == "csv.Error where it is none")
        #expect(comment.example == ["local a = 1", "  a = 2"])
        #expect(
            comment.parameters == [
                .init(name: "text", type: "string|fun(): string?", text: "The text, all of it."),
                .init(name: "opts", isOptional: true, type: "csv.Opts", text: ""),
            ])
        #expect(comment.returns.map(\.name) == ["row", "", ""])
        #expect(comment.returns.map(\.type) == ["string?", "fun(): string, integer", "integer"])
    }
}

@Suite("Lua's own names") struct LuaManualTests {
    @Test func `lead to the manual`() {
        let manual = "https://www.lua.org/manual/5.4/manual.html"
        #expect(LuaManual.page("print") == "print is a function of Lua's own: \(manual)#pdf-print")
        #expect(
            LuaManual.page("string.format") == "string.format is a function of Lua's own: \(manual)#pdf-string.format")
        #expect(LuaManual.page("string") == "string is a library of Lua's own: \(manual)#6.4")
        #expect(LuaManual.page("for") == "for is a word of Lua's: \(manual)#3.3.5")
        for name in ["", "csv", "string.nothing", "string.format.x", "format", "hubspot"] {
            #expect(LuaManual.page(name) == nil)
        }
    }
}
