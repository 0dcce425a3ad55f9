import Foundation
import GRDB
import JSON
import Wire

/// How texts are cut into tokens and compared, and the SQL functions that do it.
enum SearchText {
    /// Runs of letters and digits, in lower case, an accent as one with its letter: equal tokens have equal bytes.
    static func tokens(_ text: String) -> [String] {
        let isPlain = text.utf8.allSatisfy { $0 < 0x80 }
        return (isPlain ? text : text.precomposedStringWithCanonicalMapping).lowercased()
            .split { !($0.isLetter || $0.isNumber) }.map(String.init)
    }

    /// Appends the tokens of a JSON string, each with a blank before it unless it is the first.
    /// - Parameter quoted: With its quotes, as `JSONWriter` writes it.
    static func appendTokens(quoted: Slice<UnsafeBufferPointer<UInt8>>, to words: inout [UInt8]) {
        let inner = quoted.dropFirst().dropLast()
        guard inner.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "\\") }) else {
            for token in tokens((try? JSONValue.parse(Array(quoted)))?.string ?? "") {
                if !words.isEmpty { words.append(UInt8(ascii: " ")) }
                words.append(contentsOf: token.utf8)
            }
            return
        }
        var isInside = false
        for byte in inner {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"):
                if !isInside, !words.isEmpty { words.append(UInt8(ascii: " ")) }
                isInside = true
                words.append(byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte)
            default: isInside = false
            }
        }
    }

    /// The words, and beginnings of words, in any text that fits a `CONTAINS_TOKEN` pattern.
    static func needed(by pattern: String) -> (whole: [String], beginnings: [String]) {
        var whole: [String] = []
        var beginnings: [String] = []
        let pieces = pattern.lowercased().trimmed.split(separator: "*", omittingEmptySubsequences: false)
        func isWord(_ character: Character?) -> Bool { character.map { $0.isLetter || $0.isNumber } ?? false }
        for (index, piece) in pieces.enumerated() {
            var words = tokens(String(piece))
            // The text that a star stands for may end in the word behind it, or go on with the one before.
            if index > 0, isWord(piece.first), !words.isEmpty { words.removeFirst() }
            if index + 1 < pieces.count, isWord(piece.last), !words.isEmpty { beginnings.append(words.removeLast()) }
            whole += words
        }
        return (whole, beginnings)
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
        SearchSideTables.function,
        DatabaseFunction("hs_fold", argumentCount: 1, pure: true) { values in
            String.fromDatabaseValue(values[0])?.lowercased()
        },
        DatabaseFunction("hs_time", argumentCount: 1, pure: true) { values in
            String.fromDatabaseValue(values[0]).flatMap { Timestamp.parseLoosely($0) }
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
