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
        var candidates: [String] = []
    }

    /// The C editor. Only ``queue`` reads and adds to its history; the calls that may come from any thread say so.
    private struct Handle: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private let handle: Handle
    private let queue = DispatchQueue(label: "moonspot.editor")
    private let completer: Completer

    /// Nil where the terminal cannot move its cursor, or there is none: then lines are read plainly.
    init?(complete: @escaping @Sendable (String) async -> Completion) {
        ce_use_utf8()
        completer = Completer(complete)
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

    init(_ body: @escaping @Sendable (String) async -> LineEditor.Completion) { self.body = body }

    func complete(_ text: String, _ editor: OpaquePointer) {
        let box = AnswerBox()
        let done = DispatchSemaphore(value: 0)
        let task = Task.detached { [body] in
            let completion = await body(text)
            box.answer.withLock { $0 = completion }
            done.signal()
        }
        // Lua may be busy with a task that computes; Tab then does nothing.
        guard done.wait(timeout: .now() + .milliseconds(400)) == .success, let completion = box.answer.withLock({ $0 })
        else {
            task.cancel()
            return
        }
        if !completion.insertion.isEmpty { ce_insert(editor, completion.insertion) }
        if !completion.candidates.isEmpty {
            let text = CandidateList.text(completion.candidates, columns: Int(ce_columns(1)))
            ce_show(editor, text, text.utf8.count)
        }
    }
}

private final class AnswerBox: Sendable {
    let answer = Mutex<LineEditor.Completion?>(nil)
}

/// Names in columns, down and then across, as shells show them.
enum CandidateList {
    static func text(_ names: [String], columns: Int) -> String {
        let width = (names.map { DisplayWidth.of($0) }.max() ?? 0) + 2
        let across = max(1, columns / width)
        let rows = (names.count + across - 1) / across
        var text = ""
        for row in 0..<rows {
            let line = stride(from: row, to: names.count, by: rows).map { DisplayWidth.pad(names[$0], to: width) }
                .joined()
            text += String(line.reversed().drop(while: { $0 == " " }).reversed()) + "\n"
        }
        return text
    }
}
