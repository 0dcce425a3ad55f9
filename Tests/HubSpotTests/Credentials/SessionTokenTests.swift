import Foundation
import HTTPTypes
import Synchronization
import Testing

@testable import HubSpot
import Quota

/// A source that gives its tokens one after the other, the last again and again.
private final class Tokens: CredentialSource {
    private let tokens: [AccessToken]
    private let count = Mutex(0)
    var asked: Int { count.withLock { $0 } }

    init(_ tokens: String...) throws { self.tokens = try tokens.map { try AccessToken($0) } }

    func credential(replacing old: Credential?) async throws(HubSpotError) -> Credential {
        let number = count.withLock { count in
            count += 1
            return count
        }
        guard let last = tokens.last else { throw HubSpotError(.unauthenticated, "none") }
        return Credential(number <= tokens.count ? tokens[number - 1] : last)
    }
}

@Suite("A token that has expired") struct ExpiredTokenTests {
    private static let expired =
        #"{"message":"The OAuth token used to make this call expired 2 hour(s) ago.","category":"EXPIRED_AUTHENTICATION","context":{"expire time":["2026-11-21T10:00:00Z"]}}"#
    private static let unrecognised =
        #"{"message":"The OAuth token used to make this call expired 20,500 day(s) ago.","category":"EXPIRED_AUTHENTICATION","context":{"expire time":["1970-01-01T00:00:00Z"]}}"#
    private let create = APIRequest(.post, "/crm/v3/objects/contacts", body: Array("{}".utf8))

    /// Takes `pat-na1-new` only.
    private static let server: HostileServer.Behaviour = { request in
        [request.header("authorization") == "Bearer pat-na1-new" ? .json(201, "{}") : .json(401, expired)]
    }

    @Test func `is asked for again once for all callers, who go on with the new one`() async throws {
        let source = try Tokens("pat-na1-old", "pat-na1-new")
        try await HostileServer.running(Self.server) { server in
            try await Session.with(server, { $0.credential = source }) { session in
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 1...20 { group.addTask { try await session.send(create).status } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(statuses == Array(repeating: 201, count: 20))
            }
            #expect(source.asked == 2)
            #expect(server.received.count { $0.header("authorization") == "Bearer pat-na1-new" } == 20)
        }
    }

    @Test func `leaves its places in the shared quota, which is the app's and the portal's`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("moonspot-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = try Tokens("pat-na1-old", "pat-na1-new")
        try await HostileServer.running(Self.server) { server in
            func places(_ change: @escaping (inout SessionConfiguration) -> Void, sending: Bool) async throws -> Double
            {
                try await Session.with(
                    server,
                    {
                        $0.store = .file(folder: folder.path)
                        $0.quota = try? QuotaSpecification("10/10s")
                        change(&$0)
                    }
                ) { session in
                    if sending { _ = try await session.send(create) }
                    return try await session.limits().burst.used
                }
            }
            // The call that was refused and the one that was not.
            #expect(try await places({ $0.credential = source }, sending: true) == 2)
            // Another process that still begins with the old token sees both.
            let old = FixedCredential(try AccessToken("pat-na1-old"))
            #expect(try await places({ $0.credential = old }, sending: false) == 2)
        }
    }

    @Test func `is an error where the source still gives it`() async throws {
        let source = try Tokens("pat-na1-old")
        try await HostileServer.running(Self.server) { server in
            try await Session.with(server, { $0.credential = source }) { session in
                let error = await failure { try await session.send(create) }
                #expect(error?.kind == .unauthenticated && error?.message.contains("expired 2 hour(s) ago") == true)
                #expect(error?.message.contains("still gives this one") == true)
            }
            #expect(source.asked == 2 && server.received.count == 1)
        }
    }

    @Test func `is an error where the new one has expired too`() async throws {
        let source = try Tokens("pat-na1-old", "pat-na1-older")
        try await HostileServer.running(Self.server) { server in
            try await Session.with(server, { $0.credential = source }) { session in
                #expect(await failure { try await session.send(create) }?.kind == .unauthenticated)
            }
            #expect(source.asked == 2 && server.received.count == 2)
        }
    }

    @Test func `is not what a token is that HubSpot does not know`() async throws {
        let source = try Tokens("pat-na1-old", "pat-na1-new")
        try await HostileServer.running({ _ in [.json(401, Self.unrecognised)] }) { server in
            try await Session.with(server, { $0.credential = source }) { session in
                #expect(await failure { try await session.send(create) }?.message.contains("not recognised") == true)
            }
            #expect(source.asked == 1 && server.received.count == 1)
        }
    }
}
