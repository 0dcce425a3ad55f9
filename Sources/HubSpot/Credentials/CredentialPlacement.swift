import HTTPTypes
import Wire

/// Where a secret stands on a request: `Authorization: Bearer SECRET`, another header, or a key of the query.
public struct CredentialPlacement: Sendable, Hashable {
    enum Place: Sendable, Hashable {
        case header(name: String, prefix: String)
        case query(String)
    }

    let place: Place

    private init(_ place: Place) { self.place = place }

    /// `Authorization: Bearer SECRET`: private apps' tokens, service keys, OAuth.
    public static let bearer = CredentialPlacement(.header(name: "Authorization", prefix: "Bearer "))

    /// `?hapikey=SECRET`: HubSpot's API keys, which ended on 30 November 2022.
    public static let apiKey = CredentialPlacement(.query("hapikey"))

    /// - Parameter prefix: Stands before the secret. Nil: `Bearer ` for `Authorization`, else none.
    /// - Throws: ``ConfigurationError`` for what no header can be, and for one that every request has already.
    public init(header name: String, prefix: String? = nil) throws(ConfigurationError) {
        guard let field = HTTPField.Name(name) else {
            throw ConfigurationError("'\(name)' is no header's name; write one like X-Api-Key")
        }
        let isAuthorization = field == .authorization
        guard isAuthorization || !Session.refusedHeaders.contains(field.canonicalName) else {
            throw ConfigurationError("the header \(name) is the transport's own; a secret does not go there")
        }
        let prefix = prefix ?? (isAuthorization ? "Bearer " : "")
        guard prefix.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw ConfigurationError("the prefix holds a character that no header can carry")
        }
        self.init(.header(name: isAuthorization ? "Authorization" : name, prefix: prefix))
    }

    /// - Throws: ``ConfigurationError`` for an empty name.
    public init(query name: String) throws(ConfigurationError) {
        guard !name.isEmpty else { throw ConfigurationError("the query's key is empty; write one like key") }
        self.init(.query(name))
    }

    /// The header that carries it, and what stands before it there; nil where none does.
    package var header: (name: String, prefix: String)? {
        if case .header(let name, let prefix) = place { (name, prefix) } else { nil }
    }

    /// The query's key whose value it is; nil where it stands in no query.
    package var queryKey: String? { if case .query(let name) = place { name } else { nil } }

    /// Whether an address holds the secret.
    var isInAddress: Bool { if case .query = place { true } else { false } }

    /// Whether HubSpot's own servers take a secret there.
    private var isHubSpots: Bool {
        if case .header("Authorization", _) = place { true } else { false }
    }

    /// Why that server is not given the secret; nil where it is. HubSpot's own hosts read `Authorization` alone: anywhere
    /// else the secret would lie in logs and open nothing. ``HubSpotError/Remedy/useToken`` mends it.
    package func refusal(by url: BaseURL) -> String? {
        guard !isHubSpots, url.isHubSpots else { return nil }
        let why =
            self == .apiKey
            ? "HubSpot takes no API keys since 30 November 2022"
            : "HubSpot reads credentials from the header Authorization alone, not from \(self)"
        return "\(why), so nothing is sent to \(url)"
    }

    /// Why a caller may not give this header or query itself; nil where it may.
    func conflict(with request: APIRequest) -> String? {
        switch place {
        case .header(let name, _):
            guard let field = HTTPField.Name(name), request.headers.contains(field) else { return nil }
            return "the header \(name) is the session's own and cannot be given"
        case .query(let name):
            let inPath = CredentialPlacement.items(ofTarget: request.path).contains { Self.name(of: $0) == name }
            guard inPath || request.query.contains(where: { $0.name == name }) else { return nil }
            return "the query's key \(name) is the session's own and cannot be given"
        }
    }

    /// A target without the secret's key: where a server sends a request on, it may repeat the query.
    func removed(from target: String) -> String {
        guard case .query(let name) = place, let mark = target.firstIndex(of: "?") else { return target }
        let kept = Self.items(ofTarget: target).filter { Self.name(of: $0) != name }
        return String(target[..<mark]) + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&"))
    }

    private static func items(ofTarget target: String) -> [Substring] {
        guard let mark = target.firstIndex(of: "?") else { return [] }
        return target[target.index(after: mark)...].split(separator: "&")
    }

    private static func name(of item: Substring) -> String {
        PercentEncoding.decodeLeniently(item.prefix { $0 != "=" }, plusIsSpace: true)
    }
}

extension CredentialPlacement: CustomStringConvertible {
    /// `the header X-Api-Key`, `the query's key hapikey`.
    public var description: String {
        switch place {
        case .header(let name, _): "the header \(name)"
        case .query(let name): "the query's key \(name)"
        }
    }
}

extension BaseURL {
    /// A host of HubSpot's own.
    public var isHubSpots: Bool {
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        return ["hubapi.com", "hubspot.com", "hsforms.com"].contains { name == $0 || name.hasSuffix("." + $0) }
    }
}
