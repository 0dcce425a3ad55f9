import Bindings
import LuaRuntime
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// One Lua state with one session, and what runner and REPL have in common: running a chunk under Ctrl-C and the time
/// limit, printing what it returns, reporting what failed.
final class Console: Sendable {
    let runtime: LuaRuntime
    let workspace: Workspace
    let interrupts: Interrupts
    private let wasInterrupted = Mutex(false)
    private let errorStyle: Style

    /// - Parameter scriptFolder: The folder that an untrusted script may read modules from.
    init(_ workspace: Workspace, interrupts: Interrupts, scriptFolder: String?) throws(LuaFailure) {
        self.workspace = workspace
        self.interrupts = interrupts
        errorStyle = Output.error.style(noColor: workspace.environment.declinesColor)
        var options = LuaRuntime.Options()
        options.modules = MoonspotModules.all(session: workspace.source)
        options.memoryLimit = workspace.options.memoryLimit
        options.isUntrusted = workspace.options.untrusted
        options.scriptFolder = scriptFolder
        let library = workspace.environment.library
        options.library = { library.chunk($0) }
        let style = errorStyle
        options.onUnawaitedFailure = { Self.report($0, style: style) }
        runtime = try LuaRuntime(options)
    }

    func renderer(_ reader: Renderer.Reader) -> Renderer {
        Renderer(
            format: workspace.options.output, reader: reader,
            style: Output.standard.style(noColor: workspace.environment.declinesColor), columns: Output.standard.columns,
            encode: { [runtime] value, pretty throws(LuaFailure) in try await runtime.json(value, pretty: pretty) })
    }

    /// Runs a chunk and prints what it returns where a renderer says how. Failures are reported here.
    ///
    /// - Parameters:
    ///   - scope: What Ctrl-C and the time limit stop.
    ///   - drains: Whether to wait for the tasks that the chunk has spawned: a script ends when its last task has ended.
    func run(
        _ chunk: LuaChunk, arguments: [LuaValue] = [], renderer: Renderer?, scope: LuaRuntime.StopScope, drains: Bool
    ) async -> ExitStatus {
        wasInterrupted.withLock { $0 = false }
        let before = interrupts.onSignal { [self] _ in
            wasInterrupted.withLock { $0 = true }
            runtime.stop(.interrupt, scope: scope)
        }
        Interrupts.setRunning(true)
        let watchdog = workspace.options.timeLimit.map { limit in Task { await stop(after: limit, scope: scope) } }
        defer {
            watchdog?.cancel()
            Interrupts.setRunning(false)
            interrupts.onSignal(before)
        }
        do throws(LuaFailure) {
            let values = try await runtime.run(
                chunk, arguments: arguments, snapshot: renderer?.snapshot ?? LuaRuntime.SnapshotLimit(depth: 0, entries: 0))
            if let renderer {
                let output = try await renderer.render(values)
                if !output.isEmpty && !Output.standard.write(output) {
                    Output.complain("the result could not be written to standard output")
                    return .failed
                }
            }
        } catch {
            report(error)
            return ExitStatus(error)
        }
        guard drains else { return .fine }
        let failures = await runtime.drain()
        if wasInterrupted.withLock({ $0 }) {
            Output.complain("interrupted")
            return .interrupted
        }
        return failures == 0 ? .fine : .failed
    }

    /// A second after the limit nothing can have a good reason to go on: what no hook reaches ends with the process.
    private func stop(after limit: Duration, scope: LuaRuntime.StopScope) async {
        guard (try? await Task.sleep(for: limit, clock: .continuous)) != nil else { return }
        runtime.stop(.timeLimit, scope: scope)
        guard (try? await Task.sleep(for: .seconds(1), clock: .continuous)) != nil else { return }
        Output.complain("the time limit is over and the script did not end; the process does")
        _exit(ExitStatus.failed.rawValue)
    }

    func report(_ failure: LuaFailure) { Self.report(failure, style: errorStyle) }

    private static func report(_ failure: LuaFailure, style: Style) {
        if failure.cause == .interrupted {
            Output.complain("interrupted")
            return
        }
        var text = style.red("moonspot: " + ErrorText.message(failure)) + "\n"
        if let traceback = ErrorText.traceback(failure) { text += style.dim(traceback) + "\n" }
        Output.error.write(text)
    }

    func close() async {
        await runtime.close()
        await workspace.close()
    }
}
