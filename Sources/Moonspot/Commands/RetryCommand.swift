import ArgumentParser
import Bindings
import HubSpot
import Journal
import Words

/// `moonspot retry [RUN]`.
struct RetryCommand: PerformedCommand {
    static let configuration = CommandConfiguration.command(
        "retry", abstract: "Makes once more what failed in a run, or what may not have been done.",
        usage: "moonspot retry [RUN] [--plan] [--rows FILE] [options]",
        discussion: """
            Each write goes as it was sent, those to one record in their order. One of unknown fate is first looked up, by its \
            id or a unique value, and sent where it was not carried out; where nothing tells, it is listed and left. Without \
            RUN: the last run that has such writes. What fails again is written to FILE as rows of CSV, with the reason, to be \
            mended and imported; where one import could not take them all, to several such files, one for each type and kind \
            of row. The retry is a run itself, which can be undone.
            """)

    @Argument(help: ArgumentHelp("The run's number, as moonspot history lists it.", valueName: "run"))
    var run: Int64?

    @Flag(help: "Shows what would be made again, and sends nothing.")
    var plan = false

    @Option(help: ArgumentHelp("Where the rows go that fail again.", valueName: "file"), completion: .file())
    var rows: String?

    @OptionGroup var session: SessionArguments

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        session.noteUnheeded(
            by: "retry", but: ["--yes", "--dry-run", "--max-delete", "--journal", "--concurrency", "--no-batch"])
        let wanted = run
        guard let journal = Journal.existing(in: environment.stateFolder) else {
            return wanted.map(HistoryCommand.missing) ?? nothing()
        }
        let summary: RunSummary
        let planned: [Retry.Item]
        do throws(JournalProblem) {
            let runs = try await journal.runs()
            let chosen = wanted.map { id in runs.first { $0.run.id == id } } ?? ChosenRun.toRetry(among: runs)
            guard let found = chosen else { return wanted.map(HistoryCommand.missing) ?? nothing() }
            summary = found
            planned = Retry.survey(try await journal.writes(of: found.run.id))
        } catch {
            Output.complain(error.words())
            return .failed
        }
        let run = summary.run
        guard !summary.isRunning else {
            Output.complain("run \(run.id) still goes on; wait for its end, or stop it")
            return .failed
        }
        guard !planned.isEmpty else {
            Output.error.line("in run \(run.id) nothing failed, and nothing is unknown")
            return .fine
        }
        if plan || session.dryRun {
            show(planned, environment)
            return .fine
        }
        guard await RunClaim.take(run.id, in: journal) else { return .failed }
        var options = session.options
        options.follow(run, environment)
        var own = Run(.retry, began: 0)
        own.retries = run.id
        return await SessionCommand.ending(options, environment, run: own) { workspace throws(HubSpotError) in
            let session = try await workspace.source.session()
            try await Undo(journal: journal, run: run, session: session, own: nil).checkPortal()
            let writes = planned.filter { $0.verdict == .planned }.map(\.write)
            let made = try await Retry(journal: journal, run: run.id, session: session, own: workspace.journals?.first)
                .perform(writes)
            let items = (made + planned.filter { $0.verdict == .left }).sorted { $0.write.number < $1.write.number }
            show(items, environment)
            let open = items.filter { [.failed, .unknown].contains($0.verdict) }
            if let rows, !keep(open, in: rows) { return .failed }
            return open.isEmpty ? .fine : .failed
        }
    }

    private func nothing() -> ExitStatus {
        Output.error.line("there is no run in which something failed or is unknown")
        return .fine
    }

    private func show(_ items: [Retry.Item], _ environment: ProcessEnvironment) {
        guard session.output == .text else {
            Output.standard.write(HistoryDocument.bytes(items.map(RetryText.json), as: session.output))
            return
        }
        let text = RetryText(
            style: Output.standard.style(noColor: environment.declinesColor), columns: Output.standard.columns)
        Output.standard.write(text.text(items))
    }

    private func keep(_ items: [Retry.Item], in file: String) -> Bool {
        let rows = RetryRows(items)
        if rows.count < items.count {
            Output.error.line("\(Counts.counted(items.count - rows.count, "write")) had no properties, and no row")
        }
        for (path, table) in rows.files(file) {
            do throws(FileProblem) {
                try FileBytes.replace(path, with: table.bytes, mode: 0o600)
            } catch {
                Output.complain("cannot write \(Escaping.visible(path)): \(error)")
                return false
            }
            Output.error.line(
                "\(Counts.counted(table.count, "row")) in \(Escaping.visible(path)); once mended: "
                    + "import.lua \(table.type) \(Escaping.visible(path))\(table.form.options)")
        }
        return true
    }
}
