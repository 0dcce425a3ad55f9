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
            case nil: (page("1"), .after("a"))
            case .after("a")?: (RecordPage(records: [], total: nil, next: nil), .after("b"))
            default: (page("2"), nil)
            }
        }
        #expect(try await ids(pages) == ["1", "2"])
    }

    @Test func `is an error where a cursor comes again`() async throws {
        let pages = RecordPages { place throws(HubSpotError) in
            switch place {
            case nil: (page("1"), .after("a"))
            case .after("a")?: (page("2"), .after("b"))
            default: (page("3"), .after("a"))
            }
        }
        let error = await failure { try await ids(pages) }
        #expect(error?.kind == .badResponse && error?.message.contains("go round") == true)
    }

    @Test func `is an error where the same records come again`() async throws {
        let pages = RecordPages { place throws(HubSpotError) in
            (page("1", "2"), .after((place?.mark ?? "") + "x"))
        }
        #expect(await failure { try await ids(pages) }?.message.contains("the same results") == true)
    }

    @Test func `is an error where empty pages never end`() async throws {
        let pages = RecordPages { place throws(HubSpotError) in
            (RecordPage(records: [], total: nil, next: nil), .after((place?.mark ?? "") + "x"))
        }
        #expect(await failure { try await ids(pages) }?.message.contains("100 of HubSpot's pages") == true)
    }

    @Test func `stands where it stood after an error`() async throws {
        let isUp = Mutex(false)
        let pages = RecordPages { place throws(HubSpotError) in
            guard case .after? = place else { return (page("1"), .after("a")) }
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
