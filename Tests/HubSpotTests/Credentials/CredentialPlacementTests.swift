import HTTPTypes
import Testing

@testable import HubSpot

@Suite("A credential on the wire") struct CredentialPlacementTests {
    private static let secret = "canary-1111-2222-3333"
    private let read = APIRequest(.get, "/crm/v3/objects/contacts/1")

    private func source(_ placement: CredentialPlacement) throws -> FixedCredential {
        FixedCredential(try AccessToken(Self.secret), placement: placement)
    }

    @Test(
        arguments: [
            (CredentialPlacement.bearer, "Authorization: Bearer \(secret)", "/crm/v3/objects/contacts/1"),
            (try! CredentialPlacement(header: "X-Api-Key"), "X-Api-Key: \(secret)", "/crm/v3/objects/contacts/1"),
            (
                try! CredentialPlacement(header: "authorization", prefix: "Token "), "Authorization: Token \(secret)",
                "/crm/v3/objects/contacts/1"
            ),
            (.apiKey, nil, "/crm/v3/objects/contacts/1?hapikey=\(secret)"),
            (try! CredentialPlacement(query: "my key"), nil, "/crm/v3/objects/contacts/1?my%20key=\(secret)"),
        ] as [(CredentialPlacement, String?, String)])
    func `stands where its kind says, once`(placement: CredentialPlacement, line: String?, target: String) async throws
    {
        let source = try source(placement)
        try await HostileServer.running({ _ in [.json(200, "{}")] }) { server in
            try await Session.with(server, { $0.credential = source }) { session in
                _ = try await session.send(read)
            }
            let request = try #require(server.received.first)
            #expect(request.requestLine == "GET \(target) HTTP/1.1")
            if let line { #expect(request.head.contains("\r\n\(line)\r\n")) }
            #expect(request.head.split(separator: Self.secret, omittingEmptySubsequences: false).count == 2)
        }
    }

    @Test(arguments: [
        CredentialPlacement.apiKey, try! CredentialPlacement(header: "X-Api-Key"),
        try! CredentialPlacement(query: "key"),
    ])
    func `is refused for HubSpot's own hosts before its source is asked, with the way out`(
        placement: CredentialPlacement
    ) async throws {
        struct Untouched: CredentialSource {
            let placement: CredentialPlacement
            func credential(replacing old: Credential?) async throws(HubSpotError) -> Credential {
                Issue.record("asked for a secret that is not sent")
                throw HubSpotError(.unauthenticated, "")
            }
        }
        for host in ["https://api.hubapi.com", "https://API-EU1.hubapi.com.", "https://api.hubspot.com"] {
            var configuration = SessionConfiguration(
                credential: Untouched(placement: placement), baseURL: try BaseURL(host))
            configuration.wording = { $0 == .useToken ? "use a service key, or another base_url" : $0.description }
            let session = Session(configuration)
            let error = await failure { try await session.send(read) }
            #expect(error?.kind == .unauthenticated)
            #expect(error?.message.contains("service key") == true && error?.message.contains("base_url") == true)
            #expect((error?.message.contains("30 November 2022") == true) == (placement == .apiKey))
            await session.close()
        }
    }

    @Test func `is not refused for hosts that only look like HubSpot's`() throws {
        for host in ["https://nothubapi.com", "https://api.hubapi.com.example.org", "http://127.0.0.1:9"] {
            #expect(CredentialPlacement.apiKey.refusal(by: try BaseURL(host)) == nil)
        }
        #expect(try CredentialPlacement(header: "AUTHORIZATION", prefix: "").refusal(by: .api) == nil)
    }

    @Test func `of forms goes to no host of HubSpot's either`() async throws {
        let source = try source(.apiKey)
        try await HostileServer.running({ _ in [.json(200, "{}")] }) { server in
            try await Session.with(
                server,
                {
                    $0.credential = source
                    $0.formsURL = .forms
                }
            ) { session in
                let form = APIRequest(
                    .post, "/submissions/v3/integration/secure/submit/1/x", host: .forms, body: Array("{}".utf8))
                #expect(await failure { try await session.send(form) }?.kind == .unauthenticated)
            }
            #expect(server.received.isEmpty)
        }
    }

    @Test func `is given by the session alone`() async throws {
        for placement in [try CredentialPlacement(header: "X-Api-Key"), .apiKey] {
            let source = try source(placement)
            try await HostileServer.running({ _ in [.json(200, "{}")] }) { server in
                try await Session.with(server, { $0.credential = source }) { session in
                    var requests = [read, read, read]
                    requests[0].headers[HTTPField.Name("x-api-key")!] = "mine"  // A valid name.
                    requests[1].query = [("hapikey", "mine")]
                    requests[2].path += "?a=b&hap%69key=mine"
                    let refused = await [
                        failure { try await session.send(requests[0]) },
                        failure { try await session.send(requests[1]) },
                        failure { try await session.send(requests[2]) },
                    ]
                    #expect(
                        refused.map { $0?.kind == .invalidArgument }
                            == (placement == .apiKey ? [false, true, true] : [true, false, false]))
                }
            }
        }
    }

    @Test func `is masked where an answer repeats its address, and sent once to where a redirect leads`() async throws {
        let source = try source(.apiKey)
        try await HostileServer.running({ request in
            if request.requestLine.contains("/moved") {
                return [
                    .json(
                        200, "{\"link\":\"/next?hapikey=\(Self.secret)\"}",
                        headers: ["Link: </next?hapikey=\(Self.secret)>"])
                ]
            }
            return [.json(302, "", headers: ["Location: /crm/v3/objects/contacts/moved?a=b&hapikey=\(Self.secret)"])]
        }) { server in
            try await Session.with(server, { $0.credential = source }) { session in
                let answer = try await session.send(read)
                #expect(String(decoding: answer.body, as: UTF8.self) == "{\"link\":\"/next?hapikey=••••\"}")
                #expect(answer.header("link")?.contains(Self.secret) == false)
            }
            #expect(
                server.received.last?.requestLine
                    == "GET /crm/v3/objects/contacts/moved?a=b&hapikey=\(Self.secret) HTTP/1.1")
        }
    }

    @Test func `cannot go into a header that the transport sets`() {
        for name in ["Host", "content-length", "Accept-Encoding", "a b", ""] {
            #expect(throws: ConfigurationError.self) { try CredentialPlacement(header: name) }
        }
        #expect(throws: ConfigurationError.self) { try CredentialPlacement(header: "X-Key", prefix: "a\r\nb") }
        #expect(throws: ConfigurationError.self) { try CredentialPlacement(query: "") }
    }
}
