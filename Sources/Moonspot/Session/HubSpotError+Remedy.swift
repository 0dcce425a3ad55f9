import HubSpot

extension HubSpotError.Remedy {
    /// The same for a session of that profile.
    func words(in profile: String?) -> String {
        guard self == .logIn, let profile else { return words }
        return "\(words) --profile \(profile)"
    }

    /// In the names that this program has for it: options, variables, profiles.
    var words: String {
        switch self {
        case .configureCredential:
            "set HUBSPOT_ACCESS_TOKEN to a private app's token or a service key, name a profile, or try --simulator"
        case .widenPermissions: "allow more with --allow, or with allow in the profile"
        case .allowMoreTime: "allow more with --timeout"
        case .useBaseURL(let url?): "set --base-url \(url)"
        case .useBaseURL(nil):
            "HubSpot's account settings tell the data hosting location: set --base-url to that region's API (https://api-eu1.hubapi.com for eu1)"
        case .useFormsURL(let url): "set --forms-url \(url)"
        case .namePortal: "name the portal in the profile (portalId)"
        case .logIn: "run moonspot auth login"
        case .useToken:
            "use a private app's token or a service key (auth = \"token\"), or name the server that takes this credential with base_url"
        case .askForLess: "ask for fewer properties, or use batch.read or search"
        case .doWithoutStore: "the profile requires it (store_required)"
        case .giveDay: "the account's own day is hubspot.account.today()"
        case .grantScopes(let scopes):
            "add \(scopes.joined(separator: ", ")) to the private app or service key in HubSpot's settings (Settings, Integrations)"
        case .requestScopes(let scopes):
            "add \(scopes.joined(separator: ", ")) to the app's scopes in HubSpot and to scopes in the profile, and run moonspot auth login again"
        case .confirm: "pass --yes, or { confirm = true } in the call"
        case .allowDeletions: "allow more with --max-delete, or max_delete in the profile"
        }
    }
}
