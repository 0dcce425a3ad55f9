import HTTPTypes
import JSON
import Testing

@testable import HubSpot

@Suite("An answer's body") struct AnswerBodyTests {
    @Test(arguments: ["{\"id\":\"\u{FF}\"", "", "null", "[1,2]"])
    func `that is no JSON object is a bad response that names the request`(body: String) async throws {
        try await FakeHubSpot.running(respond: { _ in .init(200, body) }) { session, _ in
            let contacts = CRMObjects(.contacts, session: session)
            let error = await #expect(throws: HubSpotError.self) { try await contacts.get(.id("7"), ReadOptions()) }
            #expect(error?.kind == .badResponse)
            #expect(error?.request == "GET /crm/objects/2026-09/contacts/7")
        }
    }

    @Test func `that is not UTF-8 is a bad response`() throws {
        let error = #expect(throws: HubSpotError.self) {
            try JSONSlice(
                answer: Array("{\"id\":\"".utf8) + [0xFF, 0xFE] + Array("\"}".utf8), to: APIRequest(.get, "/x"))
        }
        #expect(error?.kind == .badResponse)
        #expect(error?.request == "GET /x")
    }

    @Test func `that names itself as the next page ends the walk`() async throws {
        let page = #"{"total":9,"results":[{"id":"1"}],"paging":{"next":{"after":"5"}}}"#
        try await FakeHubSpot.running(respond: { _ in .init(200, page) }) { session, _ in
            let contacts = CRMObjects(.contacts, session: session)
            _ = try await contacts.list(after: "4")
            for walk in 0..<3 {
                let error = await #expect(throws: HubSpotError.self) {
                    switch walk {
                    case 0: _ = try await contacts.list(after: "5")
                    case 1: _ = try await contacts.search(SearchQuery(after: "5"))
                    default: _ = try await Forms(session: session).list(after: "5")
                    }
                }
                #expect(error?.kind == .badResponse)
            }
        }
    }
}
