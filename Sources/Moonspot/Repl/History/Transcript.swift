import Glibc
import Synchronization

/// What is typed and shown, in a file: `:record`. Colours are left out, and secrets are masked.
final class Transcript: Sendable {
    private struct State {
        var descriptor: Int32
        /// A line that is not ended yet.
        var pending: [UInt8] = []
        var isLost = false
    }

    let path: String
    private let state: Mutex<State>
    private let masked: @Sendable (String) -> String

    /// - Parameter masked: A line without the sessions' secrets.
    init(path: String, masked: @escaping @Sendable (String) -> String) throws(FileProblem) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .last() }
        self.path = path
        self.masked = masked
        state = Mutex(State(descriptor: descriptor))
    }

    deinit { state.withLock { _ = Glibc.close($0.descriptor) } }

    /// Some output. Lines are written when they end.
    func add(_ bytes: some Sequence<UInt8>) {
        state.withLock { state in
            state.pending += bytes
            while let newline = state.pending.firstIndex(of: 0x0A) {
                write(String(decoding: state.pending[..<newline], as: UTF8.self), &state)
                state.pending.removeSubrange(...newline)
            }
        }
    }

    /// Writes what is left. False where something could not be written.
    func end() -> Bool {
        state.withLock { state in
            if !state.pending.isEmpty { write(String(decoding: state.pending, as: UTF8.self), &state) }
            state.pending = []
            return !state.isLost
        }
    }

    private func write(_ line: String, _ state: inout State) {
        let plain = Style.stripped(line).filter { $0 != "\r" }
        let kept = HistoryRedaction.redacted(masked(plain)) + "\n"
        if !FileBytes.write(Array(kept.utf8), to: state.descriptor) { state.isLost = true }
    }
}
