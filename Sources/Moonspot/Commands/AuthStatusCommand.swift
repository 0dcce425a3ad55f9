import ArgumentParser
import Bindings
import HubSpot
import JSON

/// `moonspot auth status`.
struct AuthStatusCommand: PerformedCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Which credential is used, and whether HubSpot takes it.",
        discussion: "Asks HubSpot for the account's details, one request. Exit status: 0 it works, 3 it does not.")

    @OptionGroup var session: SessionArguments

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        await AuthCommand.guarded(session.portal.logLevel) {
            try Report.check(session.output, of: "auth status")
            session.noteUnheeded(by: "auth status")
            let workspace = try Workspace(options: session.options, environment: environment)
            let description = workspace.source.description
            var report = Report()
            report.add("profile", description.profile, orElse: "none")
            report.add("credential", workspace.credentialOrigin)
            var failure: (any Error)?
            if description.auth == nil {
                failure = AuthProblem(
                    .refused, "no credential is set up: set HUBSPOT_ACCESS_TOKEN or run moonspot auth login")
            } else {
                do throws(HubSpotError) {
                    let session = try await workspace.source.session()
                    let account = try await Account(session: session).info()
                    report.add(
                        "token", session.configuration.credential.map { _ in "accepted" } ?? "the simulator's own")
                    report.add("portal", account.field("portalId")?.integer, orElse: "not told")
                    report.add("account", account.field("accountType")?.string, orElse: "not told")
                    report.add("region", account.field("dataHostingLocation")?.string, orElse: "not told")
                } catch {
                    let verdict =
                        switch error.kind {
                        case .unauthenticated where error.status == nil: "not readable"
                        case .unauthenticated, .forbidden: "not accepted"
                        default: "not checked"
                        }
                    report.add("token", "\(verdict): \(error.message)")
                    failure = error
                }
            }
            report.add("base URL", description.baseURL, orElse: "the simulator's own")
            report.add("configuration", environment.configurationPath)
            report.add("works", failure == nil)
            await workspace.close()
            report.write(as: session.output)
            if let failure { throw failure }
        }
    }
}
