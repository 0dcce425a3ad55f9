import ArgumentParser
import Bindings
import Glibc
import HubSpot
import JSON
import Words

/// `moonspot doctor`.
struct DoctorCommand: PerformedCommand {
    static let configuration = CommandConfiguration.command(
        "doctor", abstract: "What is set up, what is missing, how to mend it.",
        discussion: "With a credential it asks HubSpot for the account's details, one request.")

    @OptionGroup var session: SessionArguments

    /// One line of the report.
    struct Finding: Equatable {
        enum State { case fine, note, broken }
        var state: State
        var subject: String
        var text: String
        /// How to mend it.
        var remedy: String?

        /// `{ state, subject, text, remedy }`.
        var json: JSONValue {
            let word =
                switch state {
                case .fine: "ok"
                case .note: "note"
                case .broken: "broken"
                }
            return .object([
                "state": .string(word), "subject": .string(subject), "text": .string(text),
                "remedy": remedy.map { .string($0) },
            ])
        }
    }

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        StandardErrorLog.start(level: session.portal.logLevel)
        do {
            try Report.check(session.output, of: "doctor")
            session.noteUnheeded(by: "doctor")
        } catch {
            Output.complain(error.message)
            return .usage
        }
        let style = Output.standard.style(noColor: environment.declinesColor)
        var status = ExitStatus.fine
        var findings: [Finding] = []
        func show(_ finding: Finding) {
            if finding.state == .broken && status == .fine { status = .failed }
            findings.append(finding)
            guard session.output == .text else { return }
            let mark =
                switch finding.state {
                case .fine: style.green("ok")
                case .note: style.yellow("--")
                case .broken: style.red("!!")
                }
            Output.standard.line(
                "\(mark)  \(DisplayWidth.pad(finding.subject, to: 15))\(Escaping.visible(finding.text))")
            if let remedy = finding.remedy {
                Output.standard.line("    \(DisplayWidth.pad("", to: 15))\(Escaping.visible(remedy))")
            }
        }
        show(Finding(state: .fine, subject: "moonspot", text: "\(MoonspotVersion.current), Lua 5.4"))
        show(Self.library(environment))
        show(Self.stateFolder(environment.stateFolder))
        show(Self.terminal(environment))
        do throws(ConfigurationError) {
            let workspace = try Workspace(options: session.options, environment: environment)
            show(Self.configuration(environment, profile: workspace.source.description.profile))
            let (finding, kind) = await Self.portal(workspace)
            show(finding)
            if let kind { status = ExitStatus(kind: kind) }
            await workspace.close()
        } catch {
            show(Finding(state: .broken, subject: "configuration", text: error.message))
            status = .usage
        }
        if session.output != .text {
            Output.standard.write(JSONValue.array(findings.map(\.json)).bytes + [0x0A])
        }
        return status
    }

    private static func library(_ environment: ProcessEnvironment) -> Finding {
        guard let folder = environment.library.folder else {
            return Finding(
                state: .fine, subject: "Lua modules", text: Library.embedded.keys.sorted().joined(separator: ", "))
        }
        guard access(folder, R_OK | X_OK) == 0 else {
            return Finding(
                state: .broken, subject: "Lua modules", text: "MOONSPOT_STDLIB names \(folder), which cannot be read",
                remedy: "unset MOONSPOT_STDLIB to use the built-in ones")
        }
        return Finding(state: .note, subject: "Lua modules", text: "from \(folder) (MOONSPOT_STDLIB)")
    }

    private static func stateFolder(_ path: String) -> Finding {
        do {
            try FileBytes.makeFolder(path)
        } catch {
            return Finding(
                state: .broken, subject: "state folder", text: "\(path) cannot be made: \(error)",
                remedy: "set MOONSPOT_STATE to a folder that can be written")
        }
        guard access(path, W_OK | X_OK) == 0 else {
            return Finding(
                state: .broken, subject: "state folder", text: "\(path) cannot be written",
                remedy: "mend its mode, or set MOONSPOT_STATE to another folder")
        }
        return Finding(state: .fine, subject: "state folder", text: path)
    }

    private static func terminal(_ environment: ProcessEnvironment) -> Finding {
        let kind = environment["TERM"] ?? ""
        guard isatty(0) == 1, isatty(1) == 1 else {
            return Finding(state: .note, subject: "terminal", text: "none: no line editing")
        }
        guard !kind.isEmpty, kind != "dumb" else {
            return Finding(
                state: .note, subject: "terminal",
                text: "TERM is \(kind.isEmpty ? "not set" : kind): lines are read plainly",
                remedy: "set TERM to your terminal's kind, such as xterm-256color, to edit lines")
        }
        return Finding(state: .fine, subject: "terminal", text: "\(kind), \(Output.standard.columns ?? 80) columns")
    }

    private static func configuration(_ environment: ProcessEnvironment, profile: String?) -> Finding {
        let path = environment.configurationPath
        guard FileBytes.exists(path) else {
            return Finding(state: .note, subject: "configuration", text: "\(path) does not exist; it is not needed")
        }
        return Finding(
            state: .fine, subject: "configuration",
            text: path + (profile.map { ", profile \($0)" } ?? ", no profile chosen"))
    }

    private static func portal(_ workspace: Workspace) async -> (Finding, kind: String?) {
        let description = workspace.source.description
        guard description.isSimulator || description.auth != nil else {
            return (
                Finding(
                    state: .note, subject: "credential", text: "none",
                    remedy: "set HUBSPOT_ACCESS_TOKEN or run moonspot auth login; --simulator needs none"), nil
            )
        }
        do {
            let session = try await workspace.source.session()
            _ = try await Account(session: session).info()
            let portal = try await session.portalID()
            return (
                Finding(
                    state: .fine, subject: "portal",
                    text: "\(portal) answers at \(session.configuration.baseURL), with \(workspace.credentialOrigin)"),
                nil
            )
        } catch {
            return (
                Finding(
                    state: .broken, subject: "portal",
                    text: "\(description.baseURL ?? "the simulator"): \(error.description)",
                    remedy: remedy(error.kind, workspace)), error.kind.rawValue
            )
        }
    }

    private static func remedy(_ kind: HubSpotError.Kind, _ workspace: Workspace) -> String? {
        switch kind {
        case .unauthenticated:
            "the credential is \(workspace.credentialOrigin); make a new one at HubSpot and run moonspot auth login"
        case .network, .timeout: "check the network, HTTPS_PROXY and the base URL"
        default: nil
        }
    }
}
