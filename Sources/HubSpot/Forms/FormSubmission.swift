package import JSON
package import WebForms

/// The values that a visitor would have typed into a form, and the page: the body of a submission
/// (source: Submit data to a form).
package struct FormSubmission: Sendable, Equatable {
    package var formGuid: String
    /// The portal of the form; nil for the session's own.
    package var portalID: Int64?
    package var fields: [Field]
    /// `{ hutk, pageUri, pageName, pageId, ipAddress, sfdcCampaignId, goToWebinarWebinarKey }` as JSON.
    package var context: JSONSlice?
    /// Milliseconds since 1970, at most about a month back.
    package var submittedAt: String?
    /// Exactly one of `consent` and `legitimateInterest`, as JSON.
    package var legalConsentOptions: JSONSlice?
    /// Deprecated by HubSpot; left out where nil.
    package var skipValidation: Bool?
    /// With the session's token and its own quota; else as any browser would, with no token.
    package var isSecure: Bool

    package struct Field: Sendable, Equatable {
        /// `0-1` contact, `0-2` company; HubSpot takes a field without one for a contact's.
        package var objectTypeID: String
        package var name: String
        /// Several choices are joined with `;`.
        package var value: String
        /// The value as a time, where the field takes a date: it came as a number or a date. Nil for a text, which goes
        /// as it is.
        package var time: TimeInput?

        package init(objectTypeID: String = "0-1", name: String, value: String, time: TimeInput? = nil) {
            self.objectTypeID = objectTypeID
            self.name = name
            self.value = value
            self.time = time
        }
    }

    package init(
        formGuid: String, portalID: Int64? = nil, fields: [Field], context: JSONSlice? = nil,
        submittedAt: String? = nil, legalConsentOptions: JSONSlice? = nil, skipValidation: Bool? = nil,
        isSecure: Bool = true
    ) {
        self.formGuid = formGuid
        self.portalID = portalID
        self.fields = fields
        self.context = context
        self.submittedAt = submittedAt
        self.legalConsentOptions = legalConsentOptions
        self.skipValidation = skipValidation
        self.isSecure = isSecure
    }

    /// As a form's rules know it, and as it is sent.
    package var plain: WebForm.Submission {
        WebForm.Submission(
            fields: fields.map { .init(objectTypeID: $0.objectTypeID, name: $0.name, value: $0.value) },
            context: context.map(JSONValue.raw), submittedAt: submittedAt,
            legalConsentOptions: legalConsentOptions.map(JSONValue.raw), skipValidation: skipValidation,
            isSecure: isSecure)
    }

    /// One that a page has made.
    package init(_ plain: WebForm.Submission, form: String, portalID: Int64? = nil) {
        self.init(
            formGuid: form, portalID: portalID,
            fields: plain.fields.map { Field(objectTypeID: $0.objectTypeID, name: $0.name, value: $0.value) },
            context: plain.context.map { JSONSlice($0.bytes) }, submittedAt: plain.submittedAt,
            legalConsentOptions: plain.legalConsentOptions.map { JSONSlice($0.bytes) },
            skipValidation: plain.skipValidation, isSecure: plain.isSecure)
    }
}
