import JSON

/// The rules of `legalConsentOptions` (source: Submit data to a form).
enum ConsentRules {
    static func problems(of options: JSONValue?, form: WebForm?) -> [WebForm.Problem] {
        var isDemanded = false
        if case .explicit? = form?.consent { isDemanded = true }
        guard let options = options?.parsed, !options.isNull else { return isDemanded ? [missingProcessing] : [] }
        switch (object(options["consent"]), object(options["legitimateInterest"])) {
        case (let consent?, nil):
            return problems(ofConsent: consent, isDemanded: isDemanded)
                + missingCommunications(consent, form?.consent.texts?.communications ?? [])
        case (nil, let interest?): return problems(ofInterest: interest)
        default:
            return [
                problem(
                    "", "INVALID_LEGAL_OPTION_FORMAT", "exactly one of consent and legitimateInterest is needed",
                    "Exactly one of 'consent' and 'legitimateInterest' is expected")
            ]
        }
    }

    private static func object(_ value: JSONValue?) -> JSONValue? { value?.members == nil ? nil : value }

    private static func problem(
        _ path: String, _ type: String, _ message: String, _ answered: String
    ) -> WebForm.Problem {
        WebForm.Problem(
            field: "legalConsentOptions\(path)", errorType: type, message: message, answered: answered)
    }

    private static let empty = "The text must not be empty"

    private static var missingProcessing: WebForm.Problem {
        problem(
            ".consent.consentToProcess", "MISSING_PROCESSING_CONSENT",
            "the form demands consent to the processing (consentToProcess = true)", "Consent to process is required")
    }

    private static func problems(ofConsent consent: JSONValue, isDemanded: Bool) -> [WebForm.Problem] {
        var problems: [WebForm.Problem] = []
        let isGiven = consent["consentToProcess"]?.bool ?? false
        if isDemanded, !isGiven { problems.append(missingProcessing) }
        if isGiven, isBlank(consent["text"]) {
            problems.append(
                problem(
                    ".consent.text", "MISSING_PROCESSING_CONSENT_TEXT", "the text of what is agreed to is empty", empty)
            )
        }
        var seen: Set<Int64> = []
        for (index, communication) in (consent["communications"]?.array ?? []).enumerated() {
            let path = ".consent.communications[\(index)]"
            if isBlank(communication["text"]) {
                problems.append(
                    problem(
                        "\(path).text", "MISSING_COMMUNICATION_CONSENT_TEXT", "the text of what is agreed to is empty",
                        empty))
            }
            if let id = communication["subscriptionTypeId"]?.integer, !seen.insert(id).inserted {
                problems.append(
                    problem(
                        "\(path).subscriptionTypeId", "DUPLICATE_SUBSCRIPTION_TYPE_ID",
                        "the subscription type \(id) is given twice", "'\(id)' is given twice"))
            }
        }
        return problems
    }

    private static func missingCommunications(
        _ consent: JSONValue, _ communications: [WebForm.Communication]
    ) -> [WebForm.Problem] {
        let agreed = (consent["communications"]?.array ?? [])
            .filter { $0["value"]?.bool ?? false }.compactMap { $0["subscriptionTypeId"]?.integer }
        return communications.filter { $0.isRequired && !agreed.contains($0.subscriptionTypeID) }.map {
            problem(
                ".consent.communications", "MISSING_PROCESSING_CONSENT",
                "the form demands agreement to subscription type \($0.subscriptionTypeID)",
                "Consent to subscription type '\($0.subscriptionTypeID)' is required")
        }
    }

    private static func problems(ofInterest interest: JSONValue) -> [WebForm.Problem] {
        var problems: [WebForm.Problem] = []
        if isBlank(interest["text"]) {
            problems.append(
                problem(".legitimateInterest.text", "MISSING_LEGITIMATE_INTEREST_TEXT", "the text is empty", empty))
        }
        if let basis = interest["legalBasis"]?.string, !["CUSTOMER", "LEAD"].contains(basis) {
            problems.append(
                problem(
                    ".legitimateInterest.legalBasis", "INVALID_LEGAL_OPTION_FORMAT",
                    "'\(basis)' is neither CUSTOMER nor LEAD", "'\(basis)' is neither CUSTOMER nor LEAD"))
        }
        return problems
    }

    private static func isBlank(_ value: JSONValue?) -> Bool { (value?.string ?? "").isBlank }
}
