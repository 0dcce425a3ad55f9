import Testing

@testable import Moonspot

@Suite("Settings") struct SettingTests {
    /// The value as `:set` tells it, or the message.
    private func set(_ name: String, _ words: String...) -> String {
        do throws(ArgumentProblem) {
            var settings = ConsoleSettings()
            let setting = try Setting.named(name)
            try setting.set(&settings, words)
            return setting.get(settings)
        } catch {
            return "\(error)"
        }
    }

    @Test func `are those of the contract`() {
        #expect(
            Setting.all.map(\.name) == [
                "output", "pager", "timing", "vertical", "columns", "confirm", "colour", "rows",
            ])
    }

    @Test(
        arguments: [
            ("output", ["jsonl"], "jsonl"), ("pager", ["off"], "off"), ("pager", ["less", "-S"], "less -S"),
            ("timing", ["on"], "on"), ("vertical", ["OFF"], "off"), ("columns", ["email,firstname"], "email,firstname"),
            ("columns", ["email", "firstname"], "email,firstname"), ("columns", ["auto"], "auto"),
            ("confirm", ["all"], "all"), ("colour", ["off"], "off"), ("color", ["off"], "off"), ("rows", ["7"], "7"),
            ("rows", ["all"], "all"), ("t", ["on"], "on"),
        ] as [(String, [String], String)])
    func `take their values`(name: String, words: [String], value: String) {
        var settings = ConsoleSettings()
        #expect(throws: Never.self) {
            let setting = try Setting.named(name)
            try setting.set(&settings, words)
            #expect(setting.get(settings) == value)
        }
    }

    @Test func `say what they take`() {
        #expect(set("output", "jsn") == "write one of text, json, jsonl, csv; did you mean 'json'?")
        #expect(set("timing", "maybe") == "write one of on, off")
        #expect(set("rows", "0") == "write a number of rows, or all")
        #expect(set("colum", "x") == "x")
        #expect(set("co", "x") == "'co' may be columns or confirm or colour")
        #expect(set("timming", "on") == "there is nothing to set by the name 'timming'; did you mean 'timing'?")
    }
}

@Suite("The prompt") struct PromptTests {
    private static let red = "\u{1B}[31m"

    private func text(_ change: (inout Prompt) -> Void) -> String {
        var prompt = Prompt(name: "acme", portalID: 1_234_567)
        change(&prompt)
        return prompt.text(.plain)
    }

    @Test func `names profile and portal, what becomes of writes, and a window that is nearly used up`() {
        #expect(text { _ in } == "acme 1234567> ")
        #expect(text { $0.portalID = nil } == "acme> ")
        #expect(text { $0.writing = .refused } == "acme 1234567 RO> ")
        #expect(text { $0.writing = .rehearsed } == "acme 1234567 DRY> ")
        #expect(text { $0.window = Prompt.Window(used: 95, limit: 190) } == "acme 1234567> ")
        #expect(text { $0.window = Prompt.Window(used: 142, limit: 190) } == "acme 1234567 142/190> ")
        #expect(
            text { ($0.writing, $0.window) = (.refused, Prompt.Window(used: 96, limit: 190)) }
                == "acme 1234567 RO 96/190> ")
        #expect(text { $0.window = Prompt.Window(used: .infinity, limit: .infinity) } == "acme 1234567> ")
    }

    @Test func `is red where a portal with people's data can be written to`() {
        let style = Style(isColored: true)
        var prompt = Prompt(name: "acme", portalID: 1)
        #expect(!prompt.text(style).contains(Self.red))
        prompt.isRisky = true
        #expect(prompt.text(style).hasPrefix(Self.red))
    }

    @Test func `has the lines below stand under the first`() {
        let prompt = Prompt(name: "acme", portalID: 1)
        #expect(prompt.continuation(.plain) == "     .. ")
        #expect(prompt.continuation(.plain).count == prompt.text(.plain).count)
    }
}
