import HTTPTypes

/// Submits forms, and reads their definitions and submissions.
public struct Forms: Sendable {
    public let session: Session

    public init(session: Session) { self.session = session }

    /// Sends a submission and answers HubSpot's `{ inlineMessage }` or `{ redirectUri }`.
    ///
    /// Success means accepted: the contact appears seconds or minutes later. Sent twice, it makes two submissions, so
    /// one whose fate is unknown is not repeated.
    /// - Throws: kind `validation` with HubSpot's `errors` where a value is refused, each with the `field` that it is
    ///   about; kind `invalidArgument` for a time that HubSpot takes no more.
    public func submit(_ submission: FormSubmission) async throws(HubSpotError) -> JSONSlice {
        if let problem = FormCheck(submission: submission, now: session.configuration.clock.unixTime).timeProblem() {
            throw .invalidArgument(problem.message)
        }
        let request = try await request(for: submission)
        if session.isDry(request) {
            try session.showDry(request)
            return JSONSlice(submission.json.bytes).adding("dry_run", "true".utf8)
        }
        do throws(HubSpotError) {
            let body = try await session.send(request).body
            return body.isEmpty ? JSONSlice("{}") : try JSONSlice(answer: body, to: request)
        } catch {
            throw error.namingFields()
        }
    }

    /// What ``submit(_:)`` would send, and what HubSpot would refuse of it. Sends nothing but a GET for the definition.
    /// - Parameter refresh: Asks for the definition even where it is known.
    /// - Throws: kind `notFound` where there is no such form.
    public func preview(_ submission: FormSubmission, refresh: Bool = false) async throws(HubSpotError) -> Preview {
        var definition: FormDefinition?
        var unreadable: [FormProblem] = []
        do {
            let document = try await get(submission.formGuid, refresh: refresh)
            definition = JSONValue(parsing: Array(document.bytes)).flatMap(FormDefinition.init)
        } catch  where error.kind == .forbidden || error.kind == .notAllowed {
            unreadable = [
                FormProblem(
                    field: nil, errorType: "DEFINITION_UNREADABLE",
                    message: "the form's definition may not be read, so only the values were checked: \(error.message)")
            ]
        }
        let request = try await request(for: submission)
        var headers = [("content-type", "application/json")]
        if submission.isSecure { headers.append(("authorization", "Bearer ••••")) }
        return Preview(
            method: request.method.rawValue, url: "\(session.configuration.formsURL)\(request.target)",
            headers: headers, body: JSONSlice(request.body ?? []),
            problems: unreadable
                + FormCheck(
                    submission: submission, definition: definition,
                    properties: definition == nil ? [:] : try await properties(beside: definition, submission),
                    now: session.configuration.clock.unixTime
                ).problems())
    }

    /// The portal's properties of the types of which a submission holds a field that the form lacks; none where they
    /// may not be read.
    private func properties(beside definition: FormDefinition?, _ submission: FormSubmission) async throws(HubSpotError)
        -> [String: Set<String>]
    {
        let own = Set((definition?.fields ?? []).map { "\($0.objectTypeID) \($0.name)" })
        let others = submission.fields.filter { !own.contains("\($0.objectTypeID) \($0.name)") }
        guard submission.isSecure else { return [:] }
        var properties: [String: Set<String>] = [:]
        for type in Set(others.map(\.objectTypeID)) where ObjectType(type).isWellFormed {
            do throws(HubSpotError) {
                let known = try await PropertyDefinitions(ObjectType(type), session: session).list()
                let names = known.field("results")?.elements()?.compactMap { $0.field("name")?.string }
                properties[type] = names.map { Set($0) }
            } catch  where [.forbidden, .notAllowed, .notFound, .validation].contains(error.kind) {}
        }
        return properties
    }

    public struct Preview: Sendable {
        public var method: String
        public var url: String
        /// Names in lower case; the token is never shown.
        public var headers: [(String, String)]
        public var body: JSONSlice
        public var problems: [FormProblem]
    }

    /// One page of definitions: `{ results, paging }`.
    /// - Parameter formTypes: `hubspot` (HubSpot's default), `captured`, `flow`, `blog_comment`, `all`.
    public func list(
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
    public func get(_ formGuid: String, refresh: Bool = false) async throws(HubSpotError) -> JSONSlice {
        try await session.definitions(session.paths.forms(formGuid), refresh: refresh)
    }

    /// One page of what was sent to a form, newest first: `{ results: [{ submittedAt, pageUrl, values }], paging }`.
    /// - Parameter limit: 20 by HubSpot's default, 50 at most.
    public func submissions(_ formGuid: String, limit: Int? = nil, after: String? = nil) async throws(HubSpotError)
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
            host: .forms, body: submission.json.bytes, isAuthenticated: submission.isSecure)
    }
}

extension HubSpotError {
    /// This refusal with the `field` that each of its errors is about, as HubSpot's text names it: `email` for
    /// `Error in 'fields.email'. Invalid email address`, `context.hutk` for `Error in 'context.hutk'. ...`.
    fileprivate func namingFields() -> HubSpotError {
        var error = self
        error.errors = errors.map { entry in
            guard case .object(var members) = entry, members["field"] == nil,
                let match = members["message"]?.string?.firstMatch(of: /^Error in '(?:fields\.)?([^']+)'/)
            else { return entry }
            members["field"] = .string(String(match.output.1))
            return .object(members)
        }
        return error
    }
}
