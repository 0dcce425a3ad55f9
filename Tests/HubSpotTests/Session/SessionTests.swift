import HTTPTypes
import Synchronization
import TestSupport
import Testing

@testable import HubSpot
import Quota

@Suite("A session") struct SessionTests {
    private let read = APIRequest(.get, "/crm/v3/objects/contacts/1")
    private let write = APIRequest(.post, "/crm/v3/objects/contacts", body: Array("{}".utf8))

    @Test func `repeats a 429 after the wait that it asks for, even for a create`() async throws {
        let clock = JumpingClock()
        try await HostileServer.running({ request in
            request.index < 2
                ? [.json(429, #"{"policyName":"TEN_SECONDLY_ROLLING"}"#, headers: ["Retry-After: 7"])]
                : [.json(201, "{}")]
        }) { server in
            try await Session.with(server, clock: clock, timeout: .seconds(2000)) { session in
                let status = try await session.send(write).status
                #expect(status == 201)
                let totals = try await session.limits().totals
                #expect(totals.requests == 3)
                #expect(totals.retries == 2)
                #expect(totals.throttled == 2)
                #expect(totals.waitSeconds >= 14)
            }
            #expect(server.received.count == 3)
        }
    }

    @Test func `never shows the token that a server quotes`() async throws {
        let token = try AccessToken("SECRETTOKEN12345")
        let body =
            #"{"message":"bad token SECRETTOKEN12345","errors":[{"message":"SECRETTOKEN12345"}],"context":{"t":["SECRETTOKEN12345"]}}"#
        try await FakeHubSpot.running({ $0.credential = FixedCredential(token) }, respond: { _ in .init(401, body) }) {
            session, _ in
            let error = try #require(await failure { try await session.send(read) })
            #expect(error.message.contains("bad token ••••"))
            #expect(!"\(error) \(error.errors) \(String(describing: error.context))".contains("SECRET"))
            let answer = try #require(try await session.request(read, raises: false))
            #expect(!String(decoding: answer.body, as: UTF8.self).contains("SECRET"))
        }
    }

    @Test func `raises the day's limit at once and sends nothing more`() async throws {
        try await HostileServer.running({ _ in [.json(429, #"{"policyName":"DAILY"}"#)] }) { server in
            try await Session.with(server) { session in
                #expect(await failure { try await session.send(read) }?.kind == .dailyLimit)
                #expect(await failure { try await session.request(read, raises: false) }?.kind == .dailyLimit)
            }
            #expect(server.received.count == 1)
        }
    }

    @Test func `repeats an update on a 503 unless it appends`() async throws {
        try await HostileServer.running({ $0.index == 0 || $0.index == 2 ? [.answer(503)] : [.json(200, "{}")] }) {
            server in
            try await Session.with(server, clock: JumpingClock(), timeout: .seconds(2000)) { session in
                var update = APIRequest(
                    .patch, "/crm/v3/objects/contacts/1", body: Array(#"{"properties":{"a":"x"}}"#.utf8))
                let status = try await session.send(update).status
                #expect(status == 200)
                update.body = Array(#"{"properties":{"a":";x"}}"#.utf8)
                #expect(await failure { try await session.send(update) }?.kind == .unavailable)
            }
            #expect(server.received.count == 3)
        }
    }

    @Test func `takes a 404 for done when an earlier try to delete got no answer`() async throws {
        try await HostileServer.running({ $0.index == 0 ? [.reset] : [.json(404, "{}")] }) { server in
            try await Session.with(server, clock: JumpingClock(), timeout: .seconds(2000)) { session in
                let delete = APIRequest(.delete, "/crm/v3/objects/contacts/1")
                let status = try await session.send(delete).status
                #expect(status == 204)
                #expect(await failure { try await session.send(delete) }?.kind == .notFound)
            }
        }
    }

    @Test func `answers any status to exchange`() async throws {
        try await HostileServer.running({ _ in [.json(404, #"{"message":"no"}"#)] }) { server in
            try await Session.with(server) { session in
                let response = try #require(try await session.request(read, raises: false))
                #expect(response.status == 404)
                #expect(String(decoding: response.body, as: UTF8.self) == #"{"message":"no"}"#)
            }
        }
    }

    @Test func `writes nothing when it is read-only`() async throws {
        try await HostileServer.running({ _ in [.json(200, "{}")] }) { server in
            try await Session.with(server, { $0.isReadOnly = true }) { session in
                let error = await failure { try await session.send(write) }
                #expect(error?.kind == .readOnly)
                #expect(error?.request == "POST /crm/v3/objects/contacts")
                _ = try await session.send(read)
                _ = try await session.send(APIRequest(.post, "/crm/v3/objects/contacts/search", body: []))
            }
            #expect(server.received.count == 2)
        }
    }

    @Test func `does only what it is allowed`() async throws {
        try await HostileServer.running({ _ in [.json(200, #"{"portalId":20000001}"#)] }) { server in
            // A valid list.
            try await Session.with(server, { $0.permissions = try! PermissionList("forms:submit") }) { session in
                let error = await failure { try await session.send(read) }
                #expect(error?.kind == .notAllowed)
                #expect(error?.message.contains("contacts:read") == true)
                // What a submission needs is asked all the same.
                let id = try await session.portalID()
                #expect(id == 20_000_001)
            }
            #expect(server.received.count == 1)
        }
    }

    @Test func `shows what a dry run does not send`() async throws {
        let shown = Mutex<[String]>([])
        try await HostileServer.running({ _ in [.json(200, "{}")] }) { server in
            try await Session.with(
                server,
                { configuration in
                    configuration.isDryRun = true
                    configuration.onDryRun = { request in shown.withLock { $0.append(request.summary) } }
                }
            ) { session in
                let written = try await session.request(write)
                #expect(written == nil)
                #expect(await failure { try await session.send(write) }?.kind == .notAllowed)
                let answer = try await session.request(read)
                #expect(answer != nil)
            }
            #expect(server.received.count == 1)
        }
        #expect(shown.withLock { $0 } == ["POST /crm/v3/objects/contacts", "POST /crm/v3/objects/contacts"])
    }

    @Test(arguments: ["Authorization", "Host", "X-HTTP-Method-Override", "content-length", "Transfer-Encoding"])
    func `refuses a header of its own`(name: String) async throws {
        try await HostileServer.running({ _ in [.json(200, "{}")] }) { server in
            try await Session.with(server) { session in
                var request = read
                request.headers[try #require(HTTPField.Name(name))] = "x"
                #expect(await failure { try await session.request(request, raises: false) }?.kind == .invalidArgument)
            }
            #expect(server.received.isEmpty)
        }
    }

    @Test func `asks for the portal's id once, and learns when the day ends`() async throws {
        let clock = ManualClock()
        try await HostileServer.running({ _ in
            [.json(200, #"{"portalId":20000001,"timeZone":"Europe/Berlin","utcOffsetMilliseconds":3600000}"#)]
        }) { server in
            try await Session.with(server, clock: clock) { session in
                let ids = try await withThrowingTaskGroup(of: Int64.self) { group in
                    for _ in 0..<20 { group.addTask { try await session.portalID() } }
                    return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
                }
                #expect(ids == [20_000_001])
                // Midnight in Berlin, an hour before that in UTC.
                let resetsAt = try await session.limits().daily.resetsAt
                #expect(resetsAt == "2026-11-22T23:00:00Z")
            }
            #expect(server.received.count == 1)
        }
    }

    @Test func `says what to do without a credential, and opens nothing`() async throws {
        try await HostileServer.running({ _ in [] }) { server in
            try await Session.with(server, { $0.credential = nil }) { session in
                let error = await failure { try await session.send(read) }
                #expect(error?.kind == .unauthenticated)
                #expect(error?.remedy == .configureCredential)
                #expect(error?.message.hasPrefix("no credential: give the session an access token") == true)
                let requests = try await session.limits().totals.requests
                #expect(requests == 0)
            }
        }
    }

    @Test func `never shows its token`() async throws {
        try await HostileServer.running({ _ in [.json(401, #"{"message":"no"}"#)] }) { server in
            try await Session.with(server) { session in
                let error = try #require(await failure { try await session.send(read) })
                var text = "\(error) \(session.configuration) \(session)"
                dump(session, to: &text)
                dump(error, to: &text)
                #expect(!text.contains("11111111-2222"))
            }
        }
    }

    @Test func `keeps to its quota whatever the tasks`() async throws {
        let limit = 5
        try await HostileServer.running({ _ in [.json(200, "{}")] }) { server in
            try await Session.with(
                server, { $0.quota = QuotaSpecification(burst: .limited(count: 5, per: .milliseconds(300))) }
            ) { session in
                let clock = ContinuousClock()
                let elapsed = try await clock.measure {
                    try await withThrowingTaskGroup { group in
                        for _ in 0..<(limit * 3) { group.addTask { _ = try await session.send(read) } }
                        try await group.waitForAll()
                    }
                }
                #expect(elapsed >= .milliseconds(600))
            }
            #expect(server.received.count == limit * 3)
        }
    }
}
