import HTTPTypes
package import JSON

/// HubSpot's lists of records (source: Lists v3). Those of processing type DYNAMIC cannot be edited.
package struct RecordLists: Sendable {
    package let session: Session

    package init(session: Session) { self.session = session }

    /// `{ list: { listId, name, objectTypeId, processingType, ... } }`.
    /// - Parameter filters: Whether the definition's `filterBranch` comes along.
    package func get(_ id: String, filters: Bool = false) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.get, session.paths.lists(id), query: filters ? [("includeFilters", "true")] : [])
    }

    /// The list of that name among those of a type.
    package func find(_ type: ObjectType, _ name: String, filters: Bool = false) async throws(HubSpotError)
        -> JSONSlice?
    {
        do {
            return try await session.object(
                .get, session.paths.lists("object-type-id", type.name, "name", name),
                query: filters ? [("includeFilters", "true")] : [])
        } catch  where error.kind == .notFound {
            return nil
        }
    }

    /// - Parameter query: `{ query, offset, count, additionalProperties }`.
    package func search(_ query: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.post, session.paths.lists("search"), body: .raw(query))
    }

    /// - Parameter definition: `{ name, objectTypeId, processingType }`.
    package func create(_ definition: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.post, session.paths.lists(), body: .raw(definition))
    }

    /// Another name for a list: `{ updatedList }`.
    package func rename(_ id: String, _ name: String) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.put, session.paths.lists(id, "update-list-name"), query: [("listName", name)])
    }

    /// Moves a list to the bin, from which ``restore(_:)`` takes it for 90 days.
    package func delete(_ id: String) async throws(HubSpotError) {
        try await session.perform(.delete, session.paths.lists(id))
    }

    package func restore(_ id: String) async throws(HubSpotError) {
        try await session.perform(.put, session.paths.lists(id, "restore"))
    }

    /// One page: `{ results: [{ recordId, membershipTimestamp }], paging }`.
    package func members(_ id: String, limit: Int? = nil, after: String? = nil) async throws(HubSpotError)
        -> AnswerPage
    {
        var query: [(name: String, value: String)] = []
        if let limit { query.append(("limit", String(limit))) }
        if let after { query.append(("after", after)) }
        return try AnswerPage(
            await session.object(.get, session.paths.lists(id, "memberships"), query: query), after: after)
    }

    /// `{ recordsIdsAdded, recordIdsRemoved, recordIdsMissing }`; the odd spelling is HubSpot's.
    package func add(_ id: String, _ records: [String]) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.put, session.paths.lists(id, "memberships", "add"), body: .strings(records))
    }

    package func remove(_ id: String, _ records: [String]) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.put, session.paths.lists(id, "memberships", "remove"), body: .strings(records))
    }

    /// Adds some records and removes others in one request.
    package func change(_ id: String, add: [String], remove: [String]) async throws(HubSpotError) -> JSONSlice {
        try await session.object(
            .put, session.paths.lists(id, "memberships", "add-and-remove"),
            body: .object(["recordIdsToAdd": .strings(add), "recordIdsToRemove": .strings(remove)]))
    }
}
