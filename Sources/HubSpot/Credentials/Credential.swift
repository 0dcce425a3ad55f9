import Wire

/// A secret, how it is put on a request, and how long it opens anything.
public struct Credential: Sendable {
    /// When a secret ends, in time since 1970.
    public struct Life: Sendable, Equatable {
        /// When the secret opens nothing any more.
        public var endsAt: Duration
        /// From here on it is renewed, and used meanwhile.
        public var renewsAt: Duration

        /// - Parameter length: The whole life: with a tenth of it left the secret is renewed.
        public init(endsAt: Duration, length: Duration) {
            self.endsAt = endsAt
            renewsAt = endsAt - length / 10
        }
    }

    /// The secret itself, which no message shows.
    public var secret: AccessToken
    /// Where it stands on a request.
    public var placement: CredentialPlacement
    /// Nil for one that does not end.
    public var life: Life?
    /// What it may do, where its issuer tells; nil where HubSpot has to be asked.
    public var scopes: [String]?
    /// The secret by which the quota knows its owner, so that it stays the same when the secret is renewed.
    var identity: AccessToken

    /// - Parameter identity: Another secret by which the quota knows the owner; the secret itself where it is nil.
    public init(
        _ secret: AccessToken, placement: CredentialPlacement = .bearer, life: Life? = nil, scopes: [String]? = nil,
        identity: AccessToken? = nil
    ) {
        self.secret = secret
        self.placement = placement
        self.life = life
        self.scopes = scopes
        self.identity = identity ?? secret
    }

    /// The header that carries the secret; nil where it stands in the address.
    var header: (name: String, value: String)? {
        guard case .header(let name, let prefix) = placement.place else { return nil }
        return (name, secret.prefixed(by: prefix))
    }

    /// The target with the secret in its query, where that is its place.
    func target(_ target: String) -> String {
        guard case .query(let name) = placement.place else { return target }
        return "\(target)\(target.contains("?") ? "&" : "?")\(PercentEncoding.encode(name))=\(secret.encoded)"
    }

    /// Takes the secret out of an answer, which may quote it: in a refusal, and wherever addresses hold it.
    func blank(_ response: inout APIResponse) {
        guard !response.isSuccess || placement.isInAddress else { return }
        response.body = secret.blanked(in: response.body)
        response.rawHeaders = response.rawHeaders.map { name, value in
            let blanked = secret.blanked(in: Array(value.utf8))
            return (name, String(decoding: blanked, as: UTF8.self))
        }
    }
}
