import Logging
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
    private struct State {
        /// A refusal is final for its refresh token: the server is not asked again with that one.
        var refused: (token: AccessToken, error: HubSpotError)?
        /// Tokens that the keeper could not take: this session goes on with them.
        var unkept: OAuthTokens?
    }
    private let state = Mutex(State())
    private let exchange = TokenExchange()

    package init(_ client: OAuthClient, grant: Grant, keeper: any OAuthTokenKeeper, clock: any SessionClock) {
        self.client = client
        self.keeper = keeper
        self.grant = grant
        self.clock = clock
    }

    package var granting: ScopeGranting { .byApp }

    /// Its secrets beside the access token, as far as they were used.
    var otherSecrets: Set<AccessToken> { client.known.all }

    package func credential(replacing old: Credential?) async throws(HubSpotError) -> Credential {
        if let tokens = newest(try await keeper.read()), isUsable(tokens, instead: old) { return credential(tokens) }
        let lock = try await keeper.lock()
        let kept: OAuthTokens?
        do throws(HubSpotError) { kept = newest(try await keeper.read()) } catch {
            lock.release()
            throw error
        }
        if let kept, isUsable(kept, instead: old) {
            lock.release()
            return credential(kept)
        }
        let fresh = try await exchange.run { [self] () async throws(HubSpotError) in
            defer { lock.release() }
            let fresh = try await ask(kept)
            await keep(fresh)
            return fresh
        }
        return credential(fresh)
    }

    /// Whether new tokens are asked for right now.
    var isExchanging: Bool { exchange.isRunning }

    /// Waits until what was asked for is kept: the server may have ended the tokens before it. Not longer than that.
    func finish(within limit: Duration) async { await exchange.end(within: limit) }

    private func ask(_ kept: OAuthTokens?) async throws(HubSpotError) -> OAuthTokens {
        switch grant {
        case .clientCredentials(let scopes): return try await client.clientCredentials(scopes: scopes)
        case .consent:
            guard let kept, let refresh = kept.refresh else {
                throw HubSpotError(
                    .unauthenticated, "there was no login yet with this OAuth app", .logIn, client.wording)
            }
            return try await renewed(kept, with: refresh)
        }
    }

    /// The tokens are good whether they can be kept or not: the call that needs them goes on.
    private func keep(_ fresh: OAuthTokens) async {
        do throws(HubSpotError) {
            try await keeper.write(fresh)
            state.withLock { $0.unkept = nil }
        } catch {
            let isFirst = state.withLock { state in
                defer { state.unkept = fresh }
                return state.unkept == nil
            }
            guard isFirst else { return }
            client.logger.warning(
                "the login was renewed, and what was got could not be kept: \(error.message); this session goes on with it. Mend that before it ends: the server may take the login that is kept no more, and then \(client.wording(.logIn))"
            )
        }
    }

    /// What was got last: by this session and not kept, or by another one since.
    private func newest(_ kept: OAuthTokens?) -> OAuthTokens? {
        guard let unkept = state.withLock({ $0.unkept }) else { return kept }
        guard let kept, kept.issuedAt > unkept.issuedAt else { return unkept }
        return kept
    }

    private func renewed(_ kept: OAuthTokens, with refresh: AccessToken) async throws(HubSpotError) -> OAuthTokens {
        if let refused = state.withLock({ $0.refused }), refused.token == refresh { throw refused.error }
        do throws(HubSpotError) {
            var fresh = try await client.refresh(refresh)
            fresh.portalID = fresh.portalID ?? kept.portalID
            fresh.scopes = fresh.scopes ?? kept.scopes
            return fresh
        } catch {
            if error.kind == .unauthenticated { state.withLock { $0.refused = (refresh, error) } }
            throw error
        }
    }

    /// Whether the kept tokens do: they have not ended, and are not the ones that are to be replaced.
    private func isUsable(_ tokens: OAuthTokens, instead old: Credential?) -> Bool {
        clock.unixTime < tokens.life.endsAt && tokens.access != old?.secret
    }

    private func credential(_ tokens: OAuthTokens) -> Credential {
        if let refresh = tokens.refresh { client.known.note([refresh]) }
        // HubSpot counts an app's calls by account; neither changes when the token does.
        let owner = tokens.portalID.map { " \($0)" } ?? ""
        let identity = try? AccessToken("oauth:\(client.clientID)\(owner)".replacing(" ", with: ":"))
        return Credential(tokens.access, life: tokens.life, scopes: tokens.scopes, identity: identity)
    }
}
