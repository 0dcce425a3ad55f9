import ArgumentParser
import Glibc
import HubSpot
import Journal
import LuaRuntime

/// `moonspot resume [RUN]`.
struct ResumeCommand: PerformedCommand {
    static let configuration = CommandConfiguration.command(
        "resume", abstract: "Starts a run's script again, as it was started.",
        usage: "moonspot resume [RUN]",
        discussion: """
            The script has the same arguments, options and folder, and its checkpoints (task.each with checkpoint) go on: \
            items that were done are left out. Without RUN: the last start of a script that did not end well. Secrets among \
            the arguments are not kept; a script that had some is started by hand.
            """)

    @Argument(help: ArgumentHelp("The run's number, as moonspot history lists it.", valueName: "run"))
    var run: Int64?

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        let journal = Journal.existing(in: environment.stateFolder)
        do throws(JournalProblem) {
            let runs = try await journal?.runs() ?? []
            guard let run else {
                guard let chosen = ChosenRun.toResume(among: runs) else {
                    Output.complain("there is no script that was stopped; name a run (moonspot history lists them)")
                    return .failed
                }
                return await start(chosen, environment)
            }
            guard let summary = runs.first(where: { $0.run.id == run }) else { return HistoryCommand.missing(run) }
            return await start(summary, environment)
        } catch {
            Output.complain(error.words())
            return .failed
        }
    }

    private func start(_ summary: RunSummary, _ environment: ProcessEnvironment) async -> ExitStatus {
        let run = summary.run
        guard run.kind == .script, let script = run.script, script != "-" else {
            Output.complain("run \(run.id) was no script (\(HistoryText.what(run))); only scripts can be started again")
            return .failed
        }
        guard !summary.isRunning else {
            Output.complain("run \(run.id) still goes on")
            return .failed
        }
        let words = run.options + [script] + run.arguments
        guard !words.contains(where: { $0.contains("••••") }) else {
            Output.complain(
                "run \(run.id) had a secret among its arguments, which the journal does not keep; start it by hand")
            return .failed
        }
        if run.profile == nil, let server = run.server, let given = environment["HUBSPOT_BASE_URL"],
            let now = try? BaseURL(given), "\(now)" != server, !names("--base-url", in: run)
        {
            Output.complain(
                "run \(run.id) wrote to \(server), and HUBSPOT_BASE_URL names \(now): unset it to go on there, or start the script by hand"
            )
            return .failed
        }
        if let folder = run.folder, chdir(folder) != 0 {
            Output.complain(
                "cannot go to \(folder), where run \(run.id) was started: \(String(cString: strerror(errno)))")
            return .failed
        }
        // What was begun anew then goes on now.
        let options = run.options.filter { $0 != "--fresh" } + server(of: run, environment)
        guard case .script(let session, let index, _) = Invocation.parse(options + [script], isTerminal: false) else {
            Output.complain("the options of run \(run.id) are not understood: \(run.options.joined(separator: " "))")
            return .failed
        }
        Output.error.line("resuming run \(run.id): \(HistoryText.what(run))")
        if run.exit == 0 {
            Output.error.line("run \(run.id) ended well: its checkpoints are done, and its loops begin anew")
        }
        if let digest = run.digest, let now = ScriptDigest.of(script), digest != now {
            Output.error.line(
                "\(Escaping.visible(script)) has changed since; an item under way that writes something else than before ends with checkpoint_mismatch"
            )
        }
        let all = ["moonspot"] + options + [script] + run.arguments
        return await Main.run(
            ScriptArguments(words: all.map { .string($0) }, script: index + 1), session, environment)
    }

    private func names(_ option: String, in run: Run) -> Bool {
        run.options.contains { $0 == option || $0.hasPrefix(option + "=") }
    }

    /// Where it wrote to, if neither its options nor the environment say so now.
    private func server(of run: Run, _ environment: ProcessEnvironment) -> [String] {
        var options: [String] = []
        if let profile = run.profile {
            if !names("--profile", in: run) { options += ["--profile", profile] }
        } else if let server = run.server, !names("--base-url", in: run), environment["HUBSPOT_BASE_URL"] == nil {
            options += ["--base-url", server]
        }
        return options
    }
}
