import Glibc
import Synchronization

/// What was typed at this console and at those before it, and how it went.
final class History: Sendable {
    private struct State {
        var entries: [HistoryEntry] = []
        /// Where this console's own begin.
        var first = 0
    }

    private let file: HistoryFile
    /// Whose arrow keys and Ctrl-R walk through it; without one, nothing is kept beyond this console.
    private let editor: LineEditor?
    private let state = Mutex(State())
    /// Leads the ids of this console's entries.
    private let prefix = String(UInt64.random(in: .min ... .max), radix: 36)

    init(file: HistoryFile, editor: LineEditor?) {
        self.file = file
        self.editor = editor
    }

    /// Reads the lines of earlier consoles.
    func load(folder: String) {
        guard let editor else { return }
        try? FileBytes.makeFolder(folder)
        let entries = file.entries()
        editor.remember(entries.map(\.text))
        state.withLock { $0 = State(entries: entries, first: entries.count) }
    }

    /// All that is known, oldest first.
    var entries: [HistoryEntry] { state.withLock { $0.entries } }

    /// Those of this console.
    var own: [HistoryEntry] { state.withLock { Array($0.entries[$0.first...]) } }

    /// Keeps a line before it runs, so that it is there whatever becomes of the process.
    /// - Returns: Its number; nil for one that is not kept, since it begins with a space.
    func begin(_ typed: String, profile: String?) -> Int? {
        guard let text = HistoryFile.kept(typed) else { return nil }
        let (entry, number) = state.withLock { state in
            let entry = HistoryEntry(
                id: "\(prefix)-\(state.entries.count)", text: text, begun: Int64(time(nil)), profile: profile)
            state.entries.append(entry)
            return (entry, state.entries.count - 1)
        }
        if let editor {
            editor.remember([text])
            _ = file.append(line: entry.fileLine)
        }
        return number
    }

    /// Notes how a line went that ``begin(_:profile:)`` has kept.
    func end(_ number: Int?, _ ending: HistoryEntry.Ending) {
        guard let number else { return }
        let entry = state.withLock { state in
            state.entries[number].ending = ending
            return state.entries[number]
        }
        if editor != nil { _ = file.append(line: entry.endingLine) }
    }
}
