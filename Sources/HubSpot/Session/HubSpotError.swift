package import JSON

/// Why a call failed, in the words that scripts see.
public struct HubSpotError: Error, Sendable, Equatable {
    /// The raw values are part of the contract with scripts: never renamed.
    public enum Kind: String, Sendable, CaseIterable {
        /// The call makes no sense as it is; nothing was sent.
        case invalidArgument = "invalid_argument"
        /// HubSpot takes a value not (400): ``HubSpotError/details`` say which.
        case validation
        /// There is no credential, or HubSpot does not take it (401).
        case unauthenticated
        /// The credential lacks a scope (403).
        case forbidden
        /// There is no such record, or no such path (404).
        case notFound = "not_found"
        /// There is such a record already, or it changed meanwhile (409).
        case conflict
        /// HubSpot refused the call for its rate, several times (429).
        case rateLimited = "rate_limited"
        /// The account's calls of the day are used up, or kept for people.
        case dailyLimit = "daily_limit"
        /// HubSpot could not answer (500 to 599, 423, 477), or the quota's store cannot be used.
        case unavailable
        /// No whole answer came within ``SessionConfiguration/timeout``.
        case timeout
        /// No connection, or one that broke.
        case network
        /// The answer is not what HubSpot sends: no JSON, or fields that are missing.
        case badResponse = "bad_response"
        /// The task was cancelled, or the session closed.
        case cancelled
        /// The session is read-only, and the call would write.
        case readOnly = "read_only"
        /// The session's permissions do not hold what the call needs.
        case notAllowed = "not_allowed"
        case notConfirmed = "not_confirmed"
        /// A write of an item that runs again was sent before, and nothing tells whether it was carried out.
        case fateUnknown = "fate_unknown"
        /// An item that runs again writes something else than before.
        case checkpointMismatch = "checkpoint_mismatch"
    }

    /// Which kind of failure it is.
    public var kind: Kind
    /// What was tried, what happened, what to do next.
    public var message: String
    /// The status of HubSpot's answer; nil where there was none.
    public var status: Int?
    /// HubSpot's `category`: `VALIDATION_ERROR`, `CONFLICT`, ...
    public var category: String?
    /// HubSpot's id of the call, for its support.
    public var correlationID: String?
    /// Which limit a 429 speaks of: `TEN_SECONDLY_ROLLING`, `SECONDLY`, `DAILY`.
    public var policyName: String?
    /// How long to wait before another try makes sense, where HubSpot says so or its rules do.
    public var retryAfter: Duration?
    /// HubSpot's `errors`, as they came.
    package var errors: [JSONValue]
    /// HubSpot's `context`: names with lists of strings.
    package var context: JSONValue?
    /// `POST /crm/objects/2026-09/contacts`.
    public var request: String?
    /// The id of the record that is in the way of a create, out of HubSpot's 409.
    public var existingID: String?
    /// True where a write may have been carried out although its answer does not say so.
    public var fateIsUnknown: Bool
    /// What mends it, where something outside of the call does. The message says so too.
    public var remedy: Remedy?
    /// The answer as it came, for what passes it on; nil where there was none.
    package var answer: RefusingAnswer?
    /// False for what no second try mends, such as a certificate that is not trusted.
    var isWorthRepeating = true
    /// True where HubSpot says that it knew the token, and takes it no more.
    public internal(set) var tokenHasExpired = false
    /// True where HubSpot does not know the token at all.
    public internal(set) var tokenIsUnknown = false
    /// The data centre that HubSpot says the account is in (status 488).
    var region: Region?

    package init(
        _ kind: Kind, _ message: String, status: Int? = nil, category: String? = nil, correlationID: String? = nil,
        policyName: String? = nil, retryAfter: Duration? = nil, errors: [JSONValue] = [], context: JSONValue? = nil,
        request: String? = nil, existingID: String? = nil, fateIsUnknown: Bool = false
    ) {
        self.kind = kind
        self.message = message
        self.status = status
        self.category = category
        self.correlationID = correlationID
        self.policyName = policyName
        self.retryAfter = retryAfter
        self.errors = errors
        self.context = context
        self.request = request
        self.existingID = existingID
        self.fateIsUnknown = fateIsUnknown
    }

    /// Of kind `invalidArgument`.
    public static func invalidArgument(_ message: String) -> HubSpotError { HubSpotError(.invalidArgument, message) }

    /// Of kind `cancelled`.
    public static let cancelled = HubSpotError(.cancelled, "the call was cancelled")
}

extension HubSpotError: CustomStringConvertible {
    /// One line: kind, status, message, request, correlation id; as scripts and people see it, but for the last.
    public var description: String {
        var line = kind.rawValue
        if let status { line += " (\(status))" }
        line += ": \(message)"
        if let request { line += " (\(request))" }
        if let correlationID { line += " (correlationId \(correlationID))" }
        return line
    }
}
