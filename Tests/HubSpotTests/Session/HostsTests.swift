import HTTPTypes
import Testing

@testable import HubSpot

@Suite("A region") struct RegionTests {
    @Test(arguments: ["na1", "na2", "eu1", "ap1", "au1", "euw12"])
    func `names HubSpot's own hosts`(word: String) throws {
        let region = try #require(Region(word))
        let host = word == "na1" ? "api" : "api-\(word)"
        #expect(BaseURL.api(of: region).description == "https://\(host).hubapi.com")
        #expect(BaseURL.forms(of: region).description == "https://\(host).hsforms.com")
    }

    @Test(arguments: [
        "", "eu", "1", "EU1", "eu1.evil.example", "eu1/", "eu-1", "e1", "eu123", "e\u{301}u1", "eu1@x", "eu１",
        "xeuropa1",
    ])
    func `is a checked word`(word: String) throws {
        #expect(Region(word) == nil)
        guard let token = try? AccessToken("pat-\(word)-1111") else { return }
        #expect(token.region == nil)
    }
}

@Suite("An account in another data centre") struct HostsTests {
    private let create = APIRequest(.post, "/crm/v3/objects/contacts", body: Array("{}".utf8))
    private let submission = APIRequest(
        .post, "/submissions/v3/integration/submit/1/g", host: .forms, body: Array("{}".utf8))
    private static let refusal =
        #"{"status":"error","message":"Hub 1 is unknown to this Hublet, but it appears to exist in Hublet eu1","correctHublet":"eu1"}"#

    /// A session whose HubSpot is `home`, with the data centre eu1 at `region`.
    private func session(
        _ home: HostileServer, region: HostileServer, token: String = "pat-na1-1", formsURL: BaseURL? = nil,
        _ body: (Session) async throws -> Void
    ) async throws {
        let (homeURL, regionURL) = (try BaseURL(home.url), try BaseURL(region.url))
        let token = try AccessToken(token)
        try await Session.with(
            home,
            {
                $0.credential = FixedCredential(token)
                $0.formsURL = formsURL
                $0.hosts = Hosts.Pattern(
                    home: homeURL, api: { $0 == .northAmerica ? homeURL : regionURL },
                    forms: { $0 == .northAmerica ? homeURL : regionURL })
            }, body)
    }

    @Test(arguments: [
        refusal, #"{"message":"Hub 1 is unknown to this Hublet, but it appears to exist in Hublet eu1"}"#,
    ])
    func `is gone on with there, creates too, for the rest of the session`(refusal: String) async throws {
        try await HostileServer.running({ _ in [.json(488, refusal)] }) { home in
            try await HostileServer.running({ _ in [.json(201, #"{"id":"1"}"#)] }) { region in
                try await session(home, region: region) { session in
                    let status = try await session.send(create).status
                    #expect(status == 201)
                    _ = try await session.send(create)
                    _ = try await session.send(submission)
                    #expect(session.apiURL.description == region.url)
                }
                #expect(home.received.count == 1)
                #expect(region.received.count == 3)
                #expect(region.received[0].header("authorization") == "Bearer pat-na1-1")
            }
        }
    }

    @Test func `is an error where the region's host sends on too`() async throws {
        try await HostileServer.running({ _ in [.json(488, Self.refusal)] }) { home in
            try await HostileServer.running({ _ in [.json(488, #"{"correctHublet":"na2"}"#)] }) { region in
                try await session(home, region: region) { session in
                    let error = await failure { try await session.send(create) }
                    #expect(error?.kind == .badResponse && error?.status == 488)
                    #expect(error?.message.contains("data centre na2") == true)
                    #expect(error?.message.contains("https://api-na2.hubapi.com") == true)
                    #expect(error?.remedy == Region("na2").map { .useBaseURL(.api(of: $0)) })
                }
                #expect(home.received.count == 1 && region.received.count == 1)
            }
        }
    }

    @Test(arguments: [
        #"{"correctHublet":"eu1.evil.example"}"#, #"{"correctHublet":"//evil.example/"}"#, "{}", "", "<html>eu1</html>",
    ])
    func `is an error where no data centre is named`(body: String) async throws {
        try await HostileServer.running({ _ in [.json(488, body)] }) { home in
            try await session(home, region: home) { session in
                let error = await failure { try await session.send(create) }
                #expect(error?.status == 488 && error?.message.contains("evil") == false)
            }
            #expect(home.received.count == 1)
        }
    }

    /// As a program may word it.
    private static let wording: @Sendable (HubSpotError.Remedy) -> String = {
        switch $0 {
        case .useBaseURL(let url?): "set --base-url \(url)"
        case .useFormsURL(let url): "set --forms-url \(url)"
        default: "\($0)"
        }
    }

    @Test func `is never gone to from a base URL that is not HubSpot's own, which is told what to set`() async throws {
        try await HostileServer.running({ _ in [.json(488, Self.refusal)] }) { server in
            try await Session.with(server, { $0.wording = Self.wording }) { session in
                let error = await failure { try await session.send(create) }
                #expect(
                    error?.message.hasSuffix("set --base-url https://api-eu1.hubapi.com") == true,
                    "\(String(describing: error))")
                let submitted = await failure { try await session.send(submission) }
                #expect(submitted?.message.hasSuffix("set --forms-url https://api-eu1.hsforms.com") == true)
            }
            #expect(server.received.count == 2)
        }
    }

    private static let account =
        #"{"portalId":1,"dataHostingLocation":"eu1","accountType":"STANDARD","uiDomain":"app-eu1.hubspot.com"}"#

    @Test func `gets its submissions where the token says`() async throws {
        try await HostileServer.running({ _ in [.json(200, "{}")] }) { home in
            try await HostileServer.running({ _ in [.json(200, "{}")] }) { region in
                try await session(home, region: region, token: "pat-eu1-1") { _ = try await $0.send(submission) }
                #expect(home.received.isEmpty && region.received.count == 1)
                try await session(home, region: region, token: "pat-na1-1") { _ = try await $0.send(submission) }
                #expect(home.received.count == 1 && region.received.count == 1)
            }
        }
    }

    @Test func `gets its submissions where the account says if the token does not, asked once`() async throws {
        try await HostileServer.running({ _ in [.json(200, Self.account)] }) { home in
            try await HostileServer.running({ _ in [.json(200, "{}")] }) { region in
                try await session(home, region: region, token: "CJopaque") { session in
                    _ = try await session.send(submission)
                    _ = try await session.request(submission, raises: false)
                    #expect(session.knownAccount?.uiDomain == "app-eu1.hubspot.com")
                }
                #expect(home.received.map(\.requestLine) == ["GET /account-info/2026-09/details HTTP/1.1"])
                #expect(region.received.count == 2)
            }
        }
    }

    @Test func `gets its submissions at HubSpot's first host where nothing tells the region`() async throws {
        let respond: HostileServer.Behaviour = { [.json($0.requestLine.contains("account-info") ? 403 : 200, "{}")] }
        try await HostileServer.running(respond) { home in
            var hosts = Hosts.Pattern()
            hosts.home = try BaseURL(home.url)
            let token = try AccessToken("CJopaque")
            try await Session.with(
                home,
                { [hosts] in
                    $0.credential = FixedCredential(token)
                    $0.hosts = hosts
                }
            ) { session in
                let urls = [try await session.formsURL(), try await session.formsURL()]
                #expect(urls == [.forms, .forms])
            }
            #expect(home.received.count == 1)
        }
    }

    @Test func `does not change a forms host that was given`() async throws {
        try await HostileServer.running({ _ in [.json(200, "{}")] }) { home in
            try await HostileServer.running({ _ in [] }) { region in
                try await session(home, region: region, token: "pat-eu1-1", formsURL: BaseURL(home.url)) {
                    _ = try await $0.send(submission)
                }
                #expect(home.received.count == 1 && region.received.isEmpty)
            }
        }
    }

    @Test(arguments: [
        ("https://api-eu1.hubapi.com", "https://api-eu1.hsforms.com"), ("http://127.0.0.1:9", "http://127.0.0.1:9"),
        ("https://proxy.example", "https://api.hsforms.com"),
    ])
    func `gets its submissions at the host that goes with the base URL`(base: String, forms: String) throws {
        let hosts = Hosts(SessionConfiguration(baseURL: try BaseURL(base)))
        #expect(hosts.forms?.description == forms)
    }
}
