extension HubSpotError {
    /// What mends an error outside of the call that met it. The message says it in words; a program may act on it, and may
    /// have words of its own for it (``SessionConfiguration/wording``).
    public enum Remedy: Sendable, Hashable {
        /// Open the session with a credential.
        case configureCredential
        /// Give the token these scopes, in HubSpot's settings.
        case grantScopes([String])
        /// Have the OAuth app ask for these scopes, and log in again.
        case requestScopes([String])
        /// Open the session with a permission that it lacks.
        case widenPermissions(Permission)
        /// Open the session with a longer ``SessionConfiguration/timeout``.
        case allowMoreTime
        /// Open the session with the API of the account's region; nil where HubSpot does not say which that is.
        case useBaseURL(BaseURL?)
        /// Open the session with the forms host of the account's region.
        case useFormsURL(BaseURL)
        /// Open the session with the portal's id.
        case namePortal
        /// Log in with the OAuth app, again where a login has ended.
        case logIn
        /// Open the session with a token, or with the base URL of the server that takes this credential.
        case useToken
        /// Ask for fewer properties, or in a request that has a body.
        case askForLess
        /// Open the session with a quota that does not need its store.
        case doWithoutStore
        /// Give a day where a moment was given.
        case giveDay
        /// Confirm the call beforehand.
        case confirm
        /// Open the session with a larger ``SessionConfiguration/maximumDeletions``.
        case allowDeletions
    }
}

extension HubSpotError.Remedy: CustomStringConvertible {
    /// A phrase that stands behind a semicolon: `allow more time for an attempt`.
    public var description: String {
        switch self {
        case .configureCredential: "give the session an access token: a private app's token or a service key"
        case .grantScopes(let scopes):
            "add \(scopes.joined(separator: ", ")) to the private app or service key in HubSpot's settings"
        case .requestScopes(let scopes):
            "add \(scopes.joined(separator: ", ")) to the OAuth app's scopes and to those that it asks for, and get its consent again"
        case .widenPermissions(let permission): "give the session the permission \(permission)"
        case .allowMoreTime: "allow more time for an attempt"
        case .useBaseURL(let url?): "give the session the base URL \(url)"
        case .useBaseURL(nil):
            "HubSpot's account settings tell the data hosting location: give the session the base URL of that region's API (https://api-eu1.hubapi.com for eu1)"
        case .useFormsURL(let url): "give the session the forms URL \(url)"
        case .namePortal: "give the session the portal's id"
        case .logIn: "log in with the OAuth app"
        case .useToken:
            "use a private app's token or a service key, or give the session the base URL of the server that takes this credential"
        case .askForLess: "ask for fewer properties, or for several records at once"
        case .doWithoutStore: "make the store reachable, or open a session that goes on without it"
        case .giveDay: "give a day, without a time of day"
        case .confirm: "have it confirmed, or confirm it beforehand"
        case .allowDeletions: "allow the session more deletions"
        }
    }
}

extension ScopeGranting {
    /// What adds the scopes that a call lacks.
    func remedy(_ scopes: [String]) -> HubSpotError.Remedy {
        switch self {
        case .inSettings: .grantScopes(scopes)
        case .byApp: .requestScopes(scopes)
        }
    }
}

extension HubSpotError {
    /// With a remedy, whose words end the message.
    init(
        _ kind: Kind, _ what: String, separator: String = "; ", _ remedy: Remedy,
        _ wording: (Remedy) -> String = { $0.description }, request: String? = nil, fateIsUnknown: Bool = false
    ) {
        self.init(
            kind, "\(what)\(separator)\(wording(remedy))", request: request, fateIsUnknown: fateIsUnknown)
        self.remedy = remedy
    }
}
