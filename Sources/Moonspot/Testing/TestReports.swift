import Words
import Wire

/// Outcomes for people, line by line.
struct TestText: Sendable {
    var style: Style

    func line(_ outcome: TestOutcome) -> String {
        let name = Escaping.visible(outcome.name)
        switch outcome.verdict {
        case .passed: return "\(style.green("ok"))      \(name)"
        case .skipped:
            return "\(style.yellow("skipped")) \(name)" + (outcome.message.isEmpty ? "" : ": \(outcome.message)")
        case .failed:
            let text = [outcome.message, outcome.traceback].filter { !$0.isEmpty }.joined(separator: "\n")
            return "\(style.red("failed"))  \(name)\n" + Self.indented(text, by: "        ")
        }
    }

    func summary(_ outcomes: [TestOutcome], elapsed: Duration) -> String {
        func count(_ verdict: TestOutcome.Verdict) -> Int { outcomes.filter { $0.verdict == verdict }.count }
        var parts = ["\(Counts.counted(count(.passed), "test")) passed"]
        if count(.failed) > 0 { parts.append("\(count(.failed)) failed") }
        if count(.skipped) > 0 { parts.append("\(count(.skipped)) skipped") }
        return "\(parts.joined(separator: ", ")) (\(elapsed.compact))"
    }

    static func indented(_ text: String, by space: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { space + Escaping.visible(String($0).replacing("\t", with: "  ")) }.joined(separator: "\n")
    }
}

/// TAP version 14, as test harnesses read it.
enum TAPText {
    static let version = "TAP version 14"

    static func plan(_ count: Int) -> String { "1..\(count)" }

    static func line(_ outcome: TestOutcome, number: Int) -> String {
        // A # would begin a directive.
        let name = Escaping.visible(outcome.name).replacing("\\", with: "\\\\").replacing("#", with: "\\#")
        switch outcome.verdict {
        case .passed: return "ok \(number) - \(name)"
        case .skipped: return "ok \(number) - \(name) # SKIP \(Escaping.visible(outcome.message))"
        case .failed:
            let text = [outcome.message, outcome.traceback].filter { !$0.isEmpty }.joined(separator: "\n")
            return "not ok \(number) - \(name)\n  ---\n  message: |\n\(TestText.indented(text, by: "    "))\n"
                + "  file: \(Escaping.quoted(outcome.file))\n  ..."
        }
    }
}

/// JUnit's XML, as build servers read it: a suite for each file.
enum JUnitText {
    static func document(_ outcomes: [TestOutcome]) -> String {
        var files: [String] = []
        for outcome in outcomes where !files.contains(outcome.file) { files.append(outcome.file) }
        let suites = files.map { file in suite(file, outcomes.filter { $0.file == file }) }
        return
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites\(totals(outcomes))>\n\(suites.joined())</testsuites>\n"
    }

    private static func suite(_ file: String, _ outcomes: [TestOutcome]) -> String {
        "  <testsuite name=\"\(Markup.escaped(file))\"\(totals(outcomes))>\n" + outcomes.map(testCase).joined()
            + "  </testsuite>\n"
    }

    private static func testCase(_ outcome: TestOutcome) -> String {
        let head =
            "    <testcase classname=\"\(Markup.escaped(outcome.file))\" name=\"\(Markup.escaped(outcome.name))\" time=\"\(seconds(outcome.duration))\""
        switch outcome.verdict {
        case .passed: return head + "/>\n"
        case .skipped:
            return head + ">\n      <skipped message=\"\(Markup.escaped(outcome.message))\"/>\n    </testcase>\n"
        case .failed:
            return head
                + ">\n      <failure message=\"\(Markup.escaped(outcome.message))\">\(Markup.escaped(outcome.traceback))</failure>\n    </testcase>\n"
        }
    }

    private static func totals(_ outcomes: [TestOutcome]) -> String {
        let failures = outcomes.filter { $0.verdict == .failed }.count
        let skipped = outcomes.filter { $0.verdict == .skipped }.count
        let time = outcomes.reduce(Duration.zero) { $0 + $1.duration }
        return " tests=\"\(outcomes.count)\" failures=\"\(failures)\" skipped=\"\(skipped)\" time=\"\(seconds(time))\""
    }

    private static func seconds(_ duration: Duration) -> String {
        let milliseconds = duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000
        let rest = String(milliseconds % 1_000)
        return "\(milliseconds / 1_000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }
}
