import Foundation
import HubSpot
import TOMLKit

/// A profile of `config.toml`: which credential, which portal, which limits.
struct Profile: Sendable, Equatable {
    /// Where the token comes from. The file never holds it.
    enum TokenSource: Sendable, Equatable {
        /// A shell command whose standard output is the token.
        case command(String)
        /// An environment variable.
        case environment(String)
        /// A file that nobody else may read: an absolute path, or one that begins with `~`.
        case file(String)
    }

    let name: String
    let auth: CredentialKind
    /// Nil where the profile names none: the token then comes from `HUBSPOT_ACCESS_TOKEN`.
    let token: TokenSource?
    let portalID: Int64?
    let limits: QuotaSpecification?
    let isReadOnly: Bool
    let apiVersion: APIVersion?
    let baseURL: BaseURL?
    let formsURL: BaseURL?
    /// Where the quota's state is kept, as `--store` takes it.
    let store: String?
    /// Whether calls fail while that store is out of reach.
    let storeIsRequired: Bool?
    let redisUser: String?
    /// The environment variable that holds Redis' password.
    let redisPasswordVariable: String?

    static let keys = [
        "auth", "token_command", "token_env", "token_file", "portalId", "limits", "read_only", "api_version",
        "base_url",
        "forms_url", "store", "store_required", "redis_user", "redis_password_env",
    ]

    /// - Parameter folder: Where a relative `token_file` is looked for: the configuration file's own.
    init(name: String, reader: TableReader, folder: String) throws(ConfigurationError) {
        self.name = name
        for key in ["token", "access_token", "api_key", "password", "redis_password"] where reader.table[key] != nil {
            throw ConfigurationError(
                "\(reader.place): '\(key)' does not belong into this file; use token_command, token_env or token_file (mode 0600), and for Redis redis_password_env"
            )
        }
        try reader.refuseUnknown(Self.keys)
        if let text = try reader.string("auth") {
            guard text == CredentialKind.token.rawValue else { throw Self.refusal(ofKind: text, reader) }
            auth = .token
        } else {
            auth = .token
        }
        var sources: [(key: String, source: TokenSource)] = []
        if let command = try reader.string("token_command") { sources.append(("token_command", .command(command))) }
        if let variable = try reader.string("token_env") { sources.append(("token_env", .environment(variable))) }
        if let file = try reader.string("token_file") {
            sources.append(("token_file", .file(Self.absolute(file, folder))))
        }
        guard sources.count <= 1 else {
            throw ConfigurationError(
                "\(reader.place): \(sources.map(\.key).joined(separator: " and ")) are given; only one can be the token's source"
            )
        }
        token = sources.first?.source
        portalID = try reader.integer("portalId")
        if let portalID, portalID <= 0 {
            throw ConfigurationError("\(reader.place): portalId is \(portalID); it is a positive number")
        }
        isReadOnly = try reader.boolean("read_only") ?? false
        store = try reader.string("store")
        storeIsRequired = try reader.boolean("store_required")
        redisUser = try reader.string("redis_user")
        redisPasswordVariable = try reader.string("redis_password_env")
        if let text = try reader.string("limits") {
            limits = try Self.placed(reader, "limits") { () throws(ConfigurationError) in try QuotaSpecification(text) }
        } else {
            limits = nil
        }
        if let text = try reader.string("api_version") {
            guard let version = APIVersion(rawValue: text) else {
                let known = APIVersion.allCases.map(\.rawValue).joined(separator: ", ")
                throw ConfigurationError("\(reader.place): api_version is '\(text)'; it is one of \(known)")
            }
            apiVersion = version
        } else {
            apiVersion = nil
        }
        if let text = try reader.string("base_url") {
            baseURL = try Self.placed(reader, "base_url") { () throws(ConfigurationError) in try BaseURL(text) }
        } else {
            baseURL = nil
        }
        if let text = try reader.string("forms_url") {
            formsURL = try Self.placed(reader, "forms_url") { () throws(ConfigurationError) in try BaseURL(text) }
        } else {
            formsURL = nil
        }
    }

    /// Why a kind of credential is not taken, and what to use in its place.
    private static func refusal(ofKind kind: String, _ reader: TableReader) -> ConfigurationError {
        let way = "use auth = \"token\" with a service key or a private app's token"
        let why =
            switch CredentialKind(rawValue: kind) {
            case .apiKey: "HubSpot takes no API keys since 30 November 2022"
            case .oauth: "apps with OAuth cannot log in yet"
            case .token, nil: "there is no such kind of credential"
            }
        return ConfigurationError("\(reader.place): auth is '\(kind)': \(why); \(way)")
    }

    private static func placed<Value>(
        _ reader: TableReader, _ key: String, _ body: () throws(ConfigurationError) -> Value
    ) throws(ConfigurationError) -> Value {
        do { return try body() } catch { throw ConfigurationError("\(reader.place): \(key): \(error.message)") }
    }

    private static func absolute(_ path: String, _ folder: String) -> String {
        path.hasPrefix("/") || path.hasPrefix("~") ? path : (folder as NSString).appendingPathComponent(path)
    }

    /// `~` is the folder that `HOME` names, as in a shell; `~ada`, or `~` without that variable, is what the system says.
    private static func expanded(_ path: String, _ environment: [String: String]) -> String {
        if path == "~" || path.hasPrefix("~/"), let home = environment["HOME"], !home.isEmpty {
            return home + path.dropFirst()
        }
        return (path as NSString).expandingTildeInPath
    }

    /// The token that the profile names. May run a program or read a file.
    ///
    /// - Parameter environment: Where `token_env` is looked up, and `HOME`.
    /// - Throws: ``HubSpotError`` of kind `unauthenticated`, which names the profile and the source.
    func resolveToken(environment: [String: String]) async throws(HubSpotError) -> AccessToken {
        func refuse(_ reason: String) -> HubSpotError {
            HubSpotError(.unauthenticated, "profile '\(name)': \(reason)")
        }
        let text: String
        switch token {
        case nil:
            throw refuse("it names no token; give token_command, token_env or token_file, or set HUBSPOT_ACCESS_TOKEN")
        case .environment(let variable):
            guard let value = environment[variable], !value.isEmpty else {
                throw refuse("token_env names \(variable), which is not set")
            }
            text = value
        case .file(let path): text = try TokenFile.read(Self.expanded(path, environment), refuse)
        case .command(let command):
            let result: CommandOutput
            do { result = try await TokenCommand.run(command) } catch {
                throw refuse("token_command could not be run: \(error)")
            }
            guard result.status == 0 else {
                // The command itself may hold what it should not: it is not quoted.
                throw refuse("token_command failed (status \(result.status)); run it by hand to see why")
            }
            // `pass` keeps notes under the first line.
            text = result.output.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        }
        do {
            return try AccessToken(text)
        } catch {
            throw refuse(error.message)
        }
    }
}

/// A profile's token, resolved on the first call.
struct ProfileCredential: CredentialSource {
    let profile: Profile
    private let environment: [String: String]

    init(_ profile: Profile, environment: [String: String]) {
        self.profile = profile
        self.environment = environment
    }

    func token() async throws(HubSpotError) -> AccessToken {
        try await profile.resolveToken(environment: environment)
    }
}
