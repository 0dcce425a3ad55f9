// Moonspot: the executable. Commands, REPL, runner and rendering: parses, wires the other targets together and prints.
// The only target that reads arguments, the environment or the terminal, and that ends the process.

import CEdit
import Glibc
import HubSpot
import Journal
import LuaRuntime

@main
enum Main {
    static func main() async {
        ce_keep_memory_private()
        // Before any thread exists: the token leaves the environment.
        let environment = ProcessEnvironment.take()
        let status = await perform(
            Invocation.parse(Array(CommandLine.arguments.dropFirst()), isTerminal: isatty(0) == 1), environment)
        exit(settled(status).rawValue)
    }

    /// Output that was asked for and could not be written, to a full disk say, is a failure.
    private static func settled(_ status: ExitStatus) -> ExitStatus {
        let problem = ce_settle_output()
        guard problem != 0 else { return status }
        Output.complain("cannot write to standard output: \(String(cString: strerror(problem)))")
        return status == .fine ? .failed : status
    }

    private static func perform(_ invocation: Invocation, _ environment: ProcessEnvironment) async -> ExitStatus {
        switch invocation {
        case .message(let text, let status):
            (status == .fine ? Output.standard : Output.error).line(text)
            return status
        case .command(let command):
            return await command.perform(environment)
        case .repl(let options):
            return await open(options, environment, as: "console", .ofConsole(), alsoTerminate: true) {
                workspace, interrupts in
                let editor = Repl.makeEditor()
                do throws(LuaFailure) {
                    let console = try Console(
                        workspace, interrupts: interrupts, scriptFolder: ".", isRepl: true, mayPrompt: true)
                    await console.runtime.setGlobal("arg", ScriptArguments.ofProcess(script: nil).table)
                    return await Repl(console: console, editor: editor).run()
                } catch {
                    Output.complain(ErrorText.message(error))
                    return .failed
                }
            }
        case .script(let options, let index, let staysOpen):
            return await run(.ofProcess(script: index + 1), options, environment, staysOpen: staysOpen)
        case .plan(let command, let index):
            let arguments = ScriptArguments.ofProcess(script: index + 1)
            if let problem = command.outProblem() {
                Output.complain(Escaping.visible(problem))
                return .usage
            }
            let plan = WritePlan(keepsLines: true)
            return await open(
                command.session.options, environment, as: arguments.name, .ofScript(arguments), keepingIn: plan
            ) { workspace, interrupts in
                var runner = Runner(workspace: workspace, interrupts: interrupts)
                runner.afterwards = { await command.show(plan, of: arguments.path, workspace) }
                return await runner.run(.script(arguments), arguments: arguments)
            }
        case .standardInput(let options):
            let arguments = ScriptArguments.ofProcess(script: nil)
            return await open(options, environment, as: "standard input", .ofScript(arguments)) {
                workspace, interrupts in
                await Runner(workspace: workspace, interrupts: interrupts).run(.standardInput, arguments: arguments)
            }
        case .code(let code, let options, let index, let staysOpen):
            var arguments = ScriptArguments.ofProcess(script: nil)
            if let index { arguments.extra = Array(arguments.words[(index + 1)...]) }
            return await open(
                options, environment, as: "-e", .ofCode(code, arguments), alsoTerminate: staysOpen
            ) {
                [arguments] workspace, interrupts in
                await Runner(workspace: workspace, interrupts: interrupts, staysOpen: staysOpen)
                    .run(.code(code), arguments: arguments)
            }
        }
    }

    /// Runs a script.
    static func run(
        _ arguments: ScriptArguments, _ options: SessionOptions, _ environment: ProcessEnvironment,
        staysOpen: Bool = false
    ) async -> ExitStatus {
        await open(options, environment, as: arguments.name, .ofScript(arguments), alsoTerminate: staysOpen) {
            workspace, interrupts in
            await Runner(workspace: workspace, interrupts: interrupts, staysOpen: staysOpen)
                .run(.script(arguments), arguments: arguments)
        }
    }

    private static func open(
        _ options: SessionOptions, _ environment: ProcessEnvironment, as program: String, _ run: Run,
        keepingIn plan: WritePlan? = nil, alsoTerminate: Bool = false,
        _ body: (Workspace, Interrupts) async -> ExitStatus
    ) async -> ExitStatus {
        do throws(ConfigurationError) {
            StandardErrorLog.start(level: options.logLevel)
            let workspace = try Workspace(
                options: options, environment: environment, program: "moonspot \(program)", run: run,
                keepingIn: plan)
            let status = await body(workspace, Interrupts(alsoTerminate: alsoTerminate))
            workspace.journals?.end(status.rawValue)
            return status
        } catch {
            Output.complain(error.message)
            return .usage
        }
    }
}
