import Bindings
import HubSpot
import Quota

/// The sum of options, environment and profile, before anything is opened. An option wins over the environment, the
/// environment over the profile.
struct SessionPlan: Sendable {
    var configuration: SessionConfiguration
    var description: SessionDescription
    /// For people: `HUBSPOT_ACCESS_TOKEN (pat-na1-••••)`.
    var credentialOrigin: String
    var journal = JournalSettings()
    /// Before which writes a person is asked, and how many records may be written unasked.
    var questionLevel: WriteQuestions.Level
    var questionThreshold: Int
    /// Whether getting at the token runs no program, which might ask for a passphrase.
    var tokenIsAtHand = false
    /// Whether the credential, or a part of it, lies in the desktop's keyring.
    var usesKeyring = false

    /// The session of a profile that a script connects to: it has the profile's own credential, portal and limits, and
    /// what the program was told about permissions, time and the store. Where the profile names no server, it is the one
    /// that the program was told. With `--simulator` it is a portal of its own there, of any name where there is no
    /// configuration.
    init(
        connectingTo name: String, options: SessionOptions, environment: ProcessEnvironment
    ) throws(ConfigurationError) {
        var (options, environment) = (options, environment)
        options.profile = name
        options.limits = nil
        environment.token = nil
        if FileBytes.exists(environment.configurationPath) {
            let profile = try ConfigurationFile.load(environment.configurationPath).profile(name)
            if profile?.baseURL != nil {
                options.baseURL = nil
                options.formsURL = nil
                environment.variables["HUBSPOT_BASE_URL"] = nil
            }
        } else if options.simulator {
            try ProfileFile.check(name)
            options.profile = nil
        }
        try self.init(options: options, environment: environment, takesSecrets: false)
        configuration.profileName = name
        description.profile = name
        configuration.wording = {
            $0 == .configureCredential ? "run moonspot auth login --profile \(name)" : $0.words(in: name)
        }
    }

    /// Before a second thread exists: profiles may name variables that have to leave the environment.
    ///
    /// - Parameters:
    ///   - toleratesMissingProfile: For `auth login`, which makes it.
    ///   - takesSecrets: False where other threads run.
    init(
        options: SessionOptions, environment: ProcessEnvironment, toleratesMissingProfile: Bool = false,
        takesSecrets: Bool = true
    ) throws(ConfigurationError) {
        let profile = try Self.profile(
            options, environment, toleratesMissing: toleratesMissingProfile, takesSecrets: takesSecrets)
        var base = options.baseURL
        if base == nil, let text = environment["HUBSPOT_BASE_URL"] { base = try BaseURL(text) }
        configuration = SessionConfiguration(
            baseURL: base ?? profile?.baseURL ?? .api, formsURL: options.formsURL ?? profile?.formsURL,
            apiVersion: options.apiVersion ?? profile?.apiVersion ?? .september2026)
        configuration.profileName = profile?.name
        configuration.portalID = profile?.portalID
        configuration.quota = options.limits ?? profile?.limits
        configuration.quotaSource = options.limits == nil && profile?.limits != nil ? .profile : .option
        if let reserve = options.reserve { configuration.reserve = reserve }
        configuration.isReadOnly = options.readOnly || profile?.isReadOnly == true
        configuration.isDryRun = options.dryRun
        configuration.onDryRun = { DryRun.show($0) }
        configuration.wording = { [name = profile?.name] in $0.words(in: name) }
        configuration.maximumDeletions = options.maximumDeletions ?? profile?.maximumDeletions
        questionLevel = options.yes ? .off : profile?.confirmation ?? .moderate
        questionThreshold = profile?.confirmAbove ?? 100
        // Like read_only: an option may take away from what the profile allows, and add nothing.
        configuration.permissions = (options.allow ?? .all).narrowed(by: profile?.permissions ?? .all)
        configuration.isBatching = !options.noBatch
        journal.mode = options.journal ?? profile?.journal ?? journal.mode
        journal.days = profile?.journalDays ?? journal.days
        if let concurrency = options.concurrency { configuration.concurrency = concurrency }
        if let timeout = options.timeout { configuration.timeout = timeout }
        configuration.network = try NetworkSettings(environment: environment.variables)
        configuration.store = try Self.store(options, environment, profile)
        configuration.storeIsRequired = profile?.storeIsRequired ?? false
        configuration.storeAdvice = \.advice

        if options.simulator {
            configuration.isSimulator = true
            configuration.portalID = Workspace.simulatedPortal
            credentialOrigin = "the simulator's own token"
        } else if let token = environment.token {
            configuration.credential = token
            credentialOrigin = "HUBSPOT_ACCESS_TOKEN (\(token))"
            tokenIsAtHand = true
        } else if let profile, let app = profile.app {
            configuration.credential = AppCredential(profile: profile, app: app, environment: environment.variables)
                .source(configuration)
            credentialOrigin = Self.origin(of: profile)
            tokenIsAtHand = profile.auth == .oauth
            usesKeyring = app.usesKeyring
        } else if let profile, profile.token != nil {
            configuration.credential = ProfileCredential(profile, environment: environment.variables)
            credentialOrigin = Self.origin(of: profile)
            usesKeyring = profile.token == .keyring
            if case .command = profile.token { tokenIsAtHand = false } else { tokenIsAtHand = true }
        } else {
            credentialOrigin = "no credential: set HUBSPOT_ACCESS_TOKEN or run moonspot auth login"
        }
        // A login brings a credential of its own, which is checked when it is tested.
        if !toleratesMissingProfile, let credential = configuration.credential,
            let refusal = credential.placement.refusal(by: configuration.baseURL)
        {
            throw ConfigurationError("\(credentialOrigin): \(refusal); \(HubSpotError.Remedy.useToken.words)")
        }
        let isProfiles = environment.token == nil && !options.simulator
        let kind = isProfiles ? profile?.auth ?? .token : .token
        description = SessionDescription(
            profile: configuration.profileName, portalID: configuration.portalID,
            auth: options.simulator || configuration.credential != nil ? kind.rawValue : nil,
            baseURL: options.simulator ? nil : configuration.baseURL.description,
            apiVersion: configuration.apiVersion.rawValue,
            isSimulator: options.simulator, isReadOnly: configuration.isReadOnly,
            isDryRun: configuration.isDryRun)
    }

    /// `--profile`, else `MOONSPOT_PROFILE`, else the file's default. The simulator takes one only where it is named.
    private static func profile(
        _ options: SessionOptions, _ environment: ProcessEnvironment, toleratesMissing: Bool, takesSecrets: Bool
    ) throws(ConfigurationError) -> Profile? {
        let name = options.profile ?? (options.simulator ? nil : environment["MOONSPOT_PROFILE"])
        if options.simulator && name == nil { return nil }
        guard FileBytes.exists(environment.configurationPath) else {
            if let name, !toleratesMissing {
                throw ConfigurationError(
                    "no profile '\(name)': \(environment.configurationPath) does not exist; run moonspot auth login --profile \(name)"
                )
            }
            return nil
        }
        let file = try ConfigurationFile.load(environment.configurationPath)
        // A variable that a profile names is as secret as HUBSPOT_ACCESS_TOKEN; its value is in `environment` by now. A
        // script may connect to any of the profiles.
        if takesSecrets { for name in file.secretVariables { _ = EnvironmentSecret.take(name) } }
        if let name, toleratesMissing, !file.names.contains(name) { return nil }
        return try file.profile(name)
    }

    /// The simulator's quota is this process's alone, so its state never leaves the process.
    private static func store(
        _ options: SessionOptions, _ environment: ProcessEnvironment, _ profile: Profile?
    ) throws(ConfigurationError) -> QuotaStore {
        if options.simulator { return .memory }
        var store = options.store
        if store == nil, let text = profile?.store {
            do throws(ArgumentProblem) { store = try StoreSpecification(text) } catch {
                throw ConfigurationError("profile '\(profile?.name ?? "")': store: \(error)")
            }
        }
        switch store ?? .file {
        case .memory: return .memory
        case .file: return .file(folder: environment.stateFolder)
        case .redis(let host, let port, let database):
            let user = environment["MOONSPOT_REDIS_USER"] ?? profile?.redisUser
            let password =
                environment.redisPassword
                ?? profile?.redisPasswordVariable.flatMap { environment[$0] }.map { RedisPassword($0) }
            guard user == nil || password != nil else {
                throw ConfigurationError("the Redis user '\(user ?? "")' has no password: set MOONSPOT_REDIS_PASSWORD")
            }
            return .redis(RedisEndpoint(host: host, port: port, database: database, user: user, password: password))
        }
    }

    private static func origin(of profile: Profile) -> String {
        let name = "profile \(profile.name)"
        if let app = profile.app {
            guard profile.auth == .oauth else { return "\(name), the app \(app.clientID)'s own calls" }
            let place = app.usesKeyring ? "in the keyring" : "in \(profile.login.path)"
            return "\(name), OAuth app \(app.clientID), tokens \(place)"
        }
        return switch profile.token {
        // The command may hold a token itself.
        case .command: "\(name), token_command"
        case .environment(let variable): "\(name), token_env: \(variable)"
        case .file(let path): "\(name), token_file: \(path)"
        case .keyring: "\(name), keyring"
        case nil: name
        }
    }
}

/// `--dry-run`: the requests that would have been sent, on standard error.
enum DryRun {
    static func show(_ request: APIRequest) {
        var text = "dry run: \(Escaping.visible(request.summary))"
        if let body = request.body, !body.isEmpty { text += "\n  " + Escaping.visible(body) }
        Output.error.line(text)
    }
}

/// The token of `HUBSPOT_ACCESS_TOKEN`. One that cannot be a token fails when it is needed, not at the start.
struct EnvironmentToken: CredentialSource, CustomStringConvertible {
    private let known: Result<AccessToken, HubSpotError>

    init(_ text: String) {
        do {
            known = .success(try AccessToken(text))
        } catch {
            var error = error
            error.message = "HUBSPOT_ACCESS_TOKEN: " + error.message
            known = .failure(error)
        }
    }

    func credential(replacing old: Credential?) async throws(HubSpotError) -> Credential { Credential(try known.get()) }

    var description: String {
        switch known {
        case .success(let token): token.description
        case .failure: "not usable"
        }
    }
}
