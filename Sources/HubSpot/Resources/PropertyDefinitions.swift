import HTTPTypes

/// The definitions of a type's properties (source: the Properties guide).
public struct PropertyDefinitions: Sendable {
    public let session: Session
    public let type: ObjectType

    public init(_ type: ObjectType, session: Session) {
        self.type = type
        self.session = session
    }

    /// All of them: `{ results }`, never paged.
    public func list(archived: Bool = false) async throws(HubSpotError) -> JSONSlice {
        try await session.object(
            .get, session.paths.properties(type.name), query: archived ? [("archived", "true")] : [])
    }

    public func get(_ name: String) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.get, session.paths.properties(type.name, name))
    }

    /// - Parameter definition: an object with `name`, `label`, `type`, `fieldType` and `groupName`.
    public func create(_ definition: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.post, session.paths.properties(type.name), body: .raw(definition))
    }

    /// `options` in the changes replaces the whole list.
    public func update(_ name: String, _ changes: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.patch, session.paths.properties(type.name, name), body: .raw(changes))
    }

    public func delete(_ name: String) async throws(HubSpotError) {
        try await session.perform(.delete, session.paths.properties(type.name, name))
    }

    /// The groups in which the properties are shown: `{ results }`.
    public func groups() async throws(HubSpotError) -> JSONSlice {
        try await session.object(.get, session.paths.properties(type.name, "groups"))
    }
}
