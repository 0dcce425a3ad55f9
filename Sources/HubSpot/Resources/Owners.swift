import HTTPTypes

/// The people and queues that records belong to. A record names its owner by the owner's id, not the user's.
public struct Owners: Sendable {
    public let session: Session

    public init(session: Session) { self.session = session }

    /// One page: `{ results: [{ id, email, firstName, lastName, userId, teams }], paging }`.
    public func list(limit: Int? = nil, after: String? = nil, email: String? = nil, archived: Bool = false)
        async throws(HubSpotError) -> JSONSlice
    {
        var query: [(name: String, value: String)] = []
        if let limit { query.append(("limit", String(limit))) }
        if let after { query.append(("after", after)) }
        if let email { query.append(("email", email)) }
        if archived { query.append(("archived", "true")) }
        return try await session.object(.get, session.paths.owners(), query: query).checkedPage(after: after)
    }

    public func get(_ id: String) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.get, session.paths.owners(id))
    }
}

/// The pipelines of deals, tickets and other types, with their stages.
public struct Pipelines: Sendable {
    public let session: Session

    public init(session: Session) { self.session = session }

    /// All of a type's: `{ results: [{ id, label, stages }] }`, never paged.
    public func list(_ type: ObjectType) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.get, session.paths.pipelines(type.name))
    }

    public func get(_ type: ObjectType, _ id: String) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.get, session.paths.pipelines(type.name, id))
    }
}
