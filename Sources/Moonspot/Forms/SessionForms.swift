import HubSpot
import JSON
import WebForms
import Workbench

/// A session's portal as the workbench's page sees it. The session keeps its rules: its permissions, its journal, its quota,
/// a dry run.
struct SessionForms: SubmittingPortal {
    let session: Session
    /// Of the profile, where there is one.
    let profile: String?
    let isSimulator: Bool

    init(session: Session, profile: String?) async {
        self.session = session
        self.profile = profile
        isSimulator = await session.isSimulator()
    }

    func facts() async throws(WorkbenchProblem) -> PortalFacts {
        try await asking { () async throws(HubSpotError) in
            let id = try await session.portalID()
            let title = profile.map { "portal \(id), profile \($0)" } ?? "portal \(id)"
            // A website under development may as well be led through the page, where its submissions show.
            let host = isSimulator ? nil : try await session.formsURL().description
            return PortalFacts(
                id: id, title: isSimulator ? "\(title) of a simulator" : title, isReal: !isSimulator, formsHost: host)
        }
    }

    func forms() async throws(WorkbenchProblem) -> [FormName] {
        try await asking { () async throws(HubSpotError) in try await allForms() }
    }

    private func allForms() async throws(HubSpotError) -> [FormName] {
        try await Forms(session: session).names().map { FormName(id: $0.id, name: $0.name.isEmpty ? $0.id : $0.name) }
    }

    /// The form of that name or id.
    /// - Throws: kind `notFound` or `invalidArgument`, with the names that there are.
    func id(of name: String) async throws(HubSpotError) -> String { try await Forms(session: session).id(of: name) }

    func form(_ id: String, isFresh: Bool) async throws(WorkbenchProblem) -> WebForm {
        let definition = try await asking { () async throws(HubSpotError) in
            try await Forms(session: session).get(id, refresh: isFresh)
        }
        guard let form = JSONValue(parsing: definition.bytes).flatMap({ WebForm($0) }) else {
            throw WorkbenchProblem(502, "HubSpot's answer is no form's definition")
        }
        return form
    }

    func problems(in submission: WebForm.Submission, to form: WebForm) async -> [WebForm.Problem] {
        form.problems(in: submission, now: session.configuration.clock.unixTime)
    }

    func contact(_ email: String, properties: [String]) async throws(WorkbenchProblem) -> JSONValue? {
        try await asking { () async throws(HubSpotError) in
            let contacts = CRMObjects(.contacts, session: session)
            // Nobody has asked for it: it waits behind what people do, and leaves no trace in `:http`.
            let asked = await Session.inBackground {
                await outcome { () async throws(HubSpotError) in
                    try await contacts.find(.email(email), ReadOptions(properties: properties))
                }
            }
            guard let found = try asked.get() else { return nil }
            let values = found.field("properties")
            return [
                "id": .optional(found.field("id")?.idText),
                "properties": .object(properties.map { .init($0, .optional(values?.field($0)?.string)) }),
            ]
        }
    }

    func deliver(_ submission: WebForm.Submission, to form: String) async throws(WorkbenchProblem) -> SubmissionAnswer {
        do throws(HubSpotError) {
            let answer = try await Forms(session: session).submit(FormSubmission(submission, form: form)).answer
            return SubmissionAnswer(200, Self.headers(correlationID: nil), body: Array(answer.bytes))
        } catch {
            // HubSpot's own refusal goes on as it came; what never reached HubSpot is the workbench's word.
            guard let status = error.status else { throw WorkbenchProblem(error) }
            return SubmissionAnswer(
                status, Self.headers(correlationID: error.correlationID), body: error.envelope.bytes)
        }
    }

    private static func headers(correlationID: String?) -> [HeaderLine] {
        [HeaderLine("Content-Type", "application/json;charset=utf-8")]
            + (correlationID.map { [HeaderLine("X-HubSpot-Correlation-Id", $0)] } ?? [])
    }

    private func outcome<Value>(
        _ body: () async throws(HubSpotError) -> Value
    ) async -> Result<Value, HubSpotError> {
        do throws(HubSpotError) { return .success(try await body()) } catch { return .failure(error) }
    }

    private func asking<Value>(
        _ body: () async throws(HubSpotError) -> Value
    ) async throws(WorkbenchProblem) -> Value {
        do throws(HubSpotError) { return try await body() } catch { throw WorkbenchProblem(error) }
    }
}

extension WorkbenchProblem {
    init(_ error: HubSpotError) {
        let status =
            switch error.kind {
            case .notFound: 404
            case .invalidArgument, .validation: 400
            case .unauthenticated: 401
            case .forbidden, .readOnly, .notAllowed, .notConfirmed: 403
            default: 502
            }
        self.init(status, error.description)
    }
}

extension HubSpotError {
    /// The body of the answer that it was made of, as far as it is kept.
    fileprivate var envelope: JSONValue {
        .object([
            "status": "error", "message": .string(message), "correlationId": correlationID.map { .string($0) },
            "errors": errors.isEmpty ? nil : .array(errors.map(Self.plain)), "category": category.map { .string($0) },
        ])
    }

    /// An error as HubSpot sent it: the `field` is the library's.
    private static func plain(_ error: JSONValue) -> JSONValue {
        guard let members = error.members else { return error }
        return .object(members.filter { $0.key != "field" })
    }
}
