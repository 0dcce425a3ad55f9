import Synchronization
import Waiting

/// The questions of one session: each is asked once, for all calls of its kind that wait for the answer, and one after
/// the other.
final class Confirmations: Sendable {
    private typealias Kind = ConfirmationState.Kind
    /// What an answer makes of a waiting call.
    private enum Verdict { case goes, refused, asks, cancelled }
    private typealias Wait = OneShot<Verdict>

    private struct State {
        var decisions = ConfirmationState()
        /// The calls behind the one that asks, in the order of ``ConfirmationState``'s.
        var waiting: [Kind: [Wait]] = [:]
        /// Questions that wait until another one is answered; nil where none is asked.
        var queue: [OneShot<Bool>]?
    }

    private let state = Mutex(State())
    private let confirmation: WriteConfirmation
    /// Returns when the callers have nothing to add.
    private let gather: @Sendable () async -> Void
    private let server: String
    private let portalID: @Sendable () async -> Int64?
    private let wording: @Sendable (HubSpotError.Remedy) -> String

    init(
        _ confirmation: WriteConfirmation, wording: @escaping @Sendable (HubSpotError.Remedy) -> String,
        gather: @escaping @Sendable () async -> Void, server: String,
        portalID: @escaping @Sendable () async -> Int64?
    ) {
        self.server = server
        self.wording = wording
        self.confirmation = confirmation
        self.gather = gather
        self.portalID = portalID
    }

    /// Whether anything may have to be asked.
    var isAtWork: Bool { confirmation.stance() != .open }

    /// Returns once the write may be sent.
    /// - Throws: kind `not_confirmed`, or `cancelled`.
    func pass(_ effect: WriteEffect) async throws(HubSpotError) {
        let line: Int?
        switch confirmation.stance() {
        case .open: return
        case .refusing: line = nil
        case .asking(let number): line = number
        }
        let wait = Wait()
        let step = state.withLock { state in
            let step = state.decisions.enter(effect, line: line, threshold: confirmation.threshold)
            if step == .waits { state.waiting[Kind(effect), default: []].append(wait) }
            // There is no person to ask: each call is judged by itself.
            if step == .asks, line == nil { state.decisions.dropFirst(Kind(effect)) }
            return step
        }
        switch step {
        case .goes: return
        case .refused: throw refusal(effect, wasAsked: true)
        case .asks:
            guard line != nil else { throw refusal(effect, wasAsked: false) }
            try await ask(effect)
        case .waits:
            CallContext.current?.waits()
            switch await wait.wait(orWhenCancelled: { .cancelled }) {
            case .goes: return
            case .refused: throw refusal(effect, wasAsked: true)
            case .cancelled: throw .cancelled
            case .asks: try await ask(effect)
            }
        }
    }

    /// Asks for this call and those that wait behind it.
    private func ask(_ effect: WriteEffect) async throws(HubSpotError) {
        let kind = Kind(effect)
        CallContext.current?.waits()
        await gather()
        let isMine = await enterQueue()
        var question = state.withLock { $0.decisions.question(kind) }
        question.portalID = await portalID()
        question.server = server
        let isYes = isMine && !Task.isCancelled ? await confirmation.ask(question) : false
        if isMine { leaveQueue() }
        let isCancelled = Task.isCancelled
        let told = state.withLock { state -> [Wait] in
            // The asking call is the first of those with an answer.
            let count = state.decisions.answer(question, kind, isYes: isYes)
            var waiting = state.waiting[kind] ?? []
            let told = Array(waiting.prefix(max(0, count - 1)))
            waiting.removeFirst(told.count)
            state.waiting[kind] = waiting.isEmpty ? nil : waiting
            return told
        }
        for wait in told { wait.finish(isYes ? .goes : .refused) }
        if isYes { askNext(kind) }
        guard isYes else {
            if isCancelled { throw .cancelled }
            throw refusal(effect, wasAsked: true)
        }
    }

    /// Has the first of those ask whom the answer did not cover. One that was cancelled meanwhile is passed over.
    private func askNext(_ kind: Kind) {
        while true {
            let next = state.withLock { state -> Wait? in
                guard var waiting = state.waiting[kind], !waiting.isEmpty else { return nil }
                let next = waiting.removeFirst()
                state.waiting[kind] = waiting.isEmpty ? nil : waiting
                return next
            }
            guard let next, !next.finish(.asks) else { return }
            state.withLock { $0.decisions.dropFirst(kind) }
        }
    }

    /// - Returns: False where the task was cancelled meanwhile.
    private func enterQueue() async -> Bool {
        let wait = OneShot<Bool>()
        let isFree = state.withLock { state in
            guard state.queue != nil else {
                state.queue = []
                return true
            }
            state.queue?.append(wait)
            return false
        }
        return isFree ? true : await wait.wait(orWhenCancelled: { false })
    }

    private func leaveQueue() {
        while true {
            let next = state.withLock { state -> OneShot<Bool>? in
                guard state.queue?.isEmpty == false else {
                    state.queue = nil
                    return nil
                }
                return state.queue?.removeFirst()
            }
            // One that was cancelled takes no turn.
            guard let next, !next.finish(true) else { return }
        }
    }

    private func refusal(_ effect: WriteEffect, wasAsked: Bool) -> HubSpotError {
        if wasAsked {
            return HubSpotError(.notConfirmed, "to \(effect.words) was not confirmed, and nothing of it was sent")
        }
        return HubSpotError(.notConfirmed, "to \(effect.words) has to be confirmed", .confirm, wording)
    }
}
