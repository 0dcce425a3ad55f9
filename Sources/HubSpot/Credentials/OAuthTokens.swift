import JSON

/// What an OAuth server has given: an access token with its life, and the token that another is got with.
package struct OAuthTokens: Sendable, Equatable {
    package var access: AccessToken
    /// Nil for client credentials, which need none.
    package var refresh: AccessToken?
    /// How long the access token lives from ``issuedAt`` on.
    package var lifetime: Duration
    /// Since 1970.
    package var issuedAt: Duration
    /// Nil where the server does not say.
    package var scopes: [String]?
    package var portalID: Int64?

    package init(
        access: AccessToken, refresh: AccessToken?, lifetime: Duration, issuedAt: Duration, scopes: [String]? = nil,
        portalID: Int64? = nil
    ) {
        self.access = access
        self.refresh = refresh
        self.lifetime = lifetime
        self.issuedAt = issuedAt
        self.scopes = scopes
        self.portalID = portalID
    }

    package var life: Credential.Life { Credential.Life(endsAt: issuedAt + lifetime, length: lifetime) }
}

extension OAuthTokens {
    /// The tokens as a keeper stores them: JSON with whole seconds. It holds the secrets: for a file that no other user may
    /// read, and for nothing that is shown.
    package var kept: [UInt8] {
        JSONValue.object([
            "access_token": .string(access.prefixed(by: "")),
            "refresh_token": refresh.map { .string($0.prefixed(by: "")) },
            "issued_at": .integer(issuedAt.components.seconds), "expires_in": .integer(lifetime.components.seconds),
            "scopes": scopes.map { .strings($0) }, "hub_id": portalID.map { .integer($0) },
        ]).bytes
    }

    /// Nil for text that ``kept`` never is.
    package init?(kept text: [UInt8]) {
        guard let json = JSONValue(parsing: text),
            let access = json["access_token"]?.string.flatMap({ try? AccessToken($0) }),
            let issued = json["issued_at"]?.integer, let lifetime = json["expires_in"]?.integer
        else { return nil }
        self.init(
            access: access, refresh: json["refresh_token"]?.string.flatMap { try? AccessToken($0) },
            lifetime: .seconds(lifetime), issuedAt: .seconds(issued),
            scopes: json["scopes"]?.array?.compactMap(\.string), portalID: json["hub_id"]?.integer)
    }
}

/// Where the tokens of an OAuth login are kept, for all processes that use it.
package protocol OAuthTokenKeeper: Sendable {
    /// The tokens as they are now; nil before a login.
    func read() async throws(HubSpotError) -> OAuthTokens?

    /// Puts tokens in the place of those before, which are there until these are safe.
    func write(_ tokens: OAuthTokens) async throws(HubSpotError)

    /// Waits until no other session, in this process or another one, renews these tokens. Ends with the process.
    func lock() async throws(HubSpotError) -> any OAuthTokenLock
}

/// The right to renew.
package protocol OAuthTokenLock: Sendable {
    func release()
}

/// Tokens that end with the process: client credentials, of which any number can be had.
package actor OAuthMemory: OAuthTokenKeeper {
    private var tokens: OAuthTokens?

    package init() {}

    package func read() -> OAuthTokens? { tokens }
    package func write(_ tokens: OAuthTokens) { self.tokens = tokens }
    package func lock() -> any OAuthTokenLock { Open() }

    private struct Open: OAuthTokenLock {
        func release() {}
    }
}
