import HubSpot
import LuaRuntime

/// The report of an uncaught failure, on standard error: the message, the script's own line, and the way there through the
/// script.
struct FailureReport: Sendable {
    var style: Style
    /// At the REPL the failed line stands right above: neither the program's name nor a traceback of that line is news.
    var isRepl: Bool
    /// Whether the terminal has shown `^C` with no newline behind it.
    var isTerminal: Bool
    /// The bytes of a script's file; nil where it cannot be read.
    var read: @Sendable (_ path: String) -> [UInt8]? = { try? FileBytes.read($0) }

    /// - Parameter chunk: What ran.
    func text(_ failure: LuaFailure, in chunk: LuaChunk? = nil) -> String {
        if failure.cause == .interrupted { return interrupted }
        var lines: [String] = []
        if isRepl, case .table(let table) = failure.value, table.metatable == LuaError.metatable {
            lines.append(style.red(ErrorText.line(table)))
        } else {
            lines.append(style.red((isRepl ? "" : "moonspot: ") + ErrorText.message(failure)))
        }
        let frames = OwnFrames(failure.traceback, isOurs: failure.kind != nil)
        lines += quote(failure, frames, chunk).map { style.dim($0) }
        if let traceback = traceback(failure, frames) { lines.append(style.dim(traceback)) }
        return lines.joined(separator: "\n") + "\n"
    }

    private var interrupted: String { (isTerminal ? "\n" : "") + (isRepl ? "" : "moonspot: ") + "interrupted\n" }

    // MARK: The line

    private func quote(_ failure: LuaFailure, _ frames: OwnFrames, _ chunk: LuaChunk?) -> [String] {
        guard let place = place(of: failure, frames) else { return [] }
        let isTyped = place.name == "stdin" && isRepl
        guard !isTyped, let source = source(of: place, chunk) else { return [] }
        return SourceQuote(source, line: place.line, words: SourceQuote.words(failure))?.lines ?? []
    }

    /// Where the message says that it happened; where that is a module of ours, the script's line that led there.
    private func place(of failure: LuaFailure, _ frames: OwnFrames) -> ScriptPlace? {
        if let place = ScriptPlace(failure.message[...]), !place.name.hasPrefix("stdlib/"),
            !place.name.hasPrefix("moonspot:")
        {
            return place
        }
        return frames.place
    }

    private func source(of place: ScriptPlace, _ chunk: LuaChunk?) -> [UInt8]? {
        if let chunk, place.names(chunk.name) { return chunk.source }
        return place.name.hasPrefix("...") ? nil : read(place.name)
    }

    // MARK: The way there

    /// Errors that have nothing to do with where the script stands.
    private static let withoutWay: Set<HubSpotError.Kind> = [
        .unauthenticated, .forbidden, .readOnly, .notAllowed, .notConfirmed, .dailyLimit,
    ]

    private func traceback(_ failure: LuaFailure, _ frames: OwnFrames) -> String? {
        if failure.cause == .syntax { return nil }
        if isRepl, isPlain(failure.traceback) { return nil }
        if let kind = failure.kind.flatMap(HubSpotError.Kind.init(rawValue:)) {
            // A way of one step is the line that stands above.
            if Self.withoutWay.contains(kind) || frames.frames.count < 2 { return nil }
        }
        return ErrorText.lines(frames.text).isEmpty ? nil : ErrorText.lines(frames.text)
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
