public import HTTPTypes
import Wire

/// One call of HubSpot's API, as it goes over the wire.
///
/// Lane, repeatability and permission are not part of it: ``RequestRules`` derives them from method, host and path, so
/// that a call which a script spells out is treated like one of ours.
public struct APIRequest: Sendable {
    /// Which of the two configured hosts gets the request.
    public enum Host: Sendable, Hashable {
        /// `https://api.hubapi.com`.
        case api
        /// `https://api.hsforms.com`, where forms are submitted.
        case forms
    }

    /// GET, POST, PUT, PATCH or DELETE.
    public var method: HTTPRequest.Method
    /// Which of HubSpot's hosts it goes to.
    public var host: Host
    /// Begins with one `/`; percent-encoded: `/crm/objects/2026-09/contacts/1`. May hold a query after `?`.
    public var path: String
    /// Not yet percent-encoded; a name may occur more than once.
    public var query: [(name: String, value: String)]
    /// Further headers. `Content-Type` defaults to `application/json` where there is a body.
    public var headers: HTTPFields
    /// The body as it is sent; nil for none.
    public var body: [UInt8]?
    /// False for a public form submission, which sends no `Authorization`.
    public var isAuthenticated: Bool
    /// How many records the call carries, for the session's totals.
    public var records: Int
    /// True for a call to one of HubSpot's batch endpoints, for the session's totals.
    public var isBatch: Bool

    /// - Parameter path: Percent-encoded; begins with `/`.
    public init(
        _ method: HTTPRequest.Method, _ path: String, host: Host = .api, query: [(name: String, value: String)] = [],
        headers: HTTPFields = [:], body: [UInt8]? = nil, isAuthenticated: Bool = true, records: Int = 1,
        isBatch: Bool = false
    ) {
        self.method = method
        self.host = host
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.isAuthenticated = isAuthenticated
        self.records = records
        self.isBatch = isBatch
    }

    /// What errors call the request: `POST /crm/objects/2026-09/contacts`. No query, which may hold personal data.
    public var summary: String { "\(method.rawValue) \(Substring(path.utf8.prefix { $0 != UInt8(ascii: "?") }))" }

    /// The path with its percent-encoded query, as it stands in the request line.
    public var target: String {
        guard !query.isEmpty else { return path }
        var target = path
        target += path.utf8.contains(UInt8(ascii: "?")) ? "&" : "?"
        for (offset, item) in query.enumerated() {
            if offset > 0 { target += "&" }
            target += PercentEncoding.encode(item.name)
            target += "="
            target += PercentEncoding.encode(item.value)
        }
        return target
    }
}
