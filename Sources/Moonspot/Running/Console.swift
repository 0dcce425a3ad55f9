import Bindings
import CEdit
import Dispatch
import Glibc
import HubSpot
import LuaRuntime
import Synchronization

/// One Lua state with one session, and the common work of runner and REPL: running a chunk under Ctrl-C and the time
/// limit, printing its results, reporting failures.
final class Console: Sendable {
    let runtime: LuaRuntime
    let workspace: Workspace
    let interrupts: Interrupts
    /// Ends the running chunk when its time is over; nil where no limit is at work.
    private let watchdog = Mutex<Task<Void, Never>?>(nil)
    let settings: SharedSettings
    let styles: Styles
    private let isRepl: Bool
    let voice = ConsoleVoice()
    let readingTime = ReadingTime()
    /// Nil where standard error is no terminal.
    private let status: StatusLine?

    /// - Parameters:
    ///   - scriptFolder: The folder in which `require` looks first; an untrusted script may read files of no other.
    ///   - isRepl: Whether a person reads the failures right below what was typed.
    ///   - mayPrompt: Whether a prompt comes, now or after a script.
    ///   - beforeExit: What is still to be done where a script ends the process by `os.exit`.
    init(
        _ workspace: Workspace, interrupts: Interrupts, scriptFolder: String?, isRepl: Bool,
        mayPrompt: Bool = false, beforeExit: (@Sendable () async -> ExitStatus)? = nil
    ) throws(LuaFailure) {
        self.workspace = workspace
        self.interrupts = interrupts
        self.isRepl = isRepl
        let settings = SharedSettings(
            ConsoleSettings(output: workspace.options.output, confirm: workspace.questions.level))
        let styles = Styles(settings: settings, isDeclined: workspace.environment.declinesColor)
        (self.settings, self.styles) = (settings, styles)
        let status = StatusLine(workspace)
        self.status = status
        var options = LuaRuntime.Options()
        options.modules = MoonspotModules.all(
            session: workspace.source, readsFiles: !workspace.options.untrusted,
            connect: { (profile) throws(HubSpotError) in try workspace.connect(profile) }, progress: status?.progress,
            checkpoints: workspace.checkpoints, console: voice.functions(mayPrompt: mayPrompt))
        options.memoryLimit = workspace.options.memoryLimit
        options.idle = workspace.idle
        options.executor = WireThread.shared
        workspace.fastClock?.configure(&options)
        options.isUntrusted = workspace.options.untrusted
        options.scriptFolder = scriptFolder
        let library = workspace.environment.library
        options.library = { library.chunk($0) }
        options.onUnawaitedFailure = { Output.error.write(Self.failures(styles, isRepl: isRepl).text($0)) }
        options.onExit = { [workspace] given in
            var status = given
            if let beforeExit {
                let end = Self.waiting(workspace, beforeExit)
                if status == 0 { status = end.rawValue }
            }
            workspace.journals?.end(status & 0xFF)
            Self.release(workspace)
            exit(status)
        }
        runtime = try LuaRuntime(options)
        voice.serve(self)
    }

    private static func failures(_ styles: Styles, isRepl: Bool) -> FailureReport {
        FailureReport(style: styles.of(.error), isRepl: isRepl, isTerminal: isatty(0) == 1)
    }

    private var failures: FailureReport { Self.failures(styles, isRepl: isRepl) }

    func renderer(_ reader: Renderer.Reader) -> Renderer {
        Renderer(
            format: settings.current.output, reader: reader, style: styles.of(.standard),
            columns: Output.standard.columns, settings: settings.current,
            encode: { [runtime] value, pretty throws(LuaFailure) in try await runtime.json(value, pretty: pretty) })
    }

    /// Runs a chunk and prints its results where a renderer says how. Failures are reported here.
    ///
    /// - Parameters:
    ///   - scope: The tasks that Ctrl-C and the time limit stop.
    ///   - pager: Through which the results are read; nil to print them.
    ///   - drains: Whether to wait for the tasks that the chunk has spawned: a script ends when its last task has
    ///     ended.
    func run(
        _ chunk: LuaChunk, arguments: [LuaValue] = [], renderer: Renderer?, pager: Pager? = nil,
        scope: LuaRuntime.StopScope, drains: Bool
    ) async -> ExitStatus {
        let before = interrupts.onInterrupt { [runtime] in
            // The terminal has shown ^C behind the status line, and it went with it.
            if StatusLine.hide() { Output.error.write("^C") }
            runtime.stop(.interrupt, scope: scope)
        }
        Interrupts.setRunning(true)
        workspace.questions.beginLine()
        status?.begin()
        limitTime(scope: scope)
        let ending = await perform(chunk, arguments, renderer, pager, drains: drains)
        await workspace.questions.endLine()
        status?.end()
        if !drains { liftTimeLimit() }  // a script's goes on: its finalizers count too
        Interrupts.setRunning(false)
        interrupts.onSignal(before)
        return ending
    }

    private func perform(
        _ chunk: LuaChunk, _ arguments: [LuaValue], _ renderer: Renderer?, _ pager: Pager?, drains: Bool
    ) async -> ExitStatus {
        do throws(LuaFailure) {
            let values = try await runtime.run(
                chunk, arguments: arguments,
                snapshot: renderer?.snapshot ?? .nothing)
            if let renderer {
                let output = try await renderer.render(values)
                if let pager {
                    // The reading is the person's own time, and Ctrl-C there means the pager.
                    liftTimeLimit()
                    status?.end()
                    Interrupts.setRunning(false)
                    await pager.show(String(decoding: output, as: UTF8.self), isInteractive: true)
                } else if !output.isEmpty && !Output.standard.write(output) {
                    Output.complain("the result could not be written to standard output")
                    return .failed
                }
                Output.error.write(renderer.remarks(values, failures.style))
                if values == [.none] { await tellMisspelt(MisspeltGlobal.name(inLine: renderer.typed)) }
            }
        } catch {
            Output.error.write(failures.text(error, in: chunk))
            await tellMisspelt(MisspeltGlobal.name(in: error))
            return ExitStatus(error)
        }
        guard drains else { return .fine }
        let drained = await runtime.drain()
        if let stop = drained.stop {
            Output.error.write(failures.text(stop, in: chunk))
            return ExitStatus(stop)
        }
        return drained.unawaitedFailures == 0 ? .fine : .failed
    }

    /// How many items the outermost `task.map` or `task.each` goes over, where it is known.
    var loopTotal: Int? { status?.progress.outermost?.total }

    /// Leaves the terminal to a question while something runs. The time limit goes on.
    ///
    /// - Parameter body: Gets what Ctrl-C means to what runs; it may set another meaning.
    func asking(
        _ body: (_ before: (@Sendable (Interrupts.Signal) -> Void)?) async -> Bool
    ) async -> Bool {
        status?.end()
        Interrupts.setRunning(false)
        let before = interrupts.current
        defer {
            interrupts.onSignal(before)
            Interrupts.setRunning(true)
            status?.begin()
        }
        return await body(before)
    }

    /// What a global that does not exist was probably meant to be.
    private func tellMisspelt(_ name: String?) async {
        guard let name,
            let nearest = MisspeltGlobal.nearest(to: name, among: await runtime.names(in: []).map(\.name))
        else { return }
        let hint = "there is no '\(Escaping.visible(name))'; did you mean '\(Escaping.visible(nearest))'?"
        Output.error.line(failures.style.dim(hint))
    }

    private func limitTime(scope: LuaRuntime.StopScope) {
        guard let limit = workspace.options.timeLimit else { return }
        watchdog.withLock { watchdog in
            watchdog?.cancel()
            watchdog = Task { [weak self] in await self?.stop(after: limit, scope: scope) }
        }
    }

    private func liftTimeLimit() {
        watchdog.withLock { watchdog in
            watchdog?.cancel()
            watchdog = nil
        }
    }

    /// To-be-closed variables have a second after the limit. Code that goes on a little later is out of every hook's
    /// reach, and ends with the process.
    private func stop(after limit: Duration, scope: LuaRuntime.StopScope) async {
        guard (try? await Task.sleep(for: limit, clock: .continuous)) != nil else { return }
        runtime.stop(.timeLimit, scope: scope)
        guard (try? await Task.sleep(for: .milliseconds(1250), clock: .continuous)) != nil else { return }
        Output.complain("the time limit is over and the script did not end; the process does")
        ce_end_process(ExitStatus.failed.rawValue)
    }

    /// Does something on the Lua thread's time, which nothing else waits for.
    private static func waiting(
        _ workspace: Workspace, _ body: @escaping @Sendable () async -> ExitStatus
    ) -> ExitStatus {
        let done = DispatchSemaphore(value: 0)
        let end = Ending()
        Task.detached(executorPreference: workspace.fastClock?.time) {
            let status = await body()
            end.status.withLock { $0 = status }
            done.signal()
        }
        done.wait()
        return end.status.withLock { $0 }
    }

    private final class Ending: Sendable {
        let status = Mutex(ExitStatus.failed)
    }

    /// `os.exit`: others that share the quota are told that this process ends. On the Lua thread, which nothing else waits
    /// for, and not for long: what is not told runs out by itself. A login that is being renewed would be lost, and is
    /// waited for.
    private static func release(_ workspace: Workspace) {
        guard workspace.source.openSession != nil else { return }
        let open = workspace.openSessions
        let done = DispatchSemaphore(value: 0)
        let work = Task.detached(executorPreference: workspace.fastClock?.time) {
            await workspace.close()
            done.signal()
        }
        var isDone = done.wait(timeout: .now() + .seconds(1)) == .success
        if !isDone, open.contains(where: \.isRenewingLogin) {
            isDone = done.wait(timeout: .now() + .seconds(6)) == .success
        }
        if !isDone { work.cancel() }
    }

    /// Finalizers run here, under the rest of a script's time limit, or under a new one at the REPL.
    func close() async {
        if watchdog.withLock({ $0 == nil }) { limitTime(scope: .all) }
        await runtime.close()
        liftTimeLimit()
        await workspace.close()
    }
}
