import HubSpot
import JSON
import LuaRuntime
import WebForms

/// Forms that were looked up: `hubspot.forms.open`, and what can be done with one beside submitting it.
extension FormFunctions {
    private static let snippetOptions = LuaShape(
        "hubspot.SnippetOpts", "What the code sends.",
        fields: [
            .optional(
                "secure", .boolean,
                "With a token, which the code reads from HUBSPOT_ACCESS_TOKEN (Lua: the session's): curl, python and lua alone. "
                    + "False if left out: as any browser does."),
            .optional(
                "fields", .either([.list(.table), .map(.any)]),
                "Values to put in, as `submit` takes them, for fields of the form (`secure`: properties too); for the rest there are values "
                    + "that HubSpot takes."),
        ])

    static let openForm = LuaShape(
        "hubspot.OpenForm",
        "A form, with its fields as a person reads them. Its functions are those of `hubspot.forms` without the first argument. "
            + "Printed, it is drawn.",
        fields: [
            .required("id", .string, "Its GUID."), .required("name", .string, ""),
            .required(
                "fields", .list(.table),
                "`{ name, label, type, required, hidden, options = { { label, value } }, objectTypeId, default, description, "
                    + "validation, dependent_on = { name, operator, values, alternatives } }` each, in the order in which they are drawn; "
                    + "`key` is its name in `fields`: `0-2/name` for a company's."),
            .required(
                "consent", .table,
                "What the visitor agrees to: `{ type, privacyText, communications = { { subscriptionTypeId, label, required } } }`."
            ),
            .required("captcha", .boolean, "True: HubSpot takes no submission by its API."),
            .required(
                "check",
                .named("fun(self: hubspot.OpenForm, fields: table, opts?: hubspot.PreviewOpts): hubspot.FormProblem[]"),
                "What HubSpot would refuse or drop."),
            .required(
                "preview",
                .named("fun(self: hubspot.OpenForm, fields: table, opts?: hubspot.PreviewOpts): hubspot.FormPreview"),
                ""),
            .required(
                "submit",
                .named("fun(self: hubspot.OpenForm, fields: table, opts?: hubspot.SubmitOpts): hubspot.FormReceipt"),
                "Tells what became of it: `{ inlineMessage, redirectUri, warnings }`."),
            .required(
                "submit_and_wait",
                .named(
                    "fun(self: hubspot.OpenForm, fields: table, opts?: hubspot.SubmitAndWaitOpts): hubspot.Record, hubspot.FormReceipt"
                ), ""),
            .required(
                "submissions",
                .named("fun(self: hubspot.OpenForm, opts?: hubspot.SubmissionOpts): hubspot.Page"), ""),
            .required(
                "each_submission",
                .named("fun(self: hubspot.OpenForm, opts?: hubspot.EachSubmissionOpts): fun(): table?"), ""),
            .required(
                "snippet", .named("fun(self: hubspot.OpenForm, kind: string, opts?: hubspot.SnippetOpts): string"), ""),
        ])

    static let problem = LuaShape(
        "hubspot.FormProblem", "What HubSpot would refuse of a submission, or drop.",
        fields: [
            .optional(
                "field", .string, "As HubSpot's errors name it: `email`, `context.hutk`; nil for the whole form."),
            .required("errorType", .string, "HubSpot's."), .required("message", .string, ""),
            .required("refused", .boolean, "False where HubSpot accepts the submission all the same."),
        ])

    static let receipt = LuaShape(
        "hubspot.FormReceipt", "What became of a submission.",
        fields: [
            .optional("inlineMessage", .string, "HTML that the form shows."),
            .optional("redirectUri", .string, "The page that follows."),
            .optional("warnings", .list(.string), "What HubSpot has accepted and drops."),
            .optional("created", .boolean, "After `submit_and_wait`: the contact is new."),
            .optional("changed", .list(.string), "Names of the fields that have another value than before."),
            .optional("dropped", .list(.string), "Names of those that did not arrive."),
            .optional("before", .table, "The contact as it was, with the submitted properties."),
        ])

    var open: LuaFunction {
        LuaFunction(
            "open", "Looks up a form, to try it: its fields in short, and functions that check and submit it.",
            details: "Its definition is kept for five minutes.",
            parameters: [Self.guid, .refreshOptions],
            returns: [LuaReturn(.named("hubspot.OpenForm"), "The form.")], raises: ["not_found"],
            source: "GET /marketing/v3/forms/{formId}",
            example:
                "hubspot.forms.open(\"Contact us\"):submit{ email = \"ada@example.org\", lastname = \"Lovelace\" }",
            body: .lua("open"))
    }

    /// The document of a form, and its drawing.
    var described: LuaFunction {
        LuaFunction(
            "open", "", parameters: [Self.guid, .refreshOptions],
            body: .suspending { [source] call in
                let (guid, refresh) = (try call.formReference(), call.refreshes)
                let form = try await source.use(for: call) {
                    try await Forms(session: $0).open(guid, refresh: refresh).form
                }
                return [.json(JSONSlice(form.document.bytes)), .string(form.drawing)]
            })
    }

    var check: LuaFunction {
        LuaFunction(
            "check", "Says what HubSpot would refuse of a submission, or drop. Sends nothing.",
            details:
                "As `preview` does, and with the portal's properties: a name that is misspelt, a property that is not on the "
                + "form, a value that the property does not take.",
            parameters: [
                Self.guid, Self.fields, .optional("opts", .shape(Self.previewOptions), "What would go along."),
            ], returns: [LuaReturn(.list(.named("hubspot.FormProblem")), "None: HubSpot takes it.")],
            raises: ["not_found"],
            source: "GET /marketing/v3/forms/{formId}, GET /crm/properties/{version}/{type}",
            example: "hubspot.forms.check(\"Contact us\", { email = \"ada\" })[1].message",
            body: .suspending { [source] call in
                let (submission, refresh) = (try call.submission(mayBeEmpty: true), call.refreshes)
                let problems = try await source.use(for: call) { session in
                    try await call.tellingValues(at: call.formField) {
                        try await Forms(session: session).check(submission, refresh: refresh)
                    }
                }
                return [.problems(problems)]
            })
    }

    /// `submit` of an open form.
    var submitTelling: LuaFunction {
        LuaFunction(
            "submit", "",
            parameters: [Self.guid, Self.fields, .optional("opts", .shape(Self.submitOptions), "")],
            body: .suspending { [source] call in
                let submission = try call.submission()
                let receipt = try await source.use(for: call) { session in
                    try await call.tellingValues(at: call.formField) {
                        try await call.telling("opts.submittedAt", where: \.isAboutTime) {
                            try await Forms(session: session).submit(submission)
                        }
                    }
                }
                return [.json(receipt.document)]
            })
    }

    var snippet: LuaFunction {
        LuaFunction(
            "snippet", "Makes code that submits a form and runs as it stands.",
            details:
                "With every field, the region's forms host, the visitor's cookie and page, consent as the form has it, and "
                + "HubSpot's messages beside the fields. It holds no token.",
            parameters: [
                Self.guid,
                .required(
                    "kind", .choice(WebForm.SnippetKind.allCases.map(\.rawValue)),
                    "The language: JavaScript that calls fetch, an HTML page, curl, a React component, Python, Lua."),
                .optional("opts", .shape(Self.snippetOptions), "What the code sends."),
            ], returns: [LuaReturn(.string, "The code.")], raises: ["not_found"],
            source: "GET /marketing/v3/forms/{formId}",
            example: "print(hubspot.forms.snippet(\"Contact us\", \"html\"))",
            body: .suspending { [source] call in
                let guid = try call.formReference()
                guard let kind = WebForm.SnippetKind(rawValue: call.string("kind") ?? "") else {
                    throw call.bad("kind", "a kind of code expected")
                }
                let isSecure = call.option("secure").asBoolean ?? false
                guard !isSecure || kind.allowsToken else {
                    throw call.bad(
                        "opts.secure", "a visitor of the page could read the token: curl, python and lua take one")
                }
                let given = try call.optionalFormFields()
                let text = try await source.use(for: call) { session in
                    try await call.tellingValues(at: { "opts.fields.\($0)" }) {
                        try await Forms(session: session).snippet(kind, of: guid, values: given, isSecure: isSecure)
                    }
                }
                return [.string(text)]
            })
    }

    private static let changes = LuaShape(
        "hubspot.FormChanges", "What changes of a form, in HubSpot's own shapes.",
        fields: [
            .optional("name", .string, "The form's name."),
            .optional("fieldGroups", .list(.table), "All fields, by the row that they stand in."),
            .optional("configuration", .table, "What happens behind a submission."),
            .optional("displayOptions", .table, "How HubSpot draws it."),
            .optional("legalConsentOptions", .table, "What consent it asks for."),
            .optional("archived", .boolean, "False takes an archived form back."),
        ])

    var definitions: [LuaFunction] {
        let path = "/marketing/forms/2026-09-beta"
        let versions =
            "Under `/marketing/forms/2026-09-beta` where the session calls 2026-09, of which HubSpot has a beta alone; under "
            + "`/marketing/v3/forms` in other versions."
        return [
            endpoints.function(
                "create", "Creates a form.", details: versions,
                [
                    .required(
                        "definition", .map(.any),
                        "HubSpot's: `{ name, fieldGroups, configuration, displayOptions, legalConsentOptions }`, as `get` answers "
                            + "one.")
                ], raises: ["validation"], source: "POST \(path)",
                example: "hubspot.forms.create(hubspot.forms.get(\"Contact us\")).id"
            ) { call in
                let definition = try call.jsonArgument("definition")
                return { try await $0.create(definition) }
            },
            endpoints.function(
                "update", "Changes a form's definition.",
                details: "A part that is given replaces the whole part: `fieldGroups` all fields. \(versions)",
                [
                    Self.guid,
                    .required("changes", .shape(Self.changes), "What is to be another."),
                ], raises: ["not_found", "validation"], source: "PATCH \(path)/{formId}",
                example: "hubspot.forms.update(\"Contact us\", { name = \"Write to us\" })"
            ) { call in
                guard call.table("changes")?.fields.isEmpty == false else {
                    throw call.bad("changes", "something to change expected, got an empty table")
                }
                let (form, changes) = (try call.formReference(), try call.jsonArgument("changes"))
                return { try await $0.update(form, changes) }
            },
            endpoints.action(
                "delete", "Archives a form, which HubSpot keeps for about three months.", details: versions,
                [Self.guid, Shapes.confirmOptions], raises: ["not_found"], source: "DELETE \(path)/{formId}",
                example: "hubspot.forms.delete(\"Contact us\")"
            ) { call in
                let form = try call.formReference()
                return { try await $0.delete(form) }
            },
        ]
    }
}
