import HubSpot
import Journal

extension SessionOptions {
    /// Leads to the portal that a run wrote to, where neither an option nor the environment names another.
    mutating func follow(_ run: Run, _ environment: ProcessEnvironment) {
        if profile == nil, environment["MOONSPOT_PROFILE"] == nil { profile = run.profile }
        if baseURL == nil, profile == nil, environment["HUBSPOT_BASE_URL"] == nil {
            baseURL = run.server.flatMap { try? BaseURL($0) }
        }
    }
}
