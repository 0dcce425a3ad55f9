import ArgumentParser
import Glibc
import Logging

/// `moonspot test`.
struct TestCommand: PerformedCommand {
    static let configuration = CommandConfiguration.command(
        "test", abstract: "Runs the tests of scripts, each on a simulator of its own.",
        discussion: """
            A file says test("name", function(t) ... end), or describe, it and expect. t has equal, not_equal, truthy, \
            falsy, raises, fail, skip and portal, the simulator (stats, requests, submissions, faults, advance, reset). \
            Time is the simulator's and jumps: a test that waits for a day takes no time. \
            Exit status: 0 all passed, 1 some failed, 2 a file cannot be read.
            """)

    @Flag(help: "Reports as TAP, version 14.")
    var tap = false

    @Option(help: ArgumentHelp("Writes a report as JUnit's XML too.", valueName: "file"))
    var junit: String?

    @Option(help: ArgumentHelp("Only tests whose name contains the text.", valueName: "text"))
    var filter: String?

    @Option(
        name: .customLong("time-limit"),
        help: ArgumentHelp("Stops a test after that long. (default: 60s)", valueName: "duration"),
        transform: Quantities.duration)
    var timeLimit = Duration.seconds(60)

    @Argument(help: ArgumentHelp("Files of tests.", valueName: "files"), completion: .file(extensions: ["lua"]))
    var files: [String]

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        StandardErrorLog.start(level: .warning)
        var options = SessionOptions()
        options.simulator = true
        options.fastClock = true
        options.noProgress = true
        let runner = TestRunner(
            environment: environment, interrupts: Interrupts(), timeLimit: timeLimit, options: options)
        let text = TestText(style: Output.standard.style(noColor: environment.declinesColor))
        var status = ExitStatus.fine
        var outcomes: [TestOutcome] = []
        let begun = ContinuousClock.now
        func report(_ outcome: TestOutcome) {
            outcomes.append(outcome)
            Output.standard.line(tap ? TAPText.line(outcome, number: outcomes.count) : text.line(outcome))
        }
        if tap { Output.standard.line(TAPText.version) }
        for file in files {
            let source: [UInt8]
            do {
                source = try FileBytes.read(file)
            } catch {
                Output.complain("cannot read \(Escaping.visible(file)): \(error.description)")
                status = .usage
                continue
            }
            if files.count > 1, !tap { Output.standard.line(text.style.dim(Escaping.visible(file))) }
            switch await runner.names(of: file, source) {
            case .broken(let outcome): report(outcome)
            case .tests(let names):
                if names.isEmpty {
                    report(
                        TestOutcome(
                            file: file, name: "(file)", verdict: .failed,
                            message: "no tests: it says test(\"name\", function(t) ... end) nowhere"))
                }
                for (index, name) in names.enumerated() where filter.map({ name.contains($0) }) ?? true {
                    report(await runner.run(file, source, number: index + 1, name: name))
                    if outcomes.last?.message == "interrupted" { return .interrupted }
                }
            }
        }
        if let filter, outcomes.isEmpty, status == .fine {
            Output.complain("no test's name contains '\(Escaping.visible(filter))'")
            status = .usage
        }
        if tap {
            Output.standard.line(TAPText.plan(outcomes.count))
        } else {
            Output.standard.line(text.summary(outcomes, elapsed: .now - begun))
        }
        if let junit {
            do {
                try FileBytes.replace(junit, with: Array(JUnitText.document(outcomes).utf8), mode: 0o644)
            } catch {
                Output.complain("cannot write \(Escaping.visible(junit)): \(error.description)")
                return .usage
            }
        }
        if status == .fine, outcomes.contains(where: { $0.verdict == .failed }) { status = .failed }
        return status
    }
}
