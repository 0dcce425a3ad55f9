import HubSpot
import LuaRuntime
import Quota
import Words

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
        let workspace = call.context.console.workspace
        let help = HelpText(
            library: workspace.environment.library, columns: call.context.columns, style: call.context.style,
            source: workspace.source)
        let words = call.arguments.joined(separator: " ")
        if help.page(words) == nil, let path = await call.context.function(named: words) {
            return .ended(await call.context.help(on: path, showsSource: false))
        }
        await call.context.show(help.text(words))
        return .done
    }

    /// A binding is known by its name; any other function is asked for where it comes from.
    private static func showSource(_ name: String, _ context: ReplContext) async throws -> Next {
        let name = name.trimmingPrefix(while: \.isWhitespace)
        guard !name.isEmpty else { throw CommandProblem("?? needs the name of a function: ??csv.open") }
        let library = context.console.workspace.environment.library
        if let text = SourceText.binding(String(name)) {
            await context.show(text + "\n")
            return .done
        }
        let path = SourceText.path(String(name))
        guard LuaPath.isPath(path) else { throw CommandProblem("?? needs the name of a function: ??csv.open") }
        if let chunk = library.chunk(path) {
            await context.show("-- \(chunk.name.dropFirst())\n" + String(decoding: chunk.source, as: UTF8.self))
            return .done
        }
        // A module of stdlib need not have been required.
        let first = String(path.prefix { $0 != "." })
        let isModule = library.names.contains(first)
        let head = isModule ? "require(\"\(first)\")" : first
        if !isModule, await context.function(named: path) == nil {
            let (known, last) = await context.names(beside: path)
            if known.contains(where: { $0.name == last }) {
                throw CommandProblem("\(path) is no function; ??csv.open shows the source of one")
            }
            throw CommandProblem("there is no \(path)\(NearestName.hint(for: last, among: known.map(\.name)))")
        }
        return .ended(await context.help(on: head + path.dropFirst(first.count), showsSource: true))
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

/// Names joined by dots.
enum LuaPath {
    static func isPath(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.allSatisfy { LuaText.isName(String($0)) }
    }
}

extension ReplContext {
    /// What stands where a path's last name does, and that name.
    fileprivate func names(beside path: String) async -> (known: [(name: String, type: String)], last: String) {
        let parts = path.split(separator: ".").map(String.init)
        return (await console.runtime.names(in: Array(parts.dropLast())), parts.last ?? "")
    }

    /// The path of a function that a script or Lua itself has made, without the parentheses behind it; nil for any other text.
    fileprivate func function(named text: String) async -> String? {
        let path = HelpText.path(text)
        guard LuaPath.isPath(path) else { return nil }
        let (known, last) = await names(beside: path)
        let isFunction = known.contains { $0.name == last && ($0.type == "function" || $0.type == "local") }
        return isFunction ? path : nil
    }

    fileprivate func help(on expression: String, showsSource: Bool) async -> ExitStatus {
        let refusal = LuaText.scalar(.string("\(expression) is no function"))
        let code = """
            local value = \(expression)
            if type(value) ~= "function" then error(\(refusal), 0) end
            help(value, { source = \(showsSource) })
            """
        return await console.run(
            LuaChunk(code, name: "=stdin", kind: .expression), renderer: nil, scope: .current, drains: false)
    }
}
