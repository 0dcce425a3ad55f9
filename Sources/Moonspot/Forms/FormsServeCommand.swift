import ArgumentParser
import Bindings
import Glibc
import HubSpot
import Journal
import NIOCore
import Words
import Workbench

/// `moonspot forms serve`.
struct FormsServeCommand: PerformedCommand {
    static let configuration = CommandConfiguration.command(
        "serve", abstract: "The forms workbench in a browser.",
        usage: "moonspot forms serve [FORM] [--port N] [options]",
        discussion: """
            Prints, first and alone on its line, "workbench ready http://127.0.0.1:PORT/KEY/", and serves until Ctrl-C. The page \
            draws a form from its definition, beside the request, the problems, the answer, the contact before and after, \
            snippets, and a log of what arrives. A website under development can send to it; its address stands on the page. \
            It listens on loopback only. Nothing is sent to a real portal before "send to portal N" is ticked on the page.
            """)

    @Argument(help: ArgumentHelp("The form's name or GUID. (default: the portal's first)", valueName: "form"))
    var form: String?

    @Option(help: ArgumentHelp("The port; 0 takes any free one.", valueName: "port"))
    var port: UInt16 = 0

    @OptionGroup var session: SessionArguments

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        session.noteUnheeded(by: "forms serve", but: ["--dry-run", "--journal"])
        let interrupts = Interrupts(alsoTerminate: true)
        return await SessionCommand.perform(
            session.options, environment, run: Run(.script, began: 0, script: "forms serve")
        ) {
            workspace throws(HubSpotError) in
            let session = try await workspace.source.session()
            // A credential that does not work is said here, not on the page.
            _ = try await session.portalID()
            let portal = await SessionForms(session: session, profile: workspace.source.description.profile)
            let opening: String?
            if let form { opening = try await portal.id(of: form) } else { opening = nil }
            let server: WorkbenchServer
            do {
                server = try await WorkbenchServer.start(portal, opening: opening, port: Int(port))
            } catch {
                throw HubSpotError.invalidArgument("the workbench could not be started: \(why(error))")
            }
            let signals = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
            interrupts.onSignal { _ in signals.continuation.yield() }
            // From here a second signal ends the process, in case stopping takes long.
            Interrupts.setRunning(true)
            Output.standard.line("workbench ready \(server.url)")
            for await _ in signals.stream { break }
            let undelivered = await server.stop()
            if undelivered > 0 {
                Output.complain(
                    "\(Counts.counted(undelivered, "submission")) answered as accepted and not delivered: the contact was to appear late"
                )
            }
        }
    }

    private func why(_ error: any Error) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        return switch error.errnoCode {
        case EADDRINUSE: "port \(port) is in use; give another --port, or 0 for any that is free"
        case EACCES: "port \(port) takes rights that this user lacks; give a --port from 1024 on"
        case let code: String(cString: strerror(code)).lowercased()
        }
    }
}
