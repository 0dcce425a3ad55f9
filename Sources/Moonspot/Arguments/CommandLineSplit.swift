/// The words of the command line, taken apart before the options are parsed: everything behind the script's name
/// belongs to the script, even where it begins with `-`.
struct CommandLineSplit: Equatable {
    /// Options of moonspot's own, in the order given; a command's name first where there is one.
    var words: [String]
    /// How many of the words after the program's name come before the script's name (`arg` counts backward over them).
    var scriptIndex: Int?

    static let commands = [
        "repl", "run", "simulator", "auth", "limits", "doctor", "plan", "apply", "history", "undo", "resume", "retry",
        "check", "test", "init", "forms", "help",
    ]

    /// Commands that have commands of their own, which the options belong to.
    static let groups: Set<String> = ["auth", "forms"]

    /// Commands that a script's name follows, and its arguments.
    private static let starters: Set<String> = ["run", "plan"]

    /// Options that take the next word as their value. A test holds this list against the declared options.
    static let optionsWithValue: Set<String> = [
        "-e", "--profile", "--base-url", "--forms-url", "--api-version", "--limits", "--store", "--reserve", "--allow",
        "--output", "--out", "--concurrency", "--timeout", "--journal", "--max-delete", "--memory-limit",
        "--time-limit",
        "--log-level",
    ]

    /// An option of the parser's own, which no help lists: `--generate-completion-script zsh`.
    private static let completionOption = "--generate-completion-script"

    /// - Parameter arguments: The words after the program's name.
    init(_ arguments: [String]) {
        let first = Self.firstPositional(in: arguments, from: 0)
        let options = Self.separated(arguments[..<first.optionsEnd])
        guard first.index < arguments.count else {
            words = options
            return
        }
        let name = arguments[first.index]
        // `--` before it, or `-e` and `-i`, make it a script or an argument, a command's name too.
        let isOwn = first.index > first.optionsEnd || options.contains("-e") || options.contains("-i")
        guard !isOwn, Self.commands.contains(name) else {
            words = options
            scriptIndex = first.index
            return
        }
        guard Self.starters.contains(name) else {
            var rest = arguments[(first.index + 1)...]
            var names = [name]
            if Self.groups.contains(name), let inner = rest.first, !inner.hasPrefix("-") {
                names.append(inner)
                rest.removeFirst()
            }
            words = names + options + rest
            return
        }
        let script = Self.firstPositional(in: arguments, from: first.index + 1)
        words = [name] + options + Self.separated(arguments[(first.index + 1)..<script.optionsEnd])
        if script.index < arguments.count { scriptIndex = script.index }
    }

    private static func firstPositional(in words: [String], from start: Int) -> (optionsEnd: Int, index: Int) {
        var index = start
        while index < words.count {
            let word = words[index]
            if word == "--" { return (index, index + 1) }
            if word == "-" || !word.hasPrefix("-") { return (index, index) }
            index += optionsWithValue.contains(word) || word == completionOption ? 2 : 1
        }
        return (words.count, words.count)
    }

    /// `-ereturn 1` as `lua` takes it: the code right behind the letter.
    private static func separated(_ words: ArraySlice<String>) -> [String] {
        var result: [String] = []
        var isValue = false
        for word in words {
            if !isValue, word.hasPrefix("-e"), word.count > 2 {
                result += ["-e", String(word.dropFirst(2))]
                continue
            }
            isValue = !isValue && optionsWithValue.contains(word)
            result.append(word)
        }
        return result
    }
}
