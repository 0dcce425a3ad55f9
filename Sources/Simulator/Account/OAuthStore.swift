import Synchronization

/// The OAuth app that this portal knows, and the codes and tokens that it has been given. They live as long as the
/// process does.
final class OAuthStore: Sendable {
    static let clientID = "5a1e7e00-0000-4000-8000-000000000333"
    static let clientSecret = "5ec7e700-0000-4000-8000-000000000333"
    static let appID: Int64 = 333
    static let userID: Int64 = 111
    static let user = "rae.rep@example.org"
    static let hubDomain = "simulator.example.org"
    /// Seconds that an access token lives.
    static let lifetime: Int64 = 1800

    /// The consent that the user has given.
    struct Grant: Sendable {
        var scopes: [String]
        var redirectURI: String
    }

    struct Access: Sendable {
        var scopes: [String]
        /// Milliseconds since 1970.
        var expires: Int64
    }

    struct Tokens: Sendable {
        var access: String
        /// Nil for client credentials.
        var refresh: String?
        var scopes: [String]
    }

    private struct State {
        var codes: [String: Grant] = [:]
        var refreshing: [String: Grant] = [:]
        var access: [String: Access] = [:]
    }

    private let state = Mutex(State())

    func reset() { state.withLock { $0 = State() } }

    /// A code for a consent; it works once.
    func authorize(_ grant: Grant) -> String {
        let code = UUIDs.version4()
        state.withLock { $0.codes[code] = grant }
        return code
    }

    /// Nil where the code is unknown or used; the redirect address must be that of the consent.
    func exchange(code: String, redirectURI: String, now: Int64) throws(APIError) -> Tokens {
        let grant = state.withLock { state -> Grant? in
            guard let grant = state.codes[code], grant.redirectURI == redirectURI else { return state.codes[code] }
            state.codes[code] = nil
            return grant
        }
        guard let grant else { throw .oauth("invalid_grant", "BAD_AUTH_CODE", "missing or unknown auth code") }
        guard grant.redirectURI == redirectURI else {
            throw .oauth("invalid_grant", "BAD_REDIRECT_URI", "redirect uri does not match that of the auth code")
        }
        let refresh = "na1-\(UUIDs.version4())"
        state.withLock { $0.refreshing[refresh] = grant }
        return Tokens(access: issue(grant.scopes, now: now), refresh: refresh, scopes: grant.scopes)
    }

    func refresh(_ token: String, now: Int64) throws(APIError) -> Tokens {
        guard let grant = grant(ofRefreshToken: token) else {
            throw .oauth("invalid_grant", "BAD_REFRESH_TOKEN", "missing or invalid refresh token")
        }
        return Tokens(access: issue(grant.scopes, now: now), refresh: token, scopes: grant.scopes)
    }

    func clientCredentials(_ scopes: [String], now: Int64) -> Tokens {
        Tokens(access: issue(scopes, now: now), refresh: nil, scopes: scopes)
    }

    private func issue(_ scopes: [String], now: Int64) -> String {
        let token = "CJ\(UUIDs.version4())\(UUIDs.version4())".filter { $0 != "-" }
        state.withLock { $0.access[token] = Access(scopes: scopes, expires: now + Self.lifetime * 1000) }
        return token
    }

    func access(_ token: String) -> Access? { state.withLock { $0.access[token] } }

    func grant(ofRefreshToken token: String) -> Grant? { state.withLock { $0.refreshing[token] } }

    /// Forgets a token of either kind.
    func revoke(_ token: String) {
        state.withLock { state in
            state.refreshing[token] = nil
            state.access[token] = nil
        }
    }
}

/// The sender of a call.
struct Caller: Sendable {
    /// The key by which the windows count; empty where a call needs no token.
    var key = ""
    /// OAuth apps have a burst window of their own size and no day's quota.
    var isOAuth = false
    /// Nil: all.
    var scopes: [String]?
}
