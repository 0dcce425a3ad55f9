/// A private app's token or a service key. It never prints: wherever it is interpolated, described or dumped, what
/// shows is `pat-na1-••••`.
public struct AccessToken: Sendable, Hashable {
    private let secret: String

    /// Takes what a person pasted: white space around it and a leading `Bearer ` are dropped.
    ///
    /// - Throws: ``HubSpotError`` of kind `unauthenticated` for an empty token, or one with characters that no header
    ///   may carry. The message does not quote it.
    public init(_ pasted: some StringProtocol) throws(HubSpotError) {
        var text = AccessToken.trimmed(Substring(pasted))
        if text.count >= 7, text.prefix(6).lowercased() == "bearer", text.dropFirst(6).first?.isWhitespace == true {
            text = AccessToken.trimmed(text.dropFirst(6))
        }
        guard !text.isEmpty, text.lowercased() != "bearer" else {
            throw HubSpotError(.unauthenticated, "the access token is empty; give a private app's token or a service key")
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
                .unauthenticated, "the access token holds \(what), so it was not copied whole or has something beside it; copy it again")
        }
        secret = String(text)
    }

    /// The value of the `Authorization` header. For the transport only.
    var authorization: String { "Bearer \(secret)" }

    /// The token's bytes, for the limiter's key and a credential file. For nothing that is shown.
    var bytes: [UInt8] { Array(secret.utf8) }

    /// `text` with what shows of the token in the place of the token: a server may quote it. Nothing so short is a token
    /// that it could stand in other words.
    func blanked(in text: [UInt8]) -> [UInt8] {
        secret.utf8.count < 8 ? text : text.replacing(bytes, with: Array(description.utf8))
    }

    /// The hosting region that the token names: `na1`, `eu1`; nil where it has none.
    public var region: String? {
        let parts = secret.split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "pat", (2...4).contains(parts[1].count) else { return nil }
        return String(parts[1])
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}

extension AccessToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { region.map { "pat-\($0)-••••" } ?? "••••" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
