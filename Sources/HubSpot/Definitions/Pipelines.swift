import HTTPTypes
package import JSON

/// The pipelines of deals, tickets and other types, with their stages (source: the Pipelines guide). An answer is
/// kept by the session for some minutes, until it writes pipelines itself.
package struct Pipelines: Sendable {
    package let session: Session
    package let type: ObjectType

    package init(_ type: ObjectType, session: Session) {
        self.type = type
        self.session = session
    }

    private func path(_ parts: String...) -> String { session.paths.pipelines(type.name, parts) }

    /// All of a type's: `{ results: [{ id, label, stages }] }`, never paged.
    package func list(refresh: Bool = false) async throws(HubSpotError) -> JSONSlice {
        try await session.definitions(path(), refresh: refresh)
    }

    package func get(_ id: String, refresh: Bool = false) async throws(HubSpotError) -> JSONSlice {
        try await session.definitions(path(id), refresh: refresh)
    }

    /// - Parameter definition: `{ label, displayOrder, stages: [{ label, displayOrder, metadata }] }`.
    package func create(_ definition: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.post, path(), body: .raw(definition))
    }

    /// - Parameter changes: `{ label, displayOrder }`; the stages stay.
    package func update(_ id: String, _ changes: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.patch, path(id), body: .raw(changes))
    }

    /// The whole definition anew, stages included.
    package func replace(_ id: String, _ definition: JSONSlice, validatesReferences: Bool = false)
        async throws(HubSpotError) -> JSONSlice
    {
        try await session.object(.put, path(id), query: validation(validatesReferences), body: .raw(definition))
    }

    /// - Parameter validatesReferences: Refuses where records are in the pipeline.
    package func delete(_ id: String, validatesReferences: Bool = false) async throws(HubSpotError) {
        try await session.perform(.delete, path(id), query: validation(validatesReferences))
    }

    // MARK: Stages

    /// A pipeline's stages: `{ results: [{ id, label, metadata }] }`.
    package func stages(_ id: String, refresh: Bool = false) async throws(HubSpotError) -> JSONSlice {
        try await session.definitions(path(id, "stages"), refresh: refresh)
    }

    package func stage(_ id: String, _ stage: String, refresh: Bool = false) async throws(HubSpotError) -> JSONSlice {
        try await session.definitions(path(id, "stages", stage), refresh: refresh)
    }

    /// - Parameter definition: `{ label, displayOrder, metadata: { probability: "0.5" } }`.
    package func createStage(_ id: String, _ definition: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.post, path(id, "stages"), body: .raw(definition))
    }

    package func updateStage(_ id: String, _ stage: String, _ changes: JSONSlice) async throws(HubSpotError)
        -> JSONSlice
    {
        try await session.object(.patch, path(id, "stages", stage), body: .raw(changes))
    }

    /// - Throws: kind `validation` where records stand in the stage.
    package func deleteStage(_ id: String, _ stage: String) async throws(HubSpotError) {
        try await session.perform(.delete, path(id, "stages", stage))
    }

    /// The changes of a pipeline, or of one stage, with their authors: `{ results: [{ action, timestamp, rawObject }]
    /// }`.
    package func audit(_ id: String, stage: String? = nil) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.get, stage.map { path(id, "stages", $0, "audit") } ?? path(id, "audit"))
    }

    private func validation(_ validates: Bool) -> [(name: String, value: String)] {
        validates ? [("validateReferencesBeforeDelete", "true")] : []
    }
}
