import HubSpot
import LuaRuntime

extension LuaModule {
    /// `hubspot.forms`: submissions, and the forms themselves.
    static func forms(_ source: SessionSource) -> LuaModule {
        let declarations = FormFunctions(source: source)
        return LuaModule(
            "hubspot.forms", "Submits forms, and reads their definitions and submissions.",
            functions: declarations.all, shapes: [FormFunctions.preview], primitives: declarations.primitives,
            prelude: PagedModulePrelude.source)
    }
}

/// The Lua half of modules that have `list`, `each` and perhaps `submissions`: pages that are no records.
enum PagedModulePrelude {
    static let source =
        PagingPrelude.source + #"""
            function bodies.list(opts) return paged(primitives.list, opts) end

            function bodies.each(opts)
              local rest = copied(opts)
              rest.limit = primitives.each(opts)
              local max = rest.max
              rest.max = nil
              return each(function(cursor)
                rest.after = cursor
                local page = primitives.list(rest)
                return page, after_of(page)
              end, rest.after, max)
            end

            function bodies.submissions(form_guid, opts)
              return paged(function(rest) return primitives.submissions(form_guid, rest) end, opts)
            end

            return bodies
            """#
}

private struct FormFunctions {
    let source: SessionSource

    var all: [LuaFunction] { [submit, preview, list, each, get, submissions] }

    private static let guid = LuaParameter.required("formGuid", .string, "The form's id, as its embed code has it.")
    private static let fields = LuaParameter.required(
        "fields", .either([.list(.table), .map(.any)]),
        "Values by name (`{ email = \"ada@example.org\" }`), or a list of `{ objectTypeId, name, value }`.")
    private static let submitOptions = LuaShape(
        "hubspot.SubmitOpts", "What goes along with the fields.",
        fields: [
            .optional("portalId", .id, "The form's portal; the session's if left out."),
            .optional(
                "context", .table,
                "`{ hutk, pageUri, pageName, pageId, ipAddress, sfdcCampaignId, goToWebinarWebinarKey }`. An unknown "
                    + "`hutk` is left out: an empty one refuses the whole submission."),
            .optional("submittedAt", .id, "Milliseconds since 1970, at most about a month back."),
            .optional("legalConsentOptions", .table, "As HubSpot's: one of `consent` and `legitimateInterest`."),
            .optional("skipValidation", .boolean, "Deprecated by HubSpot."),
            .optional("secure", .boolean, "True if left out: with the session's token. False: as a browser would."),
        ])
    private static let listFields: [LuaParameter] = [
        .optional("limit", .integer, "Forms in a page, 1 to 500."),
        .optional("after", .id, "Where the page begins: `paging.next.after` of the one before."),
        .optional("archived", .boolean, "Archived forms instead of the others."),
        .optional(
            "formTypes", .list(.choice(["hubspot", "captured", "flow", "blog_comment", "all"])),
            "`hubspot` if left out."),
    ]
    private static let listOptions = LuaShape("hubspot.FormListOpts", "Which forms.", fields: listFields)
    private static let eachOptions = LuaShape(
        "hubspot.FormEachOpts", "Which forms.",
        fields: listFields + [.optional("max", .integer, "The most forms that the iterator yields.")])
    private static let submissionOptions = LuaShape(
        "hubspot.SubmissionOpts", "Which page.",
        fields: [
            .optional("limit", .integer, "Submissions in a page: 20 if left out, 50 at most."),
            .optional("after", .id, "Where the page begins: `paging.next.after` of the one before."),
        ])
    static let preview = LuaShape(
        "hubspot.FormPreview", "What would be sent, and what is wrong with it.",
        fields: [
            .required("request", .table, "`{ method, url, headers, body }`; the token is not shown."),
            .required("problems", .list(.table), "`{ field, errorType, message }` each, with HubSpot's error types."),
        ])

    private var submit: LuaFunction {
        LuaFunction(
            "submit", "Submits a form.",
            details: "Success means accepted: the contact appears seconds or minutes later. Is never repeated when its "
                + "fate is unknown, since twice sent is two submissions.",
            parameters: [
                Self.guid, Self.fields, .optional("opts", .shape(Self.submitOptions), "What goes along."),
            ],
            returns: [LuaReturn(.table, "HubSpot's `{ inlineMessage }` or `{ redirectUri }`.")], raises: ["validation"],
            source: "POST /submissions/v3/integration/secure/submit/{portalId}/{formGuid}",
            example: "hubspot.forms.submit(\"11111111-1111-4111-8111-111111111111\", { email = \"ada@example.org\" })",
            body: .suspending { [source] call in
                let submission = try call.submission()
                return [.json(try await source.use(for: call) { try await Forms(session: $0).submit(submission) })]
            })
    }

    private var preview: LuaFunction {
        LuaFunction(
            "preview", "Shows what a submission would send, and what HubSpot would refuse of it. Sends nothing.",
            details:
                "Reads the form's definition: required and unknown fields, options, addresses, numbers, consent and "
                + "captcha are checked as far as it tells.",
            parameters: [
                Self.guid, Self.fields, .optional("opts", .shape(Self.submitOptions), "What would go along."),
            ],
            returns: [LuaReturn(.named("hubspot.FormPreview"), "`{ request, problems }`.")], raises: ["not_found"],
            source: "GET /marketing/v3/forms/{formId}",
            example: "hubspot.forms.preview(\"11111111-1111-4111-8111-111111111111\", { email = \"ada\" }).problems",
            body: .suspending { [source] call in
                let submission = try call.submission()
                let preview = try await source.use(for: call) { try await Forms(session: $0).preview(submission) }
                return [preview.luaValue]
            })
    }

    private var list: LuaFunction {
        LuaFunction(
            "list", "Fetches one page of form definitions.",
            parameters: [.optional("opts", .shape(Self.listOptions), "Which page.")],
            returns: [LuaReturn(.named("hubspot.Page"), "`{ results, paging }`; `page:next()` fetches the next one.")],
            source: "GET /marketing/v3/forms", example: "hubspot.forms.list().results[1].name", body: .lua("list"))
    }

    private var each: LuaFunction {
        LuaFunction(
            "each", "Iterates over all form definitions.", details: "Fetches one page ahead.",
            parameters: [.optional("opts", .shape(Self.eachOptions), "Which forms.")],
            returns: [LuaReturn(.named("fun(): table?"), "An iterator for `for`.")], source: "GET /marketing/v3/forms",
            example: "for form in hubspot.forms.each() do print(form.id, form.name) end", body: .lua("each"))
    }

    private var get: LuaFunction {
        LuaFunction(
            "get", "Fetches a form's definition.", parameters: [Self.guid],
            returns: [LuaReturn(.table, "`{ id, name, fieldGroups, configuration, legalConsentOptions, … }`.")],
            raises: ["not_found"], source: "GET /marketing/v3/forms/{formId}",
            example: "hubspot.forms.get(\"11111111-1111-4111-8111-111111111111\").fieldGroups[1].fields[1].name",
            body: .suspending { [source] call in
                let guid = try call.name("formGuid")
                return [.json(try await source.use(for: call) { try await Forms(session: $0).get(guid) })]
            })
    }

    private var submissions: LuaFunction {
        LuaFunction(
            "submissions", "Fetches one page of what was sent to a form, newest first.",
            parameters: [Self.guid, .optional("opts", .shape(Self.submissionOptions), "Which page.")],
            returns: [
                LuaReturn(
                    .named("hubspot.Page"), "`{ results = { { submittedAt, pageUrl, values } }, paging }`.")
            ], raises: ["not_found"], source: "GET /form-integrations/v1/submissions/forms/{formGuid}",
            example: "hubspot.forms.submissions(\"11111111-1111-4111-8111-111111111111\").results[1].values",
            body: .lua("submissions"))
    }

    var primitives: [LuaFunction] {
        [
            LuaFunction(
                "list", "One page.", parameters: [.optional("opts", .shape(Self.listOptions), "")],
                body: .suspending { [source] call in
                    let limit = try call.limit("opts.limit", of: call.option("limit"), atMost: 500)
                    let after = try call.cursor("opts.after", of: call.option("after"))
                    let types = try call.names("opts.formTypes", of: call.option("formTypes"))
                    let archived = call.option("archived").asBoolean ?? false
                    return [
                        .plainPage(
                            try await source.use(for: call) {
                                try await Forms(session: $0).list(
                                    limit: limit, after: after, archived: archived, formTypes: types)
                            })
                    ]
                }),
            .pageSize("each", .shape(Self.eachOptions), atMost: 500, usually: 50),
            LuaFunction(
                "submissions", "One page.",
                parameters: [Self.guid, .optional("opts", .shape(Self.submissionOptions), "")],
                body: .suspending { [source] call in
                    let guid = try call.name("formGuid")
                    let limit = try call.limit("opts.limit", of: call.option("limit"), atMost: 50)
                    let after = try call.cursor("opts.after", of: call.option("after"))
                    return [
                        .plainPage(
                            try await source.use(for: call) {
                                try await Forms(session: $0).submissions(guid, limit: limit, after: after)
                            })
                    ]
                }),
        ]
    }
}

extension LuaFunction {
    /// Checks the options of an iterator and answers its page size.
    static func pageSize(_ name: String, _ options: LuaType, atMost most: Int, usually: Int) -> LuaFunction {
        LuaFunction(
            name, "Checks an iterator's options and answers its page size.",
            parameters: [.optional("opts", options, "")],
            body: .immediate { call in
                _ = try call.cursor("opts.after", of: call.option("after"))
                let limit = try call.limit("opts.limit", of: call.option("limit"), atMost: most)
                let max = try call.maximum("opts.max", call.option("max"))
                return [.integer(Int64(limit ?? min(usually, Swift.max(1, max ?? usually))))]
            })
    }
}

extension LuaCall {
    fileprivate func submission() throws -> FormSubmission {
        let guid = try name("formGuid")
        guard !guid.allSatisfy(\.isWhitespace) else { throw bad("formGuid", "a form's id expected") }
        var submission = FormSubmission(formGuid: guid, fields: try formFields())
        if let portal = option("portalId").asString {
            guard let id = Int64(portal), id > 0 else {
                throw bad("opts.portalId", "a portal's id expected, got \(shown(portal))")
            }
            submission.portalID = id
        }
        if let time = option("submittedAt").asString {
            guard let milliseconds = Int64(time), milliseconds > 0 else {
                throw bad("opts.submittedAt", "milliseconds since 1970 expected, got \(shown(time))")
            }
            submission.submittedAt = String(milliseconds)
        }
        submission.context = try jsonOption("context")
        submission.legalConsentOptions = try jsonOption("legalConsentOptions")
        submission.skipValidation = option("skipValidation").asBoolean
        submission.isSecure = option("secure").asBoolean ?? true
        return submission
    }

    private func formFields() throws -> [FormSubmission.Field] {
        guard let table = table("fields") else { return [] }
        guard !table.list.isEmpty || !table.fields.isEmpty else { throw bad("fields", "at least one field expected") }
        guard table.list.isEmpty else {
            return try table.list.enumerated().map { offset, value in
                let path = "fields[\(offset + 1)]"
                guard let field = value.asTable, let name = field["name"].asString, !name.isEmpty else {
                    throw bad("\(path).name", "a field's name expected")
                }
                for entry in field.fields {
                    guard let key = entry.key.asString, ["objectTypeId", "name", "value"].contains(key) else {
                        throw bad(path, "nothing expected beside objectTypeId, name and value")
                    }
                }
                return FormSubmission.Field(
                    objectTypeID: field["objectTypeId"].asString ?? "0-1", name: name,
                    value: field["value"] == .none ? "" : try propertyText("\(path).value", field["value"]))
            }
        }
        return try properties("fields", .table(table)).entries.map {
            FormSubmission.Field(name: $0.name, value: $0.value)
        }
    }
}

extension Forms.Preview {
    fileprivate var luaValue: LuaValue {
        let problems = problems.map { problem in
            LuaValue.object([
                ("field", LuaValue(problem.field)), ("errorType", .string(problem.errorType)),
                ("message", .string(problem.message)),
            ])
        }
        return .object([
            (
                "request",
                .object([
                    ("method", .string(method)), ("url", .string(url)),
                    ("headers", .object(headers.map { ($0.0, .string($0.1)) })), ("body", .json(body)),
                ])
            ), ("problems", .table(LuaTable(list: problems, isArray: true))),
        ])
    }
}
