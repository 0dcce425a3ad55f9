import JSON
import Testing

@testable import HubSpot

@Suite("A search query") struct SearchQueryTests {
    @Test func `writes a query as HubSpot takes it`() {
        let query = SearchQuery(
            filterGroups: [
                [SearchFilter("a", .between, value: "1", highValue: "2"), SearchFilter("b", .in, values: ["x"])]
            ],
            sorts: [SearchSort("c", isDescending: true)], properties: ["email"], limit: 5)
        #expect(
            String(decoding: query.json.bytes, as: UTF8.self)
                == #"{"filterGroups":[{"filters":[{"propertyName":"a","operator":"BETWEEN","value":"1","highValue":"2"},{"propertyName":"b","operator":"IN","values":["x"]}]}],"sorts":[{"propertyName":"c","direction":"DESCENDING"}],"properties":["email"],"limit":5}"#
        )
    }

    @Test(arguments: [
        (SearchQuery(text: ""), "words"), (SearchQuery(text: " \n"), "words"),
        (SearchQuery(filterGroups: [[SearchFilter("a", .has)], []]), "group 2"),
        (SearchQuery(matching: SearchFilter("a", .in, values: [])), "filter on a"),
    ])
    func `with a condition that is empty is refused before it is sent`(query: SearchQuery, place: String) async throws {
        try await FakeHubSpot.running(respond: { _ in .init(200, #"{"total":9,"results":[]}"#) }) { session, server in
            let contacts = Records(objects: CRMObjects(.contacts, session: session))
            for call in 0..<2 {
                let error = await #expect(throws: HubSpotError.self) {
                    if call == 0 { _ = try await contacts.count(query) }
                    if call == 1 { for try await _ in contacts.search(query) {} }
                }
                #expect(error?.kind == .invalidArgument && error?.message.contains(place) == true)
            }
            #expect(server.requests.isEmpty)
            let all = try await contacts.count()
            #expect(all == 9)
        }
    }
}
