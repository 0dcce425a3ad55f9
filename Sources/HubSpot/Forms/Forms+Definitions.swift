import HTTPTypes
package import JSON

/// Making, changing and archiving forms: under `/marketing/forms/2026-09-beta` where the session calls 2026-09, whose forms
/// HubSpot has as a beta alone; under `/marketing/v3/forms` in any other version.
extension Forms {
    /// - Parameter definition: HubSpot's, without `id`: `{ name, fieldGroups, configuration, displayOptions,
    ///   legalConsentOptions }`.
    package func create(_ definition: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.post, session.paths.formChanges(), body: .raw(definition))
    }

    /// - Parameter changes: Some of `archived`, `configuration`, `displayOptions`, `fieldGroups`,
    ///   `legalConsentOptions`, `name`, each of them whole.
    package func update(_ reference: String, _ changes: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        let id = try await id(of: reference)
        return try await session.object(.patch, session.paths.formChanges(id), body: .raw(changes))
    }

    /// Archives a form, which HubSpot keeps for about three months.
    package func delete(_ reference: String) async throws(HubSpotError) {
        let id = try await id(of: reference)
        try await session.perform(.delete, session.paths.formChanges(id))
    }
}
