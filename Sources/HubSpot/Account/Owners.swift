import HTTPTypes
package import JSON

/// The people and queues that records belong to. A record names its owner by the owner's id, not the user's. An
/// answer is kept by the session for some minutes.
package struct Owners: Sendable {
    package let session: Session

    package init(session: Session) { self.session = session }

    /// One page: `{ results: [{ id, email, firstName, lastName, userId, teams }], paging }`.
    package func list(
        limit: Int? = nil, after: String? = nil, email: String? = nil, archived: Bool = false, refresh: Bool = false
    ) async throws(HubSpotError) -> AnswerPage {
        var query: [(name: String, value: String)] = []
        if let limit { query.append(("limit", String(limit))) }
        if let after { query.append(("after", after)) }
        if let email { query.append(("email", email)) }
        if archived { query.append(("archived", "true")) }
        return try AnswerPage(
            await session.definitions(session.paths.owners(), query: query, refresh: refresh), after: after)
    }

    /// - Parameter idProperty: `id` (HubSpot's default) or `userId`.
    package func get(_ id: String, idProperty: String? = nil, archived: Bool = false, refresh: Bool = false)
        async throws(HubSpotError) -> JSONSlice
    {
        var query: [(name: String, value: String)] = []
        if let idProperty { query.append(("idProperty", idProperty)) }
        if archived { query.append(("archived", "true")) }
        return try await session.definitions(session.paths.owners(id), query: query, refresh: refresh)
    }
}
