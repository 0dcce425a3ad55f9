import Bindings
import Words

/// `:help`.
enum HelpText {
    static func text(_ name: String?, columns: Int, style: Style) -> String {
        guard let name else { return overview(columns: columns, style) }
        // Text behind the name may be pasted along: `hubspot.contacts.get(`.
        let path = name.prefix { $0 != "(" }.split(separator: ":", omittingEmptySubsequences: false).joined(
            separator: ".")
        if let text = MoonspotModules.reference.help(for: path, width: min(columns, 100)) { return text + "\n" }
        return "no help on \(Escaping.visible(name)); :help lists what there is\n"
    }

    private static func overview(columns: Int, _ style: Style) -> String {
        let commands = [
            (":help NAME", "what a function does: :help hubspot.contacts.get"),
            (":last", "the last value, whole"),
            (":limits", "what is left of the quota"),
            (":run FILE [ARGS]", "runs a script in this session"),
            (":quit", "leaves, as Ctrl-D does"),
        ]
        let lines = commands.map { "  " + style.cyan(DisplayWidth.pad($0.0, to: 18)) + $0.1 + "\n" }.joined()
        let modules = MoonspotModules.reference.help(for: "", width: min(columns, 100)).map { "\n" + $0 + "\n" } ?? ""
        return "Type Lua; an expression prints its value, and _ is the last one. Tab completes, Ctrl-C stops.\n" + lines
            + modules
    }
}
