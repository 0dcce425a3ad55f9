import HubSpot
import Simulator
import Synchronization
import VirtualTime
import Quota

/// The in-process simulators that were started: one for each session, since each has a portal of its own.
final class RunningSimulators: Sendable {
    private let running = Mutex<[Simulator]>([])

    /// Starts one, and leads the session to it.
    func start(
        for configuration: inout SessionConfiguration, quota: QuotaSpecification?, _ fastClock: FastClock?
    ) async throws(HubSpotError) {
        // Starting takes real time.
        let hold = fastClock?.time.hold()
        defer { hold?.end() }
        do {
            var options = SimulatorOptions()
            fastClock?.configure(&options)
            if let quota { options.quota = SimulatorQuota(quota) }
            let simulator = try await Simulator.start(options)
            running.withLock { $0.append(simulator) }
            let url = try BaseURL(simulator.baseURL)
            configuration.baseURL = url
            configuration.formsURL = url
            configuration.credential = FixedCredential(try AccessToken(simulator.token))
        } catch {
            throw HubSpotError(.unavailable, "the simulator could not be started: \(error)")
        }
    }

    func stop() async {
        let simulators = running.withLock { running in
            defer { running = [] }
            return running
        }
        for simulator in simulators { await simulator.stop() }
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
