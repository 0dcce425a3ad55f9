import HubSpot

/// What `auth login` writes into a profile.
struct LoginSettings: Sendable {
    var kind = CredentialKind.token
    /// The token, or the app's secret, as it was given; nil where the profile names another source that stays.
    var secret: [UInt8]?
    /// The secret lies in the keyring, and in no file.
    var usesKeyring = false
    var portalID: Int64?
    /// Where the credential was checked, unless that is HubSpot's own address.
    var baseURL: BaseURL?
    var header: String?
    var query: String?
    var clientID: String?
    /// Nil where the profile names them already.
    var scopes: [String]?
    /// Where it is not the usual one.
    var redirectURI: String?
    /// The day of the login: `2026-11-29`.
    var date: String?

    /// By the key that names the file, and what follows the profile's name in the file's own.
    static let files = [(key: "token_file", suffix: ".token"), (key: "client_secret_file", suffix: ".client")]

    /// One of these, written by a login, makes a profile one that a logout may take back.
    static let ownKeys = ["token_file", "client_secret_file", "keyring", "client_id"]

    private var fileKind: (key: String, suffix: String) { Self.files[kind.isApp ? 1 : 0] }

    /// The file that holds the secret; nil where none does.
    func file(of name: String) -> (key: String, name: String, secret: [UInt8])? {
        guard let secret, !usesKeyring else { return nil }
        return (fileKind.key, name + fileKind.suffix, secret)
    }

    /// The profile's entries, by their keys.
    func entries(of name: String) -> [(key: String, line: String)] {
        var entries: [(key: String, line: String)] = []
        func add(_ key: String, _ value: String?) {
            if let value { entries.append((key, "\(key) = \(value)")) }
        }
        func quoted(_ text: String) -> String {
            "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
        }
        add("auth", quoted(kind.rawValue))
        add(fileKind.key, file(of: name).map { quoted($0.name) })
        add("keyring", usesKeyring ? "true" : nil)
        add("header", header.map(quoted))
        add("query", query.map(quoted))
        add("client_id", clientID.map(quoted))
        add("scopes", scopes.map { "[" + $0.map(quoted).joined(separator: ", ") + "]" })
        add("redirect_uri", redirectURI.map(quoted))
        add("portalId", portalID.map { "\($0)" })
        add("base_url", baseURL.map { quoted("\($0)") })
        add("logged_in", date.map(quoted))
        return entries
    }

    /// Keys that say something else about the credential than this login, and end with it.
    var endedKeys: [String] {
        var ended = ["token_command", "token_env", "keyring"]
        if usesKeyring || kind.isApp { ended.append("token_file") }
        if secret != nil || !kind.isApp {
            ended += ["client_secret_command", "client_secret_env"]
            if usesKeyring || !kind.isApp { ended.append("client_secret_file") }
        }
        if !kind.isApp { ended += ["client_id", "scopes", "optional_scopes", "auth_url", "token_url", "redirect_uri"] }
        if kind != .header { ended += ["header", "prefix"] }
        if kind != .query { ended.append("query") }
        return ended
    }
}
