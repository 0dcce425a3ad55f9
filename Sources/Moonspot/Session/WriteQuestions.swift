import HubSpot
import Synchronization
import Waiting

/// Before which writes the person at the prompt is asked, and who reads the answer.
final class WriteQuestions: Sendable {
    /// `confirm` in a profile, and of `:set`.
    enum Level: String, Sendable, CaseIterable {
        /// Asks at the prompt. Where there is no person to ask, in a script say, what would be asked about fails.
        case all
        /// Asks at the prompt.
        case moderate
        case off
    }

    private struct State {
        /// The first profile's.
        let level: Level
        /// What the person has chosen since; for every session.
        var chosen: Level?
        /// Counts what is typed.
        var line = 0
        /// Whether a typed line runs: at other times the terminal belongs to the next line.
        var isRunning = false
        var ask: (@Sendable (WriteQuestion) async -> Bool)?
        /// Questions that are being asked.
        var open = 0
        /// Told when there are none.
        var settled: OneShot<Void>?
    }

    private let state: Mutex<State>

    init(level: Level) { state = Mutex(State(level: level)) }

    var level: Level {
        get { state.withLock { $0.chosen ?? $0.level } }
        set { state.withLock { $0.chosen = newValue } }
    }

    /// What the person has chosen holds no longer: another profile has another level.
    func forgetChosen() { state.withLock { $0.chosen = nil } }

    /// - Parameter level: The session's profile's.
    func confirmation(threshold: Int, level: Level) -> WriteConfirmation {
        WriteConfirmation(
            threshold: threshold, stance: { [self] in stance(level) },
            ask: { [self] question in
                guard let ask = begin() else { return false }
                defer { end() }
                return await ask(question)
            })
    }

    private func stance(_ level: Level) -> WriteConfirmation.Stance {
        state.withLock { state in
            let level = state.chosen ?? level
            if level == .off { return .open }
            guard state.ask != nil else { return level == .all ? .refusing : .open }
            return state.isRunning ? .asking(line: state.line) : .refusing
        }
    }

    /// From now on a person answers.
    func answer(by ask: @escaping @Sendable (WriteQuestion) async -> Bool) { state.withLock { $0.ask = ask } }

    /// What is asked and answered from now until ``endLine()`` belongs to one line.
    func beginLine() {
        state.withLock { state in
            state.line += 1
            state.isRunning = true
        }
    }

    /// Returns when no question is open: the terminal then belongs to the next line.
    func endLine() async {
        let settled = state.withLock { state -> OneShot<Void>? in
            state.isRunning = false
            guard state.open > 0 else { return nil }
            let settled = OneShot<Void>()
            state.settled = settled
            return settled
        }
        await settled?.wait()
    }

    /// - Returns: Nil where there is no person to ask.
    private func begin() -> (@Sendable (WriteQuestion) async -> Bool)? {
        state.withLock { state in
            guard state.isRunning, let ask = state.ask else { return nil }
            state.open += 1
            return ask
        }
    }

    private func end() {
        let settled = state.withLock { state -> OneShot<Void>? in
            state.open -= 1
            guard state.open == 0 else { return nil }
            defer { state.settled = nil }
            return state.settled
        }
        settled?.finish()
    }
}
