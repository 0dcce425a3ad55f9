/// The candidates that Tab offers: the names of globals and fields, and the REPL's own commands.
enum Completions {
    /// The names below a path, with their types: of `hubspot.contacts` for `["hubspot", "contacts"]`.
    typealias Names = @Sendable (_ path: [String]) async -> [(name: String, type: String)]

    static func complete(_ text: String, names: Names) async -> LineEditor.Completion {
        let line = text.split(separator: "\n", omittingEmptySubsequences: false).last.map(String.init) ?? text
        if line.allSatisfy(\.isWhitespace) { return LineEditor.Completion(insertion: "  ") }
        if line.first == ":", !line.hasPrefix("::"), !line.contains(" ") {
            return choose(CommandTable.all.map { (":" + $0.name, "command") }, prefix: line)
        }
        guard let target = Target(line) else { return LineEditor.Completion() }
        let found = await names(target.path).filter { !target.isMethod || $0.type == "function" }
        return choose(found.map { ($0.name, $0.type) }, prefix: target.prefix)
    }

    /// The name that is being written, and the tables it stands in.
    struct Target: Equatable {
        var path: [String]
        var prefix: String
        /// Behind a colon: only functions can follow.
        var isMethod: Bool

        /// Nil in a string, in a comment, or behind something whose value is not known without running it: `f().`
        init?(_ line: String) {
            guard !Self.isInText(line) else { return nil }
            let characters = Array(line)
            var start = characters.count
            while start > 0, Self.isPart(characters[start - 1]) { start -= 1 }
            let word = String(characters[start...])
            if let first = word.first, first == "." || first == ":" || first.isNumber { return nil }
            let parts = word.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "." || $0 == ":" }).map(
                String.init)
            guard let last = parts.last, !parts.dropLast().contains("") else { return nil }
            path = Array(parts.dropLast())
            prefix = last
            isMethod = word.last(where: { $0 == "." || $0 == ":" }) == ":"
        }

        private static func isPart(_ character: Character) -> Bool {
            character.isASCII && (character.isLetter || character.isNumber || "_.:".contains(character))
        }

        private static func isInText(_ line: String) -> Bool {
            var quote: Character?
            var previous: Character = " "
            for character in line {
                if let open = quote {
                    if previous == "\\" {
                        previous = " "
                        continue
                    }
                    if character == open { quote = nil }
                } else if character == "\"" || character == "'" {
                    quote = character
                } else if character == "-", previous == "-" {
                    return true
                }
                previous = character
            }
            return quote != nil
        }
    }

    /// As much as all candidates have in common; where that is nothing new, the candidates.
    static func choose(_ candidates: [(name: String, type: String)], prefix: String) -> LineEditor.Completion {
        let matching = candidates.filter {
            $0.name.hasPrefix(prefix) && (LuaText.isName($0.name) || $0.name.hasPrefix(":"))
        }
        .sorted { $0.name < $1.name }
        guard let first = matching.first else { return LineEditor.Completion() }
        if matching.count == 1 {
            let ending = first.type == "function" ? "(" : first.type == "command" ? " " : ""
            return LineEditor.Completion(insertion: String(first.name.dropFirst(prefix.count)) + ending)
        }
        var common = first.name
        for candidate in matching { common = common.commonPrefix(with: candidate.name) }
        let insertion = String(common.dropFirst(prefix.count))
        return LineEditor.Completion(insertion: insertion, candidates: insertion.isEmpty ? matching.map(\.name) : [])
    }
}

extension String {
    fileprivate func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
