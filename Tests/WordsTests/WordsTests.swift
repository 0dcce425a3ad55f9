import Testing
import Words

@Suite("The nearest name") struct NearestNameTests {
    @Test(arguments: [
        ("limti", ["limit", "list", "after"], "limit"), ("edti", ["edit", "quit", "help"], "edit"),
        ("portal_id", ["portalId", "profile"], "portalId"), ("SERACH", ["search", "each"], "search"),
        ("hubspt", ["hubspot", "json", "task"], "hubspot"), ("x", ["y"], "y"),
    ])
    func `is the candidate of the fewest edits`(word: String, names: [String], nearest: String) {
        #expect(NearestName.nearest(to: word, among: names) == nearest)
        #expect(NearestName.hint(for: word, among: names) == "; did you mean '\(nearest)'?")
    }

    @Test(arguments: [("zebra", ["limit", "after"]), ("", ["limit"]), ("limit", []), ("ab", ["xyz"])])
    func `is none where all are far`(word: String, names: [String]) {
        #expect(NearestName.nearest(to: word, among: names) == nil)
        #expect(NearestName.hint(for: word, among: names).isEmpty)
    }

    @Test func `is found among equals by its name`() {
        #expect(NearestName.nearest(to: "gat", among: ["get", "bat", "cat"]) == "bat")
    }
}

@Suite("Aligned columns") struct AlignedColumnsTests {
    private let columns = AlignedColumns([["name", "count", ""], ["漢字", "12", "note"], ["é", "1,234", ""]])

    @Test func `stand below one another by the cells that text takes`() {
        #expect(
            columns.lines(alignment: [1: .right]) == ["name  count", "漢字     12  note", "é     1,234"])
        #expect(columns.widths == [4, 5, 4])
    }

    @Test func `leave out columns, and cut lines`() {
        #expect(columns.lines([1]) == ["count", "12", "1,234"])
        #expect(columns.width(of: [0, 1]) == 11)
        #expect(columns.lines(room: 6) == ["name …", "漢字 …", "é    …"].map { $0 })
    }

    @Test func `are no lines where there are no rows`() {
        #expect(AlignedColumns([]).lines().isEmpty)
        #expect(AlignedColumns([]).width(of: []) == 0)
    }
}

@Suite("Wrapping") struct WrappingTests {
    @Test func `breaks between words`() {
        #expect(Wrapping.lines("one two three", columns: 7) == ["one two", "three"])
        #expect(Wrapping.lines("one two three", columns: 7, indent: "  ") == ["one two", "  three"])
        #expect(Wrapping.lines("incomprehensible a", columns: 4) == ["incomprehensible", "a"])
        #expect(Wrapping.lines("", columns: 4).isEmpty)
    }
}

@Suite("Counts and durations in words") struct CountTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (Int64.min, "-9,223,372,036,854,775,808"),
    ])
    func `group digits by thousands`(number: Int64, text: String) { #expect(Counts.grouped(number) == text) }

    @Test func `name what is counted`() {
        #expect(Counts.counted(1, "record") == "1 record")
        #expect(Counts.counted(1_200, "record") == "1,200 records")
        #expect(Counts.counted(0, "retry", "retries") == "0 retries")
        #expect(Counts.grouped(Double.infinity) == "unlimited")
        #expect(Counts.grouped(12.6) == "13")
        #expect(Counts.grouped(1e300) == "1e+300")
    }

    @Test(arguments: [
        (Duration.milliseconds(80), "0.1 s", "0.1s", "1 s"), (.milliseconds(40), "40 ms", "0.1s", "1 s"),
        (.milliseconds(500), "0.5 s", "0.5s", "1 s"), (.seconds(10), "10 s", "10s", "10 s"),
        (.seconds(120), "2 min", "2m", "2 min 0 s"), (.seconds(125), "125 s", "2m 5s", "2 min 5 s"),
        (.seconds(11_400), "190 min", "3h 10m", "3 h 10 min"), (.zero, "0 s", "0s", "1 s"),
    ])
    func `say how long`(duration: Duration, words: String, compact: String, countdown: String) {
        #expect(duration.words == words)
        #expect(duration.compact == compact)
        #expect(duration.countdown == countdown)
    }

    @Test(arguments: [Duration.seconds(Int64.max), .seconds(Int64.min)])
    func `take a duration of any length`(duration: Duration) {
        #expect(!duration.words.isEmpty && !duration.compact.isEmpty && !duration.countdown.isEmpty)
    }
}

@Suite("A list of definitions") struct DefinitionListTests {
    private static let rows = [(name: "get(id)", text: "Fetches one of them all."), (name: "  .opts", text: "How.")]

    @Test func `is two columns, of which the right one is wrapped`() {
        #expect(
            DefinitionList.lines(Self.rows, columns: 31) == [
                "  get(id)  Fetches one of them", "           all.", "    .opts  How.",
            ])
        #expect(
            DefinitionList.lines(Self.rows, columns: 80, styled: { "<\($0)>" }).first?.hasPrefix("  <get(id)>  F")
                == true)
    }

    @Test func `is one below the other where there is too little room`() {
        #expect(
            DefinitionList.lines(Self.rows, columns: 24) == [
                "  get(id)", "      Fetches one of", "      them all.", "    .opts", "      How.",
            ])
    }
}
