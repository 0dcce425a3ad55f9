import Bindings
import CEdit
import HubSpot
import LuaRuntime
import Synchronization
import VirtualTime
import Quota

/// The sessions of one run: the one that it starts with, and those of other profiles that a script connects to. Each opens
/// when it is first needed.
final class Sessions: Sendable {
    /// The one that the run starts with.
    let first: SessionSource

    private let firstPlan: SessionPlan
    private let options: SessionOptions
    private let environment: ProcessEnvironment
    private let maker: SourceMaker
    private struct State {
        var connected: [String: SessionSource] = [:]
        /// The profiles' own.
        var levels: [String: WriteQuestions.Level] = [:]
        var isClosed = false
    }
    private let state = Mutex(State())

    /// - Parameter program: The name by which processes that share the quota know this one.
    init(
        _ plan: SessionPlan, options: SessionOptions, environment: ProcessEnvironment, program: String,
        questions: WriteQuestions, idle: IdleSignal, fastClock: FastClock?, journals: RunJournals?, writes: WritePlan?
    ) {
        firstPlan = plan
        self.options = options
        self.environment = environment
        maker = SourceMaker(
            program: program, questions: questions, deletions: options.maximumDeletions.map { DeletionBudget($0) },
            idle: idle, fastClock: fastClock, quota: options.limits, journals: journals, writes: writes)
        first = maker.source(plan)
    }

    /// The session of a profile; the same one each time, and the first one where that is the profile's already.
    ///
    /// - Throws: As ``SessionConnector`` has it.
    func connect(_ name: String) throws(HubSpotError) -> SessionSource {
        guard !options.untrusted else {
            throw HubSpotError(
                .notAllowed, "hubspot.connect is not open to an untrusted script: it has the session that it was given")
        }
        if let known = state.withLock({ $0.connected[name] }) { return known }
        let plan: SessionPlan
        do throws(ConfigurationError) {
            plan = try SessionPlan(connectingTo: name, options: options, environment: environment)
        } catch {
            throw .invalidArgument("bad argument 'profile' to 'hubspot.connect' (\(error.message))")
        }
        guard plan.description.isSimulator || plan.configuration.credential != nil else {
            throw HubSpotError(
                .unauthenticated,
                "profile '\(name)' names no credential, and HUBSPOT_ACCESS_TOKEN is for the session that the program starts with; run moonspot auth login --profile \(name)"
            )
        }
        if isFirst(plan) { return first }
        return try state.withLock { (state) throws(HubSpotError) -> SessionSource in
            guard !state.isClosed else { throw .cancelled }
            if let known = state.connected[name] { return known }
            let source = maker.source(plan, connection: name)
            state.connected[name] = source
            state.levels[name] = plan.questionLevel
            return source
        }
    }

    /// Before which writes the session of that connection asks, by its profile; nil for the first.
    func questionLevel(of connection: String?) -> WriteQuestions.Level {
        connection.flatMap { name in state.withLock { $0.levels[name] } } ?? firstPlan.questionLevel
    }

    /// Two sessions of one credential would each count its calls by themselves where the store is this process's memory.
    private func isFirst(_ plan: SessionPlan) -> Bool {
        let (own, other) = (firstPlan.description, plan.description)
        guard own.profile == other.profile else { return false }
        return own.isSimulator || environment.token == nil && own.baseURL == other.baseURL
    }

    /// The sessions that are open.
    var open: [Session] {
        ([first] + state.withLock { Array($0.connected.values) }).compactMap(\.openSession)
    }

    /// A text without the secrets of all these sessions, as far as they were asked for.
    func masked(_ text: String) -> String { open.reduce(text) { $1.masked($0) } }

    /// A person sits in front of this process: bulk work of other processes leaves room for typed calls.
    func raiseConsole() { maker.console.raise() }

    func close() async {
        let connected = state.withLock { state in
            state.isClosed = true
            return Array(state.connected.values)
        }
        for source in [first] + connected { await source.close() }
        await maker.stopSimulators()
    }
}

/// Makes sources of sessions out of their plans.
private struct SourceMaker: Sendable {
    let program: String
    /// Whom all sessions ask before writes.
    let questions: WriteQuestions
    /// `--max-delete` is for the run, whichever portals it writes to.
    let deletions: DeletionBudget?
    /// Hears when the Lua thread has nothing left to run: the calls that it has made until then travel together.
    let idle: IdleSignal
    let fastClock: FastClock?
    /// Of the simulator's portals.
    let quota: QuotaSpecification?
    let journals: RunJournals?
    /// What keeps all that scripts write, in place of sending it.
    let writes: WritePlan?
    let console = ConsoleFlag()
    private let simulators = RunningSimulators()

    init(
        program: String, questions: WriteQuestions, deletions: DeletionBudget?, idle: IdleSignal, fastClock: FastClock?,
        quota: QuotaSpecification?, journals: RunJournals?, writes: WritePlan?
    ) {
        self.program = program
        self.questions = questions
        self.deletions = deletions
        self.idle = idle
        self.fastClock = fastClock
        self.quota = quota
        self.journals = journals
        self.writes = writes
    }

    func source(_ plan: SessionPlan, connection: String? = nil) -> SessionSource {
        var plan = plan
        plan.configuration.program = program
        if writes != nil { plan.description.isDryRun = true }
        plan.configuration.deletions = deletions
        plan.configuration.confirmation = questions.confirmation(
            threshold: plan.questionThreshold, level: plan.questionLevel)
        plan.configuration.waitUntilCallersIdle = { [idle] in await idle.wait(atMost: .milliseconds(5)) }
        plan.configuration.executor = WireThread.shared
        fastClock?.configure(&plan.configuration)
        plan.configuration.journal = journals?.open(for: plan)
        return SessionSource(
            description: plan.description, connection: connection, executor: plan.configuration.executor, plan: writes
        ) { [plan, console, simulators, fastClock, quota] () async throws(HubSpotError) -> Session in
            ce_guard_pipe()
            var configuration = plan.configuration
            if plan.description.isSimulator {
                try await simulators.start(for: &configuration, quota: quota, fastClock)
            }
            let session = Session(configuration)
            ce_let_go_of_pages()
            // And once the first calls have made connections, credential and limiter.
            _ = WireThread.shared.alarm(after: .milliseconds(50)) { ce_let_go_of_pages() }
            if console.isUp { await session.openConsole() }
            return session
        }
    }

    func stopSimulators() async { await simulators.stop() }
}

/// Whether a person sits in front of this process.
private final class ConsoleFlag: Sendable {
    private let up = Mutex(false)

    var isUp: Bool { up.withLock { $0 } }
    func raise() { up.withLock { $0 = true } }
}
