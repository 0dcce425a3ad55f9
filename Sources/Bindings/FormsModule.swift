import HubSpot
import LuaRuntime

extension LuaModule {
    /// `hubspot.forms`: submissions, and the forms themselves.
    static func forms(_ source: SessionSource) -> LuaModule {
        let declarations = FormFunctions(source: source)
        return LuaModule(
            "hubspot.forms",
            "Submits forms, and reads and changes their definitions. Wherever a form's id goes its name goes too: the exact "
                + "one, else the only one that differs in case.",
            functions: declarations.all,
            shapes: [FormFunctions.preview, FormFunctions.openForm, FormFunctions.problem, FormFunctions.receipt],
            primitives: declarations.primitives, prelude: Prelude.forms)
    }
}

struct FormFunctions {
    let source: SessionSource

    var all: [LuaFunction] {
        [open, check, preview, submit, submitAndWait, snippet, list, each, get] + definitions
            + [submissions, eachSubmission]
    }

    static let guid = LuaParameter.required(
        "formGuid", .string, "The form's id, as its embed code has it, or its name.")
    static let fields = LuaParameter.required(
        "fields", .either([.list(.table), .map(.any)]),
        "Values by name (`{ email = \"ada@example.org\", [\"0-2/name\"] = \"Acme\" }`), or a list of "
            + "`{ objectTypeId, name, value }`. Several choices are a list; a date is a table `{ year, month, day }`, as "
            + "`hubspot.account.today()` gives it, or seconds at midnight in UTC."
    )
    static let submitFields: [LuaParameter] = [
        .optional("portalId", .id, "The form's portal; the session's if left out."),
        .optional(
            "context", NestedShapes.context,
            "`{ hutk, pageUri, pageName, pageId, ipAddress, sfdcCampaignId, goToWebinarWebinarKey }`. An unknown "
                + "`hutk` is left out: an empty one refuses the whole submission."),
        .optional(
            "submittedAt", .either([.string, .number, .table]),
            "When, at most about a month back: ISO 8601, a number of seconds as `os.time` gives it or of milliseconds "
                + "(from 10^11 on), or a table as `os.date(\"!*t\")` makes it."),
        .optional(
            "legalConsentOptions", NestedShapes.legalConsent, "As HubSpot's: one of `consent` and `legitimateInterest`."
        ),
        .optional("skipValidation", .boolean, "Deprecated by HubSpot."),
        .optional("secure", .boolean, "True if left out: with the session's token. False: as a browser would."),
    ]
    static let submitOptions = LuaShape(
        "hubspot.SubmitOpts", "What goes along with the fields.", fields: submitFields)
    static let previewOptions = LuaShape(
        "hubspot.PreviewOpts", "What would go along with the fields.", fields: submitFields + [Shapes.refresh])
    private static let waitOptions = LuaShape(
        "hubspot.SubmitAndWaitOpts", "What goes along with the fields, and what is waited for.",
        fields: submitFields + [
            .optional("timeout", .number, "How many seconds the contact may take to show; 60 if left out."),
            Shapes.properties, Shapes.typed,
        ])
    private static let listFields: [LuaParameter] = [
        .optional("limit", .integer, "Forms in a page, 1 to 500."),
        Shapes.after, .optional("archived", .boolean, "Archived forms instead of the others."),
        .optional(
            "formTypes", .list(.choice(["hubspot", "captured", "flow", "blog_comment", "all"])),
            "`hubspot` if left out."), Shapes.refresh,
    ]
    private static let listOptions = LuaShape("hubspot.FormListOpts", "Which forms.", fields: listFields)
    private static let eachOptions = LuaShape(
        "hubspot.FormEachOpts", "Which forms.",
        fields: listFields + [.optional("max", .integer, "The most forms that the iterator yields.")])
    private static let submissionFields: [LuaParameter] = [
        .optional("limit", .integer, "Submissions in a page: 20 if left out, 50 at most."), Shapes.after,
    ]
    private static let submissionOptions = LuaShape(
        "hubspot.SubmissionOpts", "Which page.", fields: submissionFields)
    private static let eachSubmissionOptions = LuaShape(
        "hubspot.EachSubmissionOpts", "How many.",
        fields: submissionFields + [.optional("max", .integer, "The most submissions that the iterator yields.")])
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
                + "fate is unknown, since twice sent is two submissions. What `preview` calls a problem and HubSpot "
                + "accepts is said once, as a warning on standard error.",
            parameters: [
                Self.guid, Self.fields, .optional("opts", .shape(Self.submitOptions), "What goes along."),
            ],
            returns: [LuaReturn(.table, "HubSpot's `{ inlineMessage }` or `{ redirectUri }`.")], raises: ["validation"],
            source: "POST /submissions/v3/integration/secure/submit/{portalId}/{formGuid}",
            example: "hubspot.forms.submit(\"11111111-1111-4111-8111-111111111111\", "
                + "{ email = \"ada@example.org\", lastname = \"Lovelace\" })",
            body: .suspending { [source] call in
                let submission = try call.submission()
                return [
                    .json(
                        try await source.use(for: call) { session in
                            try await call.tellingValues(at: call.formField) {
                                try await call.telling("opts.submittedAt", where: \.isAboutTime) {
                                    try await Forms(session: session).submit(submission).answer
                                }
                            }
                        })
                ]
            })
    }

    private var submitAndWait: LuaFunction {
        LuaFunction(
            "submit_and_wait", "Submits a form, and returns its contact once it shows the submission.",
            details:
                "Asks for the contact by its address, after one second at first and five at most. A contact that was "
                + "there before counts once its `num_conversion_events` has moved. Raises kind timeout where it does not "
                + "show in time: the submission is accepted nevertheless. What became of it stands on the contact and "
                + "beside HubSpot's answer: `created`, and lists of the fields that `changed` and that were `dropped`.",
            parameters: [
                Self.guid, Self.fields, .optional("opts", .shape(Self.waitOptions), "What goes along."),
            ],
            returns: [
                LuaReturn(.named("hubspot.Record"), "The contact."),
                LuaReturn(
                    .named("hubspot.FormReceipt"),
                    "HubSpot's answer, with `created`, `changed`, `dropped` (none of them in a dry run) and the contact `before`."
                ),
            ], raises: ["validation", "timeout"],
            source: "POST /submissions/v3/integration/secure/submit/{portalId}/{formGuid}, GET "
                + "/crm/objects/{version}/contacts/{email}",
            example: "hubspot.forms.submit_and_wait(\"11111111-1111-4111-8111-111111111111\", "
                + "{ email = \"ada@example.org\", lastname = \"Lovelace\" }).id",
            body: .suspending { [source] call in
                let submission = try call.submission()
                let options = ReadOptions(properties: try call.names("opts.properties", of: call.option("properties")))
                let seconds = call.option("timeout").asNumber ?? 60
                guard (0...86_400).contains(seconds) else {
                    throw call.bad("opts.timeout", "0 to 86400 seconds expected, got \(seconds)")
                }
                guard submission.fields.contains(where: { $0.objectTypeID == "0-1" && $0.name == "email" }) else {
                    throw call.bad("fields", "an email expected, since the contact is found by it")
                }
                let isTyped = call.option("typed").asBoolean ?? false
                return try await source.use(for: call) { session in
                    let contacts = CRMObjects(.contacts, session: session)
                    if isTyped { try await contacts.readDefinitions() }
                    let arrival = try await call.tellingValues(at: call.formField) {
                        try await call.telling("opts.submittedAt", where: \.isAboutTime) {
                            try await Forms(session: session).submitAndWait(
                                submission, options, timeout: .seconds(seconds))
                        }
                    }
                    let contact = isTyped ? try await contacts.typed(arrival.contact) : arrival.contact
                    return [.record(arrival.telling(on: contact)), .json(arrival.document)]
                }
            })
    }

    private var preview: LuaFunction {
        LuaFunction(
            "preview", "Shows what a submission would send, and what HubSpot would refuse of it. Sends nothing.",
            details:
                "Reads the form's definition: required and unknown fields, options, addresses, numbers, consent and "
                + "captcha are checked as far as it tells.",
            parameters: [
                Self.guid, Self.fields, .optional("opts", .shape(Self.previewOptions), "What would go along."),
            ],
            returns: [LuaReturn(.named("hubspot.FormPreview"), "`{ request, problems }`.")], raises: ["not_found"],
            source: "GET /marketing/v3/forms/{formId}",
            example: "hubspot.forms.preview(\"11111111-1111-4111-8111-111111111111\", { email = \"ada\" }).problems",
            body: .suspending { [source] call in
                let (submission, refresh) = (try call.submission(mayBeEmpty: true), call.refreshes)
                let preview = try await source.use(for: call) { session in
                    try await call.tellingValues(at: call.formField) {
                        try await Forms(session: session).preview(submission, refresh: refresh)
                    }
                }
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
            "get", "Fetches a form's definition.", details: "It is kept for five minutes.",
            parameters: [Self.guid, .refreshOptions],
            returns: [LuaReturn(.table, "`{ id, name, fieldGroups, configuration, legalConsentOptions, … }`.")],
            raises: ["not_found"], source: "GET /marketing/v3/forms/{formId}",
            example: "hubspot.forms.get(\"11111111-1111-4111-8111-111111111111\").fieldGroups[1].fields[1].name",
            body: .suspending { [source] call in
                let (guid, refresh) = (try call.formReference(), call.refreshes)
                return [
                    .json(try await source.use(for: call) { try await Forms(session: $0).get(guid, refresh: refresh) })
                ]
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

    private var eachSubmission: LuaFunction {
        LuaFunction(
            "each_submission", "Iterates over what was sent to a form, newest first.",
            details: "Fetches one page ahead.",
            parameters: [Self.guid, .optional("opts", .shape(Self.eachSubmissionOptions), "How many.")],
            returns: [LuaReturn(.named("fun(): table?"), "An iterator over `{ submittedAt, pageUrl, values }`.")],
            raises: ["not_found"], source: "GET /form-integrations/v1/submissions/forms/{formGuid}",
            example: "for sent in hubspot.forms.each_submission(\"11111111-1111-4111-8111-111111111111\") do "
                + "print(sent.submittedAt) end", body: .lua("each_submission"))
    }

    var endpoints: Endpoints<Forms> { Endpoints(source) { Forms(session: $0) } }

    var primitives: [LuaFunction] {
        let submissions = [Self.guid, .optional("opts", .shape(Self.submissionOptions), "")]
        let eachSubmission = [Self.guid, .optional("opts", .shape(Self.eachSubmissionOptions), "")]
        let readForms: Endpoints<Forms>.CursorRead = { call, limit in
            let types = try call.names("opts.formTypes", of: call.option("formTypes"))
            let (archived, refresh) = (call.option("archived").asBoolean ?? false, call.refreshes)
            return {
                try await $0.list(limit: limit, after: $1, archived: archived, formTypes: types, refresh: refresh)
            }
        }
        let readSubmissions: Endpoints<Forms>.CursorRead = { call, limit in
            let guid = try call.formReference()
            return { try await $0.submissions(guid, limit: limit, after: $1) }
        }
        return [
            .refuse, submitTelling, described,
            endpoints.page("list", [.optional("opts", .shape(Self.listOptions), "")], atMost: 500, readForms),
            endpoints.iterator(
                "each", [.optional("opts", .shape(Self.eachOptions), "")], atMost: 500, usually: 50, readForms),
            endpoints.page("submissions", submissions, atMost: 50, readSubmissions),
            endpoints.iterator("each_submission", eachSubmission, atMost: 50, readSubmissions),
        ]
    }
}

extension String {
    /// Whether a refusal speaks of when a form was submitted.
    var isAboutTime: Bool { hasPrefix("submittedAt") }
}
