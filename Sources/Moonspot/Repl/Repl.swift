import Bindings
import CEdit
import Glibc
import HubSpot
import LuaRuntime
import Synchronization
import Words

/// The console: reads Lua, runs it, prints its results, until Ctrl-D.
struct Repl: Sendable {
    private let context: ReplContext

    private var console: Console { context.console }
    private var lines: LineSource { context.lines }

    /// The editor has to exist before the Lua state, which keeps the output stream that it finds.
    static func makeEditor() -> CompletingEditor? { CompletingEditor() }

    /// - Parameter editor: Nil where there is no terminal that can move its cursor: lines are then read plainly.
    init(console: Console, editor: CompletingEditor?) {
        let file = HistoryFile(path: console.workspace.environment.stateFolder + "/history")
        context = ReplContext(
            console: console, lines: editor.map { .editor($0.editor) } ?? .plain(PlainLines()),
            history: History(file: file, editor: editor?.editor))
        editor?.serve(context)
    }

    func run() async -> ExitStatus {
        context.history.load(folder: console.workspace.environment.stateFolder)
        if lines.isInteractive { Output.standard.write(Greeting.text(console.workspace, style: context.style)) }
        console.interrupts.onInterrupt { [lines] in lines.interrupt() }
        if lines.isInteractive {
            console.workspace.questions.answer { [self] question in await isConfirmed(question) }
        }
        let opening = Task { [context] in await context.open() }
        await InitFile.run(context)
        ce_let_go_of_pages()
        await repeatedly()
        if case .editor(let editor) = lines, let transcript = context.transcript {
            context.record(nil, by: editor)
            _ = transcript.end()
        }
        lines.close()
        opening.cancel()
        context.stop()
        console.interrupts.onSignal(nil)
        // Ctrl-D does not wait for tasks that still run.
        await console.close()
        return .fine
    }

    private func repeatedly() async {
        var typed = ""
        var prompt = Prompt(name: "")
        while true {
            if lines.isInteractive, typed.isEmpty { prompt = await context.prompt() }
            let shown = typed.isEmpty ? prompt.text(context.style) : prompt.continuation(context.style)
            context.begin(typed)
            switch await lines.read(prompt: lines.isInteractive ? shown : "", continuing: typed) {
            case .end:
                // A statement that was begun and not finished is an error of its own; a terminal's Ctrl-D just leaves.
                if !typed.isEmpty && !lines.isInteractive { await context.evaluate(typed) }
                return
            case .interrupted:
                typed = ""
            case .line(let line):
                context.transcript?.add((shown + line + "\n").utf8)
                if typed.isEmpty {
                    if line.allSatisfy(\.isWhitespace) { continue }
                    if let words = CommandWords(line) {
                        if await perform(words, typed: line) { return }
                        continue
                    }
                    if lines.isInteractive, line.utf8.count < 10,
                        let words = CommandWords(
                            habit: line, globals: await console.runtime.names(in: []).map(\.name))
                    {
                        if await perform(words, typed: line) { return }
                        continue
                    }
                    if line.contains("\n"), let pasted = await pasted(line) {
                        guard let rest = await run(pasted) else { return }
                        typed = rest
                        continue
                    }
                }
                typed += typed.isEmpty ? line : "\n" + line
                if await runIfWhole(typed) { typed = "" }
            case .whole(let text):
                typed = text.last == "\n" ? String(text.dropLast()) : text
                if await runIfWhole(typed) { typed = "" }
            }
        }
    }

    // MARK: Pasted text

    /// The parts of a text of several lines; nil where it is a chunk as it stands, or nothing of it can run.
    private func pasted(_ text: String) async -> PastedText? {
        let whole = await completeness(of: text)
        // An unfinished call may just be a command that stands behind a name.
        if whole == .complete || whole == .incomplete && !PastedText.holdsCommands(text) { return nil }
        return await PastedText(text) { await completeness(of: $0) }
    }

    private func completeness(of text: String) async -> PastedText.Completeness {
        switch await console.runtime.completeness(of: Self.source(text)) {
        case .complete: .complete
        case .incomplete: .incomplete
        case .invalid: .invalid
        }
    }

    /// Runs one part after the other, up to the first that fails.
    /// - Returns: The lines that want more; nil where the console ends.
    private func run(_ pasted: PastedText) async -> String? {
        for (index, piece) in pasted.pieces.enumerated() {
            let status: ExitStatus
            switch piece {
            case .command(let line):
                guard let words = CommandWords(line) else { continue }
                let (quits, ended) = await ending(words, typed: line)
                if quits { return nil }
                status = ended
            case .lua(let text): status = await context.evaluate(text)
            }
            guard status == .fine || index == pasted.pieces.count - 1 && pasted.rest.isEmpty else {
                context.note("what was pasted behind that is not run")
                return ""
            }
        }
        return pasted.rest
    }

    // MARK: A line

    /// False where more lines are wanted.
    private func runIfWhole(_ typed: String) async -> Bool {
        if await console.runtime.completeness(of: Self.source(typed)) == .incomplete { return false }
        await context.evaluate(typed)
        return true
    }

    /// `=expr`, as older Lua had it, is the expression.
    static func source(_ typed: String) -> String {
        guard typed.first == "=", !typed.hasPrefix("==") else { return typed }
        return "return " + typed.dropFirst()
    }

    /// - Returns: Whether the console ends.
    private func perform(_ words: CommandWords, typed: String) async -> Bool {
        await ending(words, typed: typed).quits
    }

    private func ending(_ words: CommandWords, typed: String) async -> (quits: Bool, status: ExitStatus) {
        var quits = false
        let status = await context.measured(typed) {
            switch CommandTable.find(words.name) {
            case .unknown(let message):
                context.complain(message)
                return .failed
            case .command(let command):
                do {
                    if command.usage.isEmpty, !words.rest.isEmpty {
                        throw CommandProblem(":\(command.name) takes nothing behind it")
                    }
                    switch try await command.perform(CommandCall(context: context, words: words)) {
                    case .ended(let status): return status
                    case .quits: quits = true
                    }
                    return .fine
                } catch let error as HubSpotError {
                    context.complain("\(error.kind.rawValue): \(error.message)")
                } catch {
                    context.complain("\(error)")
                }
                return .failed
            }
        }
        return (quits, status)
    }

    // MARK: Questions

    /// Asks the person before a write.
    private func isConfirmed(_ question: WriteQuestion) async -> Bool {
        let portal = question.portalID.map { "portal \($0)" } ?? "the portal behind \(question.server)"
        let text = QuestionText(question, portal: portal, total: console.loopTotal)
        return await console.asking { before in
            for line in text.lines { Output.standard.line(context.style.red(Escaping.visible(line))) }
            console.interrupts.onInterrupt { [lines] in lines.interrupt() }
            tcflush(0, TCIFLUSH)  // what was typed before the question is no answer to it
            let input = await withTaskCancellationHandler {
                await lines.read(prompt: text.prompt, continuing: "")
            } onCancel: { [lines] in
                lines.interrupt()
            }
            switch input {
            case .line(let answer), .whole(let answer): return text.isYes(answer)
            case .end: return false
            case .interrupted:
                // Ctrl-C is meant for the line that asks, too.
                before?(.interrupt)
                return false
            }
        }
    }
}

/// The line editor, made before there is a Lua state: its completion asks the one that ``serve(_:)`` names later.
final class CompletingEditor: Sendable {
    let editor: LineEditor
    private let slot: ContextSlot

    init?() {
        let slot = ContextSlot()
        guard
            let editor = LineEditor(
                style: { slot.context?.style ?? .plain },
                complete: { text in await slot.context?.complete(text) ?? LineEditor.Completion() })
        else { return nil }
        self.editor = editor
        self.slot = slot
        editor.adoptStreams()
    }

    func serve(_ context: ReplContext) { slot.set(context) }
}

private final class ContextSlot: Sendable {
    private let slot = Mutex<ReplContext?>(nil)
    var context: ReplContext? { slot.withLock { $0 } }
    func set(_ context: ReplContext) { slot.withLock { $0 = context } }
}
