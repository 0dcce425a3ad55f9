import ArgumentParser

/// What the command line asks for.
enum Invocation {
    /// Text to print, and how to end: help, the version, or what is wrong.
    case message(String, ExitStatus)
    case repl(SessionOptions)
    /// - Parameter staysOpen: `-i`: the REPL follows.
    case script(SessionOptions, index: Int, staysOpen: Bool)
    case standardInput(SessionOptions)
    case code(String, SessionOptions, arguments: Int?, staysOpen: Bool)
    case command(any PerformedCommand)

    /// - Parameters:
    ///   - arguments: The words after the program's name.
    ///   - isTerminal: Whether standard input is one.
    static func parse(_ arguments: [String], isTerminal: Bool) -> Invocation {
        let split = CommandLineSplit(arguments)
        // Each command is parsed by itself: a parent would take options of the same name for its own.
        var words = split.words
        if words.first == "help", words.count > 1, commands[words[1]] != nil { words = Array(words[1...]) + ["--help"] }
        let type = words.first.flatMap { commands[$0] } ?? RootCommand.self
        if type != RootCommand.self { words.removeFirst() }
        do {
            switch try type.parseAsRoot(words) {
            case let command as any PerformedCommand: return .command(command)
            case let root as RootCommand: return invocation(root, split, isTerminal: isTerminal)
            case let repl as ReplCommandLine: return .repl(repl.session)
            case let run as RunCommandLine:
                guard let index = split.scriptIndex else {
                    throw ValidationError("run needs the name of a script, or - for standard input")
                }
                return .script(run.session, index: index, staysOpen: false)
            case var other:
                try other.run()  // `help`, and a command that only has others: both throw what to print
                return .message("", .fine)
            }
        } catch {
            let isFine = type.exitCode(for: error) == .success
            return .message(type.fullMessage(for: error), isFine ? .fine : .usage)
        }
    }

    private static func invocation(_ root: RootCommand, _ split: CommandLineSplit, isTerminal: Bool) -> Invocation {
        if let code = root.code {
            return .code(code, root.session, arguments: split.scriptIndex, staysOpen: root.isInteractive)
        }
        guard let index = split.scriptIndex else {
            return root.isInteractive || isTerminal ? .repl(root.session) : .standardInput(root.session)
        }
        return .script(root.session, index: index, staysOpen: root.isInteractive)
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
