import Glibc
import LuaRuntime
import Words

extension ConsoleCommand {
    static let ofHistory = [history, edit, save]

    private static let history = ConsoleCommand(
        name: "history", usage: "[WORDS]",
        summary: "what was typed, and how it went; with words, the lines that hold them all",
        details:
            "The word failed finds lines that failed, a profile's name those of its sessions. A number finds nothing by itself: :edit NUMBER opens that line. Ctrl-R searches while you type."
    ) { call in
        let context = call.context
        // Its own line is the last of all.
        let table = HistoryTable(
            context.history.entries.dropLast(), words: call.arguments, columns: Output.standard.columns,
            style: context.style)
        await context.show(table.text)
        return .done
    }

    private static let edit = ConsoleCommand(
        name: "edit", usage: "[NUMBER]",
        summary: "opens the last line, or that of :history, in $EDITOR, and runs what comes out",
        details: "What is left as it was, and what an editor that fails leaves behind, is not run."
    ) { call in
        let context = call.context
        let text = try LineToEdit.text(call.rest, context.history.entries)
        guard context.lines.isInteractive else { throw CommandProblem(":edit needs a terminal") }
        let edited = try await EditedText.edit(text, environment: context.console.workspace.environment)
        guard let edited else {
            context.note("left as it was, and not run")
            return .done
        }
        context.tell(edited)
        return .ended(await context.evaluate(edited))
    }

    private static let save = ConsoleCommand(
        name: "save", usage: "[-f] FILE", summary: "writes this console's lines that worked as a script that runs",
        details: "A file that is there is replaced with -f alone. What an expression gave is shown by the script too.",
        completes: .file
    ) { call in
        var words = call.arguments
        let replaces = words.first == "-f"
        if replaces { words.removeFirst() }
        guard words.count == 1, let word = words.first else {
            throw CommandProblem(":save needs a file: :save session.lua")
        }
        let path = HomePath.expanded(word, home: call.context.console.workspace.environment.home)
        if FileBytes.exists(path), !replaces {
            throw CommandProblem("\(path) is there already; :save -f \(path) replaces it")
        }
        let lines = call.context.history.own.filter { $0.ending?.failed == false }.map(\.text)
        let script = try await SavedScript(lines, runtime: call.context.console.runtime)
        guard script.count > 0 else { throw CommandProblem("nothing that worked was typed yet, so nothing is saved") }
        do throws(FileProblem) { try FileBytes.replace(path, with: Array(script.text.utf8), mode: 0o755) } catch {
            throw CommandProblem("cannot write \(path): \(error.description)")
        }
        call.context.tell("\(Counts.counted(script.count, "line")) in \(Escaping.visible(path))")
        return .done
    }
}

/// The history as people read it.
struct HistoryTable {
    private static let shown = 50

    private let rows: [(number: Int, entry: HistoryEntry)]
    private let left: Int
    private let words: [String]
    private let columns: Int?
    private let style: Style

    init(_ entries: [HistoryEntry], words: [String], columns: Int?, style: Style) {
        let matching = entries.enumerated().map { (number: $0 + 1, entry: $1) }.filter { $0.entry.matches(words) }
        rows = words.isEmpty ? Array(matching.suffix(Self.shown)) : matching
        left = matching.count - rows.count
        self.words = words
        self.columns = columns
        self.style = style
    }

    private static func time(_ duration: Duration) -> String {
        duration < .milliseconds(1) ? "0 ms" : duration.words
    }

    var text: String {
        guard !rows.isEmpty else {
            return style.dim(words.isEmpty ? "nothing was typed yet" : "no line holds all of that") + "\n"
        }
        let cells = rows.map { number, entry in
            [
                String(number), entry.begun.map { LocalTime.text($0, "%Y-%m-%d %H:%M") } ?? "",
                Escaping.visible(entry.profile ?? ""), entry.ending.map { Self.time($0.duration) } ?? "",
                entry.ending.map { $0.requests == 0 ? "" : "\($0.requests) req" } ?? "",
                entry.ending.map { $0.failed ? "failed" : "" } ?? "",
                Escaping.visible(entry.text.split(separator: "\n").joined(separator: " ⏎ ")),
            ]
        }
        let aligned = AlignedColumns(cells)
        let kept = aligned.widths.indices.filter { aligned.widths[$0] > 0 }
        let lines = aligned.lines(kept, alignment: [0: .right, 3: .right, 4: .right, 6: .loose], room: columns)
        let colored = zip(lines, rows).map { line, row in row.entry.ending?.failed == true ? style.red(line) : line }
        let more = left > 0 ? [style.dim("\(Counts.counted(left, "earlier line")); :history WORDS searches them")] : []
        return (more + colored).joined(separator: "\n") + "\n"
    }
}

enum LineToEdit {
    /// The line that a number names, else the last one.
    static func text(_ word: String, _ entries: [HistoryEntry]) throws(CommandProblem) -> String {
        // The use of :edit itself is the last line of all.
        let lines = entries.filter { CommandWords($0.text) == nil }
        if word.isEmpty { return lines.last?.text ?? "" }
        guard let number = Int(word), entries.indices.contains(number - 1) else {
            throw CommandProblem("no line \(word); :history tells their numbers")
        }
        return entries[number - 1].text
    }
}
