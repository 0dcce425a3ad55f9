import CEdit
import Dispatch
import Glibc
import Synchronization
import Words

/// One line after the other from a person at a terminal.
final class LineEditor: Sendable {
    enum Input: Sendable, Equatable {
        case line(String)
        /// The statement that was being continued, edited from its first line on: it takes the place of those lines.
        case whole(String)
        case end
        case interrupted
    }

    /// The completer that Tab calls: the text to insert at the cursor, and the names to show where there is more than
    /// one.
    struct Completion: Sendable, Equatable {
        var insertion = ""
        /// So many characters before the cursor go first.
        var replaces = 0
        var candidates: [Candidate] = []
    }

    /// The C editor. Only ``queue`` reads and adds to its history; the calls that may come from any thread say so.
    private struct Handle: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private let handle: Handle
    private let queue = DispatchQueue(label: "moonspot.editor")
    private let completer: Completer

    /// Nil where the terminal cannot move its cursor, or there is none: then lines are read plainly.
    init?(style: @escaping @Sendable () -> Style, complete: @escaping @Sendable (String) async -> Completion) {
        ce_use_utf8()
        completer = Completer(style: style, complete)
        let context = Unmanaged.passUnretained(completer).toOpaque()
        guard
            let pointer = ce_open(
                "moonspot", 0, 1,
                { context, editor, text, length in
                    guard let context, let editor, let text else { return }
                    let bytes = UnsafeBufferPointer(start: text, count: length).map { UInt8(bitPattern: $0) }
                    Unmanaged<Completer>.fromOpaque(context).takeUnretainedValue()
                        .complete(String(decoding: bytes, as: UTF8.self), editor)
                }, context)
        else { return nil }
        handle = Handle(pointer: pointer)
    }

    /// From now on, output of Lua and the program appears above the line being edited. Before a Lua state exists.
    func adoptStreams() { ce_adopt_streams(handle.pointer) }

    /// - Parameters:
    ///   - prompt: May hold colours, which take no room.
    ///   - earlier: The lines of the statement that is being continued, which the Up key takes back; or nothing.
    func read(prompt: String, continuing earlier: String) async -> Input {
        await withCheckedContinuation { continuation in
            queue.async { [handle] in
                var text: UnsafeMutablePointer<CChar>?
                var length = 0
                let outcome = ce_read(
                    handle.pointer, Self.marked(prompt), earlier, earlier.utf8.count, &text, &length)
                defer { free(text) }
                switch outcome {
                case CE_LINE, CE_WHOLE:
                    let bytes = UnsafeBufferPointer(start: text, count: length).map { UInt8(bitPattern: $0) }
                    let line = String(decoding: bytes, as: UTF8.self)
                    continuation.resume(returning: outcome == CE_LINE ? .line(line) : .whole(line))
                case CE_INTERRUPTED: continuation.resume(returning: .interrupted)
                default: continuation.resume(returning: .end)
                }
            }
        }
    }

    /// Drops the line being edited. From any thread.
    func interrupt() { ce_interrupt(handle.pointer) }

    /// Adds to what the arrow keys and Ctrl-R walk through.
    func remember(_ entries: [String]) {
        queue.sync { for entry in entries { ce_remember(handle.pointer, entry) } }
    }

    /// Has a transcript hear all that is shown; nil ends that. The caller holds it until then.
    func record(_ transcript: Transcript?) {
        guard let transcript else { return ce_record(handle.pointer, nil, nil) }
        let hear: ce_recorder = { context, bytes, length in
            guard let context, let bytes else { return }
            let shown = UnsafeBufferPointer(start: bytes, count: length).map { UInt8(bitPattern: $0) }
            Unmanaged<Transcript>.fromOpaque(context).takeUnretainedValue().add(shown)
        }
        ce_record(handle.pointer, hear, Unmanaged.passUnretained(transcript).toOpaque())
    }

    /// Restores the terminal.
    func close() { queue.sync { ce_close(handle.pointer) } }

    /// Escape sequences between two bytes 1, as libedit wants them.
    static func marked(_ prompt: String) -> String {
        var result = ""
        var isEscape = false
        for scalar in prompt.unicodeScalars {
            if scalar == "\u{1B}" && !isEscape {
                result += "\u{1}"
                isEscape = true
            }
            result.unicodeScalars.append(scalar)
            if isEscape && scalar.properties.isAlphabetic {
                result += "\u{1}"
                isEscape = false
            }
        }
        return result
    }
}

/// Carries Tab from the editor's thread to the asynchronous world and waits for the answer there.
private final class Completer: Sendable {
    private let body: @Sendable (String) async -> LineEditor.Completion
    private let style: @Sendable () -> Style
    /// A longer wait is felt.
    private static let patience = DispatchTimeInterval.milliseconds(30)

    init(
        style: @escaping @Sendable () -> Style, _ body: @escaping @Sendable (String) async -> LineEditor.Completion
    ) {
        self.style = style
        self.body = body
    }

    func complete(_ text: String, _ editor: OpaquePointer) {
        let box = AnswerBox()
        let done = DispatchSemaphore(value: 0)
        let task = Task.detached { [body] in
            let completion = await body(text)
            box.answer.withLock { $0 = completion }
            done.signal()
        }
        // Lua may be busy with a task that computes, and the portal's names may not be there: Tab then does nothing.
        guard done.wait(timeout: .now() + Self.patience) == .success, let completion = box.answer.withLock({ $0 })
        else {
            task.cancel()
            return
        }
        if completion.replaces > 0 { ce_erase(editor, Int32(completion.replaces)) }
        if !completion.insertion.isEmpty { ce_insert(editor, completion.insertion) }
        if completion.candidates.count > 1 {
            let text = CandidateList.text(completion.candidates, columns: Int(ce_columns(1)), style: style())
            ce_show(editor, text, text.utf8.count)
        }
    }
}

private final class AnswerBox: Sendable {
    let answer = Mutex<LineEditor.Completion?>(nil)
}
