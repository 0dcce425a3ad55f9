/// A portal's rich text as the words that a reader sees: no markup is left in it.
package enum PlainText {
    package static func of(_ html: String) -> String {
        var text = ""
        var rest = html[...]
        while let start = rest.firstIndex(where: { $0 == "<" || $0 == "&" }) {
            text += rest[..<start]
            rest = rest[start...]
            if rest.first == "<", let end = tagEnd(rest) {
                if isBreak(rest[rest.index(after: start)..<end]) { text += " " }
                rest = rest[rest.index(after: end)...]
            } else if rest.first == "&", let (character, length) = entity(rest) {
                text.append(character)
                rest = rest.dropFirst(length)
            } else {
                text.append(rest.removeFirst())
            }
        }
        text += rest
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The `>` of a tag; nil for a `<` that begins none.
    private static func tagEnd(_ text: Substring) -> Substring.Index? {
        guard let second = text.dropFirst().first, second.isLetter || "/!".contains(second) else { return nil }
        return text.firstIndex(of: ">")
    }

    /// Whether words on both sides of a tag stand apart.
    private static func isBreak(_ tag: Substring) -> Bool {
        let name = tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }.lowercased()
        return ["p", "br", "div", "li", "ul", "ol", "tr", "td", "h1", "h2", "h3", "h4", "h5", "h6"].contains(name)
    }

    private static let named: [String: Character] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ",
    ]

    private static func entity(_ text: Substring) -> (Character, Int)? {
        guard let end = text.prefix(10).firstIndex(of: ";") else { return nil }
        let name = text[text.index(after: text.startIndex)..<end]
        let length = text[...end].count
        if let character = named[String(name)] { return (character, length) }
        guard name.first == "#" else { return nil }
        let digits = name.dropFirst()
        let isHex = digits.first == "x" || digits.first == "X"
        guard let code = UInt32(isHex ? digits.dropFirst() : digits, radix: isHex ? 16 : 10),
            let scalar = Unicode.Scalar(code)
        else { return nil }
        return (Character(scalar), length)
    }
}
