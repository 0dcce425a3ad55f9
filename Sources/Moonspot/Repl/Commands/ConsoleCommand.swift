import Words

/// A command of the console beside Lua: a word behind a colon. Help, Tab and the cutting of names are made from these.
struct ConsoleCommand: Sendable {
    /// How the console goes on.
    enum Next: Sendable {
        case quits
        /// It has done its work, or what it ran has failed.
        case ended(ExitStatus)
        static let done = Next.ended(.fine)
    }

    var name: String
    /// As people type them behind the name: `FILE [ARGS]`. Empty for none.
    var usage = ""
    var summary: String
    /// Further lines of its help page.
    var details = ""
    /// What Tab offers behind the name.
    var completes = CommandArgument.nothing
    /// - Throws: an error whose text is told.
    var perform: @Sendable (CommandCall) async throws -> Next

    /// `:run FILE [ARGS]`
    var line: String { ":" + name + (usage.isEmpty ? "" : " " + usage) }
}

/// What the words behind a command stand for.
enum CommandArgument: Sendable {
    case nothing
    /// A piece of Lua.
    case code
    /// A piece of Lua behind a duration.
    case timedCode
    case file
    /// A name that there is help on.
    case helpTopic
    case setting
    case objectType
    /// `TYPE.PROPERTY`.
    case property
    case module
    case profile
    /// A form, whose name may hold spaces.
    case form
    case words([String])
}

/// One use of a command.
struct CommandCall: Sendable {
    let context: ReplContext
    let words: CommandWords

    var rest: String { words.rest }
    var arguments: [String] { words.arguments }
}

/// A command cannot do what it was told; the text is the whole message.
struct CommandProblem: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

/// All commands, and the reading of a name that may be cut.
enum CommandTable {
    static let all: [ConsoleCommand] =
        ConsoleCommand.basics + ConsoleCommand.sequences + ConsoleCommand.ofHistory + ConsoleCommand.ofTime
        + ConsoleCommand.ofExchanges + [ConsoleCommand.record, ConsoleCommand.tasks, ConsoleCommand.form]
        + ConsoleCommand.ofPortal
        + ConsoleCommand.ofSettings + ConsoleCommand.ofChanges

    /// Whole words that stand for a command beside its name.
    private static let aliases = ["exit": "quit", "?": "help"]

    enum Finding {
        case command(ConsoleCommand)
        /// With the message about it.
        case unknown(String)
    }

    /// The command that a word stands for: by its name, or by a beginning that no other has.
    static func find(_ word: String, among commands: [ConsoleCommand] = all) -> Finding {
        let name = aliases[word] ?? word
        if let exact = commands.first(where: { $0.name == name }) { return .command(exact) }
        let shown = Escaping.visible(word)
        let matching = commands.filter { !word.isEmpty && $0.name.hasPrefix(word) }
        if matching.count == 1 { return .command(matching[0]) }
        if !matching.isEmpty {
            let names = matching.map { ":" + $0.name }
            let list = names.dropLast().joined(separator: ", ") + " or " + names[names.count - 1]
            return .unknown(":\(shown) may be \(list)")
        }
        let nearest = NearestName.nearest(to: word, among: commands.map(\.name))
        let hint = nearest.map { " Did you mean :\($0)?" } ?? ""
        return .unknown("no command :\(shown).\(hint) :help lists them")
    }
}
