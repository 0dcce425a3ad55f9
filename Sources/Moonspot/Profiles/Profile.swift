import Foundation
import HubSpot
import TOMLKit
import Words
import Quota

/// A profile of `config.toml`: which credential, which portal, which limits.
struct Profile: Sendable, Equatable {
    let name: String
    let auth: CredentialKind
    /// Where a secret stands on a request.
    let placement: CredentialPlacement
    /// Nil where the profile names none: the token then comes from `HUBSPOT_ACCESS_TOKEN`.
    let token: SecretSource?
    /// The OAuth app's; nil for other kinds.
    let app: AppSettings?
    /// The folder of the configuration file, where logins keep their files.
    let folder: String
    let portalID: Int64?
    let limits: QuotaSpecification?
    let isReadOnly: Bool
    /// Before which writes a person is asked; nil: the usual ones.
    let confirmation: WriteQuestions.Level?
    /// How many records may be written unasked.
    let confirmAbove: Int?
    let maximumDeletions: Int?
    /// What its sessions may do; nil: all.
    let permissions: PermissionList?
    let apiVersion: APIVersion?
    let baseURL: BaseURL?
    let formsURL: BaseURL?
    let journal: JournalMode?
    /// After how many days runs are forgotten.
    let journalDays: Int?
    /// Where the quota's state is kept, as `--store` takes it.
    let store: String?
    /// Whether calls fail while that store is out of reach.
    let storeIsRequired: Bool?
    let redisUser: String?
    /// The day on which `auth login` has made it: `2026-11-29`.
    let loggedIn: String?
    /// The environment variable that holds Redis' password.
    let redisPasswordVariable: String?

    static let keys = [
        "auth", "token_command", "token_env", "token_file", "keyring", "header", "prefix", "query", "client_id",
        "client_secret_command", "client_secret_env", "client_secret_file", "scopes", "optional_scopes", "auth_url",
        "token_url", "redirect_uri", "portalId", "limits", "read_only", "allow", "confirm", "confirm_above",
        "max_delete",
        "api_version",
        "base_url",
        "forms_url", "store", "store_required", "redis_user", "redis_password_env", "logged_in", "journal",
        "journal_days",
    ]

    /// - Parameter folder: Where a relative `token_file` is looked for: the configuration file's own.
    init(name: String, reader: TableReader, folder: String) throws(ConfigurationError) {
        self.name = name
        for key in Self.secrets where reader.table[key] != nil {
            throw ConfigurationError(
                "\(reader.place): '\(key)' does not belong into this file; use token_command, token_env, token_file (mode 0600) or keyring, for an app's secret client_secret_command, _env or _file, and for Redis redis_password_env"
            )
        }
        try reader.refuseUnknown(Self.keys)
        self.folder = folder
        let kind = try Self.kind(reader)
        auth = kind
        placement = try Self.placement(kind, reader)
        let usesKeyring = try reader.boolean("keyring") ?? false
        let named = try Self.source("token", reader, folder)
        if kind.isApp {
            guard named == nil else {
                throw ConfigurationError(
                    "\(reader.place): auth = \"\(kind.rawValue)\" gets its tokens itself; leave out token_command, token_env and token_file"
                )
            }
            if kind == .oauth { try ProfileFile.check(name) }
            token = nil
            app = try AppSettings(kind, reader, folder, usesKeyring: usesKeyring)
        } else {
            guard named == nil || !usesKeyring else {
                throw ConfigurationError(
                    "\(reader.place): keyring and another source of the token are given; only one can be it")
            }
            try AppSettings.refuse(kind, reader)
            token = named ?? (usesKeyring ? .keyring : nil)
            app = nil
        }
        portalID = try reader.integer("portalId")
        if let portalID, portalID <= 0 {
            throw ConfigurationError("\(reader.place): portalId is \(portalID); it is a positive number")
        }
        isReadOnly = try reader.boolean("read_only") ?? false
        confirmation = try Self.level(reader)
        confirmAbove = try Self.count("confirm_above", reader)
        maximumDeletions = try Self.count("max_delete", reader)
        permissions = try Self.permissions(reader)
        store = try reader.string("store")
        storeIsRequired = try reader.boolean("store_required")
        loggedIn = try reader.string("logged_in")
        redisUser = try reader.string("redis_user")
        redisPasswordVariable = try reader.string("redis_password_env")
        if let text = try reader.string("journal") {
            do throws(ArgumentProblem) { journal = try JournalMode(text) } catch {
                throw ConfigurationError("\(reader.place): journal is '\(text)'; \(error)")
            }
        } else {
            journal = nil
        }
        journalDays = try reader.integer("journal_days").map(Int.init)
        if let journalDays, !(1...36_500).contains(journalDays) {
            throw ConfigurationError("\(reader.place): journal_days is \(journalDays); it is a number from 1 to 36500")
        }
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

    private static func level(_ reader: TableReader) throws(ConfigurationError) -> WriteQuestions.Level? {
        guard let text = try reader.string("confirm") else { return nil }
        guard let level = WriteQuestions.Level(rawValue: text) else {
            let known = WriteQuestions.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw ConfigurationError("\(reader.place): confirm is '\(text)'; it is one of \(known)")
        }
        return level
    }

    private static func count(_ key: String, _ reader: TableReader) throws(ConfigurationError) -> Int? {
        guard let number = try reader.integer(key) else { return nil }
        guard number >= 0, let count = Int(exactly: number) else {
            throw ConfigurationError("\(reader.place): \(key) is \(number); it is a number of records, 0 or more")
        }
        return count
    }

    /// `allow`, as `--allow` takes it, or as a list.
    private static func permissions(_ reader: TableReader) throws(ConfigurationError) -> PermissionList? {
        let isList = reader.table["allow"]?.array != nil
        let text = isList ? try reader.strings("allow")?.joined(separator: ",") : try reader.string("allow")
        guard let text else { return nil }
        return try placed(reader, "allow") { () throws(ConfigurationError) in try PermissionList(text) }
    }

    /// Keys under which a person might write the secret itself.
    private static let secrets = [
        "token", "access_token", "api_key", "hapikey", "client_secret", "refresh_token", "password", "redis_password",
    ]

    private static func kind(_ reader: TableReader) throws(ConfigurationError) -> CredentialKind {
        guard let text = try reader.string("auth") else { return .token }
        guard let kind = CredentialKind(rawValue: text) else {
            let known = CredentialKind.allCases.map(\.rawValue)
            let hint =
                NearestName.nearest(to: text, among: known).map { "did you mean '\($0)'?" }
                ?? "they are \(known.joined(separator: ", "))"
            throw ConfigurationError("\(reader.place): auth is '\(text)': there is no such kind of credential; \(hint)")
        }
        return kind
    }

    private static func placement(
        _ kind: CredentialKind, _ reader: TableReader
    ) throws(ConfigurationError) -> CredentialPlacement {
        for (key, owner) in [("header", CredentialKind.header), ("prefix", .header), ("query", .query)]
        where kind != owner && reader.table[key] != nil {
            throw ConfigurationError("\(reader.place): \(key) belongs to auth = \"\(owner.rawValue)\"")
        }
        switch kind {
        case .token, .oauth, .clientCredentials: return .bearer
        case .apiKey: return .apiKey
        case .header:
            guard let name = try reader.string("header") else {
                throw ConfigurationError(
                    "\(reader.place): auth = \"header\" needs the header's name: header = \"X-Api-Key\"")
            }
            let prefix = try reader.text("prefix")
            return try placed(reader, "header") { () throws(ConfigurationError) in
                try CredentialPlacement(header: name, prefix: prefix)
            }
        case .query:
            guard let name = try reader.string("query") else {
                throw ConfigurationError("\(reader.place): auth = \"query\" needs the query's key: query = \"key\"")
            }
            return try CredentialPlacement(query: name)
        }
    }

    /// The secret's source by its keys: `token_command`, `token_env` or `token_file`.
    static func source(
        _ name: String, _ reader: TableReader, _ folder: String
    ) throws(ConfigurationError) -> SecretSource? {
        var sources: [(key: String, source: SecretSource)] = []
        if let command = try reader.string("\(name)_command") { sources.append(("\(name)_command", .command(command))) }
        if let variable = try reader.string("\(name)_env") { sources.append(("\(name)_env", .environment(variable))) }
        if let file = try reader.string("\(name)_file") {
            sources.append(("\(name)_file", .file(absolute(file, folder))))
        }
        guard sources.count <= 1 else {
            throw ConfigurationError(
                "\(reader.place): \(sources.map(\.key).joined(separator: " and ")) are given; only one can be the \(name.replacing("_", with: " "))'s source"
            )
        }
        return sources.first?.source
    }

    static func placed<Value>(
        _ reader: TableReader, _ key: String, _ body: () throws(ConfigurationError) -> Value
    ) throws(ConfigurationError) -> Value {
        do { return try body() } catch { throw ConfigurationError("\(reader.place): \(key): \(error.message)") }
    }

    private static func absolute(_ path: String, _ folder: String) -> String {
        path.hasPrefix("/") || path.hasPrefix("~") ? path : (folder as NSString).appendingPathComponent(path)
    }

    /// `~` is the folder that `HOME` names, as in a shell; `~ada`, or `~` without that variable, is what the system says.
    static func expanded(_ path: String, _ environment: [String: String]) -> String {
        if let home = environment["HOME"], !home.isEmpty {
            let expanded = HomePath.expanded(path, home: home)
            if expanded != path { return expanded }
        }
        return (path as NSString).expandingTildeInPath
    }

    /// The token that the profile names. May run a program or read a file.
    ///
    /// - Parameter environment: Where `token_env` is looked up, and `HOME`.
    /// - Throws: ``HubSpotError`` of kind `unauthenticated`, which names the profile and the source.
    func resolveToken(environment: [String: String]) async throws(HubSpotError) -> AccessToken {
        guard let token else {
            throw HubSpotError(
                .unauthenticated,
                "profile '\(name)': it names no token; give token_command, token_env, token_file or keyring, or set HUBSPOT_ACCESS_TOKEN"
            )
        }
        return try await ProfileSecret(
            profile: name, folder: folder, role: .token, source: token, environment: environment
        ).read()
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

    var placement: CredentialPlacement { profile.placement }

    func credential(replacing old: Credential?) async throws(HubSpotError) -> Credential {
        Credential(try await profile.resolveToken(environment: environment), placement: placement)
    }
}
