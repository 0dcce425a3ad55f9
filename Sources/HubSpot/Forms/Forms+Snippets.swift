package import WebForms

extension Forms {
    /// Code that submits a form to the session's portal, and holds no token.
    /// - Parameters:
    ///   - values: What is put in for the visitor's answers; numbers and dates become what the form's fields take.
    ///   - isSecure: With a token; not for kinds that run in a browser.
    /// - Throws: kind `invalidArgument` for a value for which the form has no field and, with a token, the portal no property.
    package func snippet(
        _ kind: WebForm.SnippetKind, of reference: String, values: [FormSubmission.Field] = [], isSecure: Bool = false
    ) async throws(HubSpotError) -> String {
        let form = try await open(reference).form
        let submission = FormSubmission(formGuid: form.id, fields: values, isSecure: isSecure)
        let knowledge = try await knowledge(of: submission, isStrict: true)
        let settled = try knowledge.settling(submission)
        // A name that is misspelt would go into code that people take away.
        let unknown = knowledge.problems(of: settled, now: .zero).first {
            ["FIELD_NOT_IN_FORM_DEFINITION", "PROPERTY_DOESNT_EXIST"].contains($0.errorType)
        }
        if let unknown { throw .invalidArgument(unknown.message) }
        return form.snippet(kind, to: try await destination(), given: settled.plain, isSecure: isSecure)
    }

    /// Where the portal's forms are submitted.
    package func destination() async throws(HubSpotError) -> WebForm.Destination {
        WebForm.Destination(host: "\(try await session.formsURL())", portalID: try await session.portalID())
    }
}
