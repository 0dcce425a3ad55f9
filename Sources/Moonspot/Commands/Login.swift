import HubSpot

/// One login: from the questions to the profile.
struct Login {
    private let command: AuthLoginCommand
    private let environment: ProcessEnvironment
    private let profiles: ProfileFile
    private let name: String
    /// The profile as it was before; nil for a new one.
    private let before: Profile?
    /// Of the session that the credential is tested with.
    private var configuration: SessionConfiguration
    private let dialog = LoginDialog()

    /// - Throws: where the options or the profile cannot be used.
    init(_ command: AuthLoginCommand, _ environment: ProcessEnvironment) throws {
        self.command = command
        self.environment = environment
        profiles = ProfileFile(environment: environment)
        name = try command.session.profile ?? environment["MOONSPOT_PROFILE"] ?? profiles.defaultName()
        try ProfileFile.check(name)
        // Before anybody is asked for anything.
        try profiles.checkChange(name)
        var options = command.session.options
        options.profile = name
        let plan = try SessionPlan(options: options, environment: environment, toleratesMissingProfile: true)
        configuration = plan.configuration
        // A portal that the profile names already would be taken for HubSpot's answer.
        configuration.portalID = nil
        configuration.credential = nil
        let file = try ConfigurationFile.load(profiles.path)
        before = try (file.names.contains(name) ? file.profile(name) : nil)
    }

    mutating func perform() async throws {
        let kind = command.kind ?? before?.auth ?? dialog.kind() ?? .token
        var settings = LoginSettings()
        settings.kind = kind
        settings.usesKeyring = command.keyring
        settings.baseURL = configuration.baseURL == .api ? nil : configuration.baseURL
        settings.date = Self.today(configuration.clock)
        dialog.explain(kind)
        let finding: LoginFinding
        var tokens: OAuthTokens?
        if kind.isApp {
            (finding, tokens) = try await app(kind, &settings)
        } else {
            finding = try await secret(kind, &settings)
        }
        settings.portalID = finding.portalID
        if command.keyring, let secret = settings.secret {
            let role = kind.isApp ? ProfileSecret.Role.clientSecret : .token
            try await Keyring(profile: name, folder: FileBytes.parent(of: profiles.path)).store(role.rawValue, secret)
        }
        if let tokens, kind == .oauth {
            let login = OAuthLogin(
                name: name, folder: FileBytes.parent(of: profiles.path), usesKeyring: command.keyring)
            let lock = try await login.lock()
            defer { lock.release() }
            try await login.write(tokens)
        }
        try await profiles.login(name, settings)
        finding.show(
            profile: name, isDefault: profiles.isDefault(name), path: profiles.path, configuration)
    }

    // MARK: One secret

    private mutating func secret(_ kind: CredentialKind, _ settings: inout LoginSettings) async throws -> LoginFinding {
        let placement: CredentialPlacement
        switch kind {
        case .header:
            let header = command.header ?? dialog.line("Name of the header: ")
            guard let header else {
                throw AuthProblem(.usage, "--kind header needs the header's name: --header X-Api-Key")
            }
            settings.header = header
            placement = try CredentialPlacement(header: header)
        case .query:
            guard let query = command.query ?? dialog.line("Key of the query: ") else {
                throw AuthProblem(.usage, "--kind query needs the query's key: --query key")
            }
            settings.query = query
            placement = try CredentialPlacement(query: query)
        case .apiKey: placement = .apiKey
        default: placement = .bearer
        }
        if let refusal = placement.refusal(by: configuration.baseURL) {
            throw AuthProblem(.usage, "\(refusal); \(HubSpotError.Remedy.useToken.words)")
        }
        guard let text = dialog.secret("\(kind.prompt) for profile '\(name)': ") else {
            throw AuthProblem(.refused, "no token was given")
        }
        let token = try AccessToken(text)
        settings.secret = Array(text.utf8)
        configuration.credential = FixedCredential(token, placement: placement)
        return try await LoginFinding.test(configuration, credential: "\(token)")
    }

    // MARK: An app

    private mutating func app(
        _ kind: CredentialKind, _ settings: inout LoginSettings
    ) async throws -> (LoginFinding, OAuthTokens) {
        let known = before?.app
        guard let clientID = command.clientID ?? known?.clientID ?? dialog.line("Client id: ") else {
            throw AuthProblem(.usage, "--kind \(kind.rawValue) needs the app's client id: --client-id ID")
        }
        settings.clientID = clientID
        let scopes = command.scopes ?? known?.scopes.nonEmpty ?? dialog.line("Scopes: ")?.words
        guard let scopes, !scopes.isEmpty else {
            throw AuthProblem(
                .usage,
                "--kind \(kind.rawValue) needs the scopes that the app asks for: --scopes oauth,crm.objects.contacts.read"
            )
        }
        if scopes != known?.scopes { settings.scopes = scopes }
        let place =
            command.port.map { ConsentListener.Place(port: $0) }
            ?? known?.redirectURI.flatMap { ConsentListener.Place($0) }
            ?? ConsentListener.Place(port: ConsentListener.Place.standardPort)
        if place != ConsentListener.Place(port: ConsentListener.Place.standardPort) { settings.redirectURI = place.uri }
        let client = try await client(clientID, &settings)
        let tokens: OAuthTokens
        if kind == .oauth {
            let page = known?.consent ?? .consent(at: configuration.baseURL)
            let consent = OAuthConsent()
            let address = consent.address(
                of: page, clientID: clientID, redirectURI: place.uri, scopes: scopes,
                optionalScopes: known?.optionalScopes ?? [])
            let variables = environment.variables
            let code = try await ConsentAnswer.code(address, place, consent) { [command] address in
                if !command.noBrowser { await Browser.open(address, variables) }
            }
            tokens = try await client.exchange(code: code, redirectURI: place.uri, verifier: consent.verifier)
        } else {
            tokens = try await client.clientCredentials(scopes: scopes)
        }
        configuration.credential = FixedCredential(tokens.access)
        var finding = try await LoginFinding.test(configuration, credential: "an OAuth app", scopes: tokens.scopes)
        finding.portalID = finding.portalID ?? tokens.portalID
        return (finding, tokens)
    }

    private func client(_ clientID: String, _ settings: inout LoginSettings) async throws -> OAuthClient {
        let known = before?.app
        let tokenURL = known?.token ?? .token(at: configuration.baseURL, configuration.apiVersion)
        let secret: AccessToken
        if let source = known?.secret, known?.clientID == clientID, !command.keyring {
            // The profile says where the app's secret is, and a person may have written that.
            secret = try await ProfileSecret(
                profile: name, folder: FileBytes.parent(of: profiles.path), role: .clientSecret, source: source,
                environment: environment.variables
            ).read()
            settings.usesKeyring = known?.usesKeyring ?? false
        } else {
            guard let text = dialog.secret("Client secret of the app: ") else {
                throw AuthProblem(.refused, "no client secret was given")
            }
            do { secret = try AccessToken(text) } catch {
                throw AuthProblem(.refused, error.message.replacing("the access token", with: "the client's secret"))
            }
            settings.secret = Array(text.utf8)
        }
        return OAuthClient(clientID: clientID, tokenURL: tokenURL, configuration: configuration) {
            () async throws(HubSpotError) in secret
        }
    }

    /// `2026-11-29`, in UTC.
    private static func today(_ clock: any SessionClock) -> String { LoginAge.day(at: clock.unixTime) }
}

extension Array where Element == String {
    fileprivate var nonEmpty: [String]? { isEmpty ? nil : self }
}

extension String {
    /// Separated by commas or spaces.
    fileprivate var words: [String] { split { $0 == "," || $0 == " " }.map(String.init) }
}
