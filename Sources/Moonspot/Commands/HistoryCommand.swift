import ArgumentParser
import HubSpot
import Journal
import Words

/// `moonspot history`.
struct HistoryCommand: PerformedCommand {
    static let configuration = CommandConfiguration.command(
        "history", abstract: "The runs that wrote something, or one run's writes.",
        usage: """
            moonspot history [--output FORMAT]         the runs, the latest first
            moonspot history RUN [--output FORMAT]     what one of them wrote
            moonspot history --forget RUN|AGE          forgets one, or all that began so long ago: 12h, 30d
            """,
        discussion: """
            Read from the journal in the state folder; nothing is sent. A write is done, failed, unknown (it may have been \
            carried out) or, while its run goes on, intended. moonspot undo RUN takes a run back.
            """)

    @Argument(help: ArgumentHelp("The run's number.", valueName: "run"))
    var run: Int64?

    @Option(help: ArgumentHelp("How it is printed: text, json, jsonl or csv.", valueName: "format"))
    var output = OutputFormat.text

    @Option(
        help: ArgumentHelp("Forgets a run, or the runs that began so long ago: 12h, 30d.", valueName: "run|age"),
        transform: Forgotten.init)
    var forget: Forgotten?

    enum Forgotten: Sendable, Equatable {
        case run(Int64)
        case olderThan(Duration)

        init(_ text: String) throws(ArgumentProblem) {
            if let run = Int64(text) { self = .run(run) } else { self = .olderThan(try Quantities.age(text)) }
        }
    }

    func validate() throws {
        guard run == nil || forget == nil else {
            throw ValidationError("--forget names what is forgotten itself: --forget \(run.map(String.init) ?? "")")
        }
    }

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        let journal = Journal.existing(in: environment.stateFolder)
        do {
            if let forget { return try await forgets(forget, journal) }
            guard let run else {
                show(try await journal?.runs() ?? [], environment)
                return .fine
            }
            guard let journal, let summary = try await journal.run(run) else { return Self.missing(run) }
            show(summary, try await journal.writes(of: run), environment)
            return .fine
        } catch let problem as JournalProblem {
            Output.complain(problem.words())
        } catch {
            Output.complain("\(error)")
        }
        return .failed
    }

    static func missing(_ run: Int64) -> ExitStatus {
        Output.complain("there is no run \(run) in the journal; moonspot history lists those that there are")
        return .failed
    }

    private func forgets(_ forgotten: Forgotten, _ journal: Journal?) async throws -> ExitStatus {
        switch forgotten {
        case .run(let run):
            guard let journal, let summary = try await journal.run(run) else { return Self.missing(run) }
            let checkpoints = try await journal.checkpoints(of: run)
            guard try await journal.forget(run) else {
                Output.complain("run \(summary.run.id) goes on, and cannot be forgotten yet")
                return .failed
            }
            Output.error.line("1 forgotten")
            for checkpoint in checkpoints {
                Output.error.line(
                    "its checkpoint '\(Escaping.visible(checkpoint.name))' (\(Counts.counted(checkpoint.done, "item")) done) is forgotten too: the loop begins anew"
                )
            }
        case .olderThan(let age):
            let limit = Int64((SystemClock().unixTime - age) / .milliseconds(1))
            let count = try await journal?.forget(olderThan: limit) ?? 0
            Output.error.line("\(count) forgotten")
        }
        return .fine
    }

    private func show(_ runs: [RunSummary], _ environment: ProcessEnvironment) {
        guard output == .text else {
            Output.standard.write(HistoryDocument.bytes(runs.map(HistoryDocument.json), as: output))
            return
        }
        guard !runs.isEmpty else { return Output.error.line("no run has written anything yet") }
        Output.standard.write(text(environment).text(runs))
    }

    private func show(_ summary: RunSummary, _ writes: [Write], _ environment: ProcessEnvironment) {
        guard output == .text else {
            let rows = writes.map { HistoryDocument.json($0, of: summary.run.id) }
            Output.standard.write(HistoryDocument.bytes(rows, as: output))
            return
        }
        Output.standard.write(text(environment).text(summary, writes))
    }

    private func text(_ environment: ProcessEnvironment) -> HistoryText {
        HistoryText(
            style: Output.standard.style(noColor: environment.declinesColor), columns: Output.standard.columns)
    }
}
