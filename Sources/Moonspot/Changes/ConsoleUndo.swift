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
        /// How many writes each session has told of that belong to a line, or to an undo.
        var known: [ObjectIdentifier: Int64] = [:]
        /// Each line's writes, the latest last.
        var lines: [[Part]] = []
        /// Nil before the first line: what a script has written before belongs to none. Else whether the last of `lines` is
        /// the one that ran last.
        var endsWithLast: Bool?
    }

    private let workspace: Workspace
    private let state = Mutex(State())

    init(_ workspace: Workspace) { self.workspace = workspace }

    private var journals: [RunJournal] { workspace.journals?.all ?? [] }

    /// The writes that are told of since the last time.
    private func news(_ state: inout State) -> [Part] {
        journals.compactMap { journal in
            let (known, now) = (state.known[ObjectIdentifier(journal)] ?? 0, journal.writes)
            state.known[ObjectIdentifier(journal)] = now
            return now > known ? Part(journal: journal, writes: known + 1...now) : nil
        }
    }

    /// What was written between two lines belongs to the one before: tasks that it has started.
    private func addLate(_ state: inout State) {
        let late = news(&state)
        guard let endsWithLast = state.endsWithLast, !late.isEmpty else { return }
        if !endsWithLast { state.lines.append([]) }
        state.lines[state.lines.count - 1] += late
        state.endsWithLast = true
    }

    /// A line is about to run.
    func begin() { state.withLock { addLate(&$0) } }

    /// The line has ended.
    func end() {
        state.withLock { state in
            let parts = news(&state)
            if !parts.isEmpty { state.lines.append(parts) }
            state.endsWithLast = !parts.isEmpty
        }
    }

    /// Takes back what the last line wrote that is not taken back yet, each write in the portal that it was made in.
    /// - Returns: What was done and left; nil where no line has written anything.
    func undoLast() async throws(HubSpotError) -> [UndoItem]? {
        let last = state.withLock { state in
            addLate(&state)
            state.endsWithLast = false
            return state.lines.popLast()
        }
        guard var parts = last else { return nil }
        // Its own writes are no line's.
        defer { state.withLock { _ = news(&$0) } }
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
        let items = try await undo.survey(part.writes)
        let before = part.journal.writes
        let done: [UndoItem]
        do throws(HubSpotError) { done = try await undo.perform(items) } catch {
            try? await undo.settle(after: before)
            throw error
        }
        try await undo.settle(after: before)
        return done
    }
}
