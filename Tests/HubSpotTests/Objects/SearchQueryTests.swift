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
}
