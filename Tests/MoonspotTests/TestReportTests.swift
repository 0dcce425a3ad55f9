import Testing

@testable import Moonspot

@Suite("A report of tests") struct TestReportTests {
    private let outcomes = [
        TestOutcome(file: "a_test.lua", name: "adds", verdict: .passed, duration: .milliseconds(1_250)),
        TestOutcome(
            file: "a_test.lua", name: "a # \"b\" <c>", verdict: .failed, message: "a_test.lua:3: expected 1, got 2",
            traceback: "stack traceback:\n\ta_test.lua:3: in main chunk", duration: .milliseconds(2)),
        TestOutcome(file: "b_test.lua", name: "waits", verdict: .skipped, message: "not yet"),
    ]

    @Test func `is for people`() {
        let text = TestText(style: .plain)
        #expect(text.line(outcomes[0]) == "ok      adds")
        #expect(text.line(outcomes[1]).hasPrefix("failed  a # \"b\" <c>\n        a_test.lua:3: expected 1, got 2\n"))
        #expect(text.line(outcomes[2]) == "skipped waits: not yet")
        #expect(text.summary(outcomes, elapsed: .seconds(2)).hasPrefix("1 test passed, 1 failed, 1 skipped ("))
    }

    @Test func `is TAP`() {
        #expect(TAPText.line(outcomes[0], number: 1) == "ok 1 - adds")
        #expect(
            TAPText.line(outcomes[1], number: 2) == """
                not ok 2 - a \\# "b" <c>
                  ---
                  message: |
                    a_test.lua:3: expected 1, got 2
                    stack traceback:
                      a_test.lua:3: in main chunk
                  file: "a_test.lua"
                  ...
                """)
        #expect(TAPText.line(outcomes[2], number: 3) == "ok 3 - waits # SKIP not yet")
    }

    @Test func `is JUnit's XML`() {
        let text = JUnitText.document(outcomes)
        #expect(
            text.hasPrefix(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"3\" failures=\"1\" skipped=\"1\" time=\"1.252\">"
            ))
        #expect(text.contains("<testcase classname=\"a_test.lua\" name=\"adds\" time=\"1.250\"/>"))
        #expect(text.contains("name=\"a # &quot;b&quot; &lt;c&gt;\""))
        #expect(
            text.contains("<failure message=\"a_test.lua:3: expected 1, got 2\">stack traceback:&#10;&#9;a_test.lua:3"))
        #expect(text.contains("<skipped message=\"not yet\"/>"))
        #expect(text.hasSuffix("</testsuites>\n"))
    }
}
