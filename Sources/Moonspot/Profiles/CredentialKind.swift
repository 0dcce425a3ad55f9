/// How a session authenticates, as `auth` in a profile and `hubspot.session.auth` spell it.
enum CredentialKind: String, Sendable, CaseIterable {
    case token
    case oauth
    case apiKey = "api_key"
}
