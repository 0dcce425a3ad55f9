import Bindings
import HubSpot

/// The REPL's first words: at most three lines.
enum Greeting {
    static func text(_ workspace: Workspace, style: Style) -> String {
        let description = workspace.source.description
        var lines = [style.bold("moonspot \(MoonspotVersion.current)") + " · Lua 5.4 · :help for help, Ctrl-D leaves"]
        if description.isSimulator {
            lines.append(style.cyan("simulator: a made-up portal on this machine; nothing reaches HubSpot"))
        } else {
            var words = [workspace.credentialOrigin]
            if description.isReadOnly { words.append("read-only") }
            if workspace.options.dryRun { words.append("dry run: writes are shown and not sent") }
            lines.append(Escaping.visible(words.joined(separator: " · ")))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
