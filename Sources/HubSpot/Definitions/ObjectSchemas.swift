import HTTPTypes
package import JSON

/// The portal's custom object types (source: the Schemas guide). An answer is kept by the session for some minutes,
/// until it writes schemas itself.
package struct ObjectSchemas: Sendable {
    package let session: Session

    package init(session: Session) { self.session = session }

    /// All: `{ results: [{ objectTypeId, name, labels, properties, ... }] }`, never paged.
    package func list(archived: Bool = false, refresh: Bool = false) async throws(HubSpotError) -> JSONSlice {
        try await session.definitions(
            session.paths.schemas(), query: archived ? [("archived", "true")] : [], refresh: refresh)
    }

    /// - Parameter type: type id, name or fully qualified name.
    package func get(_ type: ObjectType, refresh: Bool = false) async throws(HubSpotError) -> JSONSlice {
        try await session.definitions(session.paths.schemas(type.name), refresh: refresh)
    }

    /// - Parameter definition: `{ name, labels, primaryDisplayProperty, requiredProperties, properties,
    ///   associatedObjects }`.
    package func create(_ definition: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.post, session.paths.schemas(), body: .raw(definition))
    }

    package func update(_ type: ObjectType, _ changes: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.patch, session.paths.schemas(type.name), body: .raw(changes))
    }

    /// Archives a type that has no records any more.
    package func delete(_ type: ObjectType) async throws(HubSpotError) {
        try await session.perform(.delete, session.paths.schemas(type.name))
    }
}
