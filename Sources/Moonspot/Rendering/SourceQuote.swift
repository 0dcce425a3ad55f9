import LuaRuntime
import Words

/// The line of a script that failed, with a caret below what it is about where that is known.
///
///       12 | local r = hubspot.contacts.get(id)
///          |                            ^
struct SourceQuote: Equatable {
    /// Characters that are shown of a line.
    private static let maximumLength = 160

    var line: Int
    /// The line's text, fit for a terminal.
    var text: String
    /// Cells before the caret; nil where it is not known.
    var caret: Int?

    /// - Parameter words: What the failure may be about, the most telling first: the first that stands in the line once
    ///   gets the caret.
    init?(_ source: [UInt8], line: Int, words: [String]) {
        guard let bytes = SourceLines(source).bytes(line) else { return nil }
        let shown = Self.visible(bytes)
        guard !shown.isEmpty, shown.count <= Self.maximumLength else { return nil }
        self.line = line
        text = shown
        for word in words {
            guard let place = Self.place(of: word, in: Array(bytes)) else { continue }
            caret = DisplayWidth.of(Self.visible(bytes[..<(bytes.startIndex + place)]))
            break
        }
    }

    var lines: [String] {
        let number = String(line)
        let space = String(repeating: " ", count: number.count)
        return ["  \(number) | \(text)"] + (caret.map { ["  \(space) | \(String(repeating: " ", count: $0))^"] } ?? [])
    }

    private static func visible(_ bytes: ArraySlice<UInt8>) -> String {
        Escaping.visible(String(decoding: bytes, as: UTF8.self).replacing("\t", with: "    "))
    }

    /// Where a name or a symbol stands in a line, if it stands there once.
    private static func place(of word: String, in line: [UInt8]) -> Int? {
        var tokens = LuaTokens(line)
        var places: [Int] = []
        while let token = tokens.next() {
            if token == .word(word) || token == .symbol(word) || tokens.text == word {
                places.append(tokens.previousBegin)
            }
        }
        return places.count == 1 ? places[0] : nil
    }
}

extension SourceQuote {
    /// The words of a failure that may stand in its line.
    static func words(_ failure: LuaFailure) -> [String] {
        let message = failure.message.prefix { $0 != "\n" }
        var words: [String] = []
        if failure.cause == .syntax {
            return message.ranges(of: " near ").last.map { [quoted(message[$0.upperBound...])].compactMap(\.self) }
                ?? []
        }
        // `attempt to index a nil value (field 'foo')`
        if message.hasSuffix("')"), let open = message.lastIndex(of: "(") {
            if let word = quoted(message[open...].drop { $0 != "'" }) { words.append(word) }
        }
        // `'hubspot' has no 'contact'; did you mean ...`
        if let found = message.firstRange(of: "has no "), let word = quoted(message[found.upperBound...]) {
            words.append(word)
        }
        // The function that raised it: `[C]: in field 'get'`, `[C]: in function 'string.rep'`.
        let frames = failure.traceback.split(separator: "\n").map { $0.drop(while: \.isWhitespace) }
        if let first = frames.dropFirst().first, first.hasPrefix("[C]: in "),
            let word = quoted(first.drop { $0 != "'" })
        {
            words.append(word.split(separator: ".").last.map(String.init) ?? word)
        }
        return words
    }

    /// What stands in single quotes at the beginning.
    private static func quoted(_ text: Substring) -> String? {
        guard text.first == "'" else { return nil }
        let inner = text.dropFirst()
        // A quote may itself be quoted: `near '''`.
        guard let end = inner.dropFirst().firstIndex(of: "'") else { return nil }
        return String(inner[..<end])
    }
}
