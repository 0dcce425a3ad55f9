package import WebForms

extension Forms {
    /// Code that submits a form to the session's portal, and holds no token.
    /// - Parameters:
    ///   - values: What is put in for the visitor's answers; numbers and dates become what the form's fields take.
    ///   - isSecure: With a token; not for kinds that run in a browser.
    package func snippet(
        _ kind: WebForm.SnippetKind, of reference: String, values: [FormSubmission.Field] = [], isSecure: Bool = false
    ) async throws(HubSpotError) -> String {
        let form = try await open(reference).form
        let submission = try FormKnowledge(form: form).settling(
            FormSubmission(formGuid: form.id, fields: values, isSecure: isSecure))
        return form.snippet(kind, to: try await destination(), values: submission.plain.fields, isSecure: isSecure)
    }

    /// Where the portal's forms are submitted.
    package func destination() async throws(HubSpotError) -> WebForm.Destination {
        WebForm.Destination(host: "\(try await session.formsURL())", portalID: try await session.portalID())
    }
}
