import JSON
import WebForms
import Wire

/// A refusal in HubSpot's standard envelope. Members that are empty are left out.
struct APIError: Error, Sendable {
    enum Form: Sendable, Equatable {
        case envelope
        /// An HTML page with the status.
        case html
        case empty
        /// OAuth's own body: `{error, error_description, status, message, correlationId}`.
        case oauth(error: String, status: String)
        /// Text as it is, `text/plain`.
        case plain(String)
    }

    struct Detail: Sendable {
        var message: String
        var code: String?
        /// Form errors have `errorType` in place of `code`.
        var errorType: String?
        var context: [(String, [String])] = []

        var json: JSONValue {
            var members: [JSONValue.Member] = [.init("message", .string(message))]
            if let code { members.append(.init("code", .string(code))) }
            if let errorType { members.append(.init("errorType", .string(errorType))) }
            if !context.isEmpty { members.append(.init("context", APIError.json(context))) }
            return .object(members)
        }
    }

    var status: Int
    var message: String
    var category: String?
    var subCategory: String?
    var context: [(String, [String])] = []
    var errors: [Detail] = []
    var links: [(String, String)] = []
    /// Members that only this error has, such as `policyName`.
    var extra: [(String, String)] = []
    var headers: [(String, String)] = []
    var form = Form.envelope

    init(_ status: Int, _ message: String, category: String? = nil) {
        self.status = status
        self.message = message
        self.category = category
    }

    func json(correlationID: String) -> JSONValue {
        if case .oauth(let error, let status) = form {
            return [
                "error": .string(error), "error_description": .string(message), "status": .string(status),
                "message": .string(message), "correlationId": .string(correlationID),
            ]
        }
        var members: [JSONValue.Member] = [
            .init("status", "error"), .init("message", .string(message)),
            .init("correlationId", .string(correlationID)),
        ]
        if !context.isEmpty { members.append(.init("context", Self.json(context))) }
        if !errors.isEmpty { members.append(.init("errors", .array(errors.map(\.json)))) }
        if !links.isEmpty {
            members.append(
                .init("links", .object(links.map { .init($0.0, .string($0.1)) })))
        }
        if let category { members.append(.init("category", .string(category))) }
        if let subCategory { members.append(.init("subCategory", .string(subCategory))) }
        members += extra.map { .init($0.0, .string($0.1)) }
        return .object(members)
    }

    /// The error as one entry of a 207's `errors`. HubSpot's own clients insist on `links` and `errors`.
    var batchEntry: JSONValue {
        var members: [JSONValue.Member] = [.init("status", "error")]
        if let category { members.append(.init("category", .string(category))) }
        if let subCategory { members.append(.init("subCategory", .string(subCategory))) }
        members.append(.init("message", .string(message)))
        members.append(.init("context", Self.json(context)))
        members.append(.init("links", .object([])))
        members.append(.init("errors", .array(errors.map(\.json))))
        return .object(members)
    }

    static func json(_ context: [(String, [String])]) -> JSONValue {
        .object(context.map { .init($0.0, .strings($0.1)) })
    }
}

extension APIError {
    static func validation(_ message: String) -> APIError {
        APIError(400, message, category: "VALIDATION_ERROR")
    }

    /// The body is no JSON, or no JSON of the right shape.
    static func input(_ reason: String, line: Int = 1, column: Int = 2) -> APIError {
        validation("Invalid input JSON on line \(line), column \(column): \(reason)")
    }

    static func missing(_ fields: [String]) -> APIError {
        validation(
            "Invalid input JSON on line 1, column 2. Some required fields were not set: "
                + "[\(fields.joined(separator: ", "))]")
    }

    static func queryParameter(_ name: String) -> APIError {
        APIError(400, "Unable to parse value for query parameter: \(name)")
    }

    /// HubSpot's message where it gives no reason.
    static var opaque: APIError { validation("There was a problem with the request.") }

    static var recordNotFound: APIError { APIError(404, "resource not found", category: "OBJECT_NOT_FOUND") }

    static func malformedID(_ id: String) -> APIError {
        var error = APIError(404, "Object not found.  objectId are usually numeric.", category: "OBJECT_NOT_FOUND")
        error.context = [("id", [id])]
        return error
    }

    static func html(_ status: Int) -> APIError {
        var error = APIError(status, "")
        error.form = .html
        return error
    }

    static func missingScopes(_ scopes: [String]) -> APIError {
        var error = APIError(
            403,
            "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: "
                + "https://developers.hubspot.com/scopes.", category: "MISSING_SCOPES")
        error.errors = [
            Detail(
                message: "One or more of the following scopes are required.",
                context: [("requiredGranularScopes", scopes)])
        ]
        error.links = [("scopes", "https://developers.hubspot.com/scopes")]
        return error
    }

    static var noCredentials: APIError {
        var error = APIError(.noCredentials)
        error.headers = [("x-hubspot-auth-failure", "401 Unauthorized")]
        return error
    }

    /// 400 of the token endpoint.
    static func oauth(_ error: String, _ status: String, _ message: String) -> APIError {
        var result = APIError(400, message)
        result.form = .oauth(error: error, status: status)
        return result
    }

    /// 401 for a token that has lived its time.
    static func expiredToken(at expiry: Int64, now: Int64) -> APIError {
        let seconds = max(0, (now - expiry) / 1000)
        let age =
            switch seconds {
            case 0..<60: "\(seconds) second(s)"
            case 60..<3600: "\(seconds / 60) minute(s)"
            case 3600..<86_400: "\(seconds / 3600) hour(s)"
            default: "\(seconds / 86_400) day(s)"
            }
        var error = APIError(
            401, "The OAuth token used to make this call expired \(age) ago.", category: "EXPIRED_AUTHENTICATION")
        error.context = [("expire time", [Timestamp.iso(expiry)])]
        return error
    }

    /// HubSpot's answer to a token that it does not know: expired, in 1970.
    static func unknownToken(now milliseconds: Int64) -> APIError {
        let days = String(milliseconds / Timestamp.millisecondsPerDay)
        let grouped = days.count > 3 ? "\(days.dropLast(3)),\(days.suffix(3))" : days
        var error = APIError(
            401, "The OAuth token used to make this call expired \(grouped) day(s) ago.",
            category: "EXPIRED_AUTHENTICATION")
        error.context = [("expire time", ["1970-01-01T00:00:00Z"])]
        return error
    }

    /// 401 for the parameter that was a credential once.
    static var unknownKey: APIError { APIError(401, "This hapikey doesn't exist.") }

    /// HubSpot's answer with a status where nothing else is known: a fault without a body gives it.
    static func plain(_ status: Int, correlationID: String) -> APIError {
        switch status {
        case 423: return APIError(423, "The resource that is being accessed is locked", category: "LOCKED")
        case 429: return rateLimited(policy: "TEN_SECONDLY_ROLLING", correlationID: correlationID)
        case 477:
            var error = APIError(
                477, "This account is being migrated between data centers.", category: "MIGRATION_IN_PROGRESS")
            error.headers = [("Retry-After", "10")]
            return error
        case 500...: return html(status)
        default: return APIError(status, "There was a problem with the request.")
        }
    }

    /// 429 of a window or of the day (`SECONDLY`, `TEN_SECONDLY_ROLLING`, `DAILY`).
    static func rateLimited(policy: String, correlationID: String) -> APIError {
        var error = APIError(429, WebForm.Refusal.rateLimit(of: policy))
        error.extra = [("errorType", "RATE_LIMIT"), ("policyName", policy), ("requestId", correlationID)]
        return error
    }
}
