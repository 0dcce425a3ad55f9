import Bindings
import Words

/// `:help`.
enum HelpText {
    /// - Parameter source: The session, which knows what its credential opens; nil where that does not matter.
    static func text(_ name: String?, columns: Int, style: Style, _ source: SessionSource? = nil) -> String {
        guard let name else { return overview(columns: columns, style) }
        if name.hasPrefix(":"), case .command(let command) = CommandTable.find(String(name.dropFirst())) {
            return page(on: command, columns: columns, style)
        }
        // Text behind the name may be pasted along: `hubspot.contacts.get(`.
        let path = name.prefix { $0 != "(" }.split(separator: ":", omittingEmptySubsequences: false).joined(
            separator: ".")
        if let text = MoonspotModules.reference.help(for: path, width: min(columns, 100)) {
            let openness = source?.openness(of: path).map { line in
                Wrapping.lines(line, columns: min(columns, 100)).map { style.dim($0) + "\n" }.joined()
            }
            return text + "\n" + (openness ?? "")
        }
        return "no help on \(Escaping.visible(name)); :help lists what there is\n"
    }

    private static func page(on command: ConsoleCommand, columns: Int, _ style: Style) -> String {
        let lines = [command.summary] + (command.details.isEmpty ? [] : [command.details])
        let text = lines.flatMap { Wrapping.lines($0, columns: min(columns, 100)) }.joined(separator: "\n")
        return style.cyan(command.line) + "\n" + text + "\n"
    }

    private static func overview(columns: Int, _ style: Style) -> String {
        let commands = CommandTable.all.map { (command: $0, line: $0.line) }
        let width = min(commands.map { DisplayWidth.of($0.line) }.max() ?? 0, 28)
        let lines = commands.map { command, line in
            let name = DisplayWidth.of(line) > width ? ":" + command.name : line
            return "  " + style.cyan(DisplayWidth.pad(name, to: width)) + "  " + command.summary + "\n"
        }.joined()
        let modules = MoonspotModules.reference.help(for: "", width: min(columns, 100)).map { "\n" + $0 + "\n" } ?? ""
        return
            "Type Lua; an expression prints its value; _ is the last one, _1 to _9 those before it, _err the last error.\n"
            + "Tab completes, Ctrl-R searches the history, Ctrl-C stops. Commands may be cut: :hi is :history.\n"
            + lines
            + modules
    }
}
