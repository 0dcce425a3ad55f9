import Crypto
import Synchronization

/// Whose quota it is: what the shared stores' keys are made of.
struct LimiterIdentity: Sendable {
    /// The session's token; nil where it has none, or cannot get at it.
    var token: @Sendable () async -> AccessToken?
    /// As the configuration gives it; else the store learns it.
    var portalID: Int64?
    /// The server, unless it is HubSpot's own: quotas of another one are others.
    var server: String?
    private let lastDigest = LastDigest()

    /// Each decision asks for the key, and the token is nearly always the same.
    private final class LastDigest: Sendable {
        private let known = Mutex<(token: AccessToken, digest: String)?>(nil)

        func of(_ token: AccessToken) -> String {
            known.withLock { known in
                if let known, known.token == token { return known.digest }
                let digest = LimiterIdentity.digest(of: token)
                known = (token, digest)
                return digest
            }
        }
    }

    /// The key of what HubSpot counts by app: from it, nobody finds the token. Requests without one share a key.
    func tokenKey() async -> String {
        guard let token = await token() else { return Self.at("anonymous", server) }
        return Self.at(lastDigest.of(token), server)
    }

    /// The key of what HubSpot counts by account. Before the portal is known, the token stands for it.
    static func accountKey(portalID: Int64?, tokenKey: String, server: String?) -> String {
        portalID.map { at("portal \($0)", server) } ?? "account of \(tokenKey)"
    }

    /// HMAC-SHA256 under a constant key, in hexadecimal.
    static func digest(of token: AccessToken) -> String {
        let key = SymmetricKey(data: Array("moonspot/limiter/1".utf8))
        return HMAC<SHA256>.authenticationCode(for: token.bytes, using: key).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }

    private static func at(_ name: String, _ server: String?) -> String { server.map { "\(name) at \($0)" } ?? name }
}
