import ArgumentParser
import Bindings
import HubSpot
import JSON
import WebForms
import Words

/// `moonspot forms`: the portal's forms, from a definition to a submission and to code.
struct FormsCommand: ParsableCommand {
    static let configuration = CommandConfiguration.command(
        "forms", abstract: "The portal's forms: what they ask, a try, code that submits them.",
        discussion: """
            A form is named by its id or its name. Without a command the portal's forms are listed.
            """,
        subcommands: [
            FormsListCommand.self, FormsShowCommand.self, FormsFillCommand.self, FormsSnippetCommand.self,
            FormsServeCommand.self,
        ], defaultSubcommand: FormsListCommand.self)

    static var _errorPrefix: String { CommandConfiguration.errorPrefix }
}

/// `moonspot forms list`, and `moonspot forms` by itself.
struct FormsListCommand: PerformedCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the portal's forms.")

    @OptionGroup var session: SessionArguments
    /// A word that is none of the commands comes here.
    @Argument(help: .hidden) var words: [String] = []

    func validate() throws {
        guard let word = words.first else { return }
        let commands = FormsCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
        let hint = NearestName.hint(for: word, among: commands)
        throw ValidationError(
            hint.isEmpty
                ? "there is no command 'forms \(word)'; moonspot forms show '\(word)' shows the form of that name"
                : "there is no command 'forms \(word)'\(hint)")
    }

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        session.noteUnheeded(by: "forms")
        let format = session.output
        return await SessionCommand.perform(session.options, environment) { workspace throws(HubSpotError) in
            let forms = Forms(session: try await workspace.source.session())
            let all = try await forms.all().compactMap { definition in
                WebForm(definition).map { ($0, definition.field("updatedAt")?.string ?? "") }
            }
            guard format == .text else {
                let rows = all.map { form, updated -> JSONValue in
                    [
                        "id": .string(form.id), "name": .string(form.name), "fields": .integer(form.fields.count),
                        "consent": .string(form.consent.type), "captcha": .bool(form.hasCaptcha),
                        "updatedAt": .string(updated),
                    ]
                }
                Output.standard.write(HistoryDocument.bytes(rows, as: format))
                return
            }
            guard !all.isEmpty else { return Output.error.line("the portal has no forms") }
            let text = FormText(
                style: Output.standard.style(noColor: environment.declinesColor), columns: Output.standard.columns)
            Output.standard.write(text.list(all.map(\.0)))
        }
    }
}

/// `moonspot forms show FORM`.
struct FormsShowCommand: PerformedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows what a form asks: fields, options, rules, consent, captcha.")

    @Argument(help: ArgumentHelp("The form's id or name.", valueName: "form"))
    var form: String

    @OptionGroup var session: SessionArguments

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        session.noteUnheeded(by: "forms show")
        let format = session.output
        return await SessionCommand.perform(session.options, environment) { workspace throws(HubSpotError) in
            let form = try await Forms(session: try await workspace.source.session()).open(form).form
            switch format {
            case .text:
                let text = FormText(
                    style: Output.standard.style(noColor: environment.declinesColor),
                    columns: Output.standard.columns)
                Output.standard.write(text.details(form))
            case .json: Output.standard.write(form.document.bytes + [0x0A])
            case .jsonl, .csv: Output.standard.write(HistoryDocument.bytes(form.fields.map(FormText.row), as: format))
            }
        }
    }
}

/// `moonspot forms snippet FORM KIND`.
struct FormsSnippetCommand: PerformedCommand {
    static let configuration = CommandConfiguration(
        commandName: "snippet", abstract: "Prints code that submits a form and runs as it stands.",
        discussion: """
            With every field, the region's forms host, the visitor's cookie and page, consent as the form has it, and \
            HubSpot's messages beside the fields. It holds no token.
            """)

    @Argument(help: ArgumentHelp("The form's id or name.", valueName: "form"))
    var form: String

    @Argument(
        help: ArgumentHelp("fetch, html, curl, react, python or lua.", valueName: "kind"),
        completion: .list(WebForm.SnippetKind.allCases.map(\.rawValue)), transform: Self.kind)
    var kind: WebForm.SnippetKind

    @Flag(help: "With a token, which the code reads from HUBSPOT_ACCESS_TOKEN: curl, python and lua.")
    var secure = false

    @OptionGroup var session: SessionArguments

    func validate() throws {
        guard !secure || kind.allowsToken else {
            throw ValidationError(
                "--secure is for curl, python and lua: a visitor of a page could read the token from \(kind.rawValue)")
        }
    }

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        session.noteUnheeded(by: "forms snippet")
        return await SessionCommand.perform(session.options, environment) { workspace throws(HubSpotError) in
            let session = try await workspace.source.session()
            let forms = Forms(session: session)
            Output.standard.write(try await forms.snippet(kind, of: form, isSecure: secure))
            if try await forms.open(form).form.hasCaptcha {
                Output.complain(
                    "the form has a captcha: HubSpot refuses what the code sends, until captcha is off for it")
            }
            if self.session.simulator {
                Output.error.line(
                    "moonspot: the code submits to this simulator, which ends with the command; moonspot simulator runs one that stays"
                )
            }
        }
    }

    private static func kind(_ text: String) throws -> WebForm.SnippetKind {
        guard let kind = WebForm.SnippetKind(rawValue: text.lowercased()) else {
            throw ArgumentProblem(
                "the kinds are \(WebForm.SnippetKind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return kind
    }
}
