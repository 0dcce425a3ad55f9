import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1
import Testing
import Wire

@testable import Simulator

@Suite("OAuth") struct OAuthTests {
    private let redirect = "http://localhost:8123/callback"
    private let app = "client_id=\(OAuthStore.clientID)&client_secret=\(OAuthStore.clientSecret)"

    private func form(_ bench: Bench, _ path: String, _ body: String) async throws -> Bench.Answer {
        try await bench.sendBytes(
            "POST", path, Array(body.utf8), token: nil,
            headers: [("Content-Type", "application/x-www-form-urlencoded")])
    }

    /// The code that the consent page sends back.
    private func code(_ bench: Bench, scope: String) async throws -> String {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        let client = HTTPClient(configuration: configuration)
        let url =
            "\(bench.simulator.baseURL)/oauth/authorize?client_id=\(OAuthStore.clientID)&redirect_uri=\(PercentEncoding.encode(redirect))"
            + "&scope=\(PercentEncoding.encode(scope))&state=s%201"
        let response = try await client.execute(HTTPClientRequest(url: url), timeout: .seconds(30))
        try await client.shutdown()
        #expect(response.status.code == 302)
        let location = response.headers.first(name: "Location") ?? ""
        #expect(location.hasPrefix("\(redirect)?code="))
        #expect(location.hasSuffix("&state=s%201"))
        return String(location.dropFirst(redirect.count + 6).prefix { $0 != "&" })
    }

    private func tokens(_ bench: Bench, scope: String = "oauth crm.objects.contacts.read") async throws -> JSONValue {
        let code = try await code(bench, scope: scope)
        let body = "grant_type=authorization_code&\(app)&code=\(code)&redirect_uri=\(PercentEncoding.encode(redirect))"
        let answer = try await form(bench, "/oauth/v3/token", body)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try await form(bench, "/oauth/v3/token", body).json["status"] == "BAD_AUTH_CODE")
        return answer.json
    }

    @Test(arguments: ["v1", "v3", "2026-03", "2026-09"])
    func `gives tokens for a code and for a refresh token`(version: String) async throws {
        try await Bench.running { bench in
            let tokens = try await tokens(bench)
            #expect(tokens["expires_in"] == 1800)
            #expect(tokens["hub_id"] == 20_000_001)
            #expect(tokens["scopes"] == ["oauth", "crm.objects.contacts.read"])
            let access = tokens["access_token"]?.string ?? ""
            #expect(try await bench.send("GET", Bench.contacts, token: access).status == 200)
            bench.clock.advance(by: .seconds(1800 + 7200))
            let late = try await bench.send("GET", Bench.contacts, token: access)
            #expect(late.status == 401)
            #expect(late.json["category"] == "EXPIRED_AUTHENTICATION")
            #expect(late.json["message"] == "The OAuth token used to make this call expired 2 hour(s) ago.")
            let refresh = tokens["refresh_token"]?.string ?? ""
            let again = try await form(
                bench, "/oauth/\(version)/token", "grant_type=refresh_token&\(app)&refresh_token=\(refresh)")
            #expect(again.status == 200, "\(again.text)")
            #expect(again.json["token_type"] == "bearer")
            #expect((again.json["hub_id"] == nil) == (version == "v1"))
            let fresh = again.json["access_token"]?.string ?? ""
            #expect(try await bench.send("GET", Bench.contacts, token: fresh).status == 200)
        }
    }

    @Test func `holds a token to its scopes`() async throws {
        try await Bench.running { bench in
            let access = try await tokens(bench, scope: "crm.objects.contacts.read")["access_token"]?.string ?? ""
            let refused = try await bench.send(
                "POST", Bench.contacts, ["properties": ["email": "a@b.org"]], token: access)
            #expect(refused.status == 403)
            #expect(refused.json.at("errors.0.context.requiredGranularScopes") == ["crm.objects.contacts.write"])
            #expect(try await bench.send("GET", "/account-info/v3/details", token: access).status == 403)
            let mine = try await form(
                bench, "/oauth/v3/token", "grant_type=client_credentials&\(app)&scope=crm.objects.contacts.write")
            #expect(mine.json["refresh_token"] == nil)
            let own = mine.json["access_token"]?.string ?? ""
            let made = try await bench.send("POST", Bench.contacts, ["properties": ["email": "a@b.org"]], token: own)
            #expect(made.status == 201)
        }
    }

    @Test func `has limits of its own, and no day's quota`() async throws {
        try await Bench.running { options in
            options.quota = .free
        } _: { bench in
            let access = try await tokens(bench)["access_token"]?.string ?? ""
            let first = try await bench.send("GET", Bench.contacts, token: access)
            #expect(first.headers["x-hubspot-ratelimit-max"] == "110")
            #expect(first.headers["x-hubspot-ratelimit-remaining"] == "109")
            #expect(first.headers["x-hubspot-ratelimit-daily"] == nil)
            for _ in 0..<109 { #expect(try await bench.send("GET", Bench.contacts, token: access).status == 200) }
            #expect(try await bench.send("GET", Bench.contacts, token: access).status == 429)
            #expect(try await bench.get(Bench.contacts).status == 200)
        }
    }

    @Test func `tells about tokens and forgets them`() async throws {
        try await Bench.running { bench in
            let tokens = try await tokens(bench)
            let access = tokens["access_token"]?.string ?? ""
            let refresh = tokens["refresh_token"]?.string ?? ""
            let info = try await bench.send("GET", "/oauth/v1/access-tokens/\(access)", token: nil).json
            #expect(info["token_type"] == "access")
            #expect(info["expires_in"] == 1800)
            let known = try await bench.send("GET", "/oauth/v1/refresh-tokens/\(refresh)", token: nil).json
            #expect(known["client_id"] == .string(OAuthStore.clientID))
            for (token, use) in [(access, "access_token"), (refresh, "refresh_token")] {
                let seen = try await form(bench, "/oauth/2026-03/token/introspect", "\(app)&token=\(token)").json
                #expect(seen["active"] == true)
                #expect(seen["token_use"] == .string(use))
            }
            #expect(try await form(bench, "/oauth/2026-03/token/revoke", "\(app)&token=\(access)").status == 200)
            #expect(try await bench.send("GET", Bench.contacts, token: access).status == 401)
            #expect(try await bench.send("DELETE", "/oauth/v1/refresh-tokens/\(refresh)", token: nil).status == 204)
            #expect(
                try await form(bench, "/oauth/v3/token/introspect", "\(app)&token=\(refresh)").json == ["active": false]
            )
        }
    }

    @Test func `ends tokens as early as it is told to`() async throws {
        try await Bench.running(contacts: 0, { $0.oauthLife = .seconds(5) }) { bench in
            let tokens = try await tokens(bench)
            #expect(tokens["expires_in"] == 5)
            let access = tokens["access_token"]?.string ?? ""
            bench.clock.advance(by: .seconds(4))
            #expect(try await bench.send("GET", Bench.contacts, token: access).status == 200)
            bench.clock.advance(by: .seconds(2))
            #expect(try await bench.send("GET", Bench.contacts, token: access).status == 401)
        }
    }

    @Test func `changes the refresh token where it is told to, and keeps the old one until the new one is used`()
        async throws
    {
        try await Bench.running(contacts: 0, { $0.oauthRotates = true }) { bench in
            let first = try await tokens(bench)["refresh_token"]?.string ?? ""
            func refresh(_ token: String) async throws -> JSONValue {
                try await form(bench, "/oauth/v3/token", "grant_type=refresh_token&\(app)&refresh_token=\(token)").json
            }
            let lost = try await refresh(first)
            let second = try await refresh(first)
            #expect(lost["refresh_token"] != second["refresh_token"] && second["refresh_token"]?.string != first)
            _ = try await bench.send("GET", Bench.contacts, token: second["access_token"]?.string ?? "")
            #expect(try await refresh(first)["status"] == "BAD_REFRESH_TOKEN")
            #expect(try await refresh(second["refresh_token"]?.string ?? "")["access_token"] != nil)
        }
    }

    @Test func `shows a browser a page with a button, and asks for the code's verifier`() async throws {
        try await Bench.running { bench in
            let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
            #expect(OAuthStore.challenge(of: verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
            let query =
                "client_id=\(OAuthStore.clientID)&redirect_uri=\(PercentEncoding.encode(redirect))&scope=oauth&state=%22x%3C"
                + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
            let page = try await bench.send(
                "GET", "/oauth/authorize?\(query)", token: nil, headers: [("Accept", "text/html,*/*")])
            #expect(page.status == 200 && page.text.contains(">Allow</button>"))
            #expect(
                !page.text.contains("style=")
                    && page.headers["content-security-policy"]?.contains("style-src 'self'") == true)
            #expect(page.text.contains("value=\"&quot;x&lt;\""))
            var configuration = HTTPClient.Configuration()
            configuration.redirectConfiguration = .disallow
            let client = HTTPClient(configuration: configuration)
            func location(_ more: String) async throws -> String {
                let url = "\(bench.simulator.baseURL)/oauth/authorize?\(query)&\(more)"
                return try await client.execute(HTTPClientRequest(url: url), timeout: .seconds(30)).headers.first(
                    name: "Location") ?? ""
            }
            #expect(try await location("consent=deny").contains("error=access_denied"))
            let back = try await location("consent=allow")
            try await client.shutdown()
            let code = back.dropFirst(redirect.count + 6).prefix { $0 != "&" }
            let body =
                "grant_type=authorization_code&\(app)&code=\(code)&redirect_uri=\(PercentEncoding.encode(redirect))"
            let wrong = try await form(bench, "/oauth/v3/token", "\(body)&code_verifier=wrong")
            #expect(wrong.json["status"] == "BAD_CODE_VERIFIER")
        }
    }

    @Test(arguments: [
        ("grant_type=refresh_token&client_id=x&client_secret=y", "BAD_CLIENT_ID"),
        ("grant_type=refresh_token&client_id=\(OAuthStore.clientID)", "BAD_CLIENT_SECRET"),
        ("APP&grant_type=refresh_token&refresh_token=no", "BAD_REFRESH_TOKEN"),
        ("APP&grant_type=authorization_code&code=no&redirect_uri=x", "BAD_AUTH_CODE"),
        ("APP&grant_type=magic", "BAD_GRANT_TYPE"), ("APP", "BAD_GRANT_TYPE"),
    ])
    func `refuses in words of its own`(body: String, status: String) async throws {
        try await Bench.running { bench in
            let body = body.replacing("APP", with: app)
            let answer = try await form(bench, "/oauth/v1/token", body)
            #expect(answer.status == 400)
            #expect(answer.json["status"] == .string(status))
            #expect(answer.json["error_description"] == answer.json["message"])
            #expect(answer.json["correlationId"] == .optional(answer.headers["x-hubspot-correlation-id"]))
            #expect(answer.json["category"] == nil)
            #expect(try await bench.send("POST", "/oauth/v1/token", ["grant_type": "x"], token: nil).status == 415)
        }
    }

    @Test(arguments: [
        "client_id=x", "client_id=\(OAuthStore.clientID)&redirect_uri=http://evil.example/&scope=oauth",
        "client_id=\(OAuthStore.clientID)&redirect_uri=http://localhost.evil.example/&scope=oauth",
        "client_id=\(OAuthStore.clientID)&redirect_uri=http://localhost/",
        "client_id=\(OAuthStore.clientID)&redirect_uri=http://localhost/&scope=%3Cscript%3E",
    ])
    func `asks no user on behalf of an app that it does not know`(query: String) async throws {
        try await Bench.running { bench in
            let answer = try await bench.send("GET", "/oauth/authorize?\(query)", token: nil)
            #expect(answer.status == 400)
            #expect(!answer.text.contains("<script>"))
        }
    }
}
