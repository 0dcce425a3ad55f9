import ArgumentParser
import HubSpot
import Logging
import Quota

/// The options of every command that opens a session.
struct SessionOptions: Sendable, Equatable {
    var profile: String?
    var simulator = false
    var fastClock = false
    var baseURL: BaseURL?
    var formsURL: BaseURL?
    var apiVersion: APIVersion?
    var limits: QuotaSpecification?
    var store: StoreSpecification?
    /// The share of the day's quota that is kept from bulk work, in 0..<1.
    var reserve: Double?
    var readOnly = false
    var dryRun = false
    var allow: PermissionList?
    var output = OutputFormat.text
    var noBatch = false
    var concurrency: Int?
    var timeout: Duration?
    var noProgress = false
    var journal: JournalMode?
    var fresh = false
    var yes = false
    var maximumDeletions: Int?
    /// In bytes.
    var memoryLimit: Int?
    var timeLimit: Duration?
    var untrusted = false
    var logLevel = Logger.Level.warning
}

/// Which HubSpot is asked, and as whom: the options that `auth login` takes too.
struct PortalArguments: ParsableArguments {
    @Option(help: ArgumentHelp("A profile of config.toml.", valueName: "name"))
    var profile: String?

    @Option(
        name: .customLong("base-url"),
        help: ArgumentHelp("HubSpot's API. (default: https://api.hubapi.com)", valueName: "url"),
        transform: OptionValue.url)
    var baseURL: BaseURL?

    @Option(
        name: .customLong("api-version"),
        help: ArgumentHelp("2026-09, 2026-03 or v3. (default: 2026-09)", valueName: "v"),
        completion: .list(APIVersion.allCases.map(\.rawValue)), transform: OptionValue.version)
    var apiVersion: APIVersion?

    @Option(
        help: ArgumentHelp(
            "Where the quota's state lives: memory, file or redis://host:port/db. (default: file)", valueName: "spec"),
        completion: .list(["memory", "file", "redis://"]), transform: OptionValue.store)
    var store: StoreSpecification?

    @Option(
        help: ArgumentHelp("For one attempt of a request, waits not counted. (default: 30s)", valueName: "duration"),
        transform: Quantities.duration)
    var timeout: Duration?

    @Option(
        name: .customLong("log-level"),
        help: ArgumentHelp(
            "trace, debug, info, notice, warning, error or critical, to standard error. (default: warning)",
            valueName: "level"),
        completion: .list(Logger.Level.allCases.map(\.rawValue)), transform: OptionValue.level)
    var logLevel = Logger.Level.warning

    var options: SessionOptions {
        SessionOptions(
            profile: profile, baseURL: baseURL, apiVersion: apiVersion, store: store, timeout: timeout,
            logLevel: logLevel)
    }
}

/// The options of every command that opens a session, as they are declared and parsed.
struct SessionArguments: ParsableArguments {
    @OptionGroup var portal: PortalArguments

    @Flag(help: "An in-process simulator: no account, no token, no network.")
    var simulator = false

    @Flag(
        name: .customLong("fast-clock"),
        help:
            "With --simulator: quota, sleeps, timeouts and the simulator share one clock, which jumps over every wait.")
    var fastClock = false

    @Option(
        name: .customLong("forms-url"),
        help: ArgumentHelp(
            "The forms host. (default: https://api.hsforms.com or the region's; with a --base-url on loopback: the same)",
            valueName: "url"), transform: OptionValue.url)
    var formsURL: BaseURL?

    @Option(
        help: ArgumentHelp(
            "The quota: free, starter, professional, enterprise, add-on, unlimited, or parts such as "
                + "190/10s,625000/day,search=5/s,associations=100/10s,forms=50/10s. (default: learnt from the answers)",
            valueName: "spec"),
        completion: .list(["free", "starter", "professional", "enterprise", "add-on", "unlimited"]),
        transform: OptionValue.quota)
    var limits: QuotaSpecification?

    @Option(
        help: ArgumentHelp("The share of the day's quota that is kept from bulk work.", valueName: "percent"),
        transform: Quantities.share)
    var reserve: Double?

    @Flag(name: .customLong("read-only"), help: "Every call that would write raises an error instead.")
    var readOnly = false

    @Flag(
        name: .customLong("dry-run"),
        help:
            "Every call that would write is shown on standard error instead of sent, and returns what was given to it. What HubSpot would refuse by its definitions fails as it would."
    )
    var dryRun = false

    @Option(
        help: ArgumentHelp(
            "What the script may do: contacts:read,contacts:write,forms:submit,... (default: all)", valueName: "list"),
        transform: OptionValue.permissions)
    var allow: PermissionList?

    @Option(
        help: ArgumentHelp("How values are printed: text, json, jsonl or csv.", valueName: "format"),
        completion: .list(OutputFormat.allCases.map(\.rawValue)), transform: OptionValue.output)
    var output = OutputFormat.text

    @Flag(name: .customLong("no-batch"), help: "One request per call.")
    var noBatch = false

    @Option(
        help: ArgumentHelp("Requests in flight at most. (default: 10)", valueName: "n"),
        transform: OptionValue.concurrency)
    var concurrency: Int?

    @Flag(name: .customLong("no-progress"), help: "No progress lines on a terminal.")
    var noProgress = false

    @Flag(help: "Answers every question before a write with yes.")
    var yes = false

    @Option(
        name: .customLong("max-delete"),
        help: ArgumentHelp("Deletions, archivals, unlinks and merges that the run may make at most.", valueName: "n"),
        transform: OptionValue.deletions)
    var maximumDeletions: Int?

    @Option(
        help: ArgumentHelp(
            "What is kept of each write, for moonspot history and undo: off, writes, or undo (its values before as well). (default: writes)",
            valueName: "mode"),
        completion: .list(JournalMode.allCases.map(\.rawValue)), transform: JournalMode.init(_:))
    var journal: JournalMode?

    @Flag(help: "Checkpoints of task.each and task.map begin anew.")
    var fresh = false

    @Option(
        name: .customLong("memory-limit"),
        help: ArgumentHelp("The most that Lua may allocate: 64M, 1G.", valueName: "size"),
        transform: Quantities.size)
    var memoryLimit: Int?

    @Option(
        name: .customLong("time-limit"),
        help: ArgumentHelp("Stops the script after that long: 500ms, 30s, 5m.", valueName: "duration"),
        transform: Quantities.duration)
    var timeLimit: Duration?

    @Flag(help: "No io, os.execute, debug, package.loadlib, C modules, bytecode.")
    var untrusted = false

    func validate() throws {
        if fastClock && !simulator {
            throw ValidationError(
                "--fast-clock needs --simulator: HubSpot's own time, and that of a simulator elsewhere, cannot be moved"
            )
        }
    }

    var options: SessionOptions {
        var options = portal.options
        options.simulator = simulator
        options.fastClock = fastClock
        options.formsURL = formsURL
        options.limits = limits
        options.reserve = reserve
        options.readOnly = readOnly
        options.dryRun = dryRun
        options.allow = allow
        options.output = output
        options.noBatch = noBatch
        options.concurrency = concurrency
        options.noProgress = noProgress
        options.journal = journal
        options.fresh = fresh
        options.yes = yes
        options.maximumDeletions = maximumDeletions
        options.memoryLimit = memoryLimit
        options.timeLimit = timeLimit
        options.untrusted = untrusted
        return options
    }

    /// Those that were given and that only a script or the console heeds.
    var scriptOptions: [String] {
        [
            ("--dry-run", dryRun), ("--no-batch", noBatch), ("--concurrency", concurrency != nil),
            ("--no-progress", noProgress), ("--yes", yes), ("--max-delete", maximumDeletions != nil),
            ("--journal", journal != nil), ("--fresh", fresh), ("--memory-limit", memoryLimit != nil),
            ("--time-limit", timeLimit != nil), ("--untrusted", untrusted),
        ].filter(\.1).map(\.0)
    }

    /// Says which of the options that were given mean nothing to a command that runs no Lua.
    ///
    /// - Parameter heeded: Those that it heeds all the same.
    func noteUnheeded(by command: String, but heeded: Set<String> = []) {
        let names = scriptOptions.filter { !heeded.contains($0) }
        guard !names.isEmpty else { return }
        let verb = names.count == 1 ? "means" : "mean"
        Output.complain("\(names.joined(separator: ", ")) \(verb) nothing to \(command), which runs no script")
    }
}

/// The readings of the options' values. Each throws one sentence, which the parser puts behind the
/// option's name.
private enum OptionValue {
    static func url(_ text: String) throws -> BaseURL { try BaseURL(text) }

    static func quota(_ text: String) throws -> QuotaSpecification { try QuotaSpecification(text) }

    static func permissions(_ text: String) throws -> PermissionList { try PermissionList(text) }

    static func store(_ text: String) throws -> StoreSpecification { try StoreSpecification(text) }

    static func version(_ text: String) throws -> APIVersion {
        guard let version = APIVersion(rawValue: text) else {
            throw ArgumentProblem("the versions are \(APIVersion.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return version
    }

    static func output(_ text: String) throws -> OutputFormat {
        guard let format = OutputFormat(rawValue: text) else {
            throw ArgumentProblem("the formats are \(OutputFormat.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return format
    }

    static func concurrency(_ text: String) throws -> Int {
        guard let number = Int(text), (1...1_000).contains(number) else {
            throw ArgumentProblem("write a number from 1 to 1000")
        }
        return number
    }

    static func deletions(_ text: String) throws -> Int {
        guard let number = Int(text), number >= 0 else { throw ArgumentProblem("write a number, 0 for none at all") }
        return number
    }

    static func level(_ text: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: text.lowercased()) else {
            throw ArgumentProblem("the levels are \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return level
    }
}
