import HubSpot
import LuaRuntime
import Quota

extension ConsoleCommand {
    static let basics = [help, quit, run, limits]

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
        guard let word = call.arguments.first else { throw CommandProblem(":run needs a file: :run export.lua") }
        let file = HomePath.expanded(word, home: call.context.console.workspace.environment.home)
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
