import Bindings
import CEdit
import HubSpot
import Logging
import LuaRuntime
import Simulator
import Synchronization
import VirtualTime

/// The start of REPL, runner and `-e` alike: the options, and the session that opens when a script first needs it.
struct Workspace: Sendable {
    let options: SessionOptions
    let environment: ProcessEnvironment
    let source: SessionSource
    /// For people: where the token comes from.
    let credentialOrigin: String
    /// Hears when the Lua thread has nothing left to run: the calls that it has made until then travel together.
    let idle: IdleSignal
    /// `--fast-clock`.
    let fastClock: FastClock?
    private let simulator: SimulatorHolder
    private let console: ConsoleFlag
    private let tokenIsAtHand: Bool

    static let simulatedPortal: Int64 = 20_000_001

    /// - Parameter program: The name by which processes that share the quota know this one.
    init(
        options: SessionOptions, environment: ProcessEnvironment, program: String = "moonspot"
    ) throws(ConfigurationError) {
        self.options = options
        self.environment = environment
        let fastClock = options.fastClock ? FastClock() : nil
        self.fastClock = fastClock
        idle = fastClock?.makeIdleSignal() ?? IdleSignal()
        let holder = SimulatorHolder(fastClock)
        simulator = holder
        let console = ConsoleFlag()
        self.console = console
        var plan = try SessionPlan(options: options, environment: environment)
        let idle = idle
        plan.configuration.program = program
        plan.configuration.waitUntilCallersIdle = { await idle.wait(atMost: .milliseconds(5)) }
        fastClock?.configure(&plan.configuration)
        credentialOrigin = plan.credentialOrigin
        tokenIsAtHand = plan.tokenIsAtHand
        source = SessionSource(description: plan.description, executor: fastClock?.time) {
            [plan] () async throws(HubSpotError) -> Session in
            ce_guard_pipe()
            var configuration = plan.configuration
            if plan.description.isSimulator { try await holder.start(for: &configuration, quota: options.limits) }
            let session = Session(configuration)
            if console.isUp { await session.openConsole() }
            return session
        }
    }

    /// A person sits in front of this process: bulk work of other processes leaves room for typed calls. The session is
    /// opened for it where that needs no answer from a person or a program; else bulk work hears of the console with
    /// its first call.
    func openConsole() async {
        console.raise()
        if tokenIsAtHand || source.openSession != nil {
            // Without a session no room has to be left: the first call says why it cannot be opened.
            await (try? source.session())?.openConsole()
        }
    }

    /// The portal's name in the prompt: `simulator 20000001`, `acme 1234567`, or the profile's name.
    var name: String {
        let description = source.description
        let name = description.isSimulator ? "simulator" : description.profile ?? "hubspot"
        return description.portalID.map { "\(name) \($0)" } ?? name
    }

    func close() async {
        await source.close()
        await simulator.stop()
    }
}

/// Whether a person sits in front of this process.
private final class ConsoleFlag: Sendable {
    private let up = Mutex(false)

    var isUp: Bool { up.withLock { $0 } }
    func raise() { up.withLock { $0 = true } }
}

/// The in-process simulator, if one was started.
private final class SimulatorHolder: Sendable {
    private let running = Mutex<Simulator?>(nil)
    private let fastClock: FastClock?

    init(_ fastClock: FastClock?) { self.fastClock = fastClock }

    func start(for configuration: inout SessionConfiguration, quota: QuotaSpecification?) async throws(HubSpotError) {
        // Starting takes real time.
        let hold = fastClock?.time.hold()
        defer { hold?.end() }
        do {
            var options = SimulatorOptions()
            fastClock?.configure(&options)
            if let quota { options.quota = SimulatorQuota(quota) }
            let simulator = try await Simulator.start(options)
            running.withLock { $0 = simulator }
            let url = try BaseURL(simulator.baseURL)
            configuration.baseURL = url
            configuration.formsURL = url
            configuration.credential = FixedCredential(try AccessToken(simulator.token))
        } catch {
            throw HubSpotError(.unavailable, "the simulator could not be started: \(error)")
        }
    }

    func stop() async {
        let simulator = running.withLock { running in
            defer { running = nil }
            return running
        }
        await simulator?.stop()
    }
}

extension SimulatorQuota {
    /// The quota that `--limits` gives, of an account of the professional tier where it says nothing.
    init(_ quota: QuotaSpecification) {
        self = .professional
        func window(_ allowance: Allowance?, _ usual: Window?) -> Window? {
            switch allowance {
            case nil: usual
            case .unlimited: nil
            case .limited(let count, let length): Window(count, per: length)
            }
        }
        burst = window(quota.burst, burst)
        search = window(quota.search, search)
        associations = window(quota.associations, associations)
        secureForms = window(quota.forms, secureForms)
        forms = window(quota.forms, forms)
        switch quota.daily {
        case nil: break
        case .unlimited: daily = nil
        case .limited(let count): daily = count
        }
    }
}
