/// Under which of HubSpot's two naming schemes a call came.
enum APIVersion: Sendable, Equatable {
    /// `/crm/v3/…`, `/crm/v4/…`
    case numbered(String)
    /// `/crm/objects/2026-09/…`
    case dated(String)

    static let dated = ["2025-09", "2026-03", "2026-09"]
    /// Forms have no general release yet.
    static let datedForms = ["2026-09-beta", "2027-03-beta"]

    /// From 2026-09 on, validation rules apply to every write.
    var validatesRequired: Bool {
        if case .dated(let date) = self { date >= "2026-09" } else { false }
    }
}
