import JSON
import Wire

/// A private app's token or a service key. It never prints: wherever it is interpolated, described or dumped, what
/// shows is `pat-na1-••••`.
public struct AccessToken: Sendable {
    private let secret: String
    /// A fault to mend where the token is kept; nil where nothing but white space had to be left out.
    public let hint: String?

    /// Takes a pasted text: white space around it, a leading `Bearer ` and a pair of quotes are dropped.
    ///
    /// - Throws: ``HubSpotError`` of kind `unauthenticated` for an empty token, or one with characters that no header
    ///   may carry. The message does not quote it.
    public init(_ pasted: some StringProtocol) throws(HubSpotError) {
        var text = AccessToken.trimmed(Substring(pasted))
        var left: [String] = []
        while true {
            if text.count >= 7, text.prefix(6).lowercased() == "bearer", text.dropFirst(6).first?.isWhitespace == true {
                text = AccessToken.trimmed(text.dropFirst(6))
                left.append("a leading 'Bearer'")
            } else if text.count >= 2, let first = text.first, let last = text.last, AccessToken.quotes[first] == last {
                text = AccessToken.trimmed(text.dropFirst().dropLast())
                left.append("the quotes around it")
            } else {
                break
            }
        }
        hint =
            left.isEmpty
            ? nil : "the access token was taken without \(left.joined(separator: " and ")); keep it as HubSpot shows it"
        guard !text.isEmpty, text.lowercased() != "bearer" else {
            throw HubSpotError(
                .unauthenticated, "the access token is empty; give a private app's token or a service key")
        }
        guard !text.contains(where: { AccessToken.quotes.keys.contains($0) || AccessToken.quotes.values.contains($0) })
        else {
            throw HubSpotError(
                .unauthenticated,
                "the access token holds a quote, so it was not copied whole or has something beside it; give it without quotes"
            )
        }
        for scalar in text.unicodeScalars where !(0x21...0x7E).contains(scalar.value) {
            let what =
                switch scalar.value {
                case 0x0A, 0x0D: "a line break"
                case 0x20, 0x09: "a space"
                case 0..<0x20, 0x7F..<0xA0: "a control character"
                default: "a character beyond ASCII"
                }
            throw HubSpotError(
                .unauthenticated,
                "the access token holds \(what), so it was not copied whole or has something beside it; copy it again")
        }
        secret = String(text)
    }

    /// The value of a header: `Bearer ` and the secret. For the transport only.
    func prefixed(by prefix: String) -> String { prefix + secret }

    /// As it stands in a query, or in the body of a form. For the transport only.
    var encoded: String { PercentEncoding.encode(secret) }

    /// The token's bytes, for the limiter's key and a credential file. For nothing that is shown.
    var bytes: [UInt8] { Array(secret.utf8) }

    /// The body of the request for the token's inspection (``Paths/tokenInfo``).
    var inspection: JSONValue { .object(["tokenKey": .string(secret)]) }

    /// `text` with the token's description in the place of the token: a server may quote it, as it stands or as JSON or an
    /// address spell it. Nothing so short is a token that it could stand in other words.
    func blanked(in text: [UInt8]) -> [UInt8] {
        secret.utf8.count >= 8 ? SpelledText(bytes).replaced(in: text, by: Array(description.utf8)) : text
    }

    /// The data centre that the token names; nil where it names none.
    public var region: Region? {
        let parts = secret.split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0] == "pat" ? Region(parts[1]) : nil
    }

    /// Straight ones, and those that word processors make of them.
    private static let quotes: [Character: Character] = [
        "\"": "\"", "'": "'", "`": "`", "\u{201C}": "\u{201D}", "\u{2018}": "\u{2019}", "\u{201E}": "\u{201C}",
    ]

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}

extension AccessToken: Hashable {
    public static func == (a: AccessToken, b: AccessToken) -> Bool { a.secret == b.secret }
    public func hash(into hasher: inout Hasher) { hasher.combine(secret) }
}

extension AccessToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { region.map { "pat-\($0)-••••" } ?? "••••" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
