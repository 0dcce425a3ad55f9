import Glibc
import HubSpot

/// What logins have kept for a profile outside of config.toml.
struct KeptSecrets {
    /// Of the files beside config.toml.
    private(set) var files: Set<String> = []
    /// What the keyring holds.
    private var keyring: Set<ProfileSecret.Role> = []
    /// The tokens of an OAuth login.
    private var login: OAuthLogin?

    /// - Parameters:
    ///   - profile: Nil for one that is not there, or cannot be used.
    ///   - table: Its statements: an entry that a login wrote names what a login keeps.
    init(of profile: Profile?, in table: some Sequence<TOMLLines.Statement>) {
        guard let profile else { return }
        for (key, suffix) in LoginSettings.files where table.contains(where: { $0.sets([key]) && $0.isOurs }) {
            files.insert("\(profile.name)\(suffix)")
        }
        if profile.token == .keyring { keyring.insert(.token) }
        if profile.app?.secret == .keyring { keyring.insert(.clientSecret) }
        if profile.holdsLogin { login = profile.login }
    }

    func subtracting(_ others: KeptSecrets) -> KeptSecrets {
        var rest = self
        rest.files.subtract(others.files)
        rest.keyring.subtract(others.keyring)
        if others.login?.usesKeyring == login?.usesKeyring { rest.login = nil }
        return rest
    }

    func remove(from folder: String, of name: String) async throws {
        try await login?.remove()
        for role in keyring { try await Keyring(profile: name, folder: folder).clear(role.rawValue) }
        for file in files {
            let path = "\(folder)/\(file)"
            if unlink(path) != 0 && errno != ENOENT {
                throw ConfigurationError("\(path) could not be removed: \(FileProblem.last())")
            }
        }
    }
}
