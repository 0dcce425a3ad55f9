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
        return try await UndoSurvey(session: session, isForced: isForced, remade: try await remade(by: writes)).items(
            UndoPlan(writes))
    }

    /// What earlier undos have made, where the journal does not know of a record whether it was made again.
    private func remade(by writes: [Write]) async throws(HubSpotError) -> RemadeRecords {
        var remade = RemadeRecords()
        for undo in Set(writes.filter { $0.undoneBy == nil }.compactMap(\.undoing)) {
            do throws(JournalProblem) {
                remade.note(try await journal.writes(of: undo), of: undo)
            } catch {
                throw HubSpotError(.unavailable, error.words())
            }
        }
        return remade
    }

    /// - Parameter goesOn: Is asked before each step; where it says no, nothing further is begun.
    func perform(
        _ items: [UndoItem], while goesOn: @escaping @Sendable () -> Bool = { true }
    ) async throws(HubSpotError) -> [UndoItem] {
        let (journal, run, own) = (journal, run, own)
        let execution = UndoExecution(session: session, goesOn: goesOn) { (stage, writes) async throws(HubSpotError) in
            guard !writes.isEmpty, let own else { return }
            let undo = try await own.number(through: session)
            do throws(JournalProblem) {
                switch stage {
                case .begun: try await journal.markUndoing(writes, of: run.id, by: undo)
                case .failed: try await journal.markUndoing(writes, of: run.id, by: nil)
                case .done(let made): try await journal.markUndone(writes, of: run.id, by: undo, made: made)
                }
            } catch {
                throw HubSpotError(.unavailable, error.words())
            }
        }
        return try await execution.perform(items)
    }

    /// Of an undo within its own run: what it has written itself is no part of what the run leaves to take back.
    func settle(after number: Int64) async throws(HubSpotError) {
        guard let own, own.writes > number else { return }
        do throws(JournalProblem) {
            try await journal.markUndone(Array(number + 1...own.writes), of: run.id, by: run.id)
        } catch {
            throw HubSpotError(.unavailable, error.words())
        }
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
