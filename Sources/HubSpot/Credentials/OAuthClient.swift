import HTTPTypes
import JSON
import Logging
import Quota
import Synchronization
import Wire

/// Talks to an OAuth server in an app's name. Secrets go in the body of a form, as HubSpot asks.
package struct OAuthClient: Sendable {
    package let clientID: String
    let tokenURL: OAuthEndpoint
    private let secret: @Sendable () async throws(HubSpotError) -> AccessToken
    /// For network, clock and time limit; its credential is not used.
    private let configuration: SessionConfiguration

    var wording: @Sendable (HubSpotError.Remedy) -> String { configuration.wording }
    var logger: Logger { configuration.logger }
    /// The app's secret and its refresh tokens, so that they are masked wherever the session's credential is.
    let known = KnownSecrets()

    /// - Parameter secret: The app's, asked for when it is first needed.
    package init(
        clientID: String, tokenURL: OAuthEndpoint, configuration: SessionConfiguration,
        secret: @escaping @Sendable () async throws(HubSpotError) -> AccessToken
    ) {
        self.clientID = clientID
        self.tokenURL = tokenURL
        self.configuration = configuration
        self.secret = secret
    }

    /// Tokens for the code of a consent, which works once.
    package func exchange(
        code: String, redirectURI: String, verifier: String
    ) async throws(HubSpotError) -> OAuthTokens {
        let code = try AccessToken(code)
        return try await tokens(
            [("grant_type", "authorization_code"), ("redirect_uri", redirectURI), ("code_verifier", verifier)],
            secrets: [("code", code)], refresh: nil)
    }

    /// A new access token, and a new refresh token where the server changes it.
    ///
    /// - Throws: kind `unauthenticated` where the server takes the refresh token no more.
    package func refresh(_ token: AccessToken) async throws(HubSpotError) -> OAuthTokens {
        try await tokens([("grant_type", "refresh_token")], secrets: [("refresh_token", token)], refresh: token)
    }

    /// An access token of the app's own.
    package func clientCredentials(scopes: [String]) async throws(HubSpotError) -> OAuthTokens {
        try await tokens(
            [("grant_type", "client_credentials"), ("scope", scopes.joined(separator: " "))], secrets: [], refresh: nil)
    }

    /// Has the server forget a token.
    package func revoke(_ token: AccessToken) async throws(HubSpotError) {
        _ = try await post(
            tokenURL.path + "/revoke", [("token_type_hint", "refresh_token")], secrets: [("token", token)])
    }

    /// What the server knows of a token: `{ active, scopes, hub_id, ... }`.
    func introspect(_ token: AccessToken) async throws(HubSpotError) -> JSONValue {
        try await post(
            tokenURL.path + "/introspect", [("token_type_hint", "access_token")], secrets: [("token", token)])
    }

    private func tokens(
        _ fields: [(String, String)], secrets: [(String, AccessToken)], refresh: AccessToken?
    ) async throws(HubSpotError) -> OAuthTokens {
        let answer = try await post(tokenURL.path, fields, secrets: secrets)
        guard let access = answer["access_token"]?.string, let seconds = answer["expires_in"]?.integer, seconds > 0
        else {
            throw HubSpotError(
                .badResponse, "\(tokenURL) answered without an access token and its life; check the address")
        }
        var tokens = OAuthTokens(
            access: try AccessToken(access), refresh: try answer["refresh_token"]?.string.map(Self.token) ?? refresh,
            lifetime: .seconds(min(seconds, 10 * 365 * 86_400)), issuedAt: configuration.clock.unixTime,
            scopes: Self.scopes(answer), portalID: answer["hub_id"]?.integer)
        if tokens.scopes == nil {
            // The oldest generation of the call does not tell them. Without them the tokens are as good.
            let known = try? await introspect(tokens.access)
            tokens.scopes = known.flatMap(Self.scopes)
            tokens.portalID = known?["hub_id"]?.integer
        }
        return tokens
    }

    private static func token(_ text: String) throws(HubSpotError) -> AccessToken { try AccessToken(text) }

    /// A list, or words in a string as the standard has it.
    private static func scopes(_ answer: JSONValue) -> [String]? {
        answer["scopes"]?.array?.compactMap(\.string)
            ?? answer["scope"]?.string?.split(separator: " ").map(String.init)
    }

    /// Sent again, twice at most, where no answer came or the server could not give one: each of these calls can be.
    private func post(
        _ path: String, _ fields: [(String, String)], secrets: [(String, AccessToken)]
    ) async throws(HubSpotError) -> JSONValue {
        let secret = try await secret()
        known.note(secrets.map(\.1) + [secret])
        let plain = fields + [("client_id", clientID)]
        let body =
            plain.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }
            + (secrets + [("client_secret", secret)]).map { "\($0.0)=\($0.1.encoded)" }
        let request = APIRequest(
            .post, path, headers: [.contentType: "application/x-www-form-urlencoded"],
            body: Array(body.joined(separator: "&").utf8), isAuthenticated: false)
        let transport = Transport(configuration)
        var attempt = 0
        while true {
            attempt += 1
            do throws(HubSpotError) {
                var response = try await transport.send(request, to: tokenURL.server, credential: nil)
                guard response.isSuccess else {
                    // A refusal may quote what it was sent. An answer that is none holds tokens, often the same ones again.
                    for secret in secrets.map(\.1) + [secret] { response.body = secret.blanked(in: response.body) }
                    throw refusal(HubSpotError(response, to: request), response)
                }
                await transport.close()
                return JSONValue(parsing: response.body) ?? .null
            } catch {
                guard attempt < 3, [.network, .timeout, .unavailable, .rateLimited].contains(error.kind) else {
                    await transport.close()
                    throw error
                }
                let delay = min(error.retryAfter ?? .milliseconds(250 * attempt), .seconds(10))
                do { try await configuration.clock.sleep(for: delay) } catch {
                    await transport.close()
                    throw .cancelled
                }
            }
        }
    }

    /// OAuth's own errors, in our words. A refusal stays one until a person does something.
    private func refusal(_ error: HubSpotError, _ response: APIResponse) -> HubSpotError {
        guard (400..<500).contains(response.status), response.status != 429,
            let body = JSONValue(parsing: response.body), let code = body["error"]?.string ?? body["status"]?.string
        else { return error }
        let said = body["error_description"]?.string ?? body["message"]?.string ?? code
        let advice =
            switch (code, body["status"]?.string) {
            case (_, "BAD_REFRESH_TOKEN"), ("invalid_grant", _): wording(.logIn)
            case ("invalid_client", _), (_, "BAD_CLIENT_ID"), (_, "BAD_CLIENT_SECRET"):
                "check the app's client id and secret"
            case ("invalid_scope", _): "check the scopes that the profile asks for"
            default: "check the app's settings in HubSpot"
            }
        var refused = HubSpotError(
            .unauthenticated, "the OAuth server refused: \(said) (\(code)); \(advice)", status: response.status,
            correlationID: body["correlationId"]?.string, request: error.request)
        refused.category = body["status"]?.string
        return refused
    }
}

/// An app's secrets beside its access token, as far as they were used.
final class KnownSecrets: Sendable {
    private let secrets = Mutex<Set<AccessToken>>([])

    var all: Set<AccessToken> { secrets.withLock { $0 } }

    func note(_ used: [AccessToken]) { secrets.withLock { $0.formUnion(used) } }
}
