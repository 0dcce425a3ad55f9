/// Where a search over all hits stands: it goes from id to id rather than from offset to offset.
///
/// HubSpot's pages end at 10,000 hits, and offsets shift while records change; ids do neither. A date would not do,
/// since many records can share one (source: airbyte#43317).
public struct SearchCursor: Sendable, Equatable {
    /// The last id that was seen; the next page holds higher ones, or lower ones where the query asks for that order.
    public var above: String?
    /// HubSpot's offset, where the query leaves no room for the filter on ids or asks for an order of its own.
    public var after: String?

    public init(above: String? = nil, after: String? = nil) {
        self.above = above
        self.after = after
    }
}

extension CRMObjects {
    /// The page of hits at `cursor`, and the cursor of the next page, nil after the last.
    ///
    /// Hits come in order of their ids, or as `query.sorts` says.
    /// - Parameter wanted: the most hits that the caller takes, nil for all.
    /// - Throws: kind `invalidArgument` for a query with an order of its own that has more hits than HubSpot sorts.
    public func searchAll(_ query: SearchQuery, at cursor: SearchCursor?, wanted: Int? = nil)
        async throws(HubSpotError) -> (page: JSONSlice, next: SearchCursor?)
    {
        var query = query
        query.limit = query.limit ?? SearchQuery.maximumPage
        let isOrdered = query.sorts.first.map { $0.property != "hs_object_id" } ?? false
        if query.sorts.isEmpty { query.sorts = [SearchSort("hs_object_id")] }
        let plain = query
        if let above = cursor?.above, let narrowed = query.beyond(id: above) { query = narrowed }
        query.after = cursor?.after ?? (cursor == nil ? query.after : nil)

        let page = try await search(query)
        guard let next = page.field("paging")?.field("next")?.field("after")?.idText else { return (page, nil) }
        let total = page.field("total")?.integer ?? 0
        let isBeyond = cursor == nil && total > SearchQuery.wall && wanted.map { $0 > SearchQuery.wall } ?? true
        if isOrdered {
            guard !isBeyond else {
                throw .invalidArgument(
                    "the query has \(total) hits, and HubSpot sorts no more than 10,000: leave out sorts (the hits "
                        + "then come in order of their ids), narrow the query, or set max to 10000 at most")
            }
            return (page, SearchCursor(after: next))
        }
        guard let last = page.field("results")?.elements()?.last?.recordID else { return (page, nil) }
        if plain.beyond(id: last) != nil { return (page, SearchCursor(above: last)) }
        guard !isBeyond else {
            throw .invalidArgument(
                "the query has \(total) hits, and its filters leave no room for the one on ids that leads past 10,000 "
                    + "(HubSpot takes 6 in a group and 18 in all): use fewer, or set max to 10000 at most")
        }
        return (page, SearchCursor(after: next))
    }
}
