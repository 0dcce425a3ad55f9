import JSON
import Journal
import Wire
import Words

/// Runs and writes as people read them.
struct HistoryText: Sendable {
    var style: Style
    /// Cells of the terminal's line; nil where the output is none.
    var columns: Int?

    // MARK: Runs

    func text(_ runs: [RunSummary]) -> String {
        let heading = ["RUN", "BEGAN (UTC)", "DONE", "FAILED", "UNKNOWN", "EXIT", "WHAT"]
        let rows = runs.map { summary in
            [
                "\(summary.run.id)", Self.moment(summary.run.began), Counts.grouped(summary.counts[.done] ?? 0),
                Counts.grouped(summary.counts[.failed] ?? 0),
                Counts.grouped((summary.counts[.unknown] ?? 0) + (summary.counts[.intended] ?? 0)),
                Self.end(summary), Self.what(summary.run),
            ]
        }
        let lines = AlignedColumns([heading] + rows).lines(
            alignment: [0: .right, 2: .right, 3: .right, 4: .right, 6: .loose], room: columns)
        return ([style.bold(lines[0])] + lines.dropFirst()).map { $0 + "\n" }.joined()
    }

    /// `script import.lua people.csv`.
    static func what(_ run: Run) -> String {
        let words: [String]
        switch run.kind {
        case .script:
            let name = run.script.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
            words = [name.map { $0 == "-" ? "standard input" : $0 } ?? "standard input"] + run.arguments
        case .code: words = ["-e", run.script ?? ""] + run.arguments
        case .console: words = ["console"]
        case .apply: words = ["apply \(run.script?.split(separator: "/").last ?? "")"]
        case .undo: words = ["undo \(run.undoes.map(String.init) ?? "")"]
        case .retry: words = ["retry \(run.retries.map(String.init) ?? "")"]
        }
        return (words + [run.profile.map { "(\($0))" }].compactMap(\.self)).map { Escaping.visible($0) }
            .joined(separator: " ")
    }

    private static func end(_ summary: RunSummary) -> String {
        if summary.isRunning { return "running" }
        return summary.run.exit.map(String.init) ?? "killed"
    }

    private static func moment(_ milliseconds: Int64) -> String {
        String(Timestamp.iso(milliseconds).prefix(19)).replacing("T", with: " ")
    }

    // MARK: One run

    func text(_ summary: RunSummary, _ writes: [Write]) -> String {
        let run = summary.run
        var facts = ["began \(Self.moment(run.began)) UTC", Self.ending(summary)]
        if let portal = run.portal { facts.append("portal \(portal)") }
        let head =
            style.bold("run \(run.id): \(Self.what(run))") + "\n" + style.dim(facts.joined(separator: ", ")) + "\n"
        let rows = writes.map { write in
            ["\(write.number)", write.fate.rawValue, Self.what(write), Self.detail(write)]
        }
        let lines = AlignedColumns(rows).lines(alignment: [0: .right, 3: .loose], room: columns)
        return head
            + zip(writes, lines).map { write, line in
                (write.fate == .done ? line : write.fate == .failed ? style.red(line) : style.yellow(line)) + "\n"
            }.joined()
    }

    private static func ending(_ summary: RunSummary) -> String {
        if summary.isRunning { return "still running" }
        return summary.run.exit.map { "ended with status \($0)" } ?? "was killed"
    }

    /// `update contacts 501`.
    static func what(_ write: Write) -> String {
        guard let type = write.type else {
            return Escaping.visible("\(write.method) \(write.path.prefix { $0 != "?" })")
        }
        var text = "\(write.action.rawValue) \(type)"
        if let id = write.id { text += " \(id)" }
        if let other = write.other { text += " and \(other.type) \(other.id)" }
        return Escaping.visible(text)
    }

    /// What went wrong, or what was set: `city: Bonn → Rome`.
    private static func detail(_ write: Write) -> String {
        let retried = write.retriedBy.map { "made again by run \($0)" }
        if let error = write.error {
            return Escaping.visible([retried, error].compactMap(\.self).joined(separator: "; "))
        }
        var text = write.undoneBy.map { "taken back by run \($0)" } ?? retried
        if let sent = write.sent, let properties = JSONSlice(sent).field("properties")?.fields() {
            let before = write.before.map { JSONSlice($0) }
            let changes = properties.map { property in
                let old = before.map { ($0.field(property.name)?.string ?? "") + " → " } ?? ""
                return "\(property.name): \(old)\(property.value.string ?? property.value.text)"
            }
            text = [text, changes.joined(separator: ", ")].compactMap(\.self).joined(separator: "; ")
        }
        return Escaping.visible(text ?? "")
    }
}
