import JSON

/// Where a search over all hits stands: it goes from id to id rather than from offset to offset.
///
/// HubSpot's pages end at 10,000 hits, and offsets shift while records change; ids do neither. A date would not do,
/// since many records can share one (source: airbyte#43317).
package struct SearchCursor: Sendable, Equatable {
    /// The last id that was seen; the next page holds higher ones, or lower ones where the query asks for that order.
    package var above: String?
    /// The hits that are left, in their order, where the query asks for an order of its own or leaves no room for the
    /// filter on ids: a change of records meanwhile moves none of them.
    package var ids: ArraySlice<String>

    package init(above: String? = nil, ids: ArraySlice<String> = []) {
        self.above = above
        self.ids = ids
    }
}

extension CRMObjects {
    /// The page of hits at `cursor`, and the cursor of the next page, nil after the last.
    ///
    /// Hits come in order of their ids, or as `query.sorts` says. Where HubSpot tells pages apart by an offset alone, the
    /// ids of all hits are taken ahead with the first page: else a loop that changes what it was asked to find would
    /// shift the pages behind, and skip hits. The pages behind read those records as they are then.
    /// - Parameter wanted: the most hits that the caller takes, nil for all.
    /// - Throws: kind `invalidArgument` for a query with an order of its own that has more hits than HubSpot sorts.
    package func searchAll(_ query: SearchQuery, at cursor: SearchCursor?, wanted: Int? = nil)
        async throws(HubSpotError) -> (page: AnswerPage, next: SearchCursor?)
    {
        if let ids = cursor?.ids, !ids.isEmpty {
            let rest = ids.dropFirst(100)
            return (try await hits(Array(ids.prefix(100)), query), rest.isEmpty ? nil : SearchCursor(ids: rest))
        }
        var query = query
        query.limit = query.limit ?? SearchQuery.maximumPage
        let isOrdered = query.sorts.first.map { $0.property != "hs_object_id" } ?? false
        if query.sorts.isEmpty { query.sorts = [SearchSort("hs_object_id")] }
        let plain = query
        if let above = cursor?.above, let narrowed = query.beyond(id: above) { query = narrowed }
        query.after = cursor == nil ? query.after : nil

        let page = try await search(query)
        let ids = page.recordIDs
        if let above = cursor?.above { try check(ids, beyond: above, isDescending: query.sorts[0].isDescending) }
        guard let next = page.next else { return (page, nil) }
        guard let last = ids.last else {
            throw HubSpotError(.badResponse, "HubSpot's page of hits is empty, and names a next one")
        }
        if !isOrdered, plain.beyond(id: last) != nil { return (page, SearchCursor(above: last)) }
        let total = page.slice.field("total")?.integer ?? 0
        if cursor == nil, total > SearchQuery.reachableHits, wanted.map({ $0 > SearchQuery.reachableHits }) ?? true {
            throw .invalidArgument(
                isOrdered
                    ? "the query has \(total) hits, and HubSpot sorts no more than 10,000: leave out sorts (the hits "
                        + "then come in order of their ids), narrow the query, or set max to 10000 at most"
                    : "the query has \(total) hits, and its filters leave no room for the one on ids that leads past "
                        + "10,000 (HubSpot takes 6 in a group and 18 in all): use fewer, or set max to 10000 at most")
        }
        let rest = try await ahead(of: query, after: next, seen: ids, wanted: wanted)
        return (page, rest.isEmpty ? nil : SearchCursor(ids: rest[...]))
    }

    /// Hits that a ``SearchCursor`` names, as they are now: `{ results }`. Records that were deleted or merged into
    /// another one since are left out.
    private func hits(_ ids: [String], _ query: SearchQuery) async throws(HubSpotError) -> AnswerPage {
        let outcome = await read(ids.map { .id($0) }, ReadOptions(properties: query.properties))
        if let failure = outcome.failures.first(where: { $0.error.kind != .notFound }) { throw failure.error }
        return try AnswerPage(
            Self.page(outcome.successes.filter { $0.record.recordID == ids[$0.index] }.map(\.record), paging: nil))
    }

    /// The ids of the hits behind a page.
    private func ahead(of query: SearchQuery, after: String, seen: [String], wanted: Int?) async throws(HubSpotError)
        -> [String]
    {
        var query = query
        query.properties = ["hs_object_id"]
        var known = Set(seen)
        var ids: [String] = []
        var watch = CursorWatch()
        var next: String? = after
        while let after = next, wanted.map({ known.count < $0 }) ?? true {
            try watch.step(after)
            query.after = after
            query.limit = SearchQuery.maximumPage
            // HubSpot refuses a page that would reach beyond its last hit.
            if let offset = Int(after) {
                guard offset < SearchQuery.reachableHits else { break }
                query.limit = min(SearchQuery.maximumPage, SearchQuery.reachableHits - offset)
            }
            let page = try await search(query)
            let before = known.count
            for id in page.recordIDs where known.insert(id).inserted { ids.append(id) }
            next = page.next
            if next != nil, known.count == before {
                throw HubSpotError(
                    .badResponse, "HubSpot's pages of hits go round: the one after '\(after)' holds nothing new")
            }
        }
        return wanted.map { Array(ids.prefix(max(0, $0 - seen.count))) } ?? ids
    }

    /// - Throws: kind `badResponse` where hits do not lie beyond the id from which they were asked for: to go on would
    ///   yield some twice, or never end.
    private func check(_ ids: [String], beyond above: String, isDescending: Bool) throws(HubSpotError) {
        guard let bound = UInt64(above) else { return }
        for id in ids {
            guard let number = UInt64(id), isDescending ? number >= bound : number <= bound else { continue }
            throw HubSpotError(
                .badResponse,
                "HubSpot answered a search for ids \(isDescending ? "below" : "above") \(above) with the id \(id)")
        }
    }
}

extension AnswerPage {
    fileprivate var recordIDs: [String] { (slice.field("results")?.elements() ?? []).compactMap(\.recordID) }
}
