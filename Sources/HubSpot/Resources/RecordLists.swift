import HTTPTypes

/// HubSpot's lists of records (source: Lists v3). Those of processing type DYNAMIC cannot be edited.
public struct RecordLists: Sendable {
    public let session: Session

    public init(session: Session) { self.session = session }

    /// `{ list: { listId, name, objectTypeId, processingType, ... } }`.
    public func get(_ id: String) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.get, session.paths.lists(id))
    }

    /// - Parameter query: `{ query, offset, count, additionalProperties }`.
    public func search(_ query: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.post, session.paths.lists("search"), body: .raw(query))
    }

    /// - Parameter definition: `{ name, objectTypeId, processingType }`.
    public func create(_ definition: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.post, session.paths.lists(), body: .raw(definition))
    }

    /// One page: `{ results: [{ recordId, membershipTimestamp }], paging }`.
    public func members(_ id: String, limit: Int? = nil, after: String? = nil) async throws(HubSpotError) -> JSONSlice {
        var query: [(name: String, value: String)] = []
        if let limit { query.append(("limit", String(limit))) }
        if let after { query.append(("after", after)) }
        return try await session.object(.get, session.paths.lists(id, "memberships"), query: query)
            .checkedPage(after: after)
    }

    /// `{ recordsIdsAdded, recordIdsRemoved, recordIdsMissing }`; the odd spelling is HubSpot's.
    public func add(_ id: String, _ records: [String]) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.put, session.paths.lists(id, "memberships", "add"), body: .strings(records))
    }

    public func remove(_ id: String, _ records: [String]) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.put, session.paths.lists(id, "memberships", "remove"), body: .strings(records))
    }
}
