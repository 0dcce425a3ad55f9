import Synchronization

/// The credential of an OAuth app: an access token that is renewed before it ends, by one session at a time over all
/// processes that share the login. The others take the token that it has got.
package final class OAuthCredential: CredentialSource {
    package enum Grant: Sendable {
        /// A person's consent, kept as a refresh token.
        case consent
        /// The app's own calls, with these scopes.
        case clientCredentials([String])
    }

    private let client: OAuthClient
    private let keeper: any OAuthTokenKeeper
    private let grant: Grant
    private let clock: any SessionClock
    /// A refusal is final for its refresh token: the server is not asked again with that one.
    private let refused = Mutex<(token: AccessToken, error: HubSpotError)?>(nil)

    package init(_ client: OAuthClient, grant: Grant, keeper: any OAuthTokenKeeper, clock: any SessionClock) {
        self.client = client
        self.keeper = keeper
        self.grant = grant
        self.clock = clock
    }

    package var granting: ScopeGranting { .byApp }

    package func credential(replacing old: Credential?) async throws(HubSpotError) -> Credential {
        if let tokens = try await keeper.read(), isUsable(tokens, instead: old) { return credential(tokens) }
        let lock = try await keeper.lock()
        defer { lock.release() }
        let kept = try await keeper.read()
        if let kept, isUsable(kept, instead: old) { return credential(kept) }
        let fresh: OAuthTokens
        switch grant {
        case .clientCredentials(let scopes): fresh = try await client.clientCredentials(scopes: scopes)
        case .consent:
            guard let kept, let refresh = kept.refresh else {
                throw HubSpotError(
                    .unauthenticated, "there was no login yet with this OAuth app", .logIn, client.wording)
            }
            fresh = try await renewed(kept, with: refresh)
        }
        try await keeper.write(fresh)
        return credential(fresh)
    }

    private func renewed(_ kept: OAuthTokens, with refresh: AccessToken) async throws(HubSpotError) -> OAuthTokens {
        if let refused = refused.withLock({ $0 }), refused.token == refresh { throw refused.error }
        do throws(HubSpotError) {
            var fresh = try await client.refresh(refresh)
            fresh.portalID = fresh.portalID ?? kept.portalID
            fresh.scopes = fresh.scopes ?? kept.scopes
            return fresh
        } catch {
            if error.kind == .unauthenticated { refused.withLock { $0 = (refresh, error) } }
            throw error
        }
    }

    /// Whether the kept tokens do: they have not ended, and are not the ones that are to be replaced.
    private func isUsable(_ tokens: OAuthTokens, instead old: Credential?) -> Bool {
        clock.unixTime < tokens.life.endsAt && tokens.access != old?.secret
    }

    private func credential(_ tokens: OAuthTokens) -> Credential {
        // HubSpot counts an app's calls by account; neither changes when the token does.
        let owner = tokens.portalID.map { " \($0)" } ?? ""
        let identity = try? AccessToken("oauth:\(client.clientID)\(owner)".replacing(" ", with: ":"))
        return Credential(tokens.access, life: tokens.life, scopes: tokens.scopes, identity: identity)
    }
}
