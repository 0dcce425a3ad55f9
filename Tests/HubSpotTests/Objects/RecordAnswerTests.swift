import Testing

@testable import HubSpot

/// A server that answers with success, and with an object that is no record.
@Suite("An answer without a record's id") struct RecordAnswerTests {
    private func error(
        _ body: String, _ call: @Sendable (Records) async throws -> Void
    ) async throws -> HubSpotError? {
        try await HostileServer.running({ _ in [.json(200, body)] }) { server in
            try await Session.with(server) { session in await failure { try await call(session.contacts) } }
        }
    }

    private static let bodies = [
        "{}", #"{"properties":{"firstname":"Ada"}}"#, #"{"id":"","properties":{}}"#, #"{"id":{}}"#,
    ]

    @Test(arguments: bodies) func `is no record that is read`(body: String) async throws {
        let error = try await error(body) { _ = try await $0.get(.id("1")) }
        #expect(error?.kind == .badResponse && error?.fateIsUnknown == false)
        #expect(error?.request == "GET /crm/objects/2026-09/contacts/1")
    }

    private enum Write: CaseIterable { case create, update, merge }

    @Test(arguments: bodies, Write.allCases) private func `leaves the fate of a write unknown`(
        body: String, write: Write
    )
        async throws
    {
        let error = try await error(body) { contacts in
            switch write {
            case .create: _ = try await contacts.create(["firstname": "Ada"])
            case .update: _ = try await contacts.update(.id("1"), ["firstname": "Ada"])
            case .merge: _ = try await contacts.merge(.id("1"), .id("2"))
            }
        }
        #expect(error?.kind == .badResponse && error?.fateIsUnknown == true)
    }

    @Test func `fails alone in a batch`() async throws {
        let body = #"{"status":"COMPLETE","results":[{"id":"1","properties":{}},{"id":"","properties":{}}]}"#
        try await HostileServer.running({ _ in [.json(201, body)] }) { server in
            try await Session.with(server) { session in
                let outcome = await CRMObjects(.contacts, session: session).create([
                    .init(nil, ["firstname": "Ada"]), .init(nil, ["firstname": "Grace"]),
                ])
                #expect(outcome.successes.map(\.index) == [0])
                #expect(outcome.failures.map(\.index) == [1] && outcome.failures.first?.error.kind == .badResponse)
            }
        }
    }
}
