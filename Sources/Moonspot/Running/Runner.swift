import CEdit
import LuaRuntime
import Words

/// Runs a script, standard input or a piece of code, and says how the process ends.
struct Runner: Sendable {
    enum Program: Sendable {
        /// `-` is standard input.
        case script(ScriptArguments)
        case standardInput
        /// Its results are printed.
        case code(String)
    }

    var workspace: Workspace
    var interrupts: Interrupts
    /// `-i`: the REPL follows, in the same session.
    var staysOpen = false
    /// What follows a script that has ended well, while its session is open.
    var afterwards: (@Sendable () async -> ExitStatus)?

    func run(_ program: Program, arguments: ScriptArguments) async -> ExitStatus {
        let chunk: LuaChunk
        do {
            chunk = try load(program)
        } catch {
            Output.complain(error.description)
            return .usage
        }
        let editor = staysOpen ? Repl.makeEditor() : nil
        let console: Console
        do {
            console = try Console(
                workspace, interrupts: interrupts, scriptFolder: folder(of: program), isRepl: false,
                mayPrompt: staysOpen, beforeExit: afterwards)
        } catch {
            Output.complain(ErrorText.message(error))
            return .failed
        }
        await console.runtime.setGlobal("arg", arguments.table)
        var renderer: Renderer?
        if case .code = program { renderer = console.renderer(.expression) }
        // A piece of code ends before it would be worth it.
        if case .script = program, !staysOpen { ce_let_go_of_pages() }
        var status = await console.run(
            chunk, arguments: arguments.arguments, renderer: renderer, scope: .all, drains: !staysOpen)
        if staysOpen {
            return await Repl(console: console, editor: editor).run()
        }
        if status == .fine, let afterwards { status = await afterwards() }
        await console.close()
        return status
    }

    private func load(_ program: Program) throws(FileProblem) -> LuaChunk {
        switch program {
        case .code(let code): return LuaChunk(code, name: "=(command line)", kind: .expression)
        case .standardInput: return try standardInput()
        case .script(let words):
            guard let index = words.script else { return try standardInput() }
            if words.words[index] == .string("-") { return try standardInput() }
            let name = Self.text(words.words[index])
            do {
                return LuaChunk(bytes: try FileBytes.read(name), name: "@" + name)
            } catch {
                let hint = Self.command(near: name).map { "; did you mean the command '\($0)'?" } ?? ""
                throw FileProblem(description: "cannot open \(Escaping.visible(name)): \(error.description)\(hint)")
            }
        }
    }

    /// The command that a script's name was probably meant to be: a word by itself, with no such file.
    private static func command(near name: String) -> String? {
        guard !name.contains("/"), !name.contains(".") else { return nil }
        return NearestName.nearest(to: name, among: CommandLineSplit.commands)
    }

    private func standardInput() throws(FileProblem) -> LuaChunk {
        let bytes = try FileBytes.read(descriptor: 0)
        workspace.checkpoints?.noteStandardInput(bytes)
        return LuaChunk(bytes: bytes, name: "=stdin")
    }

    private func folder(of program: Program) -> String? {
        guard case .script(let words) = program, let index = words.script, words.words[index] != .string("-") else {
            return nil
        }
        return ScriptArguments.folder(of: Self.text(words.words[index]))
    }

    private static func text(_ word: LuaValue) -> String {
        switch word {
        case .string(let text): text
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        default: ""
        }
    }
}
