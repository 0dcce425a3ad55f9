import Digests
import Synchronization

/// The owner of a quota: the source of the shared stores' keys.
package struct QuotaIdentity: Sendable {
    /// The session's credential; nil where it has none, or cannot get at it.
    private let credential: @Sendable () async -> [UInt8]?
    /// As it is known beforehand; else the store learns it.
    let accountID: Int64?
    /// The server, unless it is the usual one: quotas of another one are others.
    let server: String?
    private let lastDigest = LastDigest()

    package init(accountID: Int64?, server: String?, credential: @escaping @Sendable () async -> [UInt8]?) {
        self.credential = credential
        self.accountID = accountID
        self.server = server
    }

    /// Each decision asks for the key, and the credential is nearly always the same.
    private final class LastDigest: Sendable {
        private let known = Mutex<(credential: [UInt8], digest: String)?>(nil)

        func of(_ credential: [UInt8]) -> String {
            known.withLock { known in
                if let known, known.credential == credential { return known.digest }
                let digest = QuotaIdentity.digest(of: credential)
                known = (credential, digest)
                return digest
            }
        }
    }

    /// The key of the record that is counted by client: the credential cannot be found from it. Requests without one
    /// share a key.
    package func clientKey() async -> String {
        guard let credential = await credential() else { return Self.at("anonymous", server) }
        return Self.at(lastDigest.of(credential), server)
    }

    /// The key of the record that is counted by account. Before the account is known, the credential stands for it.
    static func accountKey(accountID: Int64?, clientKey: String, server: String?) -> String {
        accountID.map { at("portal \($0)", server) } ?? "account of \(clientKey)"
    }

    /// HMAC-SHA256 under a constant key, in hexadecimal.
    static func digest(of credential: [UInt8]) -> String {
        Digest.hmacSHA256(credential, key: "moonspot/limiter/1".utf8).hexadecimal
    }

    private static func at(_ name: String, _ server: String?) -> String { server.map { "\(name) at \($0)" } ?? name }
}
