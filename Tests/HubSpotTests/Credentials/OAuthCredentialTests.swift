import HTTPTypes
import Synchronization
import TestSupport
import Testing

@testable import HubSpot

/// An OAuth server and an API in one, whose tokens are `access-1`, `access-2`, ...
private final class OAuthServer: Sendable {
    struct State {
        var issued = 0
        var refreshes: [String] = []
        var answersRefresh = true
        var keepsRefresh = false
        var refusesRefresh = false
        var expired: Set<String> = []
    }
    let state = Mutex(State())

    func behave(_ request: HostileServer.Received) -> [HostileServer.Step] {
        state.withLock { state in
            if request.requestLine.contains("/oauth/") {
                state.refreshes.append(request.body)
                guard state.answersRefresh else { return [] }
                if state.refusesRefresh {
                    return [
                        .json(
                            400,
                            #"{"error":"invalid_grant","error_description":"missing or invalid refresh token refresh-secret-0","status":"BAD_REFRESH_TOKEN"}"#
                        )
                    ]
                }
                state.issued += 1
                let refresh = state.keepsRefresh ? "refresh-secret-0" : "refresh-\(state.issued)"
                let body =
                    #"{"access_token":"access-\#(state.issued)","refresh_token":"\#(refresh)","expires_in":1800,"scopes":["oauth"],"hub_id":7}"#
                return [.json(200, body)]
            }
            let token = request.header("authorization") ?? ""
            if state.expired.contains(token) {
                return [
                    .json(
                        401,
                        #"{"message":"The OAuth token used to make this call expired 2 second(s) ago.","category":"EXPIRED_AUTHENTICATION","context":{"expire time":["2026-11-21T10:00:00Z"]}}"#
                    )
                ]
            }
            return [.json(201, "{}")]
        }
    }
}

/// Keeps tokens in memory, as long as there is room.
private actor TestKeeper: OAuthTokenKeeper {
    private var tokens: OAuthTokens?
    private var isFull = false

    func fill() { isFull = true }
    func empty() { isFull = false }

    func read() -> OAuthTokens? { tokens }

    func write(_ tokens: OAuthTokens) throws(HubSpotError) {
        guard !isFull else { throw HubSpotError(.unauthenticated, "no space left on device") }
        self.tokens = tokens
    }

    func lock() -> any OAuthTokenLock { Open() }

    private struct Open: OAuthTokenLock {
        func release() {}
    }
}

@Suite("An OAuth app's access token") struct OAuthCredentialTests {
    private let create = APIRequest(.post, "/crm/v3/objects/contacts", body: Array("{}".utf8))

    private func running(
        _ body: (Session, OAuthServer, HostileServer, ManualClock, TestKeeper) async throws -> Void
    ) async throws {
        let oauth = OAuthServer()
        let clock = ManualClock()
        let keeper = TestKeeper()
        try await keeper.write(
            OAuthTokens(
                access: try AccessToken("access-0"), refresh: try AccessToken("refresh-secret-0"),
                lifetime: .seconds(1800), issuedAt: clock.unixTime, scopes: ["oauth"]))
        try await HostileServer.running({ oauth.behave($0) }) { server in
            try await Session.with(
                server, clock: clock,
                { configuration in
                    configuration.wording = { $0 == .logIn ? "run moonspot auth login" : $0.description }
                    let client = OAuthClient(
                        clientID: "app", tokenURL: .token(at: configuration.baseURL, .september2026),
                        configuration: configuration
                    ) { () async throws(HubSpotError) in try AccessToken("client-secret") }
                    configuration.credential = OAuthCredential(client, grant: .consent, keeper: keeper, clock: clock)
                }
            ) { session in try await body(session, oauth, server, clock, keeper) }
        }
    }

    private func tokens(_ server: HostileServer) -> [String?] {
        server.received.filter { !$0.requestLine.contains("/oauth/") }.map { $0.header("authorization") }
    }

    @Test func `is renewed with a tenth of its life left, once for all tasks, and used meanwhile`() async throws {
        try await running { session, oauth, server, clock, keeper in
            clock.advance(by: .seconds(1619))
            _ = try await session.send(create)
            #expect(oauth.state.withLock { $0.refreshes.isEmpty })

            oauth.state.withLock { $0.answersRefresh = false }
            clock.advance(by: .seconds(2))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...20 { group.addTask { _ = try await session.send(create) } }
                try await group.waitForAll()
            }
            #expect(tokens(server) == Array(repeating: "Bearer access-0", count: 21))
            #expect(await eventually { oauth.state.withLock { $0.refreshes.count } == 1 })
            #expect(
                oauth.state.withLock { $0.refreshes[0] }
                    == "grant_type=refresh_token&client_id=app&refresh_token=refresh-secret-0&client_secret=client-secret"
            )
        }
    }

    @Test func `gives way to the new one, which is kept with its refresh token`() async throws {
        try await running { session, oauth, server, clock, keeper in
            clock.advance(by: .seconds(1700))
            _ = try await session.send(create)
            #expect(await eventually { await keeper.read()?.access.prefixed(by: "") == "access-1" })
            #expect(await keeper.read()?.refresh?.prefixed(by: "") == "refresh-1")
            #expect(await keeper.read()?.portalID == 7)
            #expect(
                await eventually {
                    _ = try? await session.send(create)
                    return tokens(server).last == "Bearer access-1"
                })
            #expect(oauth.state.withLock { $0.refreshes.count } == 1)
        }
    }

    @Test func `is waited for where the old one has ended`() async throws {
        try await running { session, oauth, server, clock, _ in
            clock.advance(by: .seconds(1801))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...20 { group.addTask { _ = try await session.send(create) } }
                try await group.waitForAll()
            }
            #expect(tokens(server) == Array(repeating: "Bearer access-1", count: 20))
            #expect(oauth.state.withLock { $0.refreshes.count } == 1)
        }
    }

    @Test func `is renewed once after a 401 that says expired, and no create is doubled`() async throws {
        try await running { session, oauth, server, _, _ in
            oauth.state.withLock { $0.expired = ["Bearer access-0"] }
            let status = try await session.send(create).status
            #expect(status == 201)
            #expect(tokens(server) == ["Bearer access-0", "Bearer access-1"])
            oauth.state.withLock { $0.expired = ["Bearer access-1", "Bearer access-2"] }
            #expect(await failure { try await session.send(create) }?.kind == .unauthenticated)
            #expect(tokens(server).count == 4)
            #expect(oauth.state.withLock { $0.refreshes.count } == 2)
        }
    }

    @Test func `that cannot be renewed is one clear error, which quotes no secret and is not asked for again`()
        async throws
    {
        try await running { session, oauth, _, clock, _ in
            oauth.state.withLock { $0.refusesRefresh = true }
            clock.advance(by: .seconds(1801))
            for _ in 1...3 {
                let error = await failure { try await session.send(create) }
                #expect(error?.kind == .unauthenticated)
                #expect(error?.message.contains("moonspot auth login") == true)
                #expect(error?.description.contains("secret") == false, "\(error?.description ?? "")")
            }
            #expect(oauth.state.withLock { $0.refreshes.count } == 1)
        }
    }

    @Test func `that could not be renewed ahead is used to its end, and asked for again later`() async throws {
        try await running { session, oauth, server, clock, _ in
            oauth.state.withLock { $0.refusesRefresh = true }
            clock.advance(by: .seconds(1621))
            _ = try await session.send(create)
            #expect(await eventually { oauth.state.withLock { $0.refreshes.count } == 1 })
            try await HostileServer.everyLoopHasTurned()
            _ = try await session.send(create)
            #expect(tokens(server) == ["Bearer access-0", "Bearer access-0"])
        }
    }

    @Test func `is taken from who was faster`() async throws {
        try await running { session, oauth, server, clock, keeper in
            clock.advance(by: .seconds(1801))
            try await keeper.write(
                OAuthTokens(
                    access: try AccessToken("access-of-another"), refresh: nil, lifetime: .seconds(1800),
                    issuedAt: clock.unixTime))
            _ = try await session.send(create)
            #expect(tokens(server) == ["Bearer access-of-another"])
            #expect(oauth.state.withLock { $0.refreshes.isEmpty })
        }
    }

    @Test func `is the same where the server gives the same refresh token again`() async throws {
        try await running { session, oauth, server, clock, keeper in
            oauth.state.withLock { $0.keepsRefresh = true }
            for number in 1...2 {
                clock.advance(by: .seconds(1801))
                let status = try await session.send(create).status
                #expect(status == 201)
                #expect(tokens(server).last == "Bearer access-\(number)")
                #expect(await keeper.read()?.refresh?.prefixed(by: "") == "refresh-secret-0")
            }
        }
    }

    @Test func `is used where it cannot be kept, and renewed from there`() async throws {
        try await running { session, oauth, server, clock, keeper in
            await keeper.fill()
            for number in 1...2 {
                clock.advance(by: .seconds(1801))
                let status = try await session.send(create).status
                #expect(status == 201)
                #expect(tokens(server).last == "Bearer access-\(number)")
            }
            #expect(await keeper.read()?.access.prefixed(by: "") == "access-0")
            #expect(oauth.state.withLock { $0.refreshes.last?.contains("refresh_token=refresh-1&") } == true)
            // A login since then counts more.
            await keeper.empty()
            clock.advance(by: .seconds(60))
            try await keeper.write(
                OAuthTokens(
                    access: try AccessToken("access-of-another"), refresh: nil, lifetime: .seconds(9000),
                    issuedAt: clock.unixTime))
            clock.advance(by: .seconds(1801))
            _ = try await session.send(create)
            #expect(tokens(server).last == "Bearer access-of-another")
        }
    }

    @Test func `keeps its place in the quota when it changes`() async throws {
        let clock = ManualClock()
        let keeper = OAuthMemory()
        let client = OAuthClient(
            clientID: "app", tokenURL: .token(at: .api, .v3), configuration: SessionConfiguration()
        ) { () async throws(HubSpotError) in throw HubSpotError(.unauthenticated, "none") }
        let source = OAuthCredential(client, grant: .consent, keeper: keeper, clock: clock)
        var identities: Set<AccessToken> = []
        for access in ["access-1", "access-2"] {
            await keeper.write(
                OAuthTokens(
                    access: try AccessToken(access), refresh: nil, lifetime: .seconds(9), issuedAt: clock.unixTime,
                    portalID: 7))
            identities.insert(try await source.credential(replacing: nil).identity)
        }
        #expect(identities.count == 1)
    }
}

@Suite("What an OAuth login keeps") struct OAuthTokensTests {
    @Test func `is read again as it was written, and printed nowhere`() throws {
        let tokens = OAuthTokens(
            access: try AccessToken("canary-access"), refresh: try AccessToken("canary-refresh"),
            lifetime: .seconds(1800),
            issuedAt: .seconds(1_795_305_600), scopes: ["oauth", "forms"], portalID: 7)
        #expect(OAuthTokens(kept: tokens.kept) == tokens)
        var dumped = "\(tokens) \(String(reflecting: tokens))"
        dump(tokens, to: &dumped)
        #expect(!dumped.contains("canary"))
        #expect(OAuthTokens(kept: Array("{\"access_token\":\"x\"".utf8)) == nil)
        #expect(OAuthTokens(kept: Array("{\"access_token\":\"x\"}".utf8)) == nil)
    }

    @Test(arguments: ["https://app.example.org/oauth/authorize?x=1", "http://example.org/oauth", "app.example.org"])
    func `comes from no address that is none`(text: String) {
        #expect(throws: ConfigurationError.self) { try OAuthEndpoint(text) }
    }

    @Test func `is agreed to at the page of the region`() throws {
        #expect("\(OAuthEndpoint.consent(at: .api))" == "https://app.hubspot.com/oauth/authorize")
        #expect(
            "\(OAuthEndpoint.consent(at: try BaseURL("https://api-eu1.hubapi.com")))"
                == "https://app-eu1.hubspot.com/oauth/authorize")
        #expect(
            "\(OAuthEndpoint.consent(at: try BaseURL("http://127.0.0.1:9")))" == "http://127.0.0.1:9/oauth/authorize")
        let (first, second) = (OAuthConsent(), OAuthConsent())
        #expect(first.state != second.state && first.state.count == 43 && first.verifier != first.state)
        let address = first.address(
            of: .consent(at: .api), clientID: "a b", redirectURI: "http://localhost:1/x", scopes: ["a", "b"],
            optionalScopes: [])
        #expect(address.contains("client_id=a%20b&redirect_uri=http%3A%2F%2Flocalhost%3A1%2Fx&scope=a%20b"))
        #expect(!address.contains(first.verifier) && address.contains("code_challenge_method=S256"))
    }
}
