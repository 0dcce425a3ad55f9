package import JSON
package import WebForms

/// The portal behind a workbench, as far as the page needs it. Answers hold no credential.
package protocol WorkbenchPortal: Sendable {
    func facts() async throws(WorkbenchProblem) -> PortalFacts
    /// The portal's forms, in its order.
    func forms() async throws(WorkbenchProblem) -> [FormName]
    /// - Parameter isFresh: Asked for anew, even where it is known.
    /// - Throws: A problem of status 404 where there is no such form.
    func form(_ id: String, isFresh: Bool) async throws(WorkbenchProblem) -> WebForm
    /// What HubSpot would say of a submission, as far as this can be known beforehand.
    func problems(in submission: WebForm.Submission, to form: WebForm) async -> [WebForm.Problem]
    /// Keeps a file as a form's file field takes one, where people of the portal alone can open it.
    /// - Returns: Its address, which is the field's value.
    func upload(_ name: String, _ content: [UInt8]) async throws(WorkbenchProblem) -> String
    /// `{ id, properties: { name: value } }`; nil where there is no contact of this address.
    func contact(_ email: String, properties: [String]) async throws(WorkbenchProblem) -> JSONValue?
}

/// A portal that the workbench itself sends to, because nothing else carries the submissions that arrive.
package protocol SubmittingPortal: WorkbenchPortal {
    /// Sends, and answers what HubSpot answered, whatever its status.
    func deliver(_ submission: WebForm.Submission, to form: String) async throws(WorkbenchProblem) -> SubmissionAnswer
}

package struct PortalFacts: Sendable, Equatable {
    package var id: Int64
    /// For people: `portal 1234567, profile acme`.
    package var title: String
    /// Whether people work in it: then nothing is sent before somebody has agreed.
    package var isReal: Bool
    /// Where browsers send submissions: `https://api.hsforms.com`. Nil: the workbench's own address, where they show.
    package var formsHost: String?
    /// Whether nothing is to be sent whatever is agreed to: form definitions answer.
    package var isDryRun: Bool
    /// Why no file can be uploaded; nil where one can.
    package var uploadRefusal: String?

    package init(
        id: Int64, title: String, isReal: Bool, formsHost: String?, isDryRun: Bool = false,
        uploadRefusal: String? = nil
    ) {
        self.id = id
        self.title = title
        self.isReal = isReal
        self.formsHost = formsHost
        self.isDryRun = isDryRun
        self.uploadRefusal = uploadRefusal
    }
}

package struct FormName: Sendable, Equatable {
    package var id: String
    package var name: String

    package init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

/// Why something could not be shown or sent: a sentence for the page, and the status of the answer.
package struct WorkbenchProblem: Error, Sendable, Equatable {
    package var status: Int
    package var message: String
    /// HubSpot's own answer to the submission that it is about.
    package var refusal: WebForm.Refusal?

    package init(_ status: Int, _ message: String) {
        self.status = status
        self.message = message
    }

    /// - Parameter message: For the person at the page.
    package init(_ refusal: WebForm.Refusal, _ message: String) {
        self.init(refusal.status, message)
        self.refusal = refusal
    }
}
