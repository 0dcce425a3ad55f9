import Synchronization
import Testing

@testable import HubSpot

private func page(_ ids: String...) -> RecordPage {
    RecordPage(
        records: ids.map { id in
            Record(
                id: id, properties: [:], createdAt: nil, updatedAt: nil, archived: false, archivedAt: nil,
                associations: [:], isNew: nil)
        }, total: nil, next: nil)
}

@Suite("A walk over pages of records") struct PageWalkTests {
    private func ids(_ pages: RecordPages) async throws -> [String] {
        try await RecordSequence(pages: pages).reduce(into: []) { $0.append($1.id) }
    }

    @Test func `goes on over empty pages`() async throws {
        let pages = RecordPages { place throws(HubSpotError) in
            switch place {
            case nil: (page("1"), .cursor("a"))
            case .cursor("a")?: (RecordPage(records: [], total: nil, next: nil), .cursor("b"))
            default: (page("2"), nil)
            }
        }
        #expect(try await ids(pages) == ["1", "2"])
    }

    @Test func `is an error where a cursor comes again`() async throws {
        let pages = RecordPages { place throws(HubSpotError) in
            switch place {
            case nil: (page("1"), .cursor("a"))
            case .cursor("a")?: (page("2"), .cursor("b"))
            default: (page("3"), .cursor("a"))
            }
        }
        let error = await failure { try await ids(pages) }
        #expect(error?.kind == .badResponse && error?.message.contains("go round") == true)
    }

    @Test func `is an error where the same records come again`() async throws {
        let pages = RecordPages { place throws(HubSpotError) in
            (page("1", "2"), .cursor((place?.mark ?? "") + "x"))
        }
        #expect(await failure { try await ids(pages) }?.message.contains("the same results") == true)
    }

    @Test func `is an error where empty pages never end`() async throws {
        let pages = RecordPages { place throws(HubSpotError) in
            (RecordPage(records: [], total: nil, next: nil), .cursor((place?.mark ?? "") + "x"))
        }
        #expect(await failure { try await ids(pages) }?.message.contains("100 of HubSpot's pages") == true)
    }

    @Test func `yields a page whose cursor was there before, and then the error again and again`() async throws {
        let pages = RecordPages { place throws(HubSpotError) in
            (page(place == nil ? "1" : "2"), .cursor("a"))
        }
        var walk = pages.makeAsyncIterator()
        #expect(try await walk.next()?.records.first?.id == "1")
        #expect(try await walk.next()?.records.first?.id == "2")
        for _ in 1...2 { #expect(await failure { try await walk.next() }?.kind == .badResponse) }
    }

    @Test func `gives the page again whose fetch was given up after it had come`() throws {
        var walk = PageWalk(from: .offset(5))
        let bounds = { (id: String) in PageBounds(count: 1, first: id, last: id) }
        try walk.accept(1, bounds("1"), next: .offset(6))
        guard case .fetch(.offset(5)) = try walk.begin(1), case .fetch(.offset(6)) = try walk.begin(2) else {
            Issue.record("the page is not fetched where it begins")
            return
        }
        // The answer of the call that was given up comes late.
        try walk.accept(1, bounds("1"), next: .offset(9))
        try walk.accept(2, bounds("2"), next: nil)
        guard case .over = try walk.begin(3) else {
            Issue.record("the walk goes on behind its last page")
            return
        }
    }

    @Test func `stands where it stood after an error`() async throws {
        let isUp = Mutex(false)
        let pages = RecordPages { place throws(HubSpotError) in
            guard case .cursor? = place else { return (page("1"), .cursor("a")) }
            guard isUp.withLock({ $0 }) else { throw HubSpotError(.network, "down") }
            return (page("2"), nil)
        }
        var walk = pages.makeAsyncIterator()
        #expect(try await walk.next()?.records.first?.id == "1")
        await #expect(throws: HubSpotError.self) { try await walk.next() }
        isUp.withLock { $0 = true }
        #expect(try await walk.next()?.records.first?.id == "2")
        #expect(try await walk.next() == nil)
    }
}
