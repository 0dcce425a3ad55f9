import ArgumentParser
import Bindings
import HubSpot
import Words

/// `moonspot plan SCRIPT [ARGS...]`. The script and its arguments are split off before.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration.command(
        "plan", abstract: "What a script would change, without a write.",
        usage: "moonspot plan [--out FILE] [--all] [options] SCRIPT [ARGS...]",
        discussion: """
            The script runs and its reads go through; what it would write is kept instead of sent. Shown are the changes by \
            record, what sending them takes, and what HubSpot would refuse by its definitions. A record that the script \
            would create has an id such as plan:1:k3x9 meanwhile (plan:1 in what is shown). moonspot apply FILE sends what --out kept.

            Exit status: 0 nothing to change, 10 changes, 1 some would be refused (or the script failed).
            """)

    static var _errorPrefix: String { CommandConfiguration.errorPrefix }

    @Argument(
        help: ArgumentHelp("The script, or - for standard input.", valueName: "script"),
        completion: .file(extensions: ["lua"]))
    var script: String?

    @Option(
        help: ArgumentHelp("Keeps the writes in a file, for moonspot apply.", valueName: "file"), completion: .file())
    var out: String?

    @Flag(help: "Shows every change, not the first ones alone.")
    var all = false

    @OptionGroup var session: SessionArguments

    /// Why the writes could not be kept in the file, before the script runs; nil where they can.
    func outProblem() -> String? {
        guard let out else { return nil }
        do throws(HubSpotError) { try PlanFile.checkPlace(out) } catch { return error.message }
        return nil
    }

    /// Shows what a script that has ended would have written.
    func show(_ plan: WritePlan, of script: String?, _ workspace: Workspace) async -> ExitStatus {
        do throws(HubSpotError) {
            return try await withTaskExecutorPreference(workspace.fastClock?.time) {
                () async throws(HubSpotError) in
                try await show(plan, script, workspace)
            }
        } catch {
            Output.complain(Escaping.visible(error.description))
            return ExitStatus(kind: error.kind.rawValue)
        }
    }

    private func show(
        _ plan: WritePlan, _ script: String?, _ workspace: Workspace
    ) async throws(HubSpotError) -> ExitStatus {
        let draft = try await plan.draft()
        // A script that has written nothing may have opened no session, and needs none unless a file names its portal.
        var through = plan.session ?? workspace.source.openSession
        if through == nil, out != nil { through = try await workspace.source.session() }
        var estimate: PlanEstimate?
        if let through { estimate = try await through.estimate(draft.counts) }
        let changes = through.map { session in draft.writes.map { $0.change(session.paths) } } ?? []
        let report = PlanReport(
            counts: draft.counts, estimate: estimate, changes: changes, unchanged: draft.unchanged,
            stagesBack: draft.stagesBack)
        if session.output == .text {
            let style = Output.standard.style(noColor: workspace.environment.declinesColor)
            let text = PlanReportText(style: style, columns: Output.standard.columns, isWhole: all)
            Output.standard.write(text.text(report))
        } else {
            Output.standard.write(report.bytes(as: session.output))
        }
        if let out, let through {
            try await through.file(of: draft, script: script).save(to: out)
            Output.error.line(
                "\(Counts.counted(draft.writes.count, "write")) kept in \(Escaping.visible(out)); moonspot apply sends \(draft.writes.count == 1 ? "it" : "them")"
            )
        }
        if draft.counts.refusedRecords > 0 { return .failed }
        return draft.writes.isEmpty ? .fine : .changes
    }
}
