import Bindings
import Glibc
import HubSpot
import LuaRuntime
import Synchronization
import Words

/// The console: reads Lua, runs it, prints its results, until Ctrl-D.
struct Repl: Sendable {
    let console: Console
    private let lines: LineSource
    private let history: HistoryFile
    private let style: Style

    /// The editor has to exist before the Lua state, which keeps the output stream that it finds.
    static func makeEditor() -> CompletingEditor? { CompletingEditor() }

    /// - Parameter editor: Nil where there is no terminal that can move its cursor: lines are then read plainly.
    init(console: Console, editor: CompletingEditor?) {
        self.console = console
        editor?.serve(console.runtime)
        lines = editor.map { .editor($0.editor) } ?? .plain(PlainLines())
        history = HistoryFile(path: console.workspace.environment.stateFolder + "/history")
        style = Output.standard.style(noColor: console.workspace.environment.declinesColor)
    }

    func run() async -> ExitStatus {
        loadHistory()
        if lines.isInteractive { Output.standard.write(Greeting.text(console.workspace, style: style)) }
        console.interrupts.onSignal { [lines] signal in
            if signal == .terminate { exit(143) }  // the terminal is put back on the way
            lines.interrupt()
        }
        let opening = Task { [console] in await console.workspace.openConsole() }
        await repeatedly()
        lines.close()
        opening.cancel()
        console.interrupts.onSignal(nil)
        // Ctrl-D does not wait for tasks that still run.
        await console.close()
        return .fine
    }

    private func repeatedly() async {
        var typed = ""
        while true {
            let prompt = lines.isInteractive ? self.prompt(isContinued: !typed.isEmpty) : ""
            switch await lines.read(prompt: prompt) {
            case .end:
                // A statement that was begun and not finished is an error of its own; a terminal's Ctrl-D just leaves.
                if !typed.isEmpty && !lines.isInteractive { await evaluate(typed) }
                return
            case .interrupted:
                typed = ""
            case .line(let line):
                if typed.isEmpty {
                    if line.allSatisfy(\.isWhitespace) { continue }
                    if let command = ReplCommand(line) {
                        remember(line)
                        if await perform(command) == .quits { return }
                        continue
                    }
                }
                typed += typed.isEmpty ? line : "\n" + line
                if await console.runtime.completeness(of: Self.source(typed)) == .incomplete { continue }
                remember(typed)
                await evaluate(typed)
                typed = ""
            }
        }
    }

    /// `=expr`, as older Lua had it, is the expression.
    static func source(_ typed: String) -> String {
        guard typed.first == "=", !typed.hasPrefix("==") else { return typed }
        return "return " + typed.dropFirst()
    }

    private func evaluate(_ typed: String) async {
        let chunk = LuaChunk(Self.source(typed), name: "=stdin", kind: .typed)
        var renderer = console.renderer(.person)
        renderer.typed = typed
        let status = await console.run(chunk, renderer: renderer, scope: .current, drains: false)
        let ending = chunk.endingLocals
        if status == .fine, !ending.isEmpty {
            let names = ending.map { Escaping.visible($0) }.joined(separator: ", ")
            Output.error.line(style.dim("\(names): ended with the line, and not kept for the next (<close>, or _ENV)"))
        }
    }

    private func prompt(isContinued: Bool) -> String {
        let workspace = console.workspace
        let name = Escaping.visible(workspace.name)
        if isContinued {
            return style.dim(DisplayWidth.padLeft("..", to: DisplayWidth.of(name) + 1)) + " "
        }
        let isSimulator = workspace.source.description.isSimulator
        return (isSimulator ? style.cyan(name + ">") : style.green(name + ">")) + " "
    }

    // MARK: History

    private func loadHistory() {
        guard case .editor(let editor) = lines else { return }
        try? FileBytes.makeFolder(console.workspace.environment.stateFolder)
        for entry in history.load() { editor.remember(entry) }
    }

    private func remember(_ typed: String) {
        guard case .editor(let editor) = lines, let entry = HistoryFile.kept(typed) else { return }
        editor.remember(entry)
        _ = history.append(entry)
    }

    // MARK: Commands

    private enum Next { case continues, quits }

    private func perform(_ command: ReplCommand) async -> Next {
        switch command {
        case .quit: return .quits
        case .unknown(let message): Output.error.line(message)
        case .help(let name):
            Output.standard.write(HelpText.text(name, columns: Output.standard.columns ?? 80, style: style))
        case .last:
            let chunk = LuaChunk("return _", name: "=stdin", kind: .expression)
            _ = await console.run(chunk, renderer: console.renderer(.patientPerson), scope: .current, drains: false)
        case .limits: await showLimits()
        case .run(let file, let arguments): await runFile(file, arguments)
        }
        return .continues
    }

    private func showLimits() async {
        do {
            let session = try await console.workspace.source.session()
            Output.standard.write(
                LimitsText.text(
                    try await session.limits(), processes: try await session.processes(),
                    columns: Output.standard.columns,
                    style: style))
        } catch {
            Output.error.line(style.red(Escaping.visible("\(error.kind.rawValue): \(error.message)")))
        }
    }

    /// Bulk work, unlike a typed line: its calls let those of a person go first.
    private func runFile(_ file: String, _ arguments: [String]) async {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(file)
        } catch {
            Output.error.line("cannot open \(Escaping.visible(file)): \(error.description)")
            return
        }
        await console.runtime.setScriptFolder(ScriptArguments.folder(of: file))
        let words = ScriptArguments(words: ([file] + arguments).map(LuaValue.string), script: 0)
        await console.runtime.setGlobal("arg", words.table)
        _ = await console.run(
            LuaChunk(bytes: bytes, name: "@" + file), arguments: words.arguments, renderer: nil, scope: .current,
            drains: false)
    }
}

/// The line editor, made before there is a Lua state: its completion asks the one that ``serve(_:)`` names later.
final class CompletingEditor: Sendable {
    let editor: LineEditor
    private let runtime: RuntimeSlot

    init?() {
        let slot = RuntimeSlot()
        guard
            let editor = LineEditor(complete: { text in
                await Completions.complete(text) { path in await slot.runtime?.names(in: path) ?? [] }
            })
        else { return nil }
        self.editor = editor
        runtime = slot
        editor.adoptStreams()
    }

    func serve(_ runtime: LuaRuntime) { self.runtime.set(runtime) }
}

private final class RuntimeSlot: Sendable {
    private let slot = Mutex<LuaRuntime?>(nil)
    var runtime: LuaRuntime? { slot.withLock { $0 } }
    func set(_ runtime: LuaRuntime) { slot.withLock { $0 = runtime } }
}
