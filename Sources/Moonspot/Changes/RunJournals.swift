import Bindings
import HubSpot
import Journal
import Synchronization

/// The journal of a process: a run for each session that writes, all of the same script. It lies in the state folder; the
/// simulators' sessions, which end with the process, have one in memory.
final class RunJournals: Sendable {
    private let run: Run
    private let onDisk: Journal
    private let inMemory = Journal()
    private let opened = Mutex<[RunJournal]>([])

    /// - Parameters:
    ///   - run: What writes.
    ///   - folder: The state folder.
    init(_ run: Run, folder: String) {
        self.run = run
        onDisk = Journal(folder: folder)
    }

    /// The one of the session that the process starts with; nil where nothing is kept of its writes.
    var first: RunJournal? { all.first }

    /// Those of all sessions so far.
    var all: [RunJournal] { opened.withLock { $0 } }

    /// Nil where nothing is kept of the session's writes.
    func open(for plan: SessionPlan) -> RunJournal? {
        guard plan.journal.mode != .off else { return nil }
        var run = run
        run.profile = plan.configuration.profileName
        let clock = plan.configuration.clock
        let journal = RunJournal(
            plan.description.isSimulator ? inMemory : onDisk, plan.journal, run,
            now: { Int64(clock.unixTime / .milliseconds(1)) })
        opened.withLock { $0.append(journal) }
        return journal
    }

    /// The process ends with that status.
    func end(_ status: Int32) { for journal in opened.withLock({ $0 }) { journal.end(status) } }
}
