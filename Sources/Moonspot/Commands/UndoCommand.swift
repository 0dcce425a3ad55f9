import ArgumentParser
import Bindings
import HubSpot
import Journal
import Words

/// `moonspot undo RUN`.
struct UndoCommand: PerformedCommand {
    static let configuration = CommandConfiguration.command(
        "undo", abstract: "Takes back what a run wrote.",
        usage: "moonspot undo RUN [--plan] [--yes] [--force] [options]",
        discussion: """
            Records get their old values back, those that the run made are archived, those that it archived are made again \
            (under new ids), links are reversed. What was changed since is left and listed, as is what cannot be undone: \
            merges, deletions for good, submissions. Old values and links come from the journal where the run had \
            --journal undo; else old values come from HubSpot's property history, and what nothing tells for certain is \
            listed. The undo is a run itself, which can be undone.
            """)

    @Argument(help: ArgumentHelp("The run's number, as moonspot history lists it.", valueName: "run"))
    var run: Int64

    @Flag(help: "Shows what would be done, and does nothing.")
    var plan = false

    @OptionGroup var change: ChangeArguments

    @OptionGroup var session: SessionArguments

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        session.noteUnheeded(by: "undo", but: ["--dry-run", "--yes", "--max-delete"])
        guard let journal = Journal.existing(in: environment.stateFolder) else { return HistoryCommand.missing(run) }
        let summary: RunSummary
        do throws(JournalProblem) {
            guard let found = try await journal.run(run) else { return HistoryCommand.missing(run) }
            summary = found
        } catch {
            Output.complain(error.words())
            return .failed
        }
        guard !summary.isRunning else {
            Output.complain("run \(run) still goes on; wait for its end, or stop it")
            return .failed
        }
        guard await RunClaim.take(run, in: journal, unless: plan || session.dryRun) else { return .failed }
        var options = session.options
        options.journal = .undo
        // It asks by itself, once for all that it takes back.
        options.yes = true
        options.follow(summary.run, environment)
        let own = Run(.undo, began: 0, undoes: run)
        return await SessionCommand.ending(options, environment, run: own) { workspace throws(HubSpotError) in
            try await takeBack(summary.run, journal, workspace, environment)
        }
    }

    private func takeBack(
        _ run: Run, _ journal: Journal, _ workspace: Workspace, _ environment: ProcessEnvironment
    ) async throws(HubSpotError) -> ExitStatus {
        let undo = Undo(
            journal: journal, run: run, session: try await workspace.source.session(),
            own: workspace.journals?.first, isForced: change.force)
        try await undo.checkPortal()
        let items = try await undo.survey()
        let planned = items.count { $0.status != .left }
        guard !plan, !session.dryRun, planned > 0 else {
            show(items, environment)
            if items.isEmpty {
                Output.error.line("all is as it was before run \(run.id), and nothing is sent")
            } else if planned == 0 {
                Output.error.line("nothing is sent: nothing of run \(run.id) could be taken back")
            }
            return .fine
        }
        if !session.yes { Output.error.write(text(environment).text(items)) }
        let portal = try await undo.session.portalID()
        guard try session.confirms("Take back \(Counts.counted(planned, "change")) in portal \(portal)?") else {
            Output.error.line("nothing was taken back")
            return .fine
        }
        let stop = StopOnInterrupt(executor: workspace.fastClock?.time)
        let done: [UndoItem]
        do throws(HubSpotError) {
            done = try await stop.run { () async throws(HubSpotError) in
                try await undo.perform(items) { !stop.isStopped }
            }
        } catch {
            Output.error.line("stopped; run moonspot undo \(run.id) again to go on")
            if stop.isStopped { return .interrupted }
            throw error
        }
        show(done, environment)
        let failed = done.count { $0.status == .failed }
        if let own = workspace.journals?.first?.id {
            let left = done.count { $0.status == .left }
            Output.error.line(
                "taken back by run \(own)\(failed > 0 ? ", but for \(Counts.counted(failed, "failure"))" : "")"
                    + (left > 0 ? "; \(Counts.counted(left, "thing")) left as listed" : ""))
        }
        let rest = done.count { $0.status == .planned }
        guard rest == 0 else {
            let changes = Counts.counted(rest, "change")
            Output.error.line("\(changes) not taken back; run moonspot undo \(run.id) again to go on")
            return .interrupted
        }
        return failed > 0 ? .failed : .fine
    }

    private func show(_ items: [UndoItem], _ environment: ProcessEnvironment) {
        guard session.output == .text else {
            Output.standard.write(HistoryDocument.bytes(items.map(UndoText.json), as: session.output))
            return
        }
        Output.standard.write(text(environment).text(items))
    }

    private func text(_ environment: ProcessEnvironment) -> UndoText {
        UndoText(style: Output.standard.style(noColor: environment.declinesColor), columns: Output.standard.columns)
    }
}
