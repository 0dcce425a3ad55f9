/// Blanks text that looks like a credential in a line before it is kept.
enum HistoryRedaction {
    /// The line with each token replaced: `pat-na1-••••`.
    static func redacted(_ line: String) -> String {
        var result = ""
        var word = ""
        var previous = ""
        func flush() {
            if !word.isEmpty {
                // `$HUBSPOT_ACCESS_TOKEN` names a variable, and says nothing of its value.
                let isVariable = result.last == "$" || result.hasSuffix("${")
                result += isVariable ? word : replacement(word, after: previous) ?? word
                previous = word.lowercased()
            }
            word = ""
        }
        for character in line {
            if isPartOfWord(character) {
                word.append(character)
            } else {
                flush()
                result.append(character)
            }
        }
        flush()
        return result
    }

    private static func isPartOfWord(_ character: Character) -> Bool {
        character.isASCII
            && (character.isLetter || character.isNumber || character == "-" || character == "_" || character == "•")
    }

    private static func replacement(_ word: String, after previous: String) -> String? {
        let parts = word.split(separator: "-", omittingEmptySubsequences: false)
        // pat-na1-<anything>: a private app's token or a service key.
        if let start = word.range(ofToken: "pat-") {
            let rest = word[start...].dropFirst(4)
            let region = rest.prefix { $0 != "-" }
            if (2...5).contains(region.count), rest.dropFirst(region.count + 1).count >= 4 {
                return word[..<start] + "pat-\(region)-••••"
            }
        }
        // A refresh token: na1-<uuid>.
        if parts.count == 6, (2...4).contains(parts[0].count), parts.dropFirst().map(\.count) == [8, 4, 4, 4, 12] {
            return "\(parts[0])-••••"
        }
        if ["bearer", "hapikey"].contains(previous), word.count >= 8 { return "••••" }
        // An OAuth access token, or another long secret: no word that people write mixes so much.
        let isMixed =
            word.contains(where: \.isUppercase) && word.contains(where: \.isLowercase)
            && word.contains(where: \.isNumber)
        if word.count >= 48, isMixed { return "••••" }
        return nil
    }
}

extension String {
    /// Where `marker` begins in the word, at its start or behind something that is no letter.
    fileprivate func range(ofToken marker: String) -> Index? {
        var from = startIndex
        while let found = self[from...].firstRange(of: marker) {
            if found.lowerBound == startIndex || !self[index(before: found.lowerBound)].isLetter {
                return found.lowerBound
            }
            from = found.upperBound
        }
        return nil
    }
}
