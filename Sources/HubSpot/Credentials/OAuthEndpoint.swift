import Wire

/// The address of an OAuth server's page or call: `https://api.hubapi.com/oauth/2026-09/token`.
package struct OAuthEndpoint: Sendable, Hashable, CustomStringConvertible {
    package let server: BaseURL
    /// Begins with `/`.
    package let path: String

    package init(_ server: BaseURL, path: String) {
        self.server = server
        self.path = path
    }

    /// - Throws: ``ConfigurationError`` for an address that is no server's, or that goes to another machine without TLS.
    package init(_ text: some StringProtocol) throws(ConfigurationError) {
        let text = String(text)
        let start = text.firstRange(of: "://")?.upperBound ?? text.startIndex
        let slash = text[start...].firstIndex(of: "/") ?? text.endIndex
        server = try BaseURL(text[..<slash])
        path = slash == text.endIndex ? "/" : String(text[slash...])
        guard !path.contains(where: { "?# \\".contains($0) }) else {
            throw ConfigurationError(
                "the address '\(server)…' holds a query or a space; write scheme, host and path only")
        }
    }

    package var description: String { "\(server)\(path)" }

    /// Where people agree to what an app may do: at HubSpot's page of the region, or beside another base URL.
    package static func consent(at api: BaseURL) -> OAuthEndpoint {
        guard api.isHubSpots else { return OAuthEndpoint(api, path: "/oauth/authorize") }
        let host = api.region.map { $0 == .northAmerica ? "app.hubspot.com" : "app-\($0).hubspot.com" }
        return OAuthEndpoint(BaseURL(secureHost: host ?? "app.hubspot.com"), path: "/oauth/authorize")
    }

    /// Where tokens are given, in the generation that is asked for.
    package static func token(at api: BaseURL, _ version: APIVersion) -> OAuthEndpoint {
        OAuthEndpoint(api, path: "/oauth/\(version.rawValue)/token")
    }
}
