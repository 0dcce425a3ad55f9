import HTTPTypes
import Testing

@testable import HubSpot

@Suite("A request that is shown") struct ShownRequestTests {
    private static let canary = "pat-na1-canary00-1111-2222"

    private func session(_ placement: CredentialPlacement) throws -> Session {
        Session(
            SessionConfiguration(
                credential: FixedCredential(try AccessToken(Self.canary), placement: placement),
                baseURL: try BaseURL("https://gateway.example")))
    }

    private static let kinds: [(CredentialPlacement, address: String, header: ShownRequest.Header?)] = [
        (.bearer, "https://gateway.example/crm/v3/x?a=b", .init("Authorization", "Bearer pat-na1-••••")),
        (.apiKey, "https://gateway.example/crm/v3/x?a=b&hapikey=pat-na1-••••", nil),
        (try! CredentialPlacement(query: "my key"), "https://gateway.example/crm/v3/x?a=b&my%20key=pat-na1-••••", nil),
        (
            try! CredentialPlacement(header: "X-Api-Key"), "https://gateway.example/crm/v3/x?a=b",
            .init("X-Api-Key", "pat-na1-••••")
        ),
    ]

    @Test(arguments: kinds.indices) func `says where its credential stands, and not which it is`(index: Int)
        async throws
    {
        let (placement, address, header) = Self.kinds[index]
        let session = try session(placement)
        let request = APIRequest(
            .post, "/crm/v3/x", query: [("a", "b")], body: Array("{\"n\":\"\(Self.canary)\"}".utf8))
        // The secret is not known before the first call, and the request can be shown all the same.
        let before = session.shown(request)
        #expect(before.address == address.replacing("pat-na1-••••", with: "••••"))
        _ = try await session.credentialEnd()
        let shown = session.shown(request)
        #expect(shown.method == "POST" && shown.address == address && shown.placement == placement)
        let named = shown.headers.filter { $0.value.contains("•") }
        #expect(named == [header].compactMap { $0 })
        #expect(shown.headers.contains(.init("Content-Type", "application/json")))
        #expect(shown.body == Array("{\"n\":\"pat-na1-••••\"}".utf8))
        #expect(!"\(shown)".contains("canary"))
        await session.close()
    }

    @Test(arguments: [
        ("/oauth/v1/refresh-tokens/canary?x=1", "/oauth/v1/refresh-tokens/••••?x=1"),
        ("/oauth/v1/access-tokens/canary", "/oauth/v1/access-tokens/••••"),
        ("/x?HAPIKEY=canary&a=1&client%5Fsecret=canary&b", "/x?HAPIKEY=••••&a=1&client%5Fsecret=••••&b"),
        ("/x?token", "/x?token=••••"), ("/x?a=token", "/x?a=token"), ("/crm/v3/x", "/crm/v3/x"), ("/x?", "/x?"),
    ]) func `masks what is a secret by its name`(target: String, shown: String) {
        #expect(SecretMask(known: nil).target(target) == shown)
    }

    @Test func `masks headers and bodies that hold secrets`() throws {
        let session = try session(.bearer)
        var request = APIRequest(
            .post, "/oauth/2026-09/token", body: Array("client_secret=canary".utf8), isAuthenticated: false)
        request.headers[HTTPField.Name("Cookie")!] = "canary"  // A name that every header may have.
        let shown = session.shown(request)
        #expect(shown.body == Array("••••".utf8) && shown.placement == nil)
        #expect(!"\(shown)".contains("canary"))
    }
}
