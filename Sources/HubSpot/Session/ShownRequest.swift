import HTTPTypes
import Wire

/// A request as it may be shown to a person or kept in a file: all that is sent, with every secret masked. What a console
/// prints of a request, what a journal keeps and what a page shows is made from it.
package struct ShownRequest: Sendable, Equatable {
    package struct Header: Sendable, Equatable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var method: String
    /// With its percent-encoded query.
    package var address: String
    /// In the order in which they are sent; those that the connection needs (`Host`, `Content-Length`) are left out.
    package var headers: [Header]
    package var body: [UInt8]?
    /// Where the credential stands, so that a command line can take it from a variable; nil where none is sent.
    package var placement: CredentialPlacement?
}

extension Session {
    /// Of the secrets that were asked for by now.
    var secretMask: SecretMask {
        SecretMask(
            known: knownCredential?.secret,
            others: (configuration.credential as? OAuthCredential)?.otherSecrets ?? [])
    }

    /// A text with the session's secrets masked, as far as they were asked for: before it is kept in a file.
    package func masked(_ text: String) -> String { secretMask.blanked(text) }

    /// A request as this session would send it now, for showing. Opens nothing, and asks for no credential.
    package func shown(_ request: APIRequest) -> ShownRequest {
        let placement = request.isAuthenticated ? configuration.credential?.placement : nil
        let mask = secretMask
        var target = mask.target(request.target)
        if let key = placement?.queryKey {
            target += "\(target.contains("?") ? "&" : "?")\(PercentEncoding.encode(key))=\(mask.shown)"
        }
        let credential = placement?.header.map { (name: $0.name, value: $0.prefix + mask.shown) }
        return ShownRequest(
            method: request.method.rawValue, address: hostURL(for: request.host).description + target,
            headers: Transport.headers(of: request, credential: credential, userAgent: configuration.userAgent).map {
                ShownRequest.Header($0.name, $0.name == credential?.name ? $0.value : mask.header($0.name, $0.value))
            }, body: request.body.map { mask.body($0, of: request) }, placement: placement)
    }
}

/// Takes secrets out of the parts of a request: the session's own credential wherever it stands, and what is a secret by
/// its name.
struct SecretMask {
    /// What stands in the place of a secret.
    var shown: String { known?.description ?? Self.dots }

    private static let dots = "••••"
    private static let queryKeys: Set<String> = [
        "hapikey", "access_token", "refresh_token", "client_secret", "token", "api_key", "apikey", "code", "secret",
        "password",
    ]
    private static let headers: Set<String> = [
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-auth-token",
    ]

    private let known: AccessToken?
    private let others: Set<AccessToken>

    /// - Parameters:
    ///   - known: The session's secret; nil before it was asked for.
    ///   - others: Those that it is got with.
    init(known: AccessToken?, others: Set<AccessToken> = []) {
        self.known = known
        self.others = others
    }

    /// A path with its query, or a whole address.
    func target(_ target: String) -> String {
        let parts = blanked(target).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = Self.path(parts[0])
        guard parts.count > 1 else { return path }
        let items = parts[1].split(separator: "&", omittingEmptySubsequences: false).map { item -> String in
            let name = item.prefix { $0 != "=" }
            let isSecret = Self.queryKeys.contains(
                PercentEncoding.decodeLeniently(name, plusIsSpace: true).lowercased())
            return isSecret ? "\(name)=\(Self.dots)" : String(item)
        }
        return "\(path)?\(items.joined(separator: "&"))"
    }

    /// `/oauth/v1/refresh-tokens/TOKEN`, and alike. By hand, since each write passes here: a regular expression is compiled
    /// every time that its literal is met, in twice the time that all else of a write takes.
    private static func path(_ path: Substring) -> String {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false)
        for place in parts.indices.dropFirst(4)
        where parts[place - 3] == "oauth" && !parts[place - 2].isEmpty && !parts[place].isEmpty
            && (parts[place - 1] == "access-tokens" || parts[place - 1] == "refresh-tokens")
        {
            parts[place] = Substring(dots)
        }
        return parts.joined(separator: "/")
    }

    func header(_ name: String, _ value: String) -> String {
        Self.headers.contains(name.lowercased()) ? Self.dots : blanked(value)
    }

    /// The body of a call to an OAuth server is made of secrets.
    func body(_ body: [UInt8], of request: APIRequest) -> [UInt8] {
        request.host == .api && request.path.hasPrefix("/oauth/")
            ? Array(Self.dots.utf8) : blanked(body)
    }

    func blanked(_ text: String) -> String {
        known == nil && others.isEmpty ? text : String(decoding: blanked(Array(text.utf8)), as: UTF8.self)
    }

    private func blanked(_ text: [UInt8]) -> [UInt8] {
        others.reduce(known?.blanked(in: text) ?? text) { $1.blanked(in: $0) }
    }
}
