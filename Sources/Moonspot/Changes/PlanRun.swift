import Glibc
import HubSpot
import Journal

/// The run that has sent a plan before, in whole or in part.
struct PlanRun: Sendable {
    var run: Run
    var isRunning: Bool
    /// What became of the plan's lines, by their numbers.
    var past: [Int64: PlanApplication.Past]
    /// Whether it was taken back since.
    var isUndone: Bool

    /// Nil where nothing of the plan was sent yet.
    static func find(_ plan: PlanFile, in journal: Journal?) async throws(JournalProblem) -> PlanRun? {
        guard let journal,
            let summary = try await journal.runs().first(where: {
                $0.run.kind == .apply && $0.run.arguments == [plan.identity]
            })
        else { return nil }
        var past: [Int64: PlanApplication.Past] = [:]
        var isUndone = false
        for write in try await journal.writes(of: summary.run.id) {
            if write.undoneBy != nil { isUndone = true }
            switch write.fate {
            case .done:
                let sent = SentLine(method: write.method, path: write.path, body: write.sent)
                past[write.number] = .done(id: write.id, sent: sent)
            case .failed: past[write.number] = .failed
            case .unknown, .intended: past[write.number] = .unknown(at: write.at, ended: summary.run.ended)
            }
        }
        return PlanRun(run: summary.run, isRunning: summary.isRunning, past: past, isUndone: isUndone)
    }

    /// Whether all lines were sent.
    func isFinished(_ plan: PlanFile) -> Bool {
        plan.writes.allSatisfy { write in if case .done? = past[write.n] { true } else { false } }
    }
}

/// One process at a time sends a plan. Ends with the process.
final class PlanLock: Sendable {
    private let file: Int32

    /// Nil where another process sends it.
    init?(_ path: String) throws(FileProblem) {
        file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .last() }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            return nil
        }
    }

    deinit { close(file) }
}
