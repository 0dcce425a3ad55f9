/// Takes what looks like a secret out of moonspot's own messages: they quote what stands on a command line or in a file, and
/// a person may have put a secret there.
enum MessageRedaction {
    /// The message with each token, each user of an address and each secret of a query replaced.
    static func redacted(_ message: String) -> String {
        message
            .replacing(/pat-([a-z]{2,3}[0-9]{0,2})-[A-Za-z0-9-]{4,}/) { "pat-\($0.1)-••••" }
            .replacing(/:\/\/[^\s']*@/) { _ in "://••••@" }
            .replacing(/([?&](?:hapikey|api_key|access_token|refresh_token|client_secret|token|key)=)[^&\s']+/) {
                "\($0.1)••••"
            }
    }

    /// The same for a message about a command's words, any of which may be a secret that has no known shape.
    static func redacted(_ message: String, quoting words: [String]) -> String {
        let secrets = words.filter(seemsSecret).sorted { $0.utf8.count > $1.utf8.count }
        return redacted(secrets.reduce(message) { $0.replacing($1, with: "••••") })
    }

    /// Long, of letters and digits, and neither an option nor a path.
    private static func seemsSecret(_ word: String) -> Bool {
        word.utf8.count >= 16 && !word.hasPrefix("-") && word.contains(where: \.isNumber)
            && word.contains(where: \.isLetter)
            && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.+=".contains($0)) }
    }
}
