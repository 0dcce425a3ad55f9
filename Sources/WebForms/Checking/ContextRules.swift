import Foundation
import JSON

/// The rules of a submission's `context` (source: Submit data to a form).
enum ContextRules {
    private static let known: Set = [
        "hutk", "ipAddress", "pageUri", "pageName", "pageId", "sfdcCampaignId", "goToWebinarWebinarKey",
    ]

    static func problems(of context: JSONValue?) -> [WebForm.Problem] {
        guard let context = context?.parsed, !context.isNull else { return [] }
        guard let members = context.members else {
            return [
                WebForm.Problem(
                    field: "context", errorType: "INVALID_METADATA", message: "an object is expected",
                    answered: "An object is expected")
            ]
        }
        return members.compactMap { member in
            guard !member.value.isNull else { return nil }
            func problem(_ type: String, _ message: String, _ answered: String) -> WebForm.Problem {
                WebForm.Problem(
                    field: "context.\(member.key)", errorType: type, message: message, answered: answered)
            }
            let unexpected = "'\(member.key)' is not an allowed attribute"
            guard known.contains(member.key) else {
                return problem("INVALID_METADATA", "HubSpot takes no '\(member.key)' in the context", unexpected)
            }
            guard let text = WebForm.Submission.text(member.value) else {
                return problem("INVALID_METADATA", "a text is expected", unexpected)
            }
            switch member.key {
            case "hutk" where !isHutk(text):
                return problem(
                    "INVALID_HUTK", "the hubspotutk cookie has 32 hexadecimal digits; leave it out if unknown",
                    "'\(text)' is not a valid Hutk")
            case "ipAddress" where !isIPAddress(text):
                return problem(
                    "INVALID_IP_ADDRESS", "not an IPv4 or IPv6 address", "'\(text)' is not a valid ip address")
            case "pageUri" where !isAbsolute(text):
                return problem(
                    "INVALID_PAGE_URI", "not an absolute URL such as https://www.example.org/contact",
                    "'\(text)' is not a valid page uri")
            case "goToWebinarWebinarKey" where text.isEmpty || !text.utf8.allSatisfy({ (0x30...0x39).contains($0) }):
                return problem(
                    "INVALID_GOTOWEBINAR_WEBINAR_KEY", "not the digits of a webinar's key",
                    "'\(text)' is not a valid webinar key")
            default: return nil
            }
        }
    }

    private static func isHutk(_ text: String) -> Bool {
        text.utf8.count == 32 && text.unicodeScalars.allSatisfy { $0.isASCII && $0.properties.isASCIIHexDigit }
    }

    /// An address of a page: a scheme of the web, and something that can be a host.
    private static func isAbsolute(_ text: String) -> Bool {
        guard let colon = text.firstRange(of: "://") else { return false }
        let rest = text[colon.upperBound...]
        return ["http", "https"].contains(text[..<colon.lowerBound].lowercased()) && !rest.isEmpty
            && !rest.hasPrefix("/") && !text.contains(where: \.isWhitespace)
    }

    private static func isIPAddress(_ text: String) -> Bool {
        var four = in_addr()
        var six = in6_addr()
        return inet_pton(AF_INET, text, &four) == 1 || inet_pton(AF_INET6, text, &six) == 1
    }
}

extension JSONValue {
    /// Text that was kept as it stands, as a tree.
    var parsed: JSONValue {
        guard case .raw(let slice) = self else { return self }
        return JSONValue(parsing: slice.bytes) ?? .null
    }
}
