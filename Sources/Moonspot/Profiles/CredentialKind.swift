/// How a session authenticates, as `auth` in a profile and `hubspot.session.auth` spell it.
enum CredentialKind: String, Sendable, CaseIterable {
    /// `Authorization: Bearer TOKEN`.
    case token
    /// An app that a person has agreed to.
    case oauth
    /// An app's own calls.
    case clientCredentials = "client_credentials"
    /// `?hapikey=TOKEN`.
    case apiKey = "api_key"
    case header
    case query

    /// An app with a client id and a secret.
    var isApp: Bool { self == .oauth || self == .clientCredentials }

    /// For people.
    var name: String {
        switch self {
        case .token: "a service key or a private app's token"
        case .oauth: "an OAuth app"
        case .clientCredentials: "an OAuth app's own calls"
        case .apiKey: "an API key"
        case .header: "a secret in a header"
        case .query: "a secret in the query"
        }
    }
}
