import Dispatch
import Glibc
import Synchronization
import Waiting

/// Where the REPL's lines come from.
enum LineSource: Sendable {
    case editor(LineEditor)
    case plain(PlainLines)

    /// Whether a person is there to be greeted and prompted.
    var isInteractive: Bool {
        switch self {
        case .editor: true
        case .plain(let lines): lines.isTerminal
        }
    }

    /// - Parameter earlier: The lines of the statement that is being continued.
    func read(prompt: String, continuing earlier: String = "") async -> LineEditor.Input {
        switch self {
        case .editor(let editor): await editor.read(prompt: prompt, continuing: earlier)
        case .plain(let lines): await lines.read(prompt: prompt)
        }
    }

    func interrupt() {
        switch self {
        case .editor(let editor): editor.interrupt()
        case .plain(let lines): lines.interrupt()
        }
    }

    func close() {
        if case .editor(let editor) = self { editor.close() }
    }
}

/// Lines from a terminal that knows no cursor movement, or from a file or a pipe.
final class PlainLines: Sendable {
    let isTerminal = isatty(0) == 1
    private let queue = DispatchQueue(label: "moonspot.lines")
    private let state = Mutex(State())

    private struct State {
        var waiting: OneShot<LineEditor.Input>?
        var isReading = false
        /// A line that came while no read was waiting.
        var early: LineEditor.Input?
    }

    func read(prompt: String) async -> LineEditor.Input {
        if isTerminal { Output.standard.write(prompt) }
        let end = OneShot<LineEditor.Input>()
        let (early, begins) = state.withLock { state in
            defer { state.early = nil }
            if let early = state.early { return (Optional(early), false) }
            state.waiting = end
            defer { state.isReading = true }
            return (nil, !state.isReading)
        }
        if let early { return early }
        if begins { queue.async { [self] in deliver(Self.line()) } }
        return await end.wait()
    }

    /// Ctrl-C: the kernel has dropped the line that was being typed; the reading goes on and serves the next call.
    func interrupt() {
        guard isTerminal else { return }
        let waiting = state.withLock { state in
            defer { state.waiting = nil }
            return state.waiting
        }
        guard let waiting else { return }
        Output.standard.write("\n")
        waiting.finish(.interrupted)
    }

    private func deliver(_ input: LineEditor.Input) {
        let waiting = state.withLock { state in
            state.isReading = false
            if state.waiting == nil { state.early = input }
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.finish(input)
    }

    /// Byte by byte: the bytes behind the line belong to the next reader of standard input, such as Lua's `io.read`.
    private static func line() -> LineEditor.Input {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while true {
            let count = Glibc.read(0, &byte, 1)
            if count < 0 && errno == EINTR { continue }
            if count != 1 { return bytes.isEmpty ? .end : .line(String(decoding: bytes, as: UTF8.self)) }
            if byte == 0x0A { return .line(String(decoding: bytes, as: UTF8.self)) }
            bytes.append(byte)
        }
    }
}
