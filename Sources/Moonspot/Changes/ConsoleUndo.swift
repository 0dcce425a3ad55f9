import HubSpot
import Journal
import Synchronization

/// `:undo`: which writes of the console's runs belong to which line, and their undoing. The line before is next. A line may
/// have written to several portals, and each takes its own back.
final class ConsoleUndo: Sendable {
    /// What a line has written through one session.
    private struct Part {
        var journal: RunJournal
        var writes: ClosedRange<Int64>
    }

    private struct State {
        /// The writes before the line that runs, by session.
        var before: [ObjectIdentifier: Int64] = [:]
        /// Each line's writes, the latest last.
        var lines: [[Part]] = []
    }

    private let workspace: Workspace
    private let state = Mutex(State())

    init(_ workspace: Workspace) { self.workspace = workspace }

    private var journals: [RunJournal] { workspace.journals?.all ?? [] }

    private func count() -> [ObjectIdentifier: Int64] {
        Dictionary(uniqueKeysWithValues: journals.map { (ObjectIdentifier($0), $0.writes) })
    }

    /// A line is about to run.
    func begin() {
        let count = count()
        state.withLock { $0.before = count }
    }

    /// The line has ended.
    func end() {
        let journals = journals
        state.withLock { state in
            let parts = journals.compactMap { journal -> Part? in
                let before = state.before[ObjectIdentifier(journal)] ?? 0
                return journal.writes > before ? Part(journal: journal, writes: before + 1...journal.writes) : nil
            }
            if !parts.isEmpty { state.lines.append(parts) }
        }
        begin()
    }

    /// Takes back what the last line wrote that is not taken back yet, each write in the portal that it was made in.
    /// - Returns: What was done and left; nil where no line has written anything.
    func undoLast() async throws(HubSpotError) -> [UndoItem]? {
        guard var parts = state.withLock({ $0.lines.popLast() }) else { return nil }
        // Its own writes are no line's.
        defer { begin() }
        var items: [UndoItem] = []
        while let part = parts.last {
            do throws(HubSpotError) { items += try await undo(part) } catch {
                // It can be tried again.
                state.withLock { [parts] in $0.lines.append(parts) }
                throw error
            }
            parts.removeLast()
        }
        return items
    }

    private func undo(_ part: Part) async throws(HubSpotError) -> [UndoItem] {
        guard let id = part.journal.id, let session = part.journal.session else { return [] }
        var run = Run(.console, began: 0)
        run.id = id
        let undo = Undo(journal: part.journal.journal, run: run, session: session, own: part.journal)
        return try await undo.perform(try await undo.survey(part.writes))
    }
}
