import HubSpot
import LuaRuntime
import Quota

extension ConsoleCommand {
    static let basics = [help, quit, run, limits]

    private static let help = ConsoleCommand(
        name: "help", usage: "[NAME | WORDS]", summary: "what a function or a command does: :help hubspot.contacts.get",
        details:
            "Words that name no page are looked for in all of them: :help recycle bin. ?NAME is the same, and ??NAME "
            + "shows the source of a function of stdlib, or where a binding is declared.",
        completes: .helpTopic
    ) { call in
        if call.rest.hasPrefix("??") { return try await showSource(String(call.rest.drop { $0 == "?" }), call.context) }
        let help = HelpText(
            library: call.context.console.workspace.environment.library, columns: call.context.columns,
            style: call.context.style)
        await call.context.show(help.text(call.arguments.joined(separator: " ")))
        return .done
    }

    /// A binding is known by its name; any other function is asked for where it comes from.
    private static func showSource(_ name: String, _ context: ReplContext) async throws -> Next {
        if let text = SourceText.binding(name) {
            await context.show(text + "\n")
            return .done
        }
        let path = HelpText.path(name).split(separator: ".").map { $0.filter { !$0.isWhitespace } }
        guard let first = path.first, path.allSatisfy(LuaText.isName) else {
            throw CommandProblem("?? needs the name of a function: ??csv.open")
        }
        // A module of stdlib need not have been required.
        let runtime = context.console.runtime
        let isModule = context.console.workspace.environment.library.names.contains(first)
        let globals = await runtime.names(in: [])
        let head = isModule && !globals.contains { $0.name == first } ? "require(\"\(first)\")" : first
        let call = "help(\(([head] + path.dropFirst()).joined(separator: ".")), { source = true })"
        return .ended(
            await context.console.run(
                LuaChunk(call, name: "=stdin", kind: .expression), renderer: nil, scope: .current, drains: false))
    }

    private static let quit = ConsoleCommand(name: "quit", summary: "leaves, as Ctrl-D does") { _ in .quits }

    private static let limits = ConsoleCommand(name: "limits", summary: "what is left of the quota") { call in
        let context = call.context
        let (state, processes) = try await context.cancellable { session in
            (try await session.limits(), try await session.processes())
        }
        Output.standard.write(
            LimitsText.text(state, processes: processes, columns: Output.standard.columns, style: context.style))
        return .done
    }

    /// Bulk work, unlike a typed line: its calls let those of a person go first.
    private static let run = ConsoleCommand(
        name: "run", usage: "FILE [ARGS]", summary: "runs a script in this session",
        details: "Words with spaces stand in quotes. The script sees arg and ..., as it does when it is run by itself.",
        completes: .file
    ) { call in
        guard let file = call.arguments.first else { throw CommandProblem(":run needs a file: :run export.lua") }
        let bytes: [UInt8]
        do throws(FileProblem) { bytes = try FileBytes.read(file) } catch {
            throw CommandProblem("cannot open \(file): \(error.description)")
        }
        let runtime = call.context.console.runtime
        await runtime.setScriptFolder(ScriptArguments.folder(of: file))
        let words = ScriptArguments(words: call.arguments.map(LuaValue.string), script: 0)
        await runtime.setGlobal("arg", words.table)
        let status = await call.context.console.run(
            LuaChunk(bytes: bytes, name: "@" + file), arguments: words.arguments, renderer: nil, scope: .current,
            drains: false)
        return .ended(status)
    }
}
