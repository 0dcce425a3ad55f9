import Bindings
import HubSpot
import JSON
import Journal
import Synchronization

/// A loop whose checkpoint lies in the journal.
final class KeptLoop: LoopCheckpoint {
    private let checkpoint: Checkpoint
    private let name: String
    private let onUnknown: UnknownWrites
    private let own: RunJournal
    private let whenEnded: @Sendable () -> Void

    /// - Parameter whenEnded: Hears that it has ended without an error.
    init(
        _ checkpoint: Checkpoint, name: String, onUnknown: UnknownWrites, own: RunJournal,
        whenEnded: @escaping @Sendable () -> Void
    ) {
        self.checkpoint = checkpoint
        self.name = name
        self.onUnknown = onUnknown
        self.own = own
        self.whenEnded = whenEnded
    }

    func begin(_ key: String) throws(HubSpotError) -> ItemBeginning {
        let beginning: Checkpoint.Beginning
        do throws(JournalProblem) {
            beginning = try checkpoint.begin(key)
        } catch {
            throw HubSpotError(.unavailable, "checkpoint '\(name)' cannot be read: \(error.words())")
        }
        switch beginning {
        case .done(let result): return .done(result: result.map { Array($0.utf8) })
        case .doubled:
            throw .invalidArgument(
                "checkpoint '\(name)': two items have the key '\(key)'; give a key function that tells them apart")
        case .new: return .item(item(key, isKnown: false), isKnown: false)
        case .again: return .item(item(key, isKnown: true), isKnown: true)
        }
    }

    private func item(_ key: String, isKnown: Bool) -> KeptItem {
        KeptItem(
            checkpoint, key, title: "item '\(key)' of checkpoint '\(name)'", onUnknown: onUnknown, own: own,
            hasWrites: isKnown)
    }

    func end() async throws(HubSpotError) {
        do throws(JournalProblem) {
            try await checkpoint.end()
        } catch {
            throw HubSpotError(.unavailable, "checkpoint '\(name)' cannot be kept: \(error.words())")
        }
        whenEnded()
    }

    func close() { checkpoint.close() }
}

/// An item of it that runs.
final class KeptItem: CheckpointItem {
    let checkpoint: Checkpoint
    let key: String
    let title: String
    let onUnknown: UnknownWrites

    private struct State {
        var record = ItemRecord()
        /// Tasks that were started within and still run.
        var others = 0
        var hasWrites: Bool
        /// How often each loop with a checkpoint ran within, by its name.
        var loops: [String: Int] = [:]
        var isOver = false
    }
    private let own: RunJournal
    private let state: Mutex<State>

    init(
        _ checkpoint: Checkpoint, _ key: String, title: String, onUnknown: UnknownWrites, own: RunJournal,
        hasWrites: Bool
    ) {
        self.checkpoint = checkpoint
        self.key = key
        self.title = title
        self.onUnknown = onUnknown
        self.own = own
        state = Mutex(State(hasWrites: hasWrites))
    }

    func recall() async throws(HubSpotError) {
        do throws(JournalProblem) {
            let earlier = try await checkpoint.writes(of: key)
            state.withLock { $0.record = ItemRecord(earlier) }
        } catch {
            throw HubSpotError(.unavailable, "\(title) cannot be read: \(error.words())")
        }
    }

    func taskBegan() { state.withLock { $0.others += 1 } }
    func taskEnded() { state.withLock { $0.others -= 1 } }

    /// - Returns: Which time it is that this loop runs within the item.
    func countLoop(_ name: String) -> Int {
        state.withLock { state in
            state.loops[name, default: 0] += 1
            return state.loops[name] ?? 1
        }
    }

    func finish(_ result: [UInt8]?) {
        let (hasWrites, hasLoops) = state.withLock { state in
            state.isOver = true
            return (state.hasWrites, !state.loops.isEmpty)
        }
        checkpoint.finish(
            key, result: result.map { String(decoding: $0, as: UTF8.self) }, hasWrites: hasWrites, hasLoops: hasLoops)
    }

    // MARK: Its writes

    func step(_ intent: WriteIntent) throws(HubSpotError) -> WriteStep? {
        let fingerprint = intent.fingerprint
        let verdict = state.withLock { state -> ItemRecord.Verdict? in
            guard !state.isOver else { return nil }
            state.hasWrites = true
            return state.record.step(fingerprint, isAlone: state.others == 0)
        }
        switch verdict {
        case nil: return nil
        case .new(let number): return WriteStep(place(number, fingerprint))
        case .known(let earlier):
            return WriteStep(place(earlier.write.step?.number ?? 0, fingerprint), earlier: known(earlier))
        case .differs(let other):
            throw HubSpotError(
                .checkpointMismatch,
                "\(title) has written something else before: then \(Self.words(other.method, other.path, other.sent)), now \(Self.words(intent.method, intent.path, intent.body.map { String(decoding: $0, as: UTF8.self) })); let it write the same, or begin anew with --fresh",
                request: "\(intent.method) \(intent.path)")
        }
    }

    private func place(_ number: Int, _ fingerprint: String) -> Step {
        Step(checkpoint: checkpoint.id, item: key, number: number, fingerprint: fingerprint)
    }

    private func known(_ earlier: ItemRecord.Earlier) -> EarlierWrite {
        let (write, run) = (earlier.write, earlier.run)
        let isRehearsal = checkpoint.isRehearsal
        return EarlierWrite(
            isDone: write.fate == .done, at: write.at, id: write.id, isNew: write.action == .create,
            answer: write.answer.map { JSONSlice($0) },
            note: { [own] fate in
                if !isRehearsal { own.journal.settle([Settlement(write.number, fate)], of: run) }
            })
    }

    private static func words(_ method: String, _ path: String, _ body: String?) -> String {
        "\(method) \(path)" + (body.map { " \($0.count > 300 ? $0.prefix(300) + "…" : $0[...])" } ?? "")
    }
}

extension Step: WritePlace {}
