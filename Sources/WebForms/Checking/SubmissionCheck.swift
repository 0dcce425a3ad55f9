import JSON

/// Checks a submission by itself, and against a form where there is one: says what HubSpot would refuse, with the same error types
/// and fields, and what it would drop. A pure function: no clock, no network.
package struct SubmissionCheck: Sendable {
    package var submission: WebForm.Submission
    package var form: WebForm?
    /// The portal's properties by object type, where they are known, and whether forms may use each.
    package var properties: [String: [String: Bool]]
    /// Since 1970, for the age of the submission; nil: not checked.
    package var now: Duration?
    /// Whether a property beside the form's fields, which a submission with a token may hold, is worth a word.
    package var tellsOfOtherProperties: Bool

    package init(
        _ submission: WebForm.Submission, form: WebForm?, properties: [String: [String: Bool]] = [:],
        now: Duration? = nil, tellsOfOtherProperties: Bool = false
    ) {
        self.submission = submission
        self.form = form
        self.properties = properties
        self.now = now
        self.tellsOfOtherProperties = tellsOfOtherProperties
    }

    /// HubSpot takes so many values (source: Submit data to a form).
    static let mostFields = 1_000

    /// In the order of HubSpot's own errors: fields, what is missing, context, consent, time.
    package func problems() -> [WebForm.Problem] {
        if let whole = wholeProblem() { return [whole] }
        return submission.fields.compactMap(valueProblem) + missingFields()
            + ContextRules.problems(of: submission.context)
            + ConsentRules.problems(of: submission.legalConsentOptions, form: form) + [timeProblem()].compactMap(\.self)
    }

    /// What refuses a submission before anything else of it is looked at.
    private func wholeProblem() -> WebForm.Problem? {
        if submission.fields.count > Self.mostFields {
            return WebForm.Problem(
                field: "fields", errorType: "MAX_NUMBER_OF_SUBMITTED_VALUES_EXCEEDED",
                message: "\(submission.fields.count) fields are given, and HubSpot takes 1,000 at most",
                answered: "At most \(Self.mostFields) values can be submitted")
        }
        guard let form, form.hasCaptcha else { return nil }
        return .captcha(of: form.id)
    }

    private func valueProblem(_ given: WebForm.Submission.Value) -> WebForm.Problem? {
        guard let form else { return addressProblem(given) }
        guard let field = form.field(given.objectTypeID, given.name) else {
            return addressProblem(given)
                ?? OtherFieldRules(
                    form: form, properties: properties[given.objectTypeID],
                    isRefused: !submission.isSecure && submission.skipValidation != true,
                    tellsOfProperties: tellsOfOtherProperties
                ).problem(of: given)
        }
        return FieldRules(field: field, isSkipping: submission.skipValidation == true).problem(of: given.value)
    }

    /// A contact's address is checked on every form, whether or not it has such a field.
    private func addressProblem(_ given: WebForm.Submission.Value) -> WebForm.Problem? {
        guard given.name == "email", given.objectTypeID == "0-1" else { return nil }
        return FieldRules.addressProblem(given.value, of: given.name)
    }

    private func missingFields() -> [WebForm.Problem] {
        guard let form, submission.skipValidation != true else { return [] }
        let shown = form.certain(submission.fields)
        return form.fields.filter { field in
            guard field.isRequired, shown.contains(field.key) else { return false }
            return !submission.fields.contains {
                $0.name == field.name && $0.objectTypeID == field.objectTypeID && !$0.value.isBlank
            }
        }.map {
            WebForm.Problem(
                field: $0.name, errorType: "REQUIRED_FIELD", message: "Required field '\($0.name)' is missing",
                isOfValue: true)
        }
    }
}

extension WebForm {
    /// What HubSpot would refuse or drop of a submission.
    /// - Parameters:
    ///   - properties: The portal's by object type, and whether forms may use each; empty: not known.
    ///   - now: Since 1970, for the age of the submission; nil: not checked.
    package func problems(
        in submission: Submission, properties: [String: [String: Bool]] = [:], now: Duration? = nil
    ) -> [Problem] {
        SubmissionCheck(submission, form: self, properties: properties, now: now).problems()
    }
}
