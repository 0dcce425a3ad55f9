import HTTPTypes
package import JSON
package import WebForms

/// Submits forms, and reads their definitions and submissions.
public struct Forms: Sendable {
    package let session: Session

    package init(session: Session) { self.session = session }

    /// Sends a submission and answers HubSpot's `{ inlineMessage }` or `{ redirectUri }`.
    ///
    /// Numbers and dates become what the form's fields take (see ``FormKnowledge/settling(_:)``). What ``preview(_:)``
    /// would call a problem and HubSpot accepts is said once, as a warning. A dry run refuses what HubSpot would
    /// refuse.
    ///
    /// Success means accepted: the contact appears seconds or minutes later. Sent twice, it makes two submissions, so
    /// one whose fate is unknown is not repeated.
    /// - Throws: kind `validation` with HubSpot's `errors` where a value is refused, each with the `field` that it is
    ///   about; kind `invalidArgument` for a time that HubSpot takes no more, and for a number that is no day.
    package func submit(_ submission: FormSubmission) async throws(HubSpotError) -> JSONSlice {
        let now = session.configuration.clock.unixTime
        if let problem = SubmissionCheck(submission.plain, form: nil, now: now).timeProblem() {
            throw .invalidArgument(problem.message)
        }
        let knowledge = try await knowledge(of: submission, isStrict: false)
        let settled = try knowledge.settling(submission)
        let problems = knowledge.problems(of: settled, given: submission, now: now)
        let request = try await request(for: settled)
        let disposition = try session.disposition(of: Operation(.other(request)))
        let write = Operation(.other(request)).entered(in: session, disposition)
        let refusals = settled.skipValidation == true ? [] : problems.filter(\.isRefused)
        if disposition.isRehearsal, !refusals.isEmpty {
            guard let plan = disposition.plan else { throw .refusal(refusals, request: request.summary) }
            plan.refuse("forms.submit", refusals.map { ($0.field, $0.errorType, $0.message) })
            return write.echo
        }
        let answer: JSONSlice
        do throws(HubSpotError) {
            let pipeline = WritePipeline(session: session)
            var response: APIResponse?
            if case .send = disposition { response = try await pipeline.recorded(request, write) }
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
        return answer
    }

    /// Warns of the faults of a submission that HubSpot accepts: once for each field of a form and kind of problem.
    private func warn(of problems: [WebForm.Problem], _ submission: FormSubmission) {
        for problem in problems {
            session.warnings.warn(
                "form \(submission.formGuid) \(problem.field ?? "") \(problem.errorType)",
                "form \(submission.formGuid): \(problem.field.map { "\($0): " } ?? "")\(problem.message) "
                    + "(\(problem.errorType)); the submission is accepted all the same")
        }
    }

    /// The request that ``submit(_:)`` would send, and the values that HubSpot would refuse. Sends nothing but a GET
    /// for the definition.
    /// - Parameter refresh: Asks for the definition even where it is known.
    /// - Throws: kind `notFound` where there is no such form.
    package func preview(_ submission: FormSubmission, refresh: Bool = false) async throws(HubSpotError) -> Preview {
        let knowledge = try await knowledge(of: submission, isStrict: true, refresh: refresh)
        let settled = try knowledge.settling(submission)
        let request = try await request(for: settled)
        return Preview(
            method: request.method.rawValue, url: "\(try await session.formsURL())\(request.target)",
            headers: WebForm.headers(isSecure: submission.isSecure), body: JSONSlice(request.body ?? []),
            problems: (knowledge.unreadable.map { [.unreadable($0)] } ?? [])
                + knowledge.problems(of: settled, now: session.configuration.clock.unixTime))
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
    ) async throws(HubSpotError) -> JSONSlice {
        var query: [(name: String, value: String)] = formTypes.map { ("formTypes", $0) }
        if let limit { query.append(("limit", String(limit))) }
        if let after { query.append(("after", after)) }
        if archived { query.append(("archived", "true")) }
        return try await session.definitions(session.paths.forms(), query: query, refresh: refresh)
            .checkedPage(after: after)
    }

    /// A form's definition, kept by the session for some minutes.
    package func get(_ formGuid: String, refresh: Bool = false) async throws(HubSpotError) -> JSONSlice {
        try await session.definitions(session.paths.forms(formGuid), refresh: refresh)
    }

    /// One page of a form's submissions, newest first: `{ results: [{ submittedAt, pageUrl, values }], paging }`.
    /// - Parameter limit: 20 by HubSpot's default, 50 at most.
    package func submissions(_ formGuid: String, limit: Int? = nil, after: String? = nil) async throws(HubSpotError)
        -> JSONSlice
    {
        var query: [(name: String, value: String)] = []
        if let limit { query.append(("limit", String(limit))) }
        if let after { query.append(("after", after)) }
        return try await session.object(.get, session.paths.formSubmissions(formGuid), query: query)
            .checkedPage(after: after)
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

extension FormKnowledge {
    /// The faults of a submission, as far as they are known.
    fileprivate func problems(of submission: FormSubmission, now: Duration) -> [WebForm.Problem] {
        SubmissionCheck(submission.plain, form: form, properties: types.mapValues(\.usableInForms), now: now).problems()
    }

    /// The same before it is sent. That the definition could not be read matters where a number or a date was given.
    fileprivate func problems(of submission: FormSubmission, given: FormSubmission, now: Duration) -> [WebForm.Problem]
    {
        var problems = problems(of: submission, now: now)
        if let unreadable, given.fields.contains(where: { $0.time != nil }) { problems.append(.unreadable(unreadable)) }
        return problems
    }
}

extension WebForm.Problem {
    fileprivate static func unreadable(_ error: HubSpotError) -> WebForm.Problem {
        WebForm.Problem(
            field: nil, errorType: "DEFINITION_UNREADABLE",
            message: "the form's definition could not be read, so only the values were checked: \(error.message)",
            isRefused: false)
    }
}

extension HubSpotError {
    /// The refusal that a submission would get, in the shape of HubSpot's own.
    fileprivate static func refusal(_ problems: [WebForm.Problem], request: String) -> HubSpotError {
        HubSpotError(
            .validation,
            "HubSpot would refuse it: "
                + problems.map { ($0.field.map { "\($0): " } ?? "") + $0.message }.joined(separator: "; "),
            errors: problems.map { problem in
                .object([
                    "message": .string(problem.message), "errorType": .string(problem.errorType),
                    "field": problem.field.map { .string($0) },
                ])
            }, request: request)
    }

    /// This refusal with the `field` that each of its errors is about, as HubSpot's text names it: `email` for
    /// `Error in 'fields.email'. Invalid email address`, `context.hutk` for `Error in 'context.hutk'. ...`.
    fileprivate func namingFields() -> HubSpotError {
        var error = self
        error.errors = errors.map { entry in
            guard entry.members != nil, entry["field"] == nil,
                let match = entry["message"]?.string?.firstMatch(of: /^Error in '(?:fields\.)?([^']+)'/)
            else { return entry }
            return entry.setting("field", to: .string(String(match.output.1)))
        }
        return error
    }
}
