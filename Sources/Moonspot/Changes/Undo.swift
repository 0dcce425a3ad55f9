import HubSpot
import Journal

/// Takes a run back: its plan out of the journal, a look at the portal, and the writes of a run of its own.
struct Undo: Sendable {
    let journal: Journal
    let run: Run
    let session: Session
    /// Where the undo's own writes are kept.
    let own: RunJournal?
    var isForced = false

    /// What is done and what is left, before anything is sent.
    func survey(_ numbers: ClosedRange<Int64> = 0...Int64.max) async throws(HubSpotError) -> [UndoItem] {
        let writes: [Write]
        do throws(JournalProblem) {
            writes = try await journal.writes(of: run.id, numbers: numbers)
        } catch {
            throw HubSpotError(.unavailable, error.words())
        }
        return try await UndoSurvey(session: session, isForced: isForced).items(UndoPlan(writes))
    }

    func perform(_ items: [UndoItem]) async throws(HubSpotError) -> [UndoItem] {
        let (journal, run, own) = (journal, run, own)
        let execution = UndoExecution(session: session) { (writes) async throws(HubSpotError) in
            guard let undo = own?.id, !writes.isEmpty else { return }
            do throws(JournalProblem) {
                try await journal.markUndone(writes, of: run.id, by: undo)
            } catch {
                throw HubSpotError(.unavailable, error.words())
            }
        }
        return try await execution.perform(items)
    }

    /// Ids mean nothing in another portal.
    /// - Throws: kind `invalidArgument` where the session's is another one, or may be.
    func checkPortal() async throws(HubSpotError) {
        let portal = try await session.portalID()
        if let known = run.portal {
            guard known == portal else {
                throw .invalidArgument(
                    "run \(run.id) wrote to portal \(known), and this session's is \(portal); name the run's profile with --profile"
                )
            }
            return
        }
        let key = await session.credentialKey()
        guard run.credential == key || isForced else {
            throw .invalidArgument(
                "the journal does not know which portal run \(run.id) wrote to, and it had another token; if it was portal \(portal), say --force"
            )
        }
    }
}
