import HTTPTypes
package import JSON
package import WebForms

/// Submits forms, and reads their definitions and submissions.
public struct Forms: Sendable {
    package let session: Session

    package init(session: Session) { self.session = session }

    /// What became of a submission.
    package struct Receipt: Sendable {
        /// HubSpot's `{ inlineMessage }` or `{ redirectUri }`.
        package var answer: JSONSlice
        /// What HubSpot has accepted and drops, or accepts although the form's definition says otherwise.
        package var warnings: [String] = []
    }

    /// Sends a submission, to a form by its GUID or name.
    ///
    /// Numbers and dates become what the form's fields take (see ``FormKnowledge/settling(_:)``). What ``preview(_:)``
    /// would call a problem and HubSpot accepts is said once, as a warning. A dry run refuses what HubSpot would
    /// refuse.
    ///
    /// Success means accepted: the contact appears seconds or minutes later. Sent twice, it makes two submissions, so
    /// one whose fate is unknown is not repeated.
    /// - Throws: kind `validation` with HubSpot's `errors` where a value is refused, each with the `field` that it is
    ///   about; kind `invalidArgument` for a time that HubSpot takes no more, and for a number that is no day.
    package func submit(_ submission: FormSubmission) async throws(HubSpotError) -> Receipt {
        let now = session.configuration.clock.unixTime
        if let problem = SubmissionCheck(submission.plain, form: nil, now: now).timeProblem() {
            throw .invalidArgument(problem.message)
        }
        // What the session may not do is said before anything is looked up for it.
        _ = try session.disposition(Permission("forms", .submit), "a submission of '\(submission.formGuid)'")
        let submission = try await identified(submission)
        let knowledge = try await knowledge(of: submission, isStrict: false)
        let settled = try knowledge.settling(submission)
        var problems = knowledge.problems(of: settled, given: submission, now: now)
        problems += knowledge.dropped(of: settled, besides: problems)
        let request = try await request(for: settled)
        let disposition = try session.disposition(of: Operation(.other(request)))
        let write = Operation(.other(request)).entered(in: session, disposition)
        let refusals = settled.skipValidation == true ? [] : problems.filter(\.isRefused)
        if disposition.isRehearsal, !refusals.isEmpty {
            guard let plan = disposition.plan else { throw .refusal(refusals, request: request.summary) }
            let address = settled.fields.first { $0.name == "email" }?.value
            plan.refuse(
                "forms.submit", address ?? settled.formGuid, refusals.map { ($0.field, $0.errorType, $0.message) })
            return Receipt(answer: write.echo)
        }
        let answer: JSONSlice
        do throws(HubSpotError) {
            let pipeline = WritePipeline(session: session)
            var response = try await pipeline.recorded(request, write)
            if response == nil { response = try await pipeline.deliver(request, carrying: [write], disposition) }
            if let body = response?.body {
                answer = body.isEmpty ? JSONSlice("{}") : try JSONSlice(answer: body, to: request)
            } else {
                answer = write.echo
            }
        } catch {
            throw error.namingFields()
        }
        warn(of: problems, settled)
        return Receipt(answer: answer, warnings: problems.map(\.words))
    }

    /// With the GUID of the form that is meant.
    private func identified(_ submission: FormSubmission) async throws(HubSpotError) -> FormSubmission {
        var submission = submission
        submission.formGuid = try await id(of: submission.formGuid)
        return submission
    }

    /// Warns of the faults of a submission that HubSpot accepts: once for each field of a form and kind of problem.
    private func warn(of problems: [WebForm.Problem], _ submission: FormSubmission) {
        for problem in problems {
            session.warnings.warn(
                "form \(submission.formGuid) \(problem.field ?? "") \(problem.errorType)",
                "form \(submission.formGuid): \(problem.words) (\(problem.errorType)); the submission is accepted all the same"
            )
        }
    }

    /// The request that ``submit(_:)`` would send, and the values that HubSpot would refuse. Sends nothing but a GET
    /// for the definition.
    /// - Parameter refresh: Asks for the definition even where it is known.
    /// - Throws: kind `notFound` where there is no such form.
    package func preview(_ submission: FormSubmission, refresh: Bool = false) async throws(HubSpotError) -> Preview {
        let submission = try await identified(submission)
        let knowledge = try await knowledge(of: submission, isStrict: true, refresh: refresh)
        let settled = try knowledge.settling(submission)
        let request = try await request(for: settled)
        return Preview(
            method: request.method.rawValue, url: "\(try await session.formsURL())\(request.target)",
            headers: WebForm.headers(isSecure: submission.isSecure), body: JSONSlice(request.body ?? []),
            problems: (knowledge.unreadable.map { [.unreadable($0)] } ?? [])
                + knowledge.problems(of: settled, now: session.configuration.clock.unixTime))
    }

    /// What HubSpot would refuse of a submission or drop, and properties that are not on the form. Sends nothing but GETs
    /// for definitions.
    /// - Throws: kind `notFound` where there is no such form.
    package func check(_ submission: FormSubmission, refresh: Bool = false) async throws(HubSpotError)
        -> [WebForm.Problem]
    {
        let submission = try await identified(submission)
        let knowledge = try await knowledge(of: submission, isStrict: true, refresh: refresh, isThorough: true)
        let settled = try knowledge.settling(submission)
        func problems(tellingOfOthers tells: Bool) -> [WebForm.Problem] {
            SubmissionCheck(
                settled.plain, form: knowledge.form, properties: knowledge.types.mapValues(\.usableInForms),
                now: session.configuration.clock.unixTime, tellsOfOtherProperties: tells
            ).problems()
        }
        let dropped = knowledge.dropped(of: settled, besides: problems(tellingOfOthers: false))
        // A value that is dropped is not one that HubSpot takes with a token.
        let names = Set(dropped.compactMap(\.field))
        let told = problems(tellingOfOthers: true).filter { $0.isRefused || !names.contains($0.field ?? "") }
        return (knowledge.unreadable.map { [.unreadable($0)] } ?? []) + told + dropped
    }

    package struct Preview: Sendable {
        package var method: String
        package var url: String
        /// Names in lower case; the token is never shown.
        package var headers: [(String, String)]
        package var body: JSONSlice
        package var problems: [WebForm.Problem]
    }

    /// One page of definitions: `{ results, paging }`.
    /// - Parameter formTypes: `hubspot` (HubSpot's default), `captured`, `flow`, `blog_comment`, `all`.
    package func list(
        limit: Int? = nil, after: String? = nil, archived: Bool = false, formTypes: [String] = [], refresh: Bool = false
    ) async throws(HubSpotError) -> AnswerPage {
        var query: [(name: String, value: String)] = formTypes.map { ("formTypes", $0) }
        if let limit { query.append(("limit", String(limit))) }
        if let after { query.append(("after", after)) }
        if archived { query.append(("archived", "true")) }
        return try AnswerPage(
            await session.definitions(session.paths.forms(), query: query, refresh: refresh), after: after)
    }

    /// A form's definition, by its GUID or name; kept by the session for some minutes.
    package func get(_ reference: String, refresh: Bool = false) async throws(HubSpotError) -> JSONSlice {
        let id = try await id(of: reference, refresh: refresh)
        return try await session.definitions(session.paths.forms(id), refresh: refresh)
    }

    /// One page of a form's submissions, newest first: `{ results: [{ submittedAt, pageUrl, values }], paging }`.
    /// - Parameter limit: 20 by HubSpot's default, 50 at most.
    package func submissions(_ reference: String, limit: Int? = nil, after: String? = nil) async throws(HubSpotError)
        -> AnswerPage
    {
        let id = try await id(of: reference)
        var query: [(name: String, value: String)] = []
        if let limit { query.append(("limit", String(limit))) }
        if let after { query.append(("after", after)) }
        return try AnswerPage(
            await session.object(.get, session.paths.formSubmissions(id), query: query), after: after)
    }

    private func request(for submission: FormSubmission) async throws(HubSpotError) -> APIRequest {
        let portalID: Int64
        if let given = submission.portalID { portalID = given } else { portalID = try await session.portalID() }
        return APIRequest(
            .post,
            session.paths.formSubmit(
                portalID: portalID, formGuid: submission.formGuid, secure: submission.isSecure),
            host: .forms, body: submission.plain.body.bytes, isAuthenticated: submission.isSecure)
    }
}
