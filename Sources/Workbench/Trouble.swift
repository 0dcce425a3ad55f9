import JSON
import WebForms

/// What a website must survive: the server answers so instead of as usual, for as long as it is set.
enum Trouble: String, Sendable, CaseIterable {
    case none
    case rateLimited = "429"
    case blocked = "1015"
    case unavailable = "5xx"
    case slow
    case late
    case captcha

    /// On the page.
    var label: String {
        switch self {
        case .none: "as usual"
        case .rateLimited: "429: too many requests"
        case .blocked: "1015: the address is blocked"
        case .unavailable: "502: no answer behind it"
        case .slow: "slowly, after 5 s"
        case .late: "and the contact appears after 5 s"
        case .captcha: "400: captcha is on"
        }
    }

    static let delay: Duration = .seconds(5)

    /// The answer in place of the portal's; nil where the submission is carried out.
    func answer(form: String, correlationID: String) -> SubmissionAnswer? {
        switch self {
        case .none, .slow, .late: return nil
        case .rateLimited:
            return .json(
                429,
                [
                    "status": "error", "message": .string(WebForm.Refusal.rateLimit(of: Self.window)),
                    "correlationId": .string(correlationID), "errorType": "RATE_LIMIT",
                    "policyName": .string(Self.window), "requestId": .string(correlationID),
                ], correlationID: correlationID)
        case .blocked:
            return SubmissionAnswer(
                429, [HeaderLine("Content-Type", "text/plain;charset=UTF-8")], body: Array("error code: 1015".utf8))
        case .unavailable:
            let page = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body>502 Bad Gateway</body>\n</html>\n"
            return SubmissionAnswer(
                502, [HeaderLine("Content-Type", "text/html;charset=utf-8")], body: Array(page.utf8))
        case .captcha: return SubmissionAnswer(.captcha(of: form), correlationID: correlationID)
        }
    }

    /// HubSpot's name for the window that most submissions fall under.
    private static let window = "TEN_SECONDLY_ROLLING"
}
