import WebForms
import Wire

/// Where a version stands in a path (numbered: after the product area, dated: before the resource). Parts that vary are
/// percent-encoded here. Which version an endpoint has: ``VersionedEndpoint``.
package struct Paths: Sendable {
    package let version: APIVersion

    package init(_ version: APIVersion) { self.version = version }

    private var isNumbered: Bool { version == .v3 }
    private var name: String { version.rawValue }

    private func crm(
        _ resource: String, _ parts: [String], numbered: String = "v3", of endpoint: VersionedEndpoint? = nil
    ) -> String {
        let version = endpoint?.version(for: version) ?? version
        let base = version == .v3 ? "/crm/\(numbered)/\(resource)" : "/crm/\(resource)/\(version.rawValue)"
        return parts.reduce(base) { "\($0)/\(PercentEncoding.encode($1))" }
    }

    /// `objects("contacts")`, `objects("contacts", "1")`, `objects("contacts", "batch", "read")`.
    package func objects(_ type: String, _ parts: String...) -> String { crm("objects", [type] + parts) }
    package func properties(_ type: String, _ parts: [String] = []) -> String { crm("properties", [type] + parts) }
    package func pipelines(_ type: String, _ parts: [String] = []) -> String { crm("pipelines", [type] + parts) }
    package func owners(_ parts: String...) -> String { crm("owners", parts) }
    package func lists(_ parts: String...) -> String { crm("lists", parts) }
    package func limits(_ parts: String...) -> String { crm("limits", parts) }

    /// Between two types: `associations("contacts", "companies", "batch", "read")`, `…, "labels")`.
    package func associations(_ from: String, _ to: String, _ parts: String...) -> String {
        crm("associations", [from, to] + parts, numbered: "v4")
    }

    /// Of one record: `associations(of: "contacts", "1", "companies")`, `…, "default", "companies", "2")`.
    package func associations(of type: String, _ id: String, _ parts: String...) -> String {
        // The type alone: the list of links, to read.
        crm(
            "objects", [type, id, "associations"] + parts, numbered: "v4", of: parts.count == 1 ? .linksOfRecord : nil)
    }

    package func schemas(_ parts: String...) -> String {
        let base = isNumbered ? "/crm/v3/schemas" : "/crm-object-schemas/\(name)/schemas"
        return parts.reduce(base) { "\($0)/\(PercentEncoding.encode($1))" }
    }

    /// `account("details")`, `account("api-usage", "daily", "private-apps")`.
    package func account(_ parts: String...) -> String {
        parts.reduce("/account-info/\(name)") { "\($0)/\(PercentEncoding.encode($1))" }
    }

    /// Form definitions.
    package func forms(_ parts: String...) -> String { plain("marketing", "forms", .formDefinitions, parts) }

    /// Form definitions to make, change and archive. HubSpot has 2026-09's as a beta alone.
    package func formChanges(_ parts: String...) -> String {
        let version = version == .september2026 ? "2026-09-beta" : APIVersion.v3.rawValue
        let base = version == APIVersion.v3.rawValue ? "/marketing/v3/forms" : "/marketing/forms/\(version)"
        return parts.reduce(base) { "\($0)/\(PercentEncoding.encode($1))" }
    }

    /// Files: uploads, one by its id.
    package func files(_ parts: String...) -> String { plain("files", "files", .files, parts) }

    /// `/marketing/v3/forms`, `/files/2026-03/files`.
    private func plain(_ area: String, _ resource: String, _ endpoint: VersionedEndpoint, _ parts: [String]) -> String {
        let base = "/\(area)/\(endpoint.version(for: version).rawValue)/\(resource)"
        return parts.reduce(base) { "\($0)/\(PercentEncoding.encode($1))" }
    }

    /// Submissions of one form, to read. No dated replacement exists.
    package func formSubmissions(_ formGuid: String) -> String {
        "/form-integrations/v1/submissions/forms/\(PercentEncoding.encode(formGuid))"
    }

    /// Where a form is submitted, on the forms host. No dated replacement exists.
    package func formSubmit(portalID: Int64, formGuid: String, secure: Bool) -> String {
        WebForm.Destination.path(portalID: portalID, form: formGuid, isSecure: secure)
    }

    /// What a private app's token may do; needs no scope.
    package var tokenInfo: String { "/oauth/v2/private-apps/get/access-token-info" }
}
