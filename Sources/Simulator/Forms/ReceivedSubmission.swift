import JSON
import NIOCore
import Wire

/// A submission's body, read and checked as the form endpoints do.
struct ReceivedSubmission: Sendable {
    struct Field: Sendable {
        var objectTypeID: String
        var name: String
        var value: String
    }

    static let maximumFields = 1000
    /// A submission may lie a month back at most.
    static let maximumAge: Int64 = 31 * Timestamp.millisecondsPerDay

    var fields: [Field] = []
    /// Milliseconds since 1970.
    var submittedAt: Int64
    var context: JSONValue

    /// The standard 400 with every error found.
    static func refusal(_ problems: [APIError.Detail]) -> APIError {
        var error = APIError(400, "The request is not valid")
        error.errors = problems
        return error
    }

    static func problem(_ path: String, _ text: String, _ errorType: String) -> APIError.Detail {
        APIError.Detail(message: "Error in '\(path)'. \(text)", errorType: errorType)
    }

    /// - Parameter isPublic: Fields outside the form's definition are refused.
    init(_ body: JSONValue, form: StoredForm, isPublic: Bool, now: Int64) throws(APIError) {
        var problems: [APIError.Detail] = []
        let list = try body.requiredArray("fields")
        context = body["context"].flatMap { $0.isNull ? nil : $0 } ?? .object([])
        submittedAt = now
        if list.count > Self.maximumFields {
            throw Self.refusal([
                Self.problem(
                    "fields", "At most \(Self.maximumFields) values can be submitted",
                    "MAX_NUMBER_OF_SUBMITTED_VALUES_EXCEEDED")
            ])
        }
        for field in list {
            guard field.members != nil else {
                throw .input("Cannot deserialize value from \(Call.token(field)) at \"fields\"")
            }
            fields.append(
                Field(
                    objectTypeID: try field.scalar("objectTypeId") ?? "0-1", name: try field.requiredScalar("name"),
                    value: try field.scalar("value") ?? ""))
        }
        if form.hasCaptcha {
            throw Self.refusal([
                APIError.Detail(
                    message:
                        "Form '\(form.guid)' can't receive API submissions as Captcha (SPAM prevention) is enabled.",
                    errorType: "FORM_HAS_RECAPTCHA_ENABLED")
            ])
        }
        let skips = body["skipValidation"]?.bool ?? false
        problems += FormFieldRules.problems(fields, form: form, isPublic: isPublic, skipping: skips)
        problems += Self.contextProblems(context)
        problems += FormConsent.problems(body["legalConsentOptions"], form: form)
        if let time = body["submittedAt"], !time.isNull {
            guard let milliseconds = time.integer else {
                throw .input("Cannot deserialize value of type `long` at \"submittedAt\"")
            }
            submittedAt = milliseconds
            if milliseconds < now - Self.maximumAge || milliseconds > now + Timestamp.millisecondsPerDay {
                problems.append(
                    Self.problem("submittedAt", "'\(milliseconds)' is not within the last month", "INVALID_METADATA"))
            }
        }
        if !problems.isEmpty { throw Self.refusal(problems) }
    }

    private static let contextKeys: Set<String> = [
        "hutk", "ipAddress", "pageUri", "pageName", "pageId", "sfdcCampaignId", "goToWebinarWebinarKey",
    ]

    private static func contextProblems(_ context: JSONValue) -> [APIError.Detail] {
        guard let members = context.members else {
            return [problem("context", "An object is expected", "INVALID_METADATA")]
        }
        var problems: [APIError.Detail] = []
        for member in members where !member.value.isNull {
            let path = "context.\(member.key)"
            guard contextKeys.contains(member.key), let value = PropertyValidator.text(member.value) else {
                problems.append(problem(path, "'\(member.key)' is not an allowed attribute", "INVALID_METADATA"))
                continue
            }
            switch member.key {
            case "hutk" where value.utf8.count != 32 || !value.allSatisfy({ $0.isHexDigit && $0.isASCII }):
                problems.append(problem(path, "'\(value)' is not a valid Hutk", "INVALID_HUTK"))
            case "ipAddress" where (try? SocketAddress(ipAddress: value, port: 0)) == nil:
                problems.append(problem(path, "'\(value)' is not a valid ip address", "INVALID_IP_ADDRESS"))
            case "pageUri" where !isAbsolute(value):
                problems.append(problem(path, "'\(value)' is not a valid page uri", "INVALID_PAGE_URI"))
            case "goToWebinarWebinarKey" where value.isEmpty || !value.allSatisfy({ $0.isNumber && $0.isASCII }):
                problems.append(
                    problem(path, "'\(value)' is not a valid webinar key", "INVALID_GOTOWEBINAR_WEBINAR_KEY"))
            default: break
            }
        }
        return problems
    }

    private static func isAbsolute(_ uri: String) -> Bool {
        guard let colon = uri.firstRange(of: "://") else { return false }
        let scheme = uri[..<colon.lowerBound].lowercased()
        let rest = uri[colon.upperBound...]
        return (scheme == "http" || scheme == "https") && !rest.isEmpty && !rest.hasPrefix("/")
            && !uri.contains(where: \.isWhitespace)
    }
}
