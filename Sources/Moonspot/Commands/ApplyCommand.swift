import ArgumentParser
import Bindings
import HubSpot
import Journal
import Words

/// `moonspot apply FILE`.
struct ApplyCommand: PerformedCommand {
    static let configuration = CommandConfiguration.command(
        "apply", abstract: "Sends what a plan kept.",
        usage: "moonspot apply FILE [--yes] [--force] [options]",
        discussion: """
            Sends the writes of a file that moonspot plan --out has made, in their order, and nothing else. First it looks at \
            the records: one that is no longer as the plan saw it is left out and named (--force: sent). Then it shows what it \
            does, and asks. It is one run in the journal, which moonspot undo takes back. Stopped or killed, it goes on where it \
            stopped when it is run again; what failed is tried again.

            The file may be edited, which is said: lines may go or change as long as each is sound.
            """)

    @Argument(help: ArgumentHelp("The plan's file.", valueName: "file"), completion: .file())
    var file: String

    @OptionGroup var change: ChangeArguments

    @Flag(help: "Shows every change, not the first ones alone.")
    var all = false

    @OptionGroup var session: SessionArguments

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        session.noteUnheeded(by: "apply", but: ["--yes", "--max-delete", "--dry-run", "--concurrency", "--no-batch"])
        let bytes: [UInt8]
        let lock: PlanLock?
        do throws(FileProblem) {
            bytes = try FileBytes.read(file)
            lock = try PlanLock(file)
        } catch {
            Output.complain("cannot read \(Escaping.visible(file)): \(error)")
            return .usage
        }
        guard let lock else {
            Output.complain("another process is sending \(Escaping.visible(file)) right now")
            return .failed
        }
        defer { withExtendedLifetime(lock) {} }
        switch PlanFile.read(bytes) {
        case .success(let plan): return await perform(plan, environment)
        case .failure(let problems): return tell(problems.list)
        }
    }

    private func tell(_ problems: [PlanFileProblem]) -> ExitStatus {
        for problem in problems {
            Output.error.line("\(Escaping.visible(file)):\(problem.line): \(Escaping.visible(problem.message))")
        }
        Output.complain("nothing is sent, since \(Escaping.visible(file)) is not sound")
        return .failed
    }

    private func perform(_ plan: PlanFile, _ environment: ProcessEnvironment) async -> ExitStatus {
        guard !plan.writes.isEmpty else {
            Output.error.line("nothing to change")
            return .fine
        }
        let earlier: PlanRun?
        do throws(JournalProblem) {
            // A simulator's run ends with its process.
            let journal = session.simulator ? nil : Journal.existing(in: environment.stateFolder)
            earlier = try await PlanRun.find(plan, in: journal)
        } catch {
            Output.complain(error.words())
            return .failed
        }
        if let earlier {
            if earlier.isRunning {
                Output.complain("run \(earlier.run.id) sends this plan right now")
                return .failed
            }
            // What was edited since is looked at line by line.
            if earlier.isUndone || earlier.isFinished(plan) && !plan.isEdited {
                Output.error.line(
                    "run \(earlier.run.id) has applied this plan already\(earlier.isUndone ? ", and was taken back since; make the plan anew to apply it again" : ""); nothing is sent"
                )
                return .fine
            }
        }
        var options = session.options
        // Without it nothing could go on; what the plan saw makes reading before writing unneeded.
        options.journal = .writes
        // It asks by itself, once for all that it sends.
        options.yes = true
        var run = Run(.apply, began: 0, script: file, arguments: [plan.identity])
        run.id = earlier?.run.id ?? 0
        return await SessionCommand.ending(options, environment, run: run) { workspace throws(HubSpotError) in
            try await apply(plan, earlier, workspace)
        }
    }

    private func apply(
        _ plan: PlanFile, _ earlier: PlanRun?, _ workspace: Workspace
    ) async throws(HubSpotError) -> ExitStatus {
        let session = try await workspace.source.session()
        let portal = try await session.portalID()
        guard portal == plan.header.portal else {
            throw .invalidArgument(
                "\(file) is a plan of portal \(plan.header.portal), and this session's is \(portal); name that portal's profile with --profile"
            )
        }
        let application = PlanApplication(session: session, isForced: change.force)
        let items = try await application.survey(plan.writes, earlier?.past ?? [:])
        if let earlier, let journal = workspace.journals?.first?.journal {
            try await tell(journal, what: items, of: earlier)
        }
        let report = PlanApplyReport(
            items: items, changes: items.map(application.change), places: plan.places, file: file)
        let text = PlanApplyText(
            style: Output.standard.style(noColor: workspace.environment.declinesColor),
            columns: Output.standard.columns,
            isWhole: all)
        let planned = items.count { $0.status == .planned }
        let isText = self.session.output == .text
        if isText {
            Output.standard.write(
                text.outlook(report, cost: application.cost(items), try await session.estimate(application.cost(items)))
            )
        }
        if plan.isEdited { Output.error.line("\(file) was edited since the plan was made") }
        guard planned > 0, !self.session.dryRun else {
            if !isText { Output.standard.write(report.bytes(as: self.session.output)) }
            Output.error.line(planned > 0 ? "nothing is sent in a dry run" : "nothing is sent")
            return report.isWhole ? .fine : .failed
        }
        guard try self.session.confirms("Send \(Counts.counted(planned, "write")) to portal \(portal)?") else {
            Output.error.line("nothing is sent")
            return .fine
        }
        let stop = StopOnInterrupt(executor: workspace.fastClock?.time)
        let done: [PlanApplication.Item]
        do throws(HubSpotError) {
            done = try await stop.run { () async throws(HubSpotError) in
                try await application.send(items) { !stop.isStopped }
            }
        } catch {
            if error.kind != .readOnly && error.kind != .notAllowed { Output.error.line(goingOn) }
            if stop.isStopped { return .interrupted }
            throw error
        }
        let end = PlanApplyReport(items: done, changes: done.map(application.change), places: plan.places, file: file)
        Output.standard.write(isText ? Array(text.end(end).utf8) : end.bytes(as: self.session.output))
        if let run = workspace.journals?.first?.id { Output.error.line("applied by run \(run): \(end.summary)") }
        let rest = done.count { $0.status == .planned }
        guard rest == 0 else {
            Output.error.line("\(Counts.counted(rest, "write")) not sent; \(goingOn)")
            return .interrupted
        }
        return end.isWhole ? .fine : .failed
    }

    private var goingOn: String { "run moonspot apply \(Escaping.visible(file)) again to go on" }

    /// What was found of an earlier attempt belongs to its run, so that an undo takes it back as well.
    private func tell(
        _ journal: Journal, what items: [PlanApplication.Item], of earlier: PlanRun
    ) async throws(HubSpotError) {
        let found = items.compactMap { item -> Settlement? in
            guard item.status == .done, case .unknown? = earlier.past[item.write.n] else { return nil }
            var settlement = Settlement(item.write.n, .done)
            settlement.id = item.id
            return settlement
        }
        guard !found.isEmpty else { return }
        journal.settle(found, of: earlier.run.id)
        do throws(JournalProblem) {
            // Returns once that is kept.
            _ = try await journal.run(earlier.run.id)
        } catch {
            throw HubSpotError(.unavailable, error.words())
        }
    }
}
