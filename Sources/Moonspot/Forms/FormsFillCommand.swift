import ArgumentParser
import Bindings
import Glibc
import HubSpot
import JSON
import Journal
import WebForms

/// `moonspot forms fill FORM [NAME=VALUE ...]`.
struct FormsFillCommand: PerformedCommand {
    static let configuration = CommandConfiguration(
        commandName: "fill", abstract: "Fills in a form: asks for each field, checks it, sends it after a yes.",
        usage: "moonspot forms fill FORM [NAME=VALUE ...] [options]",
        discussion: """
            A field of a company is 0-2/NAME; consent=yes and consent.SUBSCRIPTION=yes agree; context.pageUri=URL, \
            context.pageName, context.hutk and context.ipAddress go along. Several choices are joined with ;. Tab completes \
            options. Without a terminal the answers that are missing are lines of standard input, and the last is the yes. With \
            --yes it is sent without a question, and only what is required and missing is asked for, at a terminal alone: else it \
            is an error. What HubSpot answers goes to standard output, everything else to standard error.
            """)

    @Argument(help: ArgumentHelp("The form's id or name.", valueName: "form"))
    var form: String

    @Argument(help: ArgumentHelp("Answers that are not asked for any more.", valueName: "name=value"))
    var answers: [String] = []

    @OptionGroup var session: SessionArguments

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        session.noteUnheeded(by: "forms fill", but: ["--yes", "--dry-run", "--journal"])
        let run = Run(.script, began: 0, script: "forms fill", arguments: [form])
        return await SessionCommand.ending(session.options, environment, run: run) { workspace throws(HubSpotError) in
            try await fill(workspace, environment)
        }
    }

    private func fill(
        _ workspace: Workspace, _ environment: ProcessEnvironment
    ) async throws(HubSpotError) -> ExitStatus {
        let forms = Forms(session: try await workspace.source.session())
        let form = try await forms.open(form).form
        guard !form.hasCaptcha else {
            Output.complain(
                "the form '\(form.name.onOneLine)' has a captcha: HubSpot takes no submission of it by its API")
            return .failed
        }
        var given = FormAnswers(form: form)
        do throws(ArgumentProblem) {
            for word in answers { try given.read(word) }
        } catch {
            Output.complain(Escaping.visible("\(error)"))
            return .usage
        }
        let style = Output.error.style(noColor: environment.declinesColor)
        // A script's standard input is not waited for.
        let questions = session.yes && isatty(0) != 1 ? nil : FormQuestions(style: style)
        defer { questions?.close() }
        do throws(FormQuestions.Interruption) {
            try await questions?.ask(&given, requiredAlone: session.yes)
        } catch {
            return .interrupted
        }
        for field in given.unseen {
            let others = field.conditions.map(\.key)
            let condition = others.isEmpty ? "" : "; it depends on \(others.joined(separator: " or "))"
            Output.error.line(
                Escaping.visible(
                    "\(field.key) is not sent: the form does not show it beside these answers\(condition)"))
        }
        if session.yes, !given.missing.isEmpty {
            Output.complain(
                Escaping.visible(
                    "the form '\(form.name)' cannot be sent without \(given.missing.joined(separator: ", "))"))
            return .usage
        }
        let submission = FormSubmission(given.submission, form: form.id)
        let problems = try await forms.check(submission)
        let preview = try await forms.preview(submission)
        show(preview, problems, style)
        do throws(FormQuestions.Interruption) {
            guard try await isConfirmed(questions, problems, forms) else {
                guard isatty(0) != 1 else {
                    Output.error.line("nothing was sent")
                    return .fine
                }
                // A script has to know it.
                Output.complain("nothing was sent: it takes a yes on standard input, or --yes")
                return .failed
            }
        } catch {
            return .interrupted
        }
        let receipt = try await forms.submit(submission)
        for warning in receipt.warnings { Output.error.line(style.yellow(Escaping.visible(warning))) }
        tell(receipt, form)
        return .fine
    }

    private func isConfirmed(
        _ questions: FormQuestions?, _ problems: [WebForm.Problem], _ forms: Forms
    ) async throws(FormQuestions.Interruption) -> Bool {
        if session.yes || session.dryRun { return true }
        let portal = try? await forms.session.portalID()
        let question = problems.contains(where: \.isRefused) ? "Send it all the same to portal" : "Send it to portal"
        return try await questions?.confirm("\(question) \(portal.map { "\($0)" } ?? "")?") ?? false
    }

    private func show(_ preview: Forms.Preview, _ problems: [WebForm.Problem], _ style: Style) {
        var lines = ["", style.bold("\(preview.method) \(preview.url)")]
        lines += preview.headers.map { style.dim("\($0.0): \($0.1)") }
        lines.append(PrettyJSON.text(preview.body))
        lines += problems.map { problem in
            let text = Escaping.visible(
                "\(problem.field.map { "\($0): " } ?? "")\(problem.message) (\(problem.errorType))")
            return problem.isRefused ? style.red("refused  \(text)") : style.yellow("note     \(text)")
        }
        Output.error.write(lines.joined(separator: "\n") + "\n\n")
    }

    private func tell(_ receipt: Forms.Receipt, _ form: WebForm) {
        guard session.output == .text else {
            Output.standard.write(Array(receipt.answer.bytes) + [0x0A])
            return
        }
        if let address = receipt.answer.field("redirectUri")?.string {
            Output.standard.line("accepted; the form leads to \(address.onOneLine)")
        } else if let message = receipt.answer.field("inlineMessage")?.string {
            Output.standard.line("accepted: \(PlainText.of(message).onOneLine)")
        } else if receipt.answer.field("dry_run") == nil {
            Output.standard.line("accepted")
        }
    }
}
