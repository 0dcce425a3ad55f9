import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import HubSpot
import Quota

@Suite("The transport") struct TransportTests {
    private func get(_ session: Session) async -> HubSpotError? {
        await failure { try await session.send(APIRequest(.get, "/crm/v3/objects/contacts/1")) }
    }

    private func create(_ session: Session) async -> HubSpotError? {
        await failure { try await session.send(APIRequest(.post, "/crm/v3/objects/contacts", body: Array("{}".utf8))) }
    }

    /// Answers with the same thing every time.
    private func against(
        _ steps: [HostileServer.Step], timeout: Duration = .seconds(30),
        clock: any SessionClock = JumpingClock(below: .seconds(20)),
        _ body: (HostileServer, Session) async throws -> Void
    ) async throws {
        try await HostileServer.running({ _ in steps }) { server in
            try await Session.with(server, clock: clock, timeout: timeout) { try await body(server, $0) }
        }
    }

    @Test func `sends what HubSpot expects and gets the body`() async throws {
        try await HostileServer.running({ _ in [.json(200, #"{"id":"1"}"#, headers: ["X-Some: thing"])] }) { server in
            try await Session.with(server) { session in
                let request = APIRequest(
                    .post, "/crm/v3/objects/contacts/search", query: [("a", "b c")], body: Array("{}".utf8))
                let response = try await session.send(request)
                #expect(String(decoding: response.body, as: UTF8.self) == #"{"id":"1"}"#)
                #expect(response.status == 200)
                #expect(response.header("x-some") == "thing")
                #expect(response.headers[try #require(HTTPField.Name("x-some"))] == "thing")
            }
            let seen = try #require(server.received.first)
            #expect(seen.requestLine == "POST /crm/v3/objects/contacts/search?a=b%20c HTTP/1.1")
            #expect(seen.header("authorization") == "Bearer pat-na1-11111111-2222-4333-8444-555555555555")
            #expect(seen.header("content-type") == "application/json")
            #expect(seen.header("accept-encoding") == "gzip")
            #expect(seen.header("user-agent")?.hasPrefix("moonspot/") == true)
            #expect(seen.body == "{}")
        }
    }

    @Test func `sends no token with a public form`() async throws {
        try await HostileServer.running({ _ in [.json(200, "{}")] }) { server in
            try await Session.with(server) { session in
                let path = session.paths.formSubmit(portalID: 1, formGuid: "g", secure: false)
                _ = try await session.send(APIRequest(.post, path, host: .forms, body: [], isAuthenticated: false))
            }
            #expect(server.received.first?.header("authorization") == nil)
        }
    }

    @Test func `keeps one connection`() async throws {
        try await against([.json(200, "{}")]) { server, session in
            for _ in 0..<5 { _ = try await session.send(APIRequest(.get, "/crm/v3/owners")) }
            #expect(server.openConnections == 1)
            await session.close()
            #expect(await eventually { server.openConnections == 0 })
        }
    }

    @Test func `passes its deadline when no head comes`() async throws {
        try await against([], timeout: .seconds(2), clock: SystemClock()) { server, session in
            let error = await create(session)
            #expect(error?.kind == .timeout)
            #expect(error?.fateIsUnknown == true)
            #expect(error?.message.contains("unknown") == true)
            #expect(await eventually { server.received.count == 1 })
            #expect(await eventually { server.openConnections == 0 })
        }
    }

    @Test func `passes its deadline when the body stops`() async throws {
        let steps: [HostileServer.Step] = [.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\"")]
        try await against(steps, timeout: .milliseconds(200), clock: SystemClock()) { server, session in
            #expect(await create(session)?.kind == .timeout)
            #expect(await eventually { server.openConnections == 0 })
        }
    }

    @Test(arguments: [
        ([HostileServer.Step.reset], HubSpotError.Kind.network),
        ([.close], .network),
        ([.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\""), .close], .network),
        ([.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\""), .reset], .network),
        ([.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\""), .close], .network),
        ([.write("HTTP/1.1 20"), .close], .network),
    ])
    func `repeats a read whose connection is lost, and no create`(steps: [HostileServer.Step], kind: HubSpotError.Kind)
        async throws
    {
        try await against(steps) { server, session in
            let error = await get(session)
            #expect(error?.kind == kind)
            #expect(server.received.count == 5)
            let lost = await create(session)
            #expect(lost?.kind == kind)
            #expect(lost?.fateIsUnknown == true)
            #expect(server.received.count == 6)
        }
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH_9.2\r\n", "\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}\u{46}\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
        "\r\n\r\n\r\nfoo: bar\r\n\r\n",
    ])
    func `calls what is not HTTP a bad response`(text: String) async throws {
        try await against([.write(text), .close]) { _, session in
            #expect(await create(session)?.kind == .badResponse)
        }
    }

    @Test func `calls a page for a browser a bad response`() async throws {
        try await against([.answer(200, "\n<!DOCTYPE html><html>Log in</html>", headers: ["Content-Type: text/html"])])
        { _, session in
            let error = await get(session)
            #expect(error?.kind == .badResponse)
            #expect(error?.message.contains("HTML") == true)
        }
        try await against([.answer(502, "<html>Bad gateway</html>")]) { server, session in
            #expect(await get(session)?.kind == .unavailable)
            #expect(server.received.count == 5)
        }
    }

    @Test func `takes a hundred megabytes and refuses more than it can hold`() async throws {
        let megabyte = [UInt8](repeating: UInt8(ascii: " "), count: 1 << 20)
        let large: [HostileServer.Step] =
            [.write("HTTP/1.1 200 OK\r\nContent-Length: \(100 << 20)\r\n\r\n")]
            + (0..<100).map { _ in .bytes(megabyte) }
        try await against(large) { _, session in
            let count = try await session.send(APIRequest(.get, "/crm/v3/owners")).body.count
            #expect(count == 100 << 20)
        }
        try await against([.write("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")]) { _, session in
            let error = await get(session)
            #expect(error?.kind == .badResponse)
            #expect(error?.message.contains("256 MB") == true)
        }
    }

    @Test func `unpacks gzip, and refuses what only claims to be`() async throws {
        // printf '{"id":"1"}' | gzip -n
        let packed: [UInt8] = [
            0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xab, 0x56, 0xca, 0x4c, 0x51, 0xb2, 0x52, 0x32,
            0x54, 0xaa, 0x05, 0x00, 0xf3, 0xc8, 0x18, 0xf6, 0x0a, 0x00, 0x00, 0x00,
        ]
        let head = { (count: Int) in "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(count)\r\n\r\n" }
        try await against([.write(head(packed.count)), .bytes(packed)]) { _, session in
            let response = try await session.send(APIRequest(.get, "/crm/v3/owners"))
            #expect(String(decoding: response.body, as: UTF8.self) == #"{"id":"1"}"#)
        }
        try await against([.write(head(10) + "0123456789")]) { _, session in
            #expect(await get(session)?.kind == .badResponse)
        }
    }

    /// Bodies of a length that only the connection's end tells.
    @Test(arguments: ["0123456789", "", "{\"id\":\"1\"}"])
    func `refuses at once what only claims to be gzip on a connection that closes`(body: String) async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
        for steps in [[HostileServer.Step.write(head + body), .close], [.write(head), .write(body), .close]] {
            try await against(steps) { _, session in
                let error = await get(session)
                #expect(error?.kind == .badResponse, "\(error?.description ?? "no error")")
            }
        }
    }

    @Test func `says what is wrong when nobody listens`() async throws {
        let port = try await HostileServer.running({ _ in [] }) { $0.port }
        var configuration = SessionConfiguration(
            credential: FixedCredential(try AccessToken("pat-na1-x")), baseURL: try BaseURL("http://127.0.0.1:\(port)"))
        configuration.clock = JumpingClock(below: .seconds(20))
        let session = Session(configuration)
        // Nothing was sent, so even a create is tried again.
        let error = await create(session)
        #expect(error?.kind == .network)
        #expect(error?.fateIsUnknown == false)
        #expect(error?.message.contains("refused") == true)
        let limits = try await session.limits()
        #expect(limits.totals.retries == 4)
        #expect(limits.burst.used == 0)
        await session.close()
    }

    @Test func `follows a redirect of a GET on the same host only`() async throws {
        try await HostileServer.running({ request in
            switch request.requestLine {
            case "GET /crm/v3/objects/contacts/1 HTTP/1.1":
                [.answer(302, headers: ["Location: /crm/v3/objects/contacts/2?a=1"])]
            case "GET /crm/v3/objects/contacts/2?a=1 HTTP/1.1": [.json(200, "{}")]
            case "GET /crm/v3/objects/contacts/3 HTTP/1.1":
                [.answer(307, headers: ["Location: https://evil.example/crm/v3/objects/contacts/3"])]
            case "GET /crm/v3/objects/contacts/4 HTTP/1.1":
                [.answer(307, headers: ["Location: //evil.example/crm/v3/objects/contacts/3"])]
            default: [.answer(308, headers: ["Location: \(request.requestLine.split(separator: " ")[1])"])]
            }
        }) { server in
            try await Session.with(server) { session in
                let status = try await session.send(APIRequest(.get, "/crm/v3/objects/contacts/1")).status
                #expect(status == 200)
                for path in ["/crm/v3/objects/contacts/3", "/crm/v3/objects/contacts/4"] {
                    let error = await failure { try await session.send(APIRequest(.get, path)) }
                    #expect(error?.kind == .badResponse)
                }
                #expect(server.received.count == 4)
                #expect(
                    await failure { try await session.send(APIRequest(.get, "/crm/v3/loop")) }?.kind == .badResponse)
                #expect(server.received.count == 4 + 6)
                #expect(await create(session)?.kind == .badResponse)
                #expect(server.received.count == 4 + 6 + 1)
            }
        }
    }

    @Test func `closes the connection at once when the call is cancelled`() async throws {
        try await against([], clock: SystemClock()) { server, session in
            let call = Task { await get(session) }
            #expect(await eventually { server.received.count == 1 })
            call.cancel()
            #expect(await call.value?.kind == .cancelled)
            #expect(await eventually { server.openConnections == 0 })
            #expect(server.received.count == 1)
        }
    }

    @Test func `loses no create on a connection that the server closed while it was idle`() async throws {
        try await against([.json(201, "{}"), .closeLater], clock: SystemClock()) { server, session in
            for round in 1...3 {
                #expect(await create(session) == nil)
                #expect(await eventually { server.openConnections == 0 })
                try await HostileServer.everyLoopHasTurned()
                #expect(server.received.count == round)
            }
        }
    }

    @Test func `refuses a URL that is too long before it is sent`() async throws {
        try await HostileServer.running({ _ in [.json(200, "{}")] }) { server in
            let query = [(name: "properties", value: String(repeating: "x", count: 17_000))]
            let error = try await Session.with(
                server, { $0.wording = { $0 == .askForLess ? "use batch.read" : $0.description } }
            ) { session in
                await failure { try await session.send(APIRequest(.get, "/crm/v3/objects/contacts", query: query)) }
            }
            #expect(error?.kind == .invalidArgument)
            #expect(error?.message.contains("batch.read") == true)
            #expect(server.received.isEmpty)
        }
    }

    @Test func `says so when SSL_CERT_FILE holds no certificates`() async throws {
        var configuration = SessionConfiguration(
            credential: FixedCredential(try AccessToken("pat-na1-x")), baseURL: try BaseURL("https://127.0.0.1:9"))
        configuration.network.certificateFile = "/nonexistent.pem"
        configuration.clock = JumpingClock(below: .seconds(20))
        let session = Session(configuration)
        let error = await get(session)
        #expect(error?.kind == .network)
        #expect(error?.message.contains("SSL_CERT_FILE") == true)
        let retries = try await session.limits().totals.retries
        #expect(retries == 0)
        await session.close()
    }

    @Test func `does not speak to a server without TLS where TLS is asked for`() async throws {
        try await HostileServer.running({ _ in [.json(200, "{}")] }) { server in
            var configuration = SessionConfiguration(
                credential: FixedCredential(try AccessToken("pat-na1-x")),
                baseURL: try BaseURL("https://127.0.0.1:\(server.port)"))
            configuration.timeout = .seconds(1)
            let session = Session(configuration)
            let error = await create(session)
            #expect(error?.kind == .network || error?.kind == .timeout)
            #expect(server.received.allSatisfy { !$0.head.contains("pat-na1") })
            await session.close()
        }
    }
}
