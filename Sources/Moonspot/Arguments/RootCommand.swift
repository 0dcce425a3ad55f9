import ArgumentParser
import HubSpot

/// `moonspot` without a command: a script, a piece of code or the REPL.
struct RootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "moonspot",
        abstract: "A Lua console and script runner for HubSpot.",
        usage: """
            moonspot [options] [SCRIPT | -] [ARGS...]   a script; with none: the REPL on a terminal, else stdin
            moonspot [options] -e CODE                  one piece of code; the values it returns are printed
            moonspot [options] -i SCRIPT [ARGS...]      the script, then the REPL in the same session
            moonspot COMMAND [options]
            """,
        discussion: """
            What follows SCRIPT belongs to the script. A script named like a command is run as ./repl.

            Environment: HUBSPOT_ACCESS_TOKEN (wins over a profile's credential), HUBSPOT_BASE_URL, MOONSPOT_PROFILE, \
            MOONSPOT_CONFIG, MOONSPOT_STATE, MOONSPOT_STDLIB, NO_COLOR.

            Exit status: 0 fine; 1 the script failed or a limit stopped it; 2 wrong usage; 3 not authenticated or not \
            allowed; 4 the day's quota is used up; 5 HubSpot could not be reached; 10 a plan has changes; 130 interrupted.
            """,
        version: CommandConfiguration.version,
        subcommands: [
            ReplCommandLine.self, RunCommandLine.self, SimulatorCommand.self, AuthCommand.self, LimitsCommand.self,
            DoctorCommand.self, PlanCommand.self, ApplyCommand.self, HistoryCommand.self, UndoCommand.self,
            ResumeCommand.self, RetryCommand.self, CheckCommand.self, TestCommand.self, InitCommand.self,
            FormsCommand.self,
        ])

    static var _errorPrefix: String { CommandConfiguration.errorPrefix }

    @Option(
        name: .customShort("e"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Runs the code and prints what it returns; an expression will do.", valueName: "code"))
    var code: [String] = []

    @Flag(name: .customShort("i"), help: "Enters the REPL after the script.")
    var isInteractive = false

    @OptionGroup(title: "Options of every command that opens a session")
    var session: SessionArguments

    /// A second piece of code would take the first one's place without a word.
    func validate() throws {
        guard code.count <= 1 else {
            throw ValidationError(
                "-e is given \(code.count) times; put the pieces of code into one, with a ; between them")
        }
    }
}

/// `moonspot repl`.
struct ReplCommandLine: ParsableCommand {
    static let configuration = CommandConfiguration.command(
        "repl", abstract: "The console: type Lua, see what it returns.")

    static var _errorPrefix: String { CommandConfiguration.errorPrefix }

    @OptionGroup var session: SessionArguments
}

/// `moonspot run SCRIPT [ARGS...]`. The script and its arguments are split off before.
struct RunCommandLine: ParsableCommand {
    static let configuration = CommandConfiguration.command(
        "run", abstract: "Runs a script.", usage: "moonspot run [options] SCRIPT [ARGS...]",
        discussion: "SCRIPT may be - for standard input. What follows it belongs to the script.")

    static var _errorPrefix: String { CommandConfiguration.errorPrefix }

    @Argument(
        help: ArgumentHelp("The script, or - for standard input.", valueName: "script"),
        completion: .file(extensions: ["lua"]))
    var script: String?

    @OptionGroup var session: SessionArguments
}

extension CommandConfiguration {
    static let version = "moonspot \(MoonspotVersion.current)\n\(Versions.all.joined(separator: ", "))"
    static let errorPrefix = "moonspot: "

    /// A command of moonspot's. It is parsed by itself, so its help has to be told whose it is.
    static func command(
        _ name: String, abstract: String, usage: String? = nil, discussion: String = "",
        subcommands: [any ParsableCommand.Type] = [], defaultSubcommand: (any ParsableCommand.Type)? = nil
    ) -> CommandConfiguration {
        var configuration = CommandConfiguration(
            commandName: name, abstract: abstract, usage: usage, discussion: discussion, version: version,
            subcommands: subcommands, defaultSubcommand: defaultSubcommand)
        configuration._superCommandName = "moonspot"
        return configuration
    }
}
