import JSON

/// The rules of `legalConsentOptions`.
enum FormConsent {
    static func problems(_ options: JSONValue?, form: StoredForm) -> [APIError.Detail] {
        let demandsConsent = form.consentType == "explicit_consent_to_process"
        guard let options, !options.isNull else {
            return demandsConsent ? [missingProcessing] : []
        }
        let consent = options["consent"].flatMap { $0.members == nil ? nil : $0 }
        let interest = options["legitimateInterest"].flatMap { $0.members == nil ? nil : $0 }
        switch (consent, interest) {
        case (let consent?, nil):
            return self.consent(consent, demanded: demandsConsent) + communications(consent, form: form)
        case (nil, let interest?): return legitimateInterest(interest)
        default:
            return [
                ReceivedSubmission.problem(
                    "legalConsentOptions", "Exactly one of 'consent' and 'legitimateInterest' is expected",
                    "INVALID_LEGAL_OPTION_FORMAT")
            ]
        }
    }

    private static var missingProcessing: APIError.Detail {
        ReceivedSubmission.problem(
            "legalConsentOptions.consent.consentToProcess", "Consent to process is required",
            "MISSING_PROCESSING_CONSENT")
    }

    private static func consent(_ consent: JSONValue, demanded: Bool) -> [APIError.Detail] {
        var problems: [APIError.Detail] = []
        let given = consent["consentToProcess"]?.bool ?? false
        if demanded, !given { problems.append(missingProcessing) }
        if given, isBlank(consent["text"]) {
            problems.append(
                ReceivedSubmission.problem(
                    "legalConsentOptions.consent.text", "The text must not be empty", "MISSING_PROCESSING_CONSENT_TEXT")
            )
        }
        var seen: Set<Int64> = []
        for (index, communication) in (consent["communications"]?.array ?? []).enumerated() {
            let path = "legalConsentOptions.consent.communications[\(index)]"
            if isBlank(communication["text"]) {
                problems.append(
                    ReceivedSubmission.problem(
                        "\(path).text", "The text must not be empty", "MISSING_COMMUNICATION_CONSENT_TEXT"))
            }
            if let id = communication["subscriptionTypeId"]?.integer, !seen.insert(id).inserted {
                problems.append(
                    ReceivedSubmission.problem(
                        "\(path).subscriptionTypeId", "'\(id)' is given twice", "DUPLICATE_SUBSCRIPTION_TYPE_ID"))
            }
        }
        return problems
    }

    private static func communications(_ consent: JSONValue, form: StoredForm) -> [APIError.Detail] {
        let agreed = (consent["communications"]?.array ?? [])
            .filter { $0["value"]?.bool ?? false }.compactMap { $0["subscriptionTypeId"]?.integer }
        return form.requiredSubscriptions.filter { !agreed.contains($0) }.map {
            ReceivedSubmission.problem(
                "legalConsentOptions.consent.communications", "Consent to subscription type '\($0)' is required",
                "MISSING_PROCESSING_CONSENT")
        }
    }

    private static func legitimateInterest(_ interest: JSONValue) -> [APIError.Detail] {
        var problems: [APIError.Detail] = []
        if isBlank(interest["text"]) {
            problems.append(
                ReceivedSubmission.problem(
                    "legalConsentOptions.legitimateInterest.text", "The text must not be empty",
                    "MISSING_LEGITIMATE_INTEREST_TEXT"))
        }
        if let basis = interest["legalBasis"]?.string, !["CUSTOMER", "LEAD"].contains(basis) {
            problems.append(
                ReceivedSubmission.problem(
                    "legalConsentOptions.legitimateInterest.legalBasis", "'\(basis)' is neither CUSTOMER nor LEAD",
                    "INVALID_LEGAL_OPTION_FORMAT"))
        }
        return problems
    }

    private static func isBlank(_ value: JSONValue?) -> Bool {
        (value?.string ?? "").trimmed.isEmpty
    }
}
