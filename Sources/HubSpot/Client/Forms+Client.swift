import JSON

/// A visitor and the page, as far as the page knows them.
///
/// Source: [Submit data to a form](https://developers.hubspot.com/docs/api-reference/legacy/forms-v3-legacy/guide).
public struct FormPage: Sendable, Hashable {
    /// The page's address.
    public var uri: String?
    /// The page's title.
    public var name: String?
    /// The value of the cookie `hubspotutk`, which ties the submission to the pages that the visitor has looked at.
    public var hutk: String?
    /// The visitor's address, by which HubSpot tells the country.
    public var ipAddress: String?

    /// Each part is optional.
    public init(uri: String? = nil, name: String? = nil, hutk: String? = nil, ipAddress: String? = nil) {
        self.uri = uri
        self.name = name
        self.hutk = hutk
        self.ipAddress = ipAddress
    }

    fileprivate var json: JSONValue {
        .object([
            "hutk": hutk.map { .string($0) }, "pageUri": uri.map { .string($0) }, "pageName": name.map { .string($0) },
            "ipAddress": ipAddress.map { .string($0) },
        ])
    }
}

/// HubSpot's answer to a submission, as the form's settings have it.
public struct FormReceipt: Sendable, Hashable {
    /// The words that the form shows after a submission, as HTML.
    public let inlineMessage: String?
    /// Where the form leads after a submission.
    public let redirectURI: String?
}

extension Forms {
    /// Submits a form.
    ///
    /// Success means that HubSpot has taken it: the contact appears seconds or minutes later. Two submissions are two,
    /// so one whose answer is lost is not sent again (``HubSpotError/fateIsUnknown``).
    /// - Parameters:
    ///   - form: The form's GUID or name.
    ///   - fields: Values of a contact's fields by their names: text, as a visitor types it; several choices as `a;b`.
    ///   - page: Where the visitor was.
    /// - Throws: kind `validation` where HubSpot takes a value not: ``HubSpotError/details`` say which.
    public func submit(_ form: String, _ fields: PropertyBag, page: FormPage? = nil) async throws(HubSpotError)
        -> FormReceipt
    {
        let answer = try await submit(
            FormSubmission(
                formGuid: form, fields: fields.entries.map { FormSubmission.Field(name: $0.name, value: $0.value) },
                context: page.map { JSONSlice($0.json.bytes) })
        ).answer
        return FormReceipt(
            inlineMessage: answer.field("inlineMessage")?.string, redirectURI: answer.field("redirectUri")?.string)
    }
}
