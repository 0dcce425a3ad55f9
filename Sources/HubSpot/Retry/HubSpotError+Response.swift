import HTTPTypes
import JSON

extension HubSpotError {
    /// Reads an answer that is no success: HubSpot's envelope where there is one, else whatever came.
    ///
    /// - Parameters:
    ///   - granting: How the session's credential gets a scope that it lacks.
    ///   - wording: How messages say what mends an error.
    init(
        _ response: APIResponse, to request: APIRequest, granting: ScopeGranting = .inSettings,
        wording: (Remedy) -> String = { $0.description }
    ) {
        let document = ErrorDocument(response)
        let body = document.json
        self.init(
            .badResponse, "", status: response.status, category: body?["category"]?.string,
            correlationID: body?["correlationId"]?.string ?? response.header("x-hubspot-correlation-id"),
            policyName: body?["policyName"]?.string, errors: body?["errors"]?.array ?? [], context: body?["context"],
            request: request.summary)
        if response.body.count <= ErrorDocument.maximumBytes { answer = RefusingAnswer(response) }
        let said = document.message
        retryAfter = RetryAfter.read(response.header("retry-after"))
        switch response.status {
        case 401: describeUnauthenticated(said, request)
        case 403:
            kind = .forbidden
            message = said ?? "the credential may not do this"
            if let lacking = MissingScopes(body, of: request) {
                let remedy = granting.remedy(lacking.scopes)
                message = "\(lacking.words); \(wording(remedy))"
                self.remedy = remedy
            }
        case 404:
            kind = .notFound
            message = said ?? ""
            if document.isPage {
                message =
                    "the server knows no such path, and answered with an HTML page; check the base URL and the path"
            } else if let wanted = LookedUp(request) {
                name(wanted)
            } else if message.isEmpty {
                message = "HubSpot knows no such path"
            }
        case 409:
            kind = .conflict
            message = said ?? "it conflicts with what is there already"
            existingID = said.flatMap(HubSpotError.existingID)
        case 414:
            kind = .validation
            message =
                document.isText && said != nil
                ? said! : "the URL is too long for HubSpot; \(Remedy.askForLess)"
        case 423:
            kind = .unavailable
            retryAfter = retryAfter ?? .seconds(2)
            message = said ?? "the record is locked by another change; locks last about two seconds, try again"
        case 429: describeRateLimit(said, document, request)
        case 477:
            kind = .unavailable
            retryAfter = RetryAfter.read(response.header("retry-after"), upTo: 86_400)
            let when = retryAfter.map { "in \($0.components.seconds) s" } ?? "later"
            message = said ?? "HubSpot is moving this account to another data centre; try again \(when)"
        case 488:
            // Not for the record's sake: no other request fares better here.
            kind = .badResponse
            region = document.region
            let place = region.map { "HubSpot's data centre \($0)" } ?? "another of HubSpot's data centres"
            message = "this account is in \(place), which this host does not serve"
        case 500...599:
            kind = .unavailable
            message =
                said
                ?? "HubSpot is temporarily unable to answer (status \(response.status)\(document.formatNote)); try again later"
        case 300..<400:
            kind = .badResponse
            let target = response.header("location").map { " to \(HubSpotError.withoutQuery($0))" } ?? ""
            message =
                "the server redirects\(target), which is not followed: only a read is, on its own host and to the same kind of path; check the base URL"
        case 400..<500:
            kind = .validation
            message = said ?? "HubSpot refused the request (status \(response.status)\(document.formatNote))"
        default:
            kind = .badResponse
            message =
                "the server answered with status \(response.status), which HubSpot never sends; check the base URL"
        }
        addDetails()
    }

    private mutating func describeUnauthenticated(_ said: String?, _ request: APIRequest) {
        kind = .unauthenticated
        guard category == "EXPIRED_AUTHENTICATION" else {
            message =
                said.map { "HubSpot did not accept the credential: \($0)" }
                ?? "HubSpot did not accept the credential; check that the token is whole and of this account"
            return
        }
        // A string that is no token of HubSpot's at all "expired" when time began.
        let expired = context?["expire time"]?.array?.first?.string ?? ""
        let days = said.flatMap { text in
            text.firstMatch(of: /expired ([\d,]+) day/).flatMap { Int($0.1.filter(\.isNumber)) }
        }
        if expired.hasPrefix("1970-") || (days ?? 0) > 10_000 {
            tokenIsUnknown = true
            message =
                "token not recognised: HubSpot does not know this access token; copy a private app's token or a service key again (it begins with pat-)"
        } else {
            tokenHasExpired = true
            let what = said.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 } ?? "the access token has expired"
            message = "\(what); get a new one"
        }
    }

    private mutating func describeRateLimit(_ said: String?, _ document: ErrorDocument, _ request: APIRequest) {
        let limit = RateLimitRefusal(policyName: policyName, message: said, isBlock: document.isBlocked)
        policyName = policyName ?? limit.policyName
        switch limit {
        case .day:
            kind = .dailyLimit
            retryAfter = nil
            message =
                "the account's quota for the day is used up; it starts anew at midnight in the account's time zone"
        case .second:
            kind = .rateLimited
            retryAfter = retryAfter ?? .seconds(1)
            message = said ?? "too many calls within a second"
        case .tenSeconds, .unknown:
            kind = .rateLimited
            retryAfter = retryAfter ?? .seconds(10)
            message = said ?? "too many calls within ten seconds"
        case .block:
            kind = .rateLimited
            retryAfter = max(retryAfter ?? .zero, .seconds(60))
            message = "HubSpot has blocked form submissions from this address for a minute, after too many of them"
        }
    }

    /// A validation's own errors say more than its message, which may hold a document as text.
    mutating func addDetails() {
        guard kind == .validation, !errors.isEmpty else { return }
        let details = errors.compactMap { error -> String? in
            guard let said = error["message"]?.string else { return nil }
            // A list of options comes in lines, and an error is one.
            let text = AllowedOptions(said)?.line ?? said.split(whereSeparator: \.isNewline).joined(separator: " ")
            // `x was not a valid long.` does not say of which property.
            guard let name = error["context"]?["propertyName"]?.array?.first?.string,
                !text.lowercased().contains(name.lowercased())
            else { return text }
            return "\(name): \(text)"
        }
        guard !details.isEmpty else { return }
        let shown =
            details.prefix(5).joined(separator: "; ") + (details.count > 5 ? "; and \(details.count - 5) more" : "")
        if message.hasPrefix("Property values were not valid") {
            message = "Property values were not valid: \(shown)"
        } else if !details.allSatisfy({ message.contains($0) }) {
            message = message.hasSuffix(".") ? "\(message.dropLast()): \(shown)" : "\(message): \(shown)"
        }
    }

    private static func existingID(_ message: String) -> String? {
        message.firstMatch(of: /Existing ID:\s*(\d+)/).map { String($0.1) }
    }

    private static func withoutQuery(_ url: String) -> String {
        String(url.prefix { $0 != "?" && $0 != "#" }.prefix(200))
    }
}

/// Which limit a 429 speaks of. `policyName` says it best, then the message.
enum RateLimitRefusal: Equatable {
    case day
    case second
    case tenSeconds
    /// The sender's address is blocked for a minute.
    case block
    case unknown

    init(policyName: String?, message: String?, isBlock: Bool) {
        if isBlock {
            self = .block
            return
        }
        switch policyName?.uppercased() {
        case "DAILY": self = .day
        case "SECONDLY": self = .second
        case "TEN_SECONDLY_ROLLING": self = .tenSeconds
        default:
            let message = message?.lowercased() ?? ""
            self =
                if message.contains("daily limit") {
                    .day
                } else if message.contains("ten_secondly") {
                    .tenSeconds
                } else if message.contains("secondly limit") {
                    .second
                } else {
                    .unknown
                }
        }
    }

    var policyName: String? {
        switch self {
        case .day: "DAILY"
        case .second: "SECONDLY"
        case .tenSeconds: "TEN_SECONDLY_ROLLING"
        case .block, .unknown: nil
        }
    }
}

/// `Retry-After`, in seconds.
enum RetryAfter {
    /// Nil where it is missing or not sane: not a whole number from 1 to `most`.
    static func read(_ value: String?, upTo most: Int = 300) -> Duration? {
        guard let value, let seconds = Int(value.filter { !$0.isWhitespace }), (1...most).contains(seconds) else {
            return nil
        }
        return .seconds(seconds)
    }
}

/// The body of a refusal, whatever it is.
struct ErrorDocument {
    let json: JSONValue?
    /// What the body says by itself; nil where it is empty or a page for a browser.
    let message: String?
    /// True for `text/plain`.
    let isText: Bool
    /// True for a page for a browser.
    let isPage: Bool

    /// Bodies beyond this are not read: no message is that long.
    static let maximumBytes = 1 << 20

    init(_ response: APIResponse) {
        let body = response.body
        let first = body.first { $0 > 0x20 }
        json = first == UInt8(ascii: "{") && body.count <= Self.maximumBytes ? JSONValue(parsing: body) : nil
        isPage = first == UInt8(ascii: "<")
        isText = json == nil && !isPage && !body.isEmpty
        let text = json?["message"]?.string ?? json?["error_description"]?.string
        if let text, !text.isEmpty {
            message = String(text.prefix(2000))
        } else if isText, body.count <= 4096, let plain = String(validating: body, as: UTF8.self) {
            message = plain.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        } else {
            message = nil
        }
    }

    /// The data centre that a 488 names: HubSpot's `correctHublet`, else the word in its message (source: amp-labs#3508,
    /// hubspot-api-python#261).
    var region: Region? {
        if let word = json?["correctHublet"]?.string { return Region(word) }
        return message?.firstMatch(of: /in [Hh]ublet ([a-z0-9]+)/).flatMap { Region($0.1) }
    }

    /// Cloudflare's own refusal comes as text: `error code: 1015`.
    var isBlocked: Bool { json == nil && (message?.contains("1015") ?? false) }

    /// For messages about answers that say nothing: `, an HTML page`.
    var formatNote: String { isPage ? ", with an HTML page" : "" }
}
