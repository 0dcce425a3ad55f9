import HubSpot
import Journal
import Synchronization

/// `:undo`: which writes of the console's run belong to which line, and their undoing. The line before is next.
final class ConsoleUndo: Sendable {
    private let workspace: Workspace
    private struct State {
        /// The writes before the line that runs.
        var before: Int64 = 0
        /// The numbers of each line's writes, the latest last.
        var lines: [ClosedRange<Int64>] = []
    }
    private let state = Mutex(State())

    init(_ workspace: Workspace) { self.workspace = workspace }

    private var writes: Int64 { workspace.journals?.first?.writes ?? 0 }

    /// A line is about to run.
    func begin() { state.withLock { [writes] in $0.before = writes } }

    /// The line has ended.
    func end() {
        state.withLock { [writes] in
            if writes > $0.before { $0.lines.append($0.before + 1...writes) }
            $0.before = writes
        }
    }

    /// Takes back what the last line wrote that is not taken back yet.
    /// - Returns: What was done and left; nil where no line has written anything.
    func undoLast(through session: Session) async throws(HubSpotError) -> [UndoItem]? {
        guard let own = workspace.journals?.first, let id = own.id,
            let line = state.withLock({ $0.lines.popLast() })
        else { return nil }
        var run = Run(.console, began: 0)
        run.id = id
        let undo = Undo(journal: own.journal, run: run, session: session, own: own)
        // Its own writes are no line's.
        defer { state.withLock { [writes] in $0.before = writes } }
        do throws(HubSpotError) {
            return try await undo.perform(try await undo.survey(line))
        } catch {
            // It can be tried again.
            state.withLock { $0.lines.append(line) }
            throw error
        }
    }
}
