import JSON

/// One page of records.
public struct RecordPage: Sendable, Hashable {
    /// The page's records, in HubSpot's order.
    public let records: [Record]
    /// How many records match in all, where a search says so: HubSpot counts on beyond the 10,000 that pages reach.
    public let total: Int64?
    /// Where the next page begins, for ``Records/list(_:limit:after:)``; nil behind the last page, and in a search.
    public let next: String?
}

extension RecordPage {
    /// Reads `{ results, total, paging: { next: { after } } }`.
    init(_ page: AnswerPage, isSearch: Bool = false) throws(HubSpotError) {
        guard let elements = page.slice.field("results")?.elements() else {
            throw HubSpotError(.badResponse, "HubSpot's page holds no list of results")
        }
        var records: [Record] = []
        records.reserveCapacity(elements.count)
        for element in elements { records.append(try Record(element)) }
        self.records = records
        total = page.slice.field("total")?.integer
        next = isSearch ? nil : page.next
    }
}

/// Pages of records, fetched one by one as a loop asks for them.
///
/// ```swift
/// for try await page in session.contacts.list(limit: 100) { print(page.records.count) }
/// ```
public struct RecordPages: AsyncSequence, Sendable {
    public typealias Element = RecordPage
    public typealias Failure = HubSpotError

    typealias Fetch =
        @Sendable (PageWalk.Place?) async throws(HubSpotError) -> (page: RecordPage, next: PageWalk.Place?)

    let fetch: Fetch

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(fetch: fetch) }

    /// Fetches the next page as ``next()`` asks for it.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let fetch: Fetch
        private var walk = PageWalk()
        private var number = 1

        init(fetch: @escaping Fetch) { self.fetch = fetch }

        /// The next page; nil behind the last.
        ///
        /// - Throws: ``HubSpotError`` where it cannot be fetched: the iterator then stands where it stood, and to call
        ///   this again is to try again. Kind `badResponse` where HubSpot's pages go round: then every further call throws it.
        public mutating func next() async throws(HubSpotError) -> RecordPage? {
            guard case .fetch(let place) = try walk.begin(number) else { return nil }
            let (page, next) = try await fetch(place)
            try walk.accept(number, PageBounds(of: page.records), next: next)
            number += 1
            return page
        }
    }
}

/// Records one by one, fetched a page at a time as a loop asks for them.
///
/// ```swift
/// for try await contact in session.contacts.all() { print(contact["email"] ?? contact.id) }
/// ```
public struct RecordSequence: AsyncSequence, Sendable {
    public typealias Element = Record
    public typealias Failure = HubSpotError

    /// The same records page by page.
    public let pages: RecordPages

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pages: pages.makeAsyncIterator()) }

    /// Fetches the next page once the records of the one before are used.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var pages: RecordPages.AsyncIterator
        private var page: ArraySlice<Record> = []

        init(pages: RecordPages.AsyncIterator) { self.pages = pages }

        /// The next record; nil behind the last.
        ///
        /// - Throws: As ``RecordPages/AsyncIterator/next()`` does.
        public mutating func next() async throws(HubSpotError) -> Record? {
            while true {
                if let record = page.popFirst() { return record }
                guard let following = try await pages.next() else { return nil }
                page = following.records[...]
            }
        }
    }
}
