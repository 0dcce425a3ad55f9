import WebForms

extension WorkbenchPortal {
    /// The form that a submission is for, and the submission itself.
    /// - Throws: In this order HubSpot's answers to one without a token where it asks for one, of another type, to another
    ///   portal or form, and to a body that is none.
    func read(_ submission: ArrivedSubmission) async throws(WorkbenchProblem) -> (WebForm, WebForm.Submission) {
        func header(_ name: String) -> String? { submission.headers.first { $0.name.lowercased() == name }?.value }
        guard !submission.isSecure || header("authorization")?.lowercased().hasPrefix("bearer ") == true else {
            throw WorkbenchProblem(.noCredentials, "the secure endpoint asks for a token: Authorization: Bearer …")
        }
        if !submission.body.isEmpty, let type = header("content-type")?.lowercased(),
            !type.hasPrefix("application/json")
        {
            throw WorkbenchProblem(.mediaType(type), "the body is said to be \(type), not application/json")
        }
        let portal = try await facts().id
        guard submission.portalID == String(portal) else {
            throw WorkbenchProblem(
                .unknownForm, "the address names portal \(submission.portalID), and this is portal \(portal)")
        }
        let form = try await form(of: submission)
        do throws(WebForm.Refusal) {
            return (form, try WebForm.Submission(received: submission.body, isSecure: submission.isSecure))
        } catch {
            throw WorkbenchProblem(error, error.message)
        }
    }

    private func form(of submission: ArrivedSubmission) async throws(WorkbenchProblem) -> WebForm {
        let form: WebForm
        do throws(WorkbenchProblem) { form = try await self.form(submission.formID, isFresh: false) } catch {
            guard error.status == 404 else { throw error }
            throw WorkbenchProblem(.unknownForm, error.message)
        }
        // The page takes a form's name for its id; HubSpot does not.
        guard form.id.lowercased() == submission.formID.lowercased() else {
            throw WorkbenchProblem(.unknownForm, "HubSpot knows a form by its id alone: \(form.id)")
        }
        return form
    }
}
