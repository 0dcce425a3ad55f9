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
    private let uploadRefusal: String?

    init(session: Session, profile: String?) async {
        self.session = session
        self.profile = profile
        isSimulator = await session.isSimulator()
        let uploading = await Files(session: session).uploading()
        uploadRefusal = uploading.isOpen ? nil : uploading.reason
    }

    func facts() async throws(WorkbenchProblem) -> PortalFacts {
        try await asking { () async throws(HubSpotError) in
            let id = try await session.portalID()
            let title = profile.map { "portal \(id), profile \($0)" } ?? "portal \(id)"
            // A website under development may as well be led through the page, where its submissions show.
            let host = isSimulator ? nil : try await session.formsURL().description
            return PortalFacts(
                id: id, title: isSimulator ? "\(title) of a simulator" : title, isReal: !isSimulator, formsHost: host,
                isDryRun: session.configuration.isDryRun, uploadRefusal: uploadRefusal)
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

    func upload(_ name: String, _ content: [UInt8]) async throws(WorkbenchProblem) -> String {
        let record = try await asking { () async throws(HubSpotError) in
            try await Files(session: session).upload(
                Files.Upload(name: name, content: content, folderPath: "/workbench", access: "PRIVATE"))
        }
        guard let url = record.field("url")?.string else {
            throw WorkbenchProblem(502, "HubSpot's answer to the upload holds no address")
        }
        return url
    }

    func deliver(_ submission: WebForm.Submission, to form: String) async throws(WorkbenchProblem) -> SubmissionAnswer {
        // A time that HubSpot takes no more the library refuses before it is sent: HubSpot's answer is known.
        let now = session.configuration.clock.unixTime
        if SubmissionCheck(submission, form: nil, now: now).timeProblem() != nil {
            let problems = await problems(in: submission, to: try await self.form(form, isFresh: false))
            if let refusal = WebForm.Refusal(problems) {
                throw WorkbenchProblem(refusal, "not sent: HubSpot takes submissions of about a month back")
            }
        }
        do throws(HubSpotError) {
            let answer = try await Forms(session: session).submit(FormSubmission(submission, form: form)).answer
            return SubmissionAnswer(
                200, [HeaderLine("Content-Type", "application/json;charset=utf-8")], body: Array(answer.bytes))
        } catch {
            // HubSpot's own refusal goes on as it came; what never reached HubSpot is the workbench's word.
            guard let answer = error.answer else { throw WorkbenchProblem(error) }
            let names = ["content-type", "x-hubspot-correlation-id", "retry-after"]
            return SubmissionAnswer(
                answer.status, names.compactMap { name in answer.header(name).map { HeaderLine(name, $0) } },
                body: answer.body)
        }
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
