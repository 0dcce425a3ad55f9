/// Blanks what looks like a secret in the words of a command line before they are kept.
enum SecretWords {
    /// The words with tokens, and the values of words that name a secret, replaced.
    static func blanked(_ words: [String]) -> [String] {
        var isValue = false
        return words.map { word in
            let blanksWhole = isValue && !word.hasPrefix("-")
            isValue = false
            if blanksWhole { return "••••" }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard namesSecret(parts[0]) else { return HistoryRedaction.redacted(word) }
            if parts.count == 2 { return "\(parts[0])=••••" }
            isValue = word.hasPrefix("-")
            return word
        }
    }

    private static func namesSecret(_ name: Substring) -> Bool {
        let name = name.lowercased().replacing("-", with: "_")
        return ["token", "secret", "password", "passwd", "passphrase", "apikey", "api_key", "hapikey"].contains {
            name.hasSuffix($0)
        }
    }
}
