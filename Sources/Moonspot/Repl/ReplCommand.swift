import Words

/// A command of the REPL beside Lua: a word behind a colon.
enum ReplCommand: Sendable, Equatable {
    case help(String?)
    case limits
    /// The last value, whole.
    case last
    case run(file: String, arguments: [String])
    case quit
    /// Not one of these, with the message about it.
    case unknown(String)

    static let names = ["help", "last", "limits", "quit", "run"]

    /// Nil for Lua: a line that begins with no colon, or with the two of a label.
    init?(_ line: String) {
        let text = line.drop(while: \.isWhitespace)
        guard text.first == ":", !text.hasPrefix("::") else { return nil }
        let words = Self.words(String(text.dropFirst()))
        let name = words.first ?? ""
        switch name {
        case "help", "h", "?": self = .help(words.count > 1 ? words[1] : nil)
        case "last": self = .last
        case "limits": self = .limits
        case "quit", "q", "exit": self = .quit
        case "run":
            guard words.count > 1 else {
                self = .unknown(":run needs a file: :run export.lua")
                return
            }
            self = .run(file: words[1], arguments: Array(words.dropFirst(2)))
        default:
            let hint = NearestName.nearest(to: name, among: Self.names).map { " Did you mean :\($0)?" } ?? ""
            self = .unknown("no command :\(Escaping.visible(name)).\(hint) :help lists them")
        }
    }

    /// Words between spaces; quotes hold spaces.
    static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isWord = false
        var quote: Character?
        for character in text {
            if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "\"" || character == "'" {
                quote = character
                isWord = true
            } else if character.isWhitespace {
                if isWord { words.append(word) }
                word = ""
                isWord = false
            } else {
                word.append(character)
                isWord = true
            }
        }
        if isWord { words.append(word) }
        return words
    }
}
