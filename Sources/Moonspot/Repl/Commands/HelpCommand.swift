import LuaRuntime
import Words

extension ConsoleCommand {
    static let help = ConsoleCommand(
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
        if help.page(words) == nil, LuaManual.page(words) == nil,
            let path = await call.context.function(named: words)
        {
            return .ended(await call.context.help(on: path, showsSource: false))
        }
        await call.context.show(help.text(words))
        return .done
    }

    /// A binding, a module or a command is known by its name; any other function is asked for where it comes from.
    private static func showSource(_ typed: String, _ context: ReplContext) async throws -> Next {
        let name = SourceText.path(String(typed.trimmingPrefix(while: \.isWhitespace)))
        if typed.contains(":"), case .command(let command) = CommandTable.find(String(name.dropFirst())),
            name.first == "."
        {
            throw CommandProblem(":\(command.name) is a command, and no Lua; :help :\(command.name) tells what it does")
        }
        let isCall = typed.wholeMatch(of: /(?!\s*require\b).*\([^)]+.*/) != nil
        guard LuaPath.isPath(name), !isCall else {
            throw CommandProblem("?? needs the name of a function: ??csv.open")
        }
        let workspace = context.console.workspace
        let library = workspace.environment.library
        let sources = SourceText(library: library, readsFiles: !workspace.options.untrusted)
        let (known, last) = await context.names(beside: name)
        let isOwn = known.contains { $0.name == last && $0.type == "function" }
        if !isOwn, let text = sources.text(named: name) {
            await context.show(text + "\n")
            return .done
        }
        // A module of stdlib need not have been required.
        let first = String(name.prefix { $0 != "." })
        let isModule = library.names.contains(first)
        let head = isModule && name != first ? "require(\"\(first)\")" : first
        if !isModule, await context.function(named: name) == nil {
            if known.contains(where: { $0.name == last }) {
                throw CommandProblem("\(name) is no function; ??csv.open shows the source of one")
            }
            let names = known.map(\.name) + (name == first ? library.modules : [])
            throw CommandProblem("there is no \(name)\(NearestName.hint(for: last, among: names))")
        }
        return .ended(await context.help(on: head + name.dropFirst(first.count), showsSource: true))
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
