import ArgumentParser
import Bindings
import Glibc
import HubSpot
import JSON
import Journal
import VirtualTime
import Quota

/// `moonspot limits`.
struct LimitsCommand: PerformedCommand {
    static let configuration = CommandConfiguration.command(
        "limits", abstract: "What is left of the quota.",
        discussion: """
            Draws what all processes together have used that share the store, and lists those that are at work. Where \
            they have not learnt the limits yet, HubSpot is asked for the account's details, one request, so that its \
            headers tell.
            """)

    @OptionGroup var session: SessionArguments

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        do {
            try Report.check(session.output, of: "limits")
            session.noteUnheeded(by: "limits")
        } catch {
            Output.complain(error.message)
            return .usage
        }
        let format = session.output
        return await SessionCommand.perform(session.options, environment) { workspace throws(HubSpotError) in
            let session = try await workspace.source.session()
            let known = try await session.limits()
            if known.source != .headers || known.daily.limit == nil { _ = try await Account(session: session).info() }
            let style = Output.standard.style(noColor: environment.declinesColor)
            // A process that only looks is no news to the others.
            let others = try await session.processes().filter { $0.presence.pid != getpid() }
            guard format == .text else {
                Output.standard.write(
                    LimitsDocument.json(try await session.limits(), processes: others).bytes + [0x0A])
                return
            }
            Output.standard.write(
                LimitsText.text(
                    try await session.limits(), processes: others, columns: Output.standard.columns, style: style))
        }
    }
}

/// The common part of the commands that talk to HubSpot without Lua.
enum SessionCommand {
    /// - Parameter run: What the command writes as; nil where it only reads.
    static func perform(
        _ options: SessionOptions, _ environment: ProcessEnvironment, run: Run? = nil,
        _ body: (Workspace) async throws(HubSpotError) -> Void
    ) async -> ExitStatus {
        await ending(options, environment, run: run) { workspace throws(HubSpotError) in
            try await body(workspace)
            return .fine
        }
    }

    /// As ``perform(_:_:run:_:)``, of a command that can fail without an error. The run in the journal ends with its status.
    static func ending(
        _ options: SessionOptions, _ environment: ProcessEnvironment, run: Run?,
        _ body: (Workspace) async throws(HubSpotError) -> ExitStatus
    ) async -> ExitStatus {
        StandardErrorLog.start(level: options.logLevel)
        let workspace: Workspace
        do {
            workspace = try Workspace(options: options, environment: environment, run: run)
        } catch {
            Output.complain(error.message)
            return .usage
        }
        var status = ExitStatus.fine
        do {
            // A virtual clock has to know when this runs.
            try await withTaskExecutorPreference(workspace.fastClock?.time) { () async throws(HubSpotError) in
                status = try await body(workspace)
            }
        } catch {
            Output.complain(Escaping.visible(error.description))
            status = ExitStatus(kind: error.kind.rawValue)
        }
        await workspace.close()
        workspace.journals?.end(status.rawValue)
        return status
    }
}
