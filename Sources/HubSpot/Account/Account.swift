import HTTPTypes
package import JSON

/// HubSpot's details of the account and the token.
package struct Account: Sendable {
    package let session: Session

    package init(session: Session) { self.session = session }

    /// `{ portalId, accountType, timeZone, companyCurrency, utcOffset, uiDomain, dataHostingLocation, ... }`.
    package func info() async throws(HubSpotError) -> JSONSlice { try await read(session.paths.account("details")) }

    /// How many calls all private apps made today: `{ results: [{ name, usageLimit, currentUsage, resetsAt }] }`.
    /// HubSpot caches it for minutes.
    package func usage() async throws(HubSpotError) -> JSONSlice {
        try await read(session.paths.account("api-usage", "daily", "private-apps"))
    }

    /// How much of something the account holds and may hold.
    /// - Parameter what: `records` of each type, `pipelines`, `custom-properties`, `calculated-properties` or
    ///   `custom-object-types`.
    package func limits(_ what: String = "records") async throws(HubSpotError) -> JSONSlice {
        try await read(session.paths.limits(what))
    }

    /// The token's rights: `{ userId, hubId, appId, scopes }`. Needs no scope.
    /// - Throws: kind `unauthenticated` without a credential.
    package func scopes() async throws(HubSpotError) -> JSONSlice {
        try await session.tokenInfo()
    }

    private func read(_ path: String) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.get, path)
    }
}
