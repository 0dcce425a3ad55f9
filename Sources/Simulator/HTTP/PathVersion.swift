/// Under which of HubSpot's two naming schemes a call came.
enum PathVersion: Sendable, Equatable {
    /// `/crm/v3/…`, `/crm/v4/…`
    case numbered(String)
    /// `/crm/objects/2026-09/…`
    case dated(String)

    static let dated = ["2025-09", "2026-03", "2026-09"]
    /// Forms have no general release yet.
    static let datedForms = ["2026-09-beta", "2027-03-beta"]

    /// Which dates each call has. The newest version of an area does not have all that an older one has.
    static func dates(of method: String, _ pattern: String) -> [String] {
        let parts = pattern.split(separator: "/").map(String.init)
        switch parts.first {
        case "crm" where parts.count >= 2:
            // The list of one record's links was left out of 2026-09; making and removing them was not.
            if method == "GET", parts == ["crm", "objects", "{type}", "{id}", "associations", "{to}"] {
                return ["2025-09", "2026-03"]
            }
            // The trial generation had these alone, and account information.
            return ["objects", "properties", "associations"].contains(parts[1]) ? dated : ["2026-03", "2026-09"]
        case "files":
            // 2026-09 has searches and folders alone (and imports by URL, which the simulator has under no version).
            let isNew = parts.count >= 2 && (parts[1] == "folders" || parts.last == "search")
            return isNew ? ["2026-03", "2026-09"] : ["2026-03"]
        case "marketing": return datedForms
        case "account-info": return dated
        case "oauth": return ["2026-03", "2026-09"]
        default: return []
        }
    }

    /// Whether HubSpot has a call under this version.
    func has(_ route: Route) -> Bool {
        guard case .dated(let date) = self else { return true }
        return Self.dates(of: route.method, route.pattern).contains(date)
    }

    /// From 2026-09 on, validation rules apply to every write.
    var validatesRequired: Bool {
        if case .dated(let date) = self { date >= "2026-09" } else { false }
    }
}
