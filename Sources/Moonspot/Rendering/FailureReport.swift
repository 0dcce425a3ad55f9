import LuaRuntime

/// The report of an uncaught failure, on standard error.
struct FailureReport: Sendable {
    var style: Style
    /// At the REPL the failed line stands right above: neither the program's name nor a traceback of that line is news.
    var isRepl: Bool
    /// Whether the terminal has shown `^C` with no newline behind it.
    var isTerminal: Bool

    func text(_ failure: LuaFailure) -> String {
        if failure.cause == .interrupted { return interrupted }
        if isRepl, case .table(let table) = failure.value, table.metatable == LuaError.metatable {
            return style.red(ErrorText.line(table)) + "\n" + (isPlain(failure.traceback) ? "" : traceback(failure))
        }
        let message = style.red((isRepl ? "" : "moonspot: ") + ErrorText.message(failure)) + "\n"
        return message + (isRepl && isPlain(failure.traceback) ? "" : traceback(failure))
    }

    private var interrupted: String { (isTerminal ? "\n" : "") + (isRepl ? "" : "moonspot: ") + "interrupted\n" }

    private func traceback(_ failure: LuaFailure) -> String {
        ErrorText.traceback(failure).map { style.dim($0) + "\n" } ?? ""
    }

    /// Whether the traceback names nothing but the typed line itself and frames of moonspot's own functions.
    private func isPlain(_ traceback: String) -> Bool {
        let frames = traceback.split(separator: "\n").map { $0.drop(while: \.isWhitespace) }.dropFirst()
        // A line that uses locals of earlier ones is a function within a chunk: it stands at the bottom.
        let bottom = frames.last { !$0.hasPrefix("[C]") }
        let isLine = bottom?.hasPrefix("stdin:") == true && bottom?.hasSuffix("in function <stdin:1>") == true
        return (isLine ? frames.filter { $0 != bottom } : Array(frames)).allSatisfy { frame in
            frame.hasPrefix("[C]") || frame.hasPrefix("moonspot:") || frame.hasPrefix("(...tail calls")
                || frame.hasPrefix("stdin:") && frame.hasSuffix("in main chunk")
        }
    }
}
