import Bindings
import Glibc
import HubSpot
import Journal
import LuaRuntime
import Words

/// Runs the tests of a file, each in a Lua state of its own, on a simulator and a clock of its own.
struct TestRunner: Sendable {
    let environment: ProcessEnvironment
    let interrupts: Interrupts
    /// For one test, on the machine's clock.
    let timeLimit: Duration
    let options: SessionOptions

    /// A file's tests, or why there are none.
    enum Listing: Sendable {
        case tests([String])
        case broken(TestOutcome)
    }

    private static let entry = LuaChunk("return require('testing').run(...)", name: "=moonspot:test")

    func names(of file: String, _ source: [UInt8]) async -> Listing {
        let (values, problem) = await run(file, source, number: 0)
        if let table = values.first?.asTable { return .tests(table.list.compactMap(\.asString)) }
        return .broken(outcome(file, "(file)", values, problem))
    }

    func run(_ file: String, _ source: [UInt8], number: Int, name: String) async -> TestOutcome {
        let begun = ContinuousClock.now
        let (values, problem) = await run(file, source, number: number)
        var outcome = outcome(file, name, values, problem)
        outcome.duration = .now - begun
        return outcome
    }

    private func outcome(_ file: String, _ name: String, _ values: [LuaValue], _ problem: String?) -> TestOutcome {
        var outcome = TestOutcome(file: file, name: name, verdict: .failed)
        switch values.first?.asString {
        case "passed": outcome.verdict = .passed
        case "skipped": outcome.verdict = .skipped
        default: break
        }
        if values.count > 1 { outcome.message = values[1].asString ?? "" }
        if values.count > 2 { outcome.traceback = OwnFrames(values[2].asString ?? "", isOurs: true).text }
        if let problem, outcome.verdict != .failed || outcome.message.isEmpty {
            outcome.verdict = .failed
            outcome.message = problem
        }
        return outcome
    }

    /// - Returns: What `testing.run` answers, and what went wrong beside it.
    private func run(_ file: String, _ source: [UInt8], number: Int) async -> ([LuaValue], String?) {
        let console: Console
        do {
            let workspace = try Workspace(
                options: options, environment: environment, run: Run(.script, began: 0, script: file))
            console = try Console(
                workspace, interrupts: interrupts, scriptFolder: ScriptArguments.folder(of: file), isRepl: false,
                mayPrompt: false)
        } catch {
            return ([], "\(error)")
        }
        let runtime = console.runtime
        let before = interrupts.onInterrupt { runtime.stop(.interrupt, scope: .all) }
        Interrupts.setRunning(true)
        let limit = Task { [timeLimit] in
            guard (try? await Task.sleep(for: timeLimit, clock: .continuous)) != nil else { return }
            runtime.stop(.timeLimit, scope: .all)
        }
        var values: [LuaValue] = []
        var problem: String?
        do throws(LuaFailure) {
            await runtime.setGlobal("arg", .table(LuaTable(list: [])))
            values = try await runtime.run(
                Self.entry,
                arguments: [.bytes(source), .string("@" + file), .integer(Int64(number))])
            let drained = await runtime.drain()
            if let stop = drained.stop { problem = stop.message }
            if drained.unawaitedFailures > 0 { problem = "a task failed that nothing awaited (see above)" }
        } catch {
            problem = error.cause == .timeLimit ? "stopped after \(timeLimit.compact)" : error.message
            if error.cause == .interrupted { problem = "interrupted" }
        }
        limit.cancel()
        Interrupts.setRunning(false)
        interrupts.onSignal(before)
        await console.close()
        return (values, problem)
    }
}
