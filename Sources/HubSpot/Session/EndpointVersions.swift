/// Which generation of HubSpot's paths is used.
public enum APIVersion: String, Sendable, CaseIterable {
    /// September 2026, the newest.
    case september2026 = "2026-09"
    /// March 2026.
    case march2026 = "2026-03"
    /// The numbered generation before the dated ones.
    case v3
}

/// The endpoints that HubSpot does not have under each of its versions. The newest version of an area is not one that
/// has everything: an endpoint has a version of its own.
enum VersionedEndpoint: Sendable, CaseIterable {
    /// The links of one record, to read: `GET /crm/objects/{version}/{from}/{id}/associations/{to}`.
    case linksOfRecord
    /// Uploads, files by id, signed addresses. 2026-09 has searches, imports and folders alone.
    case files
    /// Form definitions, to read. Their dated paths are betas, so the numbered one serves all.
    case formDefinitions

    /// The versions that have it, newest first. An endpoint that is not listed here is in each of them.
    var versions: [APIVersion] {
        switch self {
        case .linksOfRecord, .files: [.march2026, .v3]
        case .formDefinitions: [.v3]
        }
    }

    /// The version to call where `wanted` is asked for: that one, else the newest before it.
    func version(for wanted: APIVersion) -> APIVersion {
        if versions.contains(wanted) { return wanted }
        let older = APIVersion.allCases.drop { $0 != wanted }
        return older.first(where: versions.contains) ?? .v3
    }
}
