import ArgumentParser
import Logging
import Simulator

/// `moonspot simulator`: the simulator as a server.
struct SimulatorCommand: PerformedCommand {
    static let configuration = CommandConfiguration.command(
        "simulator", abstract: "The simulator as a server.",
        discussion: """
            Prints, first and alone on its line, "simulator ready http://127.0.0.1:PORT token TOKEN", and serves until \
            SIGINT or SIGTERM: what is being answered then is finished, for five seconds at most, and a second signal ends \
            it at once. Its home page in a browser opens the portal's records and submissions, leads to the page of each \
            form (/forms/GUID), and shows the requests, the token, and the id and secret of its OAuth app.
            """)

    @Option(help: ArgumentHelp("The address to listen on.", valueName: "address"))
    var host = "127.0.0.1"

    @Option(help: ArgumentHelp("The port; 0 takes any free one.", valueName: "port"))
    var port: UInt16 = 0

    @Option(
        help: ArgumentHelp("The bearer token that is accepted. (default: made up at the start)", valueName: "token"),
        transform: { try SimulatorOptions.parseToken($0) })
    var token: String?

    @Option(
        help: ArgumentHelp(
            "The account's tier: \(SimulatorQuota.tierNames.joined(separator: ", ")). (default: professional)",
            valueName: "name"),
        transform: { try SimulatorQuota.tier($0) })
    var tier: SimulatorQuota?

    @Option(
        help: ArgumentHelp("The quota spelled out: 190/10s,625000/day,search=5/s,...", valueName: "spec"),
        transform: { try SimulatorQuota(parsing: $0) })
    var limits: SimulatorQuota?

    @Option(
        help: ArgumentHelp(
            "How many contacts to make up, and with them companies, deals, tickets, notes and tasks in proportion. "
                + "(default: a handful)", valueName: "n"), transform: Self.count)
    var contacts: Int?

    @Option(help: ArgumentHelp("The same seed makes the same contacts.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("A SQLite file that keeps the portal. (default: in memory)", valueName: "file"))
    var db: String?

    @Option(
        help: ArgumentHelp("How long each answer takes: 80ms or 40ms..120ms.", valueName: "duration"),
        transform: { try SimulatorOptions.parseLatency($0) })
    var latency: ClosedRange<Duration>?

    @Option(
        name: .customLong("search-lag"),
        help: ArgumentHelp("How long a write stays invisible to searches: 2s. (default: 0)", valueName: "duration"),
        transform: { try SimulatorOptions.parseDuration($0) })
    var searchLag: Duration?

    @Option(
        name: .customLong("form-delay"),
        help: ArgumentHelp(
            "How long after a form submission its contact appears: 2s. (default: 0)", valueName: "duration"),
        transform: { try SimulatorOptions.parseDuration($0) })
    var formDelay: Duration?

    @Flag(
        name: .customLong("search-headers"),
        help: "Searches answer with the day's rate-limit headers. (default: they have none)")
    var searchHeaders = false

    @Flag(
        name: .customLong("merge-new-id"),
        help: "A merge gives the survivor a new id, which the old ones lead to. (default: the primary's id stays)")
    var mergeNewID = false

    @Option(
        help: ArgumentHelp("Faults by chance: 502=1%,reset=0.5%,timeout=0.1%.", valueName: "list"),
        transform: { try SimulatorOptions.parseFaults($0) })
    var faults: SimulatorFaults?

    @Option(
        help: ArgumentHelp("The scopes of the token. (default: all)", valueName: "list"),
        transform: { try SimulatorOptions.parseScopes($0) })
    var scopes: [String]?

    @Option(
        name: .customLong("oauth-life"),
        help: ArgumentHelp("How long an OAuth access token lives: 5s. (default: 30m)", valueName: "duration"),
        transform: { try SimulatorOptions.parseDuration($0) })
    var oauthLife: Duration?

    @Flag(
        name: .customLong("oauth-rotate"),
        help: "Each refresh gives a new refresh token, and ends the one before. (default: it stays)")
    var oauthRotate = false

    func validate() throws {
        if tier != nil && limits != nil { throw ValidationError("give --tier or --limits, not both") }
    }

    /// How long a stop waits for the answers that are under way.
    private static let patience: Duration = .seconds(5)

    private static func count(_ text: String) throws -> Int {
        guard let number = Int(text), (0...10_000_000).contains(number) else {
            throw ArgumentProblem("write a number from 0 to 10000000")
        }
        return number
    }

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        var options = SimulatorOptions()
        options.host = host
        options.port = Int(port)
        options.token = token
        if let quota = tier ?? limits { options.quota = quota }
        options.contacts = contacts
        options.seed = seed
        options.database = db
        options.latency = latency
        if let searchLag { options.searchLag = searchLag }
        if let formDelay { options.formDelay = formDelay }
        options.searchHeaders = searchHeaders
        options.mergesRenumber = mergeNewID
        if let faults { options.faults = faults }
        options.scopes = scopes
        if let oauthLife { options.oauthLife = oauthLife }
        options.oauthRotates = oauthRotate
        options.onProgress = { made, count in Output.error.line("moonspot: made up \(made) of \(count) contacts") }

        StandardErrorLog.start(level: .warning)
        let interrupts = Interrupts(alsoTerminate: true)
        do {
            let simulator = try await Simulator.start(options)
            let signals = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
            interrupts.onSignal { _ in signals.continuation.yield() }
            // From here a second signal ends the process, in case stopping takes long.
            Interrupts.setRunning(true)
            Output.standard.line("simulator ready \(simulator.baseURL) token \(simulator.token)")
            for await _ in signals.stream { break }
            // The process ends with this: there is nothing to take down that would not go with it.
            await simulator.drain(within: Self.patience)
            return .fine
        } catch {
            Output.complain(SimulatorStartProblem(error, host: host, port: Int(port), database: db).message)
            return .failed
        }
    }
}
