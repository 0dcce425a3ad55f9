import ArgumentParser

/// The request that a command line makes.
enum Invocation {
    /// Text to print, and how to end: help, the version, or a usage error.
    case message(String, ExitStatus)
    case repl(SessionOptions)
    /// - Parameter staysOpen: `-i`: the REPL follows.
    case script(SessionOptions, index: Int, staysOpen: Bool)
    case standardInput(SessionOptions)
    case code(String, SessionOptions, arguments: Int?, staysOpen: Bool)
    case plan(PlanCommand, index: Int)
    case command(any PerformedCommand)

    /// - Parameters:
    ///   - arguments: The words after the program's name.
    ///   - isTerminal: Whether standard input is one.
    static func parse(_ arguments: [String], isTerminal: Bool) -> Invocation {
        let split = CommandLineSplit(arguments)
        if let plain = plain(split.words) { return invocation(plain, split, isTerminal: isTerminal) }
        // Each command is parsed by itself: a parent would take options of the same name for its own.
        var words = split.words
        if words.first == "help", words.count > 1, commands[words[1]] != nil { words = Array(words[1...]) + ["--help"] }
        let type = words.first.flatMap { commands[$0] } ?? RootCommand.self
        if type != RootCommand.self { words.removeFirst() }
        do {
            switch try type.parseAsRoot(words) {
            case let command as any PerformedCommand: return .command(command)
            case let root as RootCommand:
                let start = Start(code: root.code.first, staysOpen: root.isInteractive, options: root.session.options)
                return invocation(start, split, isTerminal: isTerminal)
            case let repl as ReplCommandLine: return .repl(repl.session.options)
            case let run as RunCommandLine:
                guard let index = split.scriptIndex else {
                    throw ValidationError("run needs the name of a script, or - for standard input")
                }
                return .script(run.session.options, index: index, staysOpen: false)
            case let plan as PlanCommand:
                guard let index = split.scriptIndex else {
                    throw ValidationError("plan needs the name of a script, or - for standard input")
                }
                return .plan(plan, index: index)
            case var other:
                try other.run()  // `help`, and a command that only has others: both throw the text to print
                return .message("", .fine)
            }
        } catch {
            let isFine = type.exitCode(for: error) == .success
            let name = type.configuration.commandName.map { "moonspot \($0)" } ?? "moonspot"
            // The parser forgets whose command it is where it points at the help after a mistake.
            let message = Self.brief(type.fullMessage(for: error), name)
            let text =
                type == RootCommand.self || message.contains("  See 'moonspot ")
                ? message : message.replacing("  See '", with: "  See 'moonspot ", maxReplacements: 1)
            guard !isFine else { return .message(text, .fine) }
            // A word too many for one of these commands may be the secret itself.
            let quoted = split.words.first == "auth" ? split.words : []
            return .message(MessageRedaction.redacted(text, quoting: quoted), .usage)
        }
    }

    /// A mistake with the line that says how the command is used: where an argument is missing, the parser prints the whole
    /// help behind it.
    private static func brief(_ message: String, _ name: String) -> String {
        let parts = message.split(separator: "\n\nOVERVIEW: ", maxSplits: 1)
        guard message.hasPrefix(CommandConfiguration.errorPrefix), parts.count == 2,
            let usage = parts[1].split(separator: "\nUSAGE: ", maxSplits: 1).dropFirst().first
        else { return message }
        return "\(parts[0])\nUsage: \(usage.prefix { $0 != "\n" })\n  See '\(name) --help' for more information."
    }

    /// The options before the script's name.
    private struct Start {
        var code: String?
        var staysOpen = false
        var options = SessionOptions()
    }

    /// The words that most calls get by with, read without the parser: its start takes longer than all the rest.
    /// Nil where there is any other.
    private static func plain(_ words: [String]) -> Start? {
        var start = Start()
        var rest = words[...]
        while let word = rest.popFirst() {
            switch word {
            case "-e":
                guard start.code == nil, let code = rest.popFirst() else { return nil }
                start.code = code
            case "-i": start.staysOpen = true
            case "--simulator": start.options.simulator = true
            case "--read-only": start.options.readOnly = true
            default: return nil
            }
        }
        return start
    }

    private static func invocation(_ start: Start, _ split: CommandLineSplit, isTerminal: Bool) -> Invocation {
        if let code = start.code {
            return .code(code, start.options, arguments: split.scriptIndex, staysOpen: start.staysOpen)
        }
        guard let index = split.scriptIndex else {
            return start.staysOpen || isTerminal ? .repl(start.options) : .standardInput(start.options)
        }
        return .script(start.options, index: index, staysOpen: start.staysOpen)
    }

    private static let commands: [String: any ParsableCommand.Type] = Dictionary(
        uniqueKeysWithValues: RootCommand.configuration.subcommands.compactMap { type in
            type.configuration.commandName.map { ($0, type) }
        })
}

/// A command with work of its own.
protocol PerformedCommand: ParsableCommand {
    func perform(_ environment: ProcessEnvironment) async -> ExitStatus
}

extension PerformedCommand {
    static var _errorPrefix: String { CommandConfiguration.errorPrefix }
}
