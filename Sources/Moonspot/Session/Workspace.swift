import Bindings
import HubSpot
import Journal
import LuaRuntime
import VirtualTime
import Quota

/// The start of REPL, runner and `-e` alike: the options, and the session that opens when a script first needs it.
struct Workspace: Sendable {
    let options: SessionOptions
    let environment: ProcessEnvironment
    let source: SessionSource
    /// For people: where the token comes from.
    let credentialOrigin: String
    /// Nil where nothing is written.
    let journals: RunJournals?
    /// Nil likewise.
    let checkpoints: Checkpoints?
    /// Hears when the Lua thread has nothing left to run: the calls that it has made until then travel together.
    let idle: IdleSignal
    /// `--fast-clock`.
    let fastClock: FastClock?
    /// The questions before writes.
    let questions: WriteQuestions
    private let sessions: Sessions
    /// Whether the session may be opened without a person's word: no program runs for its credential.
    let opensByItself: Bool
    /// Whether `--allow` leaves anything that writes.
    let mayWrite: Bool

    static let simulatedPortal: Int64 = 20_000_001

    /// - Parameters:
    ///   - program: The name by which processes that share the quota know this one.
    ///   - run: What writes through the session; nil for a command that only reads.
    ///   - writes: What keeps all that scripts write, in place of sending it.
    init(
        options: SessionOptions, environment: ProcessEnvironment, program: String = "moonspot", run: Run? = nil,
        keepingIn writes: WritePlan? = nil
    ) throws(ConfigurationError) {
        self.options = options
        self.environment = environment
        let fastClock = options.fastClock ? FastClock() : nil
        self.fastClock = fastClock
        idle = fastClock?.makeIdleSignal() ?? IdleSignal(alarm: { WireThread.shared.alarm(after: $0, $1) })
        let plan = try SessionPlan(options: options, environment: environment)
        questions = WriteQuestions(level: plan.questionLevel)
        credentialOrigin = plan.credentialOrigin
        opensByItself = plan.tokenIsAtHand
        journals = run.map { RunJournals($0, folder: environment.stateFolder) }
        sessions = Sessions(
            plan, options: options, environment: environment, program: program, questions: questions, idle: idle,
            fastClock: fastClock, journals: journals, writes: writes)
        source = sessions.first
        // What a plan goes over is not done.
        var kept = options
        kept.dryRun = options.dryRun || writes != nil
        checkpoints = run.flatMap { [source, journals, kept] run in
            journals.map { Checkpoints(of: run, journals: $0, source: source, options: kept) }
        }
        mayWrite = plan.configuration.permissions.allowsWriting
    }

    /// The session of a profile of config.toml, for `hubspot.connect` and the console; the same one each time. It opens
    /// with its first call.
    func connect(_ profile: String) throws(HubSpotError) -> SessionSource { try sessions.connect(profile) }

    /// Before which writes a session asks, by its profile.
    func questionLevel(of source: SessionSource) -> WriteQuestions.Level {
        sessions.questionLevel(of: source.connection)
    }

    /// A person sits in front of this process: bulk work of other processes leaves room for typed calls. The session is
    /// opened for it where that needs no answer from a person or a program; else bulk work hears of the console with
    /// its first call.
    func openConsole() async {
        sessions.raiseConsole()
        if opensByItself || source.openSession != nil {
            // Without a session no room has to be left: the first call says why it cannot be opened.
            await (try? source.session())?.openConsole()
        }
    }

    /// A text without the secrets of this run's sessions, as far as they were asked for: before it is kept in a file.
    func masked(_ text: String) -> String { sessions.masked(text) }

    /// The sessions that are open.
    var openSessions: [Session] { sessions.open }

    func close() async {
        await sessions.close()
    }
}
