import Foundation
import JSON

/// The values of a submission that HubSpot would refuse, found before it is sent. The `errorType`s are HubSpot's own
/// (source: Submit data to a form).
package struct FormProblem: Sendable, Equatable {
    /// The field's name, a part of the context such as `context.hutk`, or nil where the whole form is meant.
    package var field: String?
    package var errorType: String
    package var message: String
    /// False where HubSpot accepts the submission all the same, and drops the value.
    package var isRefused = true
}

/// Checks a submission by itself, and against a form's definition where there is one. A pure function: no clock, no
/// network.
struct FormCheck {
    var submission: FormSubmission
    var definition: FormDefinition?
    /// The names of the portal's properties by object type, where they are known.
    var properties: [String: Set<String>] = [:]
    /// Since 1970, for the age of the submission; nil: not checked.
    var now: Duration?

    /// HubSpot takes submissions of about a month back (source: Submit data to a form).
    private static let longestAge: Duration = .seconds(31 * 86_400)

    /// Longest value that HubSpot stores as text (source: the Properties guide).
    private static let longestValue = 65_536

    func problems() -> [FormProblem] {
        formProblems() + submission.fields.flatMap(valueProblems) + missingFields() + contextProblems()
            + consentProblems() + [timeProblem()].compactMap(\.self)
    }

    /// The faults of the submission's time.
    func timeProblem() -> FormProblem? {
        guard let now, let text = submission.submittedAt, let time = CalendarTime(text) else { return nil }
        let age = now - .milliseconds(time.milliseconds)
        let day = time.day
        let message =
            if age > Self.longestAge {
                "submittedAt is \(day), and HubSpot takes submissions of about a month back at most"
            } else if age < .seconds(-86_400) {
                "submittedAt is \(day), which is still to come"
            } else {
                nil as String?
            }
        return message.map { FormProblem(field: "submittedAt", errorType: "INVALID_METADATA", message: $0) }
    }

    private func formProblems() -> [FormProblem] {
        var problems: [FormProblem] = []
        if submission.fields.count > 1_000 {
            problems.append(
                FormProblem(
                    field: nil, errorType: "MAX_NUMBER_OF_SUBMITTED_VALUES_EXCEEDED",
                    message: "\(submission.fields.count) fields are given, and HubSpot takes 1,000 at most"))
        }
        if definition?.hasCaptcha ?? false {
            problems.append(
                FormProblem(
                    field: nil, errorType: "FORM_HAS_RECAPTCHA_ENABLED",
                    message: "Form '\(submission.formGuid)' can't receive API submissions as Captcha (SPAM prevention) "
                        + "is enabled."))
        }
        return problems
    }

    private func valueProblems(_ given: FormSubmission.Field) -> [FormProblem] {
        func problem(_ type: String, _ message: String) -> [FormProblem] {
            [FormProblem(field: given.name, errorType: type, message: message)]
        }
        func dropped(_ type: String, _ message: String) -> [FormProblem] {
            [FormProblem(field: given.name, errorType: type, message: message, isRefused: false)]
        }
        if given.value.utf8.count > Self.longestValue {
            return problem("INPUT_TOO_LARGE", "the value is longer than \(Self.longestValue) bytes")
        }
        guard let definition else {
            return given.name == "email" && !given.value.isEmpty && !EmailAddress.isValid(given.value)
                ? problem("INVALID_EMAIL", "'\(given.value)' is not an email address") : []
        }
        guard let field = definition.field(given) else {
            guard submission.isSecure else {
                return problem("FIELD_NOT_IN_FORM_DEFINITION", "the form has no field '\(given.name)'")
            }
            // With a token any property that forms may use is taken; any other name is dropped without a word.
            guard let known = properties[given.objectTypeID], !known.contains(given.name) else { return [] }
            return dropped(
                "PROPERTY_DOESNT_EXIST",
                "neither the form has a field '\(given.name)' nor the portal such a property: HubSpot drops the value")
        }
        guard !given.value.isEmpty else { return [] }
        switch field.type {
        case "email":
            guard EmailAddress.isValid(given.value) else {
                return problem("INVALID_EMAIL", "'\(given.value)' is not an email address")
            }
            let domain = given.value.lowercased().split(separator: "@").last.map(String.init) ?? ""
            return field.blockedDomains.contains { $0.lowercased() == domain }
                ? problem("BLOCKED_EMAIL", "the form takes no addresses of \(domain)") : []
        case "number":
            let text = given.value.withoutBlankEnds
            guard NumberText.isNumber(text), let number = Double(text) else {
                return problem("INVALID_NUMBER", "'\(given.value)' is not a number")
            }
            return field.range?.contains(number) ?? true
                ? [] : problem("NUMBER_OUT_OF_RANGE", "\(given.value) is outside the field's limits")
        case "phone", "mobile_phone":
            let count = given.value.unicodeScalars.count { ("0"..."9").contains($0) }
            return field.digits?.contains(count) ?? true
                ? [] : problem("INVALID_PHONE_NUMBER", "'\(given.value)' has \(count) digits")
        case "datepicker":
            guard let time = CalendarTime(given.value) else {
                return problem(
                    "INVALID_NUMBER", "'\(given.value)' is no date: milliseconds since 1970 at midnight UTC expected")
            }
            return time == time.midnight
                ? []
                : dropped(
                    "INVALID_NUMBER",
                    "\(given.value) is \(time.iso), and a date is its midnight in UTC: HubSpot drops the value")
        case "single_checkbox" where field.options == nil || field.options?.isEmpty ?? true:
            return ["true", "false"].contains(given.value.lowercased())
                ? [] : problem("VALUE_NOT_IN_FIELD_DEFINITION", "'\(given.value)' is neither true nor false")
        default:
            guard let options = field.options, !options.isEmpty else { return [] }
            let chosen =
                field.takesSeveral
                ? given.value.split(separator: ";").map { String($0).withoutBlankEnds } : [given.value]
            return chosen.filter { !options.contains($0) }.flatMap {
                problem(
                    "VALUE_NOT_IN_FIELD_DEFINITION",
                    "'\($0)' is not one of: \(options.sorted().joined(separator: ", "))")
            }
        }
    }

    private func missingFields() -> [FormProblem] {
        guard let definition else { return [] }
        func value(_ name: String) -> String? { submission.fields.last { $0.name == name }?.value }
        return definition.fields.filter { field in
            guard field.isRequired, field.condition?.holds(for: value(field.condition?.name ?? "")) ?? true
            else { return false }
            let given = submission.fields.last { $0.name == field.name && $0.objectTypeID == field.objectTypeID }
            return given?.value.withoutBlankEnds.isEmpty ?? true
        }.map {
            FormProblem(
                field: $0.name, errorType: "REQUIRED_FIELD", message: "Required field '\($0.name)' is missing")
        }
    }

    private func contextProblems() -> [FormProblem] {
        guard let context = submission.context.flatMap({ JSONValue(parsing: Array($0.bytes)) }) else { return [] }
        let known: Set = [
            "hutk", "ipAddress", "pageUri", "pageName", "pageId", "sfdcCampaignId", "goToWebinarWebinarKey",
        ]
        var problems: [FormProblem] = []
        func add(_ name: String, _ type: String, _ message: String) {
            problems.append(FormProblem(field: "context.\(name)", errorType: type, message: message))
        }
        for name in (context.members ?? []).map(\.key).sorted() where !known.contains(name) {
            add(name, "INVALID_METADATA", "HubSpot takes no '\(name)' in the context")
        }
        if let hutk = context["hutk"], !Self.isHutk(hutk.string ?? "") {
            add("hutk", "INVALID_HUTK", "the hubspotutk cookie has 32 hexadecimal digits; leave it out if unknown")
        }
        if let address = context["ipAddress"], !Self.isIPAddress(address.string ?? "") {
            add("ipAddress", "INVALID_IP_ADDRESS", "not an IPv4 or IPv6 address")
        }
        if let key = context["goToWebinarWebinarKey"] {
            let text = key.string ?? key.integer.map(String.init) ?? ""
            if text.isEmpty || !text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
                add("goToWebinarWebinarKey", "INVALID_GOTOWEBINAR_WEBINAR_KEY", "not the digits of a webinar's key")
            }
        }
        if let page = context["pageUri"], !Self.isAbsolute(page.string ?? "") {
            add("pageUri", "INVALID_PAGE_URI", "not an absolute URL such as https://www.example.org/contact")
        }
        return problems
    }

    private func consentProblems() -> [FormProblem] {
        let given = submission.legalConsentOptions.flatMap { JSONValue(parsing: Array($0.bytes)) }
        var problems: [FormProblem] = []
        func add(_ type: String, _ message: String) {
            problems.append(FormProblem(field: "legalConsentOptions", errorType: type, message: message))
        }
        let consent = given?["consent"]
        let interest = given?["legitimateInterest"]
        if given != nil, (consent == nil) == (interest == nil) {
            add("INVALID_LEGAL_OPTION_FORMAT", "exactly one of consent and legitimateInterest is needed")
        }
        if let interest, (interest["text"]?.string ?? "").isEmpty {
            add("MISSING_LEGITIMATE_INTEREST_TEXT", "legitimateInterest.text is empty")
        }
        if let consent {
            if (consent["text"]?.string ?? "").isEmpty {
                add("MISSING_PROCESSING_CONSENT_TEXT", "consent.text is empty")
            }
            let communications = consent["communications"]?.array ?? []
            if communications.contains(where: { ($0["text"]?.string ?? "").isEmpty }) {
                add("MISSING_COMMUNICATION_CONSENT_TEXT", "a text in consent.communications is empty")
            }
            let ids = communications.compactMap { $0["subscriptionTypeId"]?.integer }
            if Set(ids).count < ids.count {
                add("DUPLICATE_SUBSCRIPTION_TYPE_ID", "a subscription type occurs twice in consent.communications")
            }
        }
        switch definition?.consent {
        case .explicit(let subscriptions)?:
            if consent?["consentToProcess"]?.bool != true {
                add(
                    "MISSING_PROCESSING_CONSENT", "the form demands legalConsentOptions.consent.consentToProcess = true"
                )
            }
            problems += missing(subscriptions, in: consent)
        case .implicit(let subscriptions)?: problems += missing(subscriptions, in: consent)
        case .legitimateInterest?, nil, FormDefinition.Consent.none?: break
        }
        return problems
    }

    private func missing(_ subscriptions: [Int64], in consent: JSONValue?) -> [FormProblem] {
        let agreed = (consent?["communications"]?.array ?? [])
            .filter { $0["value"]?.bool ?? false }.compactMap { $0["subscriptionTypeId"]?.integer }
        return subscriptions.filter { !agreed.contains($0) }.map {
            FormProblem(
                field: "legalConsentOptions", errorType: "MISSING_PROCESSING_CONSENT",
                message: "the form demands agreement to subscription type \($0)")
        }
    }

    // MARK: Shapes of values

    static func isHutk(_ text: String) -> Bool {
        text.utf8.count == 32 && text.unicodeScalars.allSatisfy { $0.isASCII && $0.properties.isASCIIHexDigit }
    }

    static func isAbsolute(_ text: String) -> Bool {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased() else { return false }
        return ["http", "https"].contains(scheme) && !(parts.host ?? "").isEmpty
    }

    static func isIPAddress(_ text: String) -> Bool {
        var four = in_addr()
        var six = in6_addr()
        return inet_pton(AF_INET, text, &four) == 1 || inet_pton(AF_INET6, text, &six) == 1
    }
}
