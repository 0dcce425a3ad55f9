import HubSpot
import TOMLKit

/// A profile's OAuth app.
struct AppSettings: Sendable, Equatable {
    let clientID: String
    /// Nil where neither the profile nor a login has said.
    let secret: SecretSource?
    let scopes: [String]
    let optionalScopes: [String]
    /// Nil: HubSpot's page, or that of the base URL.
    let consent: OAuthEndpoint?
    /// Nil: the base URL's.
    let token: OAuthEndpoint?
    let redirectURI: String?
    let usesKeyring: Bool

    private static let keys = [
        "client_id", "client_secret_command", "client_secret_env", "client_secret_file", "scopes", "optional_scopes",
        "auth_url", "token_url", "redirect_uri",
    ]

    /// Refuses the keys of an app in a profile of another kind.
    static func refuse(_ kind: CredentialKind, _ reader: TableReader) throws(ConfigurationError) {
        for key in keys where reader.table[key] != nil {
            throw ConfigurationError(
                "\(reader.place): \(key) belongs to auth = \"oauth\" or \"client_credentials\", and auth is \"\(kind.rawValue)\""
            )
        }
    }

    init(
        _ kind: CredentialKind, _ reader: TableReader, _ folder: String, usesKeyring: Bool
    ) throws(ConfigurationError) {
        guard let clientID = try reader.string("client_id") else {
            throw ConfigurationError(
                "\(reader.place): auth = \"\(kind.rawValue)\" needs the app's client_id; run moonspot auth login --kind \(kind.rawValue)"
            )
        }
        self.clientID = clientID
        secret = try Profile.source("client_secret", reader, folder) ?? (usesKeyring ? .keyring : nil)
        scopes = try reader.strings("scopes") ?? []
        optionalScopes = try reader.strings("optional_scopes") ?? []
        consent = try Self.endpoint("auth_url", reader)
        token = try Self.endpoint("token_url", reader)
        redirectURI = try reader.string("redirect_uri")
        if let redirectURI, ConsentListener.Place(redirectURI) == nil {
            throw ConfigurationError(
                "\(reader.place): redirect_uri must lead to this machine, like http://localhost:8976/oauth-callback")
        }
        self.usesKeyring = usesKeyring
    }

    private static func endpoint(_ key: String, _ reader: TableReader) throws(ConfigurationError) -> OAuthEndpoint? {
        guard let text = try reader.string(key) else { return nil }
        return try Profile.placed(reader, key) { () throws(ConfigurationError) in try OAuthEndpoint(text) }
    }
}

/// The credential of a profile's OAuth app.
struct AppCredential {
    let profile: Profile
    let app: AppSettings
    /// Where `client_secret_env` is looked up.
    let environment: [String: String]

    /// - Parameter configuration: Of the session, for its base URL, network and clock.
    func client(_ configuration: SessionConfiguration) -> OAuthClient {
        OAuthClient(
            clientID: app.clientID,
            tokenURL: app.token ?? .token(at: configuration.baseURL, configuration.apiVersion),
            configuration: configuration
        ) { [profile, app, environment] () async throws(HubSpotError) in
            guard let source = app.secret else {
                throw HubSpotError(
                    .unauthenticated,
                    "profile '\(profile.name)': it names no client_secret_command, client_secret_env or client_secret_file"
                )
            }
            return try await ProfileSecret(
                profile: profile.name, folder: profile.folder, role: .clientSecret, source: source,
                environment: environment
            ).read()
        }
    }

    func source(_ configuration: SessionConfiguration) -> OAuthCredential {
        profile.auth == .oauth
            ? OAuthCredential(
                client(configuration), grant: .consent, keeper: profile.login, clock: configuration.clock)
            : OAuthCredential(
                client(configuration), grant: .clientCredentials(app.scopes), keeper: OAuthMemory(),
                clock: configuration.clock)
    }
}

extension Profile {
    /// What its OAuth login keeps.
    var login: OAuthLogin { OAuthLogin(name: name, folder: folder, usesKeyring: app?.usesKeyring ?? false) }

    /// Whether a login has kept such tokens: also where the profile itself is written by hand.
    var holdsLogin: Bool { auth == .oauth && (app?.usesKeyring == true || FileBytes.exists(login.path)) }
}
