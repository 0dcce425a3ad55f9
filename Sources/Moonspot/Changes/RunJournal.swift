import HubSpot
import JSON
import Journal
import Synchronization
import Waiting

/// A session's run in the journal, as the session's writes know it. The run is kept with its first write: one that writes
/// nothing leaves nothing behind.
final class RunJournal: WriteJournal {
    private typealias Beginning = Result<Int64, JournalProblem>

    private enum Number {
        case none
        /// The first write is about to begin the run; others wait for its number.
        case underway([OneShot<Beginning>])
        case known(Int64)
    }

    private struct State {
        var run = Number.none
        var writes: Int64 = 0
        /// What the run writes through.
        var session: Session?
    }

    let journal: Journal
    private let settings: JournalSettings
    private let run: Run
    let now: @Sendable () -> Int64
    private let state = Mutex(State())

    /// - Parameters:
    ///   - run: Its beginning is noted when it begins; one that has a number goes on.
    ///   - now: Milliseconds since 1970.
    init(_ journal: Journal, _ settings: JournalSettings, _ run: Run, now: @escaping @Sendable () -> Int64) {
        self.journal = journal
        self.settings = settings
        self.run = run
        self.now = now
    }

    var readsBefore: Bool { settings.mode == .undo }

    /// The run's number; nil before it has written anything.
    var id: Int64? { state.withLock { if case .known(let id) = $0.run { id } else { nil } } }

    /// How many writes it has told of: the number of the last one.
    var writes: Int64 { state.withLock { $0.writes } }

    /// What it has written through; nil before it has written anything.
    var session: Session? { state.withLock { $0.session } }

    // MARK: Telling

    func intend(_ writes: [WriteIntent], in session: Session) async throws(HubSpotError) -> [Int64] {
        do throws(JournalProblem) {
            let run = try await began(through: session)
            let moment = now()
            let kept = state.withLock { state in
                writes.map { intent in
                    var write = Write(intent, at: moment)
                    // HubSpot's own values; what is sent came masked.
                    write.before = write.before.map(session.masked)
                    if let number = intent.number {
                        write.number = number
                    } else {
                        state.writes += 1
                        write.number = state.writes
                    }
                    return write
                }
            }
            try await journal.intend(kept, of: run)
            return kept.map(\.number)
        } catch {
            throw HubSpotError(
                .unavailable,
                "nothing is sent, since the journal cannot be kept: \(error.words(orElse: "--journal off"))")
        }
    }

    func settle(_ settled: [SettledWrite]) {
        guard let id, let session = state.withLock({ $0.session }) else { return }
        let received = now()
        journal.settle(
            settled.map { write in
                var settlement = Settlement(write.number, write.fate)
                settlement.after = settlement.after.map(session.masked)
                settlement.received = received
                settlement.served = write.served
                return settlement
            }, of: id)
    }

    /// The run's number; the run is begun where it has none.
    func number(through session: Session) async throws(HubSpotError) -> Int64 {
        do throws(JournalProblem) { return try await began(through: session) } catch {
            throw HubSpotError(.unavailable, error.words())
        }
    }

    /// The run's number; the run is begun where it has none.
    private func began(through session: Session) async throws(JournalProblem) -> Int64 {
        let other = OneShot<Beginning>()
        let known = state.withLock { state -> Int64?? in
            state.session = session
            switch state.run {
            case .known(let id): return .some(id)
            case .underway(let waiting):
                state.run = .underway(waiting + [other])
                return .some(nil)
            case .none:
                state.run = .underway([])
                return .none
            }
        }
        switch known {
        case .some(let id?): return id
        case .some(nil): return try await other.wait().get()
        case .none: break
        }
        let beginning: Beginning
        do throws(JournalProblem) {
            beginning = .success(try await begin(through: session))
        } catch {
            beginning = .failure(error)
        }
        let waiting = state.withLock { state -> [OneShot<Beginning>] in
            guard case .underway(let waiting) = state.run else { return [] }
            if case .success(let id) = beginning { state.run = .known(id) } else { state.run = .none }
            return waiting
        }
        for other in waiting { other.finish(beginning) }
        return try beginning.get()
    }

    private func begin(through session: Session) async throws(JournalProblem) -> Int64 {
        guard run.id == 0 else {
            try await journal.reopen(run.id)
            return run.id
        }
        var run = run
        run.began = now()
        run.server = session.apiURL.description
        run.portal = session.knownPortalID
        run.credential = await session.credentialKey()
        run.digest = run.kind == .script ? run.script.flatMap { ScriptDigest.of($0) } : nil
        // The secret is known by now.
        run.script = run.script.map(session.masked)
        run.arguments = run.arguments.map(session.masked)
        return try await journal.begin(run, keepingDays: settings.days)
    }

    /// The run ends with the process.
    func end(_ status: Int32) {
        guard let id else { return }
        let portal = state.withLock { $0.session }?.knownPortalID
        do throws(JournalProblem) {
            try journal.end(id, at: now(), exit: status, portal: portal)
        } catch {
            Output.complain(
                "the journal could not be kept to the end of run \(id), so that it does not know what became of the last writes: \(error)"
            )
        }
    }
}

extension Write {
    fileprivate init(_ intent: WriteIntent, at moment: Int64) {
        self.init(
            at: moment, method: intent.method, path: intent.path,
            action: Action(rawValue: intent.action.rawValue) ?? .other, type: intent.type, id: intent.id)
        other = intent.other.map { Record(type: $0.type, id: $0.id) }
        sent = intent.body.flatMap { String(validating: $0, as: UTF8.self) }
        before = intent.before?.text
        step = intent.place as? Step
    }
}

extension Settlement {
    init(_ number: Int64, _ fate: WriteFate) {
        switch fate {
        case .done(let id, let isNew, let values, let answered, let answer):
            self.init(number, .done)
            self.id = id
            action = isNew.map { $0 ? .create : .update }
            after = values?.text
            self.answered = answered
            self.answer = answer?.text
        case .failed(let error): self.init(number, .failed, error)
        case .unknown(let error): self.init(number, .unknown, error)
        }
    }

    private init(_ number: Int64, _ fate: Write.Fate, _ failure: HubSpotError) {
        self.init(number, fate)
        error = "\(failure.kind.rawValue): \(failure.message)"
        correlationID = failure.correlationID
    }
}

extension JournalProblem {
    /// With what a user of this program does about it.
    /// - Parameter otherwise: What else helps.
    func words(orElse otherwise: String? = nil) -> String {
        let advice =
            switch remedy {
            case .otherFolder: "name a folder on a local disk that you may write to (MOONSPOT_STATE)"
            case .room: "make room, or name a folder on another disk (MOONSPOT_STATE)"
            case .update: "update this one, or give it another state folder (MOONSPOT_STATE)"
            case .deleteFile: "move it away together with its -wal and -shm: what it holds is lost"
            case .endOtherProcess: "end the process that was stopped in the middle of it"
            }
        return "\(self); \(advice)" + (otherwise.map { ", or go without it (\($0))" } ?? "")
    }
}
