import JSON
import Testing

@testable import HubSpot

@Suite("A search over all hits") struct SearchAllTests {
    /// Records 1...count, searched as HubSpot does: filters on ids, one order, no offset past 10,000.
    @Sendable private static func answer(_ request: FakeHubSpot.Request, count: Int) -> FakeHubSpot.Answer {
        let body = JSONSlice(request.body)
        var ids = Array(1...count)
        for filter in body.field("filterGroups")?.elements()?.first?.field("filters")?.elements() ?? [] {
            guard filter.field("propertyName")?.string == "hs_object_id", let value = filter.field("value")?.string,
                let bound = Int(value)
            else { continue }
            ids = ids.filter { filter.field("operator")?.string == "LT" ? $0 < bound : $0 > bound }
        }
        if body.field("sorts")?.elements()?.first?.field("direction")?.string == "DESCENDING" { ids.reverse() }
        let offset = body.field("after")?.idText.flatMap { Int($0) } ?? 0
        let limit = body.field("limit")?.integer.map { Int($0) } ?? 10
        guard offset + limit <= 10_000 else { return .init(400, #"{"status":"error","category":"VALIDATION_ERROR"}"#) }
        let page = ids.dropFirst(offset).prefix(limit).map { #"{"id":"\#($0)","properties":{}}"# }
        let paging = offset + limit < ids.count ? #","paging":{"next":{"after":"\#(offset + limit)"}}"# : ""
        return .init(200, #"{"total":\#(ids.count),"results":[\#(page.joined(separator: ","))]\#(paging)}"#)
    }

    private func ids(_ query: SearchQuery, wanted: Int? = nil, count: Int = 10_450) async throws -> [Int] {
        var all: [Int] = []
        try await FakeHubSpot.running(respond: { Self.answer($0, count: count) }) { session, _ in
            let contacts = CRMObjects(.contacts, session: session)
            var cursor: SearchCursor?
            repeat {
                let (page, next) = try await contacts.searchAll(query, at: cursor, wanted: wanted)
                all += (page.slice.field("results")?.elements() ?? []).compactMap { $0.recordID.flatMap { Int($0) } }
                all += (next?.ids ?? []).compactMap { Int($0) }
                cursor = next?.ids.isEmpty ?? true ? next : nil
            } while cursor != nil && wanted.map { all.count < $0 } ?? true
        }
        return all
    }

    @Test func `goes on past 10,000, from the lowest id or from the highest`() async throws {
        #expect(try await ids(SearchQuery()) == Array(1...10_450))
        let backward = SearchQuery(sorts: [SearchSort("hs_object_id", isDescending: true)])
        #expect(try await ids(backward) == Array((1...10_450).reversed()))
    }

    @Test func `keeps another order as far as HubSpot does, and says where it cannot`() async throws {
        let ordered = SearchQuery(sorts: [SearchSort("createdate")])
        let error = await #expect(throws: HubSpotError.self) { try await ids(ordered) }
        #expect(error?.kind == .invalidArgument)
        #expect(error?.message.contains("leave out sorts") == true)
        #expect(try await ids(ordered, wanted: 10_000).count == 10_000)
        #expect(try await ids(ordered, count: 900).count == 900)
    }

    @Test func `says where filters leave it no room`() async throws {
        let filters = (1...6).map { SearchFilter("p\($0)", .has) }
        let error = await #expect(throws: HubSpotError.self) { try await ids(SearchQuery(filterGroups: [filters])) }
        #expect(error?.kind == .invalidArgument)
        #expect(error?.message.contains("no room") == true)
        #expect(try await ids(SearchQuery(filterGroups: [filters]), count: 700).count == 700)
        #expect(try await ids(SearchQuery(filterGroups: [Array(filters.dropLast())])).count == 10_450)
    }
}

@Suite("A batch of definitions") struct KeyedBatchTests {
    @Test func `that is refused as a whole is split until the culprit stands alone`() async throws {
        try await FakeHubSpot.running(respond: { request in
            if request.body.contains("\"bad\"") {
                return .init(400, #"{"status":"error","message":"no such name","category":"VALIDATION_ERROR"}"#)
            }
            let names =
                JSONSlice(request.body).field("inputs")?.elements()?.compactMap { $0.field("name")?.string } ?? []
            let results = names.reversed().map { #"{"name":"\#($0)"}"# }.joined(separator: ",")
            return .init(200, #"{"status":"COMPLETE","results":[\#(results)]}"#)
        }) { session, server in
            let names = (1...150).map { "p\($0)" }
            let outcome = await PropertyDefinitions(.contacts, session: session).read(names + ["bad", "p7"])
            #expect(outcome.successes.map(\.index) == Array(0..<150))
            #expect(outcome.failures.map(\.index) == [150])
            #expect(outcome.failures.first?.error.kind == .validation)
            #expect(server.requests.count < 16)
        }
    }
}
