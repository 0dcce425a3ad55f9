/// A command's line taken apart: `:run 'a b.lua' x`.
struct CommandWords: Sendable, Equatable {
    /// The word behind the colon; may be empty.
    var name: String
    /// Everything behind it, without white space around it.
    var rest: String

    /// What people type who come from other consoles, and what is no Lua that does something.
    private static let habits = [
        "help": "help", "help()": "help", "exit": "quit", "quit": "quit", "exit()": "quit", "quit()": "quit",
        "\\q": "quit", ".exit": "quit", ".quit": "quit", ".q": "quit", "\\?": "help", "\\h": "help", ".help": "help",
    ]

    /// The command that a line means which is typed by habit: `exit`, `\q`. Nil where it is the name of something.
    init?(habit line: String, globals: [String]) {
        let word = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard let name = Self.habits[word] else { return nil }
        let global = String(word.prefix { $0 != "(" })
        guard global == "help" || !globals.contains(global) else { return nil }
        (self.name, rest) = (name, "")
    }

    /// Nil for Lua: a line that begins with no colon, or with the two of a label. `?x` is `:help x`.
    init?(_ line: String) {
        var text = line.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        if text.first == "?" {
            name = "help"
            rest = String(text)
            if !text.hasPrefix("??") { rest.removeFirst() }
            return
        }
        guard text.first == ":", !text.hasPrefix("::") else { return nil }
        text.removeFirst()
        let end = text.firstIndex(where: \.isWhitespace) ?? text.endIndex
        name = String(text[..<end])
        rest = String(text[end...].drop(while: \.isWhitespace))
    }

    /// The words behind the name.
    var arguments: [String] { Self.split(rest) }

    /// Words between spaces; quotes and backslashes hold spaces.
    static func split(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isWord = false
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                // A path may hold a backslash: it stands for itself unless something needs it.
                if !character.isWhitespace && !"\"'\\".contains(character) { word.append("\\") }
                word.append(character)
                isEscaped = false
            } else if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "\\" {
                isEscaped = true
                isWord = true
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
        if isEscaped { word.append("\\") }
        if isWord { words.append(word) }
        return words
    }
}
