import HTTPTypes
package import JSON

/// The definitions of a type's properties (source: the Properties guide). An answer is kept by the session for some
/// minutes, until it writes definitions itself.
package struct PropertyDefinitions: Sendable {
    package let session: Session
    package let type: ObjectType

    package init(_ type: ObjectType, session: Session) {
        self.type = type
        self.session = session
    }

    private func path(_ parts: String...) -> String { session.paths.properties(type.name, parts) }

    /// All of them: `{ results }`, never paged.
    /// - Parameters:
    ///   - sensitivity: `non_sensitive` (HubSpot's default), `sensitive` or `highly_sensitive`.
    ///   - refresh: Asks HubSpot even where the answer is known.
    package func list(archived: Bool = false, sensitivity: String? = nil, refresh: Bool = false)
        async throws(HubSpotError) -> JSONSlice
    {
        var query: [(name: String, value: String)] = archived ? [("archived", "true")] : []
        if let sensitivity { query.append(("dataSensitivity", sensitivity)) }
        return try await session.definitions(path(), query: query, refresh: refresh)
    }

    package func get(_ name: String, archived: Bool = false, refresh: Bool = false) async throws(HubSpotError)
        -> JSONSlice
    {
        try await session.definitions(path(name), query: archived ? [("archived", "true")] : [], refresh: refresh)
    }

    /// - Parameter definition: an object with `name`, `label`, `type`, `fieldType` and `groupName`.
    package func create(_ definition: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        let created = try await session.object(.post, path(), body: .raw(definition))
        expect([created])
        return created
    }

    /// `options` in the changes replaces the whole list.
    package func update(_ name: String, _ changes: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.patch, path(name), body: .raw(changes))
    }

    package func delete(_ name: String) async throws(HubSpotError) { try await session.perform(.delete, path(name)) }

    // MARK: Groups

    /// The groups in which the properties are shown: `{ results }`.
    package func groups(refresh: Bool = false) async throws(HubSpotError) -> JSONSlice {
        try await session.definitions(path("groups"), refresh: refresh)
    }

    package func group(_ name: String, refresh: Bool = false) async throws(HubSpotError) -> JSONSlice {
        try await session.definitions(path("groups", name), refresh: refresh)
    }

    /// - Parameter definition: `{ name, label, displayOrder }`.
    package func createGroup(_ definition: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.post, path("groups"), body: .raw(definition))
    }

    package func updateGroup(_ name: String, _ changes: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.patch, path("groups", name), body: .raw(changes))
    }

    package func deleteGroup(_ name: String) async throws(HubSpotError) {
        try await session.perform(.delete, path("groups", name))
    }

    // MARK: Many at once

    /// Definitions by name; a name that is none is a failure of kind `notFound`.
    package func read(_ names: [String], archived: Bool = false) async -> BatchOutcome {
        await batch("read", names: names, extra: [.init("archived", .bool(archived))]) {
            .object(["name": .string(names[$0])])
        }
    }

    package func create(_ definitions: [JSONSlice]) async -> BatchOutcome {
        let outcome = await batch("create", names: definitions.map { $0.field("name")?.string ?? "" }) {
            .raw(definitions[$0])
        }
        expect(outcome.successes.map(\.record))
        return outcome
    }

    /// Takes names for properties that a dry run or a plan would have made.
    private func expect(_ created: [JSONSlice]) {
        let names = created.filter { $0.field("dry_run") != nil }.compactMap { $0.field("name")?.string }
        if !names.isEmpty { session.schemas.expect(names, under: path()) }
    }

    /// Archives definitions. HubSpot does not say which names did not exist.
    package func archive(_ names: [String]) async -> BatchOutcome {
        await batch(
            "archive", names: names, silent: { .object(["name": .string($0), "archived": true]) }
        ) { .object(["name": .string(names[$0])]) }
    }

    private func batch(
        _ verb: String, names: [String], extra: [JSONValue.Member] = [],
        silent: (@Sendable (String) -> JSONValue)? = nil, _ input: (Int) -> JSONValue
    ) async -> BatchOutcome {
        let form = ElementForm(
            path: path("batch", verb), extra: extra, key: { $0.field("name")?.string.map { [$0] } ?? [] },
            contextNames: ["name", "propertyName", "names"], silent: silent,
            wanted: { [type] in LookedUp(property: $0, of: type) })
        let elements = names.enumerated().map { (index: $0, key: $1, json: input($0)) }
        return await WritePipeline(session: session).perform(ElementForm.operations(elements), form)
    }
}
