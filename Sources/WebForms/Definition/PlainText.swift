/// A portal's rich text as the words that a reader sees, with the addresses that its links lead to behind theirs: no markup is
/// left in it.
package enum PlainText {
    package static func of(_ html: String) -> String {
        var text = ""
        var rest = html[...]
        // A link that is open: its address, and where its words begin.
        var link: (address: String, start: Int)?
        func closeLink() {
            guard let open = link else { return }
            link = nil
            let words = text.utf8.dropFirst(open.start)
            if !words.elementsEqual(open.address.utf8) { text += " (\(open.address))" }
        }
        while let start = rest.firstIndex(where: { $0 == "<" || $0 == "&" }) {
            text += rest[..<start]
            rest = rest[start...]
            if rest.first == "<", let end = tagEnd(rest) {
                let tag = rest[rest.index(after: start)..<end]
                if isBreak(tag) { text += " " }
                if name(tag) == "a" {
                    closeLink()
                    link = address(tag).map { ($0, text.utf8.count) }
                }
                rest = rest[rest.index(after: end)...]
            } else if rest.first == "&", let (character, length) = entity(rest) {
                text.append(character)
                rest = rest.dropFirst(length)
            } else {
                text.append(rest.removeFirst())
            }
        }
        text += rest
        closeLink()
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The `>` of a tag; nil for a `<` that begins none.
    private static func tagEnd(_ text: Substring) -> Substring.Index? {
        guard let second = text.dropFirst().first, second.isLetter || "/!".contains(second) else { return nil }
        return text.firstIndex(of: ">")
    }

    /// Whether words on both sides of a tag stand apart.
    private static func isBreak(_ tag: Substring) -> Bool {
        ["p", "br", "div", "li", "ul", "ol", "tr", "td", "h1", "h2", "h3", "h4", "h5", "h6"].contains(name(tag))
    }

    private static func name(_ tag: Substring) -> String {
        tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }.lowercased()
    }

    /// Of a link that leads to a page.
    private static func address(_ tag: Substring) -> String? {
        guard let match = tag.firstMatch(of: /(?i)\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/) else { return nil }
        let address = of(String(match.1 ?? match.2 ?? match.3 ?? ""))
        return ["http://", "https://"].contains { address.lowercased().hasPrefix($0) } ? address : nil
    }

    /// Those of HTML 4 that texts are written with (source: HTML 4.01, character entity references).
    private static let named: [String: Character] = {
        var named: [String: Character] = [
            "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "ndash": "–", "mdash": "—", "lsquo": "‘",
            "rsquo": "’", "sbquo": "‚", "ldquo": "“", "rdquo": "”", "bdquo": "„", "bull": "•", "hellip": "…",
            "euro": "€", "trade": "™", "OElig": "Œ", "oelig": "œ", "Scaron": "Š", "scaron": "š", "Yuml": "Ÿ",
        ]
        for (place, name) in latin.split(separator: " ").enumerated() {
            named[String(name)] = Unicode.Scalar(UInt32(0xA0 + place)).map(Character.init)
        }
        named["nbsp"] = " "
        return named
    }()

    /// From U+00A0 to U+00FF, in order.
    private static let latin = """
        nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para \
        middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute \
        Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml \
        Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml \
        eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
        """

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
