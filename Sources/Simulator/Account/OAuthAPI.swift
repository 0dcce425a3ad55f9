import HTTPTypes
import JSON
import Wire

/// `/oauth/…`: consent, tokens, and information on them. Bodies are form-urlencoded, and counted nowhere.
enum OAuthAPI {
    static var routes: [Route] {
        func open(_ method: String, _ pattern: String, _ work: @escaping @Sendable (Call) throws -> SimulatorResponse)
            -> Route
        {
            Route(method, pattern, lane: .free, .open, body: .form, .plain(work))
        }
        return [
            open("GET", "oauth/authorize", authorize),
            open("POST", "oauth/v1/token", token), open("POST", "oauth/token", token),
            open("GET", "oauth/v1/access-tokens/{token}", accessToken),
            open("GET", "oauth/v1/refresh-tokens/{token}", refreshToken),
            open("DELETE", "oauth/v1/refresh-tokens/{token}", deleteRefreshToken),
            open("POST", "oauth/token/introspect", introspect), open("POST", "oauth/token/revoke", revoke),
        ]
    }

    // MARK: Consent

    /// The consent page. A browser gets one with buttons; any other program agrees at once and goes back to the app with
    /// a code.
    private static func authorize(_ call: Call) throws -> SimulatorResponse {
        func value(_ name: String) -> String { call.query.first(name) ?? "" }
        guard value("client_id") == OAuthStore.clientID else {
            return page("This app is not known: the simulator's is \(OAuthStore.clientID).")
        }
        let redirect = value("redirect_uri")
        guard isAllowed(redirect) else {
            return page("redirect_uri must be https, or http on localhost or 127.0.0.1.")
        }
        let type = value("response_type")
        guard type.isEmpty || type == "code" else { return page("response_type must be code.") }
        let wanted = words(value("scope"))
        let unknown = wanted.filter { !AccountAPI.allScopes.contains($0) }
        guard !wanted.isEmpty, unknown.isEmpty else {
            return page("scope: \(unknown.isEmpty ? "at least one is needed" : unknown.joined(separator: ", "))")
        }
        let challenge = call.query.first("code_challenge")
        guard challenge == nil || value("code_challenge_method") == "S256" else {
            return page("code_challenge_method must be S256.")
        }
        let scopes = wanted + words(value("optional_scope")).filter(AccountAPI.allScopes.contains)
        switch call.query.first("consent") {
        case "deny":
            return goBack(redirect, [("error", "access_denied"), ("error_description", "The user said no.")], call)
        case nil where isBrowser(call): return OAuthConsentPage.response(call, scopes: scopes)
        default:
            let code = call.portal.oauth.authorize(
                .init(scopes: scopes, redirectURI: redirect, challenge: challenge))
            return goBack(redirect, [("code", code)], call)
        }
    }

    private static func isBrowser(_ call: Call) -> Bool {
        call.request.headers[.accept]?.contains("text/html") == true
    }

    private static func goBack(
        _ redirect: String, _ fields: [(String, String)], _ call: Call
    ) -> SimulatorResponse {
        var items = fields.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }
        if let state = call.query.first("state") { items.append("state=\(PercentEncoding.encode(state))") }
        var response = SimulatorResponse(302)
        response.headers.append(
            ("Location", "\(redirect)\(redirect.contains("?") ? "&" : "?")\(items.joined(separator: "&"))"))
        return response
    }

    private static func isAllowed(_ uri: String) -> Bool {
        guard !uri.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F }) else { return false }
        if uri.hasPrefix("https://") { return uri.utf8.count > 8 }
        return ["localhost", "127.0.0.1", "[::1]"].contains { host in
            guard uri.hasPrefix("http://\(host)") else { return false }
            return uri.dropFirst(7 + host.count).first.map { ":/?".contains($0) } ?? true
        }
    }

    private static func page(_ text: String) -> SimulatorResponse {
        var response = SimulatorResponse(
            400, json: Array("<!doctype html><p>\(Markup.escaped(text))</p>\n".utf8))
        response.contentType = "text/html;charset=utf-8"
        return response
    }

    private static func words(_ text: String) -> [String] {
        text.split { $0 == " " || $0 == "," }.map(String.init)
    }

    // MARK: Tokens

    /// The body's fields, where they name the app and its secret.
    private static func form(_ call: Call) throws(APIError) -> Query {
        let form = Query(String(decoding: call.request.body, as: UTF8.self)[...])
        guard form.first("client_id") == OAuthStore.clientID else {
            throw .oauth("invalid_client", "BAD_CLIENT_ID", "missing or unknown client id")
        }
        guard form.first("client_secret") == OAuthStore.clientSecret else {
            throw .oauth("invalid_client", "BAD_CLIENT_SECRET", "missing or invalid client secret")
        }
        return form
    }

    private static func token(_ call: Call) throws -> SimulatorResponse {
        let form = try form(call)
        let tokens: OAuthStore.Tokens
        switch form.first("grant_type") {
        case "authorization_code":
            tokens = try call.portal.oauth.exchange(
                code: form.first("code") ?? "", redirectURI: form.first("redirect_uri") ?? "",
                verifier: form.first("code_verifier"), now: call.now)
        case "refresh_token":
            tokens = try call.portal.oauth.refresh(form.first("refresh_token") ?? "", now: call.now)
        case "client_credentials":
            let scopes = words(form.first("scope") ?? "")
            guard !scopes.isEmpty, scopes.allSatisfy(AccountAPI.allScopes.contains) else {
                throw APIError.oauth("invalid_scope", "BAD_SCOPE", "missing or unknown scope")
            }
            tokens = call.portal.oauth.clientCredentials(scopes, now: call.now)
        default: throw APIError.oauth("unsupported_grant_type", "BAD_GRANT_TYPE", "missing or unknown grant type")
        }
        var body: JSONValue = [
            "token_type": "bearer", "access_token": .string(tokens.access),
            "expires_in": .integer(call.portal.oauth.lifetime / 1000),
        ]
        if let refresh = tokens.refresh { body = body.setting("refresh_token", to: .string(refresh)) }
        // Version 1 answers with these members alone.
        if call.version != .numbered("v1") {
            body = body.setting("hub_id", to: .integer(Portal.id)).setting("scopes", to: .strings(tokens.scopes))
                .setting("token_use", to: "access_token").setting("user_id", to: .integer(OAuthStore.userID))
        }
        return SimulatorResponse(200, body)
    }

    // MARK: Information on a token

    private static func secondsLeft(_ access: OAuthStore.Access, _ call: Call) -> Int64 {
        (access.expires - call.now) / 1000
    }

    private static func member(_ token: String, _ scopes: [String]) -> JSONValue {
        [
            "token": .string(token), "user": .string(OAuthStore.user), "hub_domain": .string(OAuthStore.hubDomain),
            "scopes": .strings(scopes), "hub_id": .integer(Portal.id), "user_id": .integer(OAuthStore.userID),
        ]
    }

    private static func accessToken(_ call: Call) throws -> SimulatorResponse {
        let token = call.parameter("token")
        guard let access = call.portal.oauth.access(token), access.expires > call.now else {
            throw APIError(404, "access token not found or expired", category: "OBJECT_NOT_FOUND")
        }
        return SimulatorResponse(
            200,
            member(token, access.scopes).setting("app_id", to: .integer(OAuthStore.appID))
                .setting("expires_in", to: .integer(secondsLeft(access, call))).setting("token_type", to: "access"))
    }

    private static func refreshToken(_ call: Call) throws -> SimulatorResponse {
        let token = call.parameter("token")
        guard let grant = call.portal.oauth.grant(ofRefreshToken: token) else {
            throw APIError(404, "refresh token not found", category: "OBJECT_NOT_FOUND")
        }
        return SimulatorResponse(
            200,
            member(token, grant.scopes).setting("client_id", to: .string(OAuthStore.clientID))
                .setting("token_type", to: "refresh"))
    }

    private static func deleteRefreshToken(_ call: Call) throws -> SimulatorResponse {
        call.portal.oauth.revoke(call.parameter("token"))
        return SimulatorResponse(204)
    }

    private static func introspect(_ call: Call) throws -> SimulatorResponse {
        let form = try form(call)
        let token = form.first("token") ?? ""
        var body: JSONValue
        if let access = call.portal.oauth.access(token), access.expires > call.now {
            body = member(token, access.scopes).setting("token_use", to: "access_token")
                .setting("expires_in", to: .integer(secondsLeft(access, call)))
                .setting("is_private_distribution", to: false)
        } else if let grant = call.portal.oauth.grant(ofRefreshToken: token) {
            body = member(token, grant.scopes).setting("token_use", to: "refresh_token")
        } else {
            return SimulatorResponse(200, ["active": false])
        }
        body = body.setting("active", to: true).setting("client_id", to: .string(OAuthStore.clientID))
            .setting("app_id", to: .integer(OAuthStore.appID)).setting("token_type", to: "bearer")
        return SimulatorResponse(200, body)
    }

    private static func revoke(_ call: Call) throws -> SimulatorResponse {
        let form = try form(call)
        guard let token = form.first("token"), !token.isEmpty else {
            throw APIError.oauth("invalid_request", "BAD_TOKEN", "missing token")
        }
        call.portal.oauth.revoke(token)
        return SimulatorResponse(200, ["status": "revoked"])
    }
}
