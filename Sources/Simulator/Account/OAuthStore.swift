import Digests
import Foundation
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

    /// Milliseconds that an access token lives.
    let lifetime: Int64
    /// Each refresh gives a new refresh token. The one before it works until the new one, or the access token that came
    /// with it, is used: whose answer was lost can ask again.
    let rotates: Bool

    init(_ options: SimulatorOptions) {
        lifetime = max(1000, options.oauthLife.microseconds / 1000)
        rotates = options.oauthRotates
    }

    /// The consent that the user has given.
    struct Grant: Sendable {
        var scopes: [String]
        var redirectURI: String
        /// PKCE's, S256: the exchange has to bring what it was made from. Nil where the consent had none.
        var challenge: String?
    }

    struct Access: Sendable {
        var scopes: [String]
        /// Milliseconds since 1970.
        var expires: Int64
        /// The refresh token that ends with this one's first use.
        var replaces: String?
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
        /// By a refresh token, the one that it has taken the place of.
        var replaced: [String: String] = [:]
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

    /// Nil where the code is unknown or used; the redirect address must be that of the consent, and the verifier what its
    /// challenge was made from.
    func exchange(
        code: String, redirectURI: String, verifier: String?, now: Int64
    ) throws(APIError) -> Tokens {
        let grant = state.withLock { state -> Grant? in
            guard let grant = state.codes[code], grant.redirectURI == redirectURI else { return state.codes[code] }
            state.codes[code] = nil
            return grant
        }
        guard let grant else { throw .oauth("invalid_grant", "BAD_AUTH_CODE", "missing or unknown auth code") }
        guard grant.redirectURI == redirectURI else {
            throw .oauth("invalid_grant", "BAD_REDIRECT_URI", "redirect uri does not match that of the auth code")
        }
        if let challenge = grant.challenge, verifier.map(Self.challenge(of:)) != challenge {
            throw .oauth("invalid_grant", "BAD_CODE_VERIFIER", "missing or wrong code verifier")
        }
        let refresh = "na1-\(UUIDs.version4())"
        state.withLock { $0.refreshing[refresh] = grant }
        return Tokens(access: issue(grant.scopes, now: now), refresh: refresh, scopes: grant.scopes)
    }

    /// S256 of PKCE.
    static func challenge(of verifier: String) -> String {
        Data(Digest.sha256(verifier.utf8).bytes).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    func refresh(_ token: String, now: Int64) throws(APIError) -> Tokens {
        guard let grant = grant(ofRefreshToken: token) else {
            throw .oauth("invalid_grant", "BAD_REFRESH_TOKEN", "missing or invalid refresh token")
        }
        guard rotates else {
            return Tokens(access: issue(grant.scopes, now: now), refresh: token, scopes: grant.scopes)
        }
        let fresh = "na1-\(UUIDs.version4())"
        state.withLock { state in
            if let older = state.replaced.removeValue(forKey: token) { state.refreshing[older] = nil }
            state.refreshing[fresh] = grant
            state.replaced[fresh] = token
        }
        return Tokens(access: issue(grant.scopes, now: now, replaces: token), refresh: fresh, scopes: grant.scopes)
    }

    func clientCredentials(_ scopes: [String], now: Int64) -> Tokens {
        Tokens(access: issue(scopes, now: now), refresh: nil, scopes: scopes)
    }

    private func issue(_ scopes: [String], now: Int64, replaces: String? = nil) -> String {
        let token = "CJ\(UUIDs.version4())\(UUIDs.version4())".filter { $0 != "-" }
        state.withLock {
            $0.access[token] = Access(scopes: scopes, expires: now + lifetime, replaces: replaces)
        }
        return token
    }

    func access(_ token: String) -> Access? { state.withLock { $0.access[token] } }

    /// As ``access(_:)``, of a token that opens something: from now on the refresh token before it is over.
    func use(_ token: String) -> Access? {
        state.withLock { state in
            if let old = state.access[token]?.replaces { state.refreshing[old] = nil }
            return state.access[token]
        }
    }

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
