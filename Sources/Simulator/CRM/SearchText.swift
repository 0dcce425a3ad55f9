import GRDB

/// How texts are cut into tokens and compared, and the SQL functions that do it.
enum SearchText {
    /// Runs of letters and digits, in lower case.
    static func tokens(_ text: String) -> [String] {
        text.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
    }

    /// Whether a word of the text begins with `prefix`, which is in lower case.
    static func hasPrefix(_ text: String, _ prefix: String) -> Bool {
        tokens(text).contains { $0.hasPrefix(prefix) }
    }

    /// `CONTAINS_TOKEN`: the pattern's words follow one another in the text, each whole; `*` stands for anything.
    static func hasToken(_ text: String, _ pattern: String) -> Bool {
        let pattern = pattern.lowercased().trimmed
        if pattern == "*" { return !text.isEmpty }
        if pattern.contains("*") {
            let text = text.lowercased()
            // The whole value, or one of the parts between spaces, or one word.
            if matches(text[...], pattern[...]) { return true }
            if text.split(separator: " ").contains(where: { matches($0, pattern[...]) }) { return true }
            return tokens(text).contains { matches($0[...], pattern[...]) }
        }
        let words = tokens(pattern)
        guard !words.isEmpty else { return text.lowercased() == pattern }
        let all = tokens(text)
        guard words.count <= all.count else { return false }
        return (0...all.count - words.count).contains { Array(all[$0..<$0 + words.count]) == words }
    }

    /// Whether `*` patterns match the whole text.
    static func matches(_ text: Substring, _ pattern: Substring) -> Bool {
        let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard pieces.count > 1, let first = pieces.first, let last = pieces.last else { return text == pattern }
        guard text.hasPrefix(first) else { return false }
        var rest = text.dropFirst(first.count)
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let range = rest.firstRange(of: piece) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.count >= last.count && rest.hasSuffix(last)
    }

    static let functions: [DatabaseFunction] = [
        DatabaseFunction("hs_fold", argumentCount: 1, pure: true) { values in
            String.fromDatabaseValue(values[0])?.lowercased()
        },
        DatabaseFunction("hs_time", argumentCount: 1, pure: true) { values in
            String.fromDatabaseValue(values[0]).flatMap(Timestamp.parseLoosely)
        },
        DatabaseFunction("hs_has_token", argumentCount: 2, pure: true) { values in
            guard let text = String.fromDatabaseValue(values[0]), let pattern = String.fromDatabaseValue(values[1])
            else { return false }
            return hasToken(text, pattern)
        },
        DatabaseFunction("hs_has_prefix", argumentCount: 2, pure: true) { values in
            guard let text = String.fromDatabaseValue(values[0]), let prefix = String.fromDatabaseValue(values[1])
            else { return false }
            return hasPrefix(text, prefix)
        },
    ]
}
