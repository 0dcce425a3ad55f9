import Synchronization

/// Decides which requests the account's quota lets in, and the values of the rate-limit headers. Refused requests count
/// nowhere.
final class QuotaGate: Sendable {
    enum Decision: Sendable {
        case admitted([(name: String, value: String)])
        /// 429 with this policy's name; the headers go with it.
        case refused(policy: String, headers: [(name: String, value: String)])
        /// The sender's address is blocked for a while: 429 as plain text.
        case blocked
    }

    private struct State {
        var burst: [String: RollingWindow] = [:]
        var search: RollingWindow
        var associations: [String: RollingWindow] = [:]
        var secureForms: [String: RollingWindow] = [:]
        var publicForms: [String: RollingWindow] = [:]
        /// Times of the last form refusals, by the sender's address.
        var formRefusals: [String: [Int64]] = [:]
        /// Until when an address is blocked.
        var blockedUntil: [String: Int64] = [:]
        /// Milliseconds since 1970 at which the day's count starts again.
        var dayEnds: Int64 = .min
        var usedToday = 0
    }

    /// Ten refusals within a second block the address for a minute (HubSpot's changelog on form submissions).
    static let refusalsUntilBlock = 10
    static let refusalSpan: Int64 = 1_000_000
    static let blockSpan: Int64 = 60_000_000

    let quota: SimulatorQuota
    private let calendar: PortalCalendar
    private let state: Mutex<State>

    /// Searches carry the day's headers, as was recorded in 2021; HubSpot's pages say that they carry none.
    private let searchesShowDay: Bool

    init(quota: SimulatorQuota, calendar: PortalCalendar, searchesShowDay: Bool = false) {
        self.quota = quota
        self.searchesShowDay = searchesShowDay
        self.calendar = calendar
        state = Mutex(Self.fresh(quota))
    }

    private static func fresh(_ quota: SimulatorQuota) -> State {
        State(search: RollingWindow(quota.search, unlimitedLength: .seconds(1)))
    }

    /// All windows empty, the day's count at zero.
    func reset() {
        state.withLock { $0 = Self.fresh(quota) }
    }

    /// - Parameter now: Microseconds since 1970.
    func admit(_ lane: QuotaLane, caller: Caller, address: String, now: Int64) -> Decision {
        state.withLock { state in
            if lane == .free { return .admitted([]) }
            if lane.isForm, let until = state.blockedUntil[address] {
                if now < until { return .blocked }
                state.blockedUntil[address] = nil
            }
            rollDay(&state, now)
            let countsToDay = lane.countsToDay && !caller.isOAuth
            if countsToDay, let daily = quota.daily, state.usedToday >= daily {
                return .refused(policy: "DAILY", headers: headers(lane, caller, now, &state))
            }
            guard take(lane, caller, address, now, &state) else {
                if lane.isForm { noteFormRefusal(address, now, &state) }
                let policy = lane == .search ? "SECONDLY" : "TEN_SECONDLY_ROLLING"
                return .refused(policy: policy, headers: headers(lane, caller, now, &state))
            }
            if countsToDay { state.usedToday += 1 }
            return .admitted(headers(lane, caller, now, &state))
        }
    }

    private func burst(of caller: Caller) -> SimulatorQuota.Window? { caller.isOAuth ? quota.oauth : quota.burst }

    /// The most admitted in any window so far.
    var peaks: (burst: Int, search: Int) {
        state.withLock { ($0.burst.values.map(\.peak).max() ?? 0, $0.search.peak) }
    }

    /// The day's count at `now`.
    func usedToday(at now: Int64) -> Int {
        state.withLock { state in
            rollDay(&state, now)
            return state.usedToday
        }
    }

    private func rollDay(_ state: inout State, _ now: Int64) {
        guard now / 1000 >= state.dayEnds else { return }
        (state.dayEnds, state.usedToday) = (calendar.nextMidnight(after: now / 1000), 0)
    }

    private func take(_ lane: QuotaLane, _ caller: Caller, _ address: String, _ now: Int64, _ state: inout State)
        -> Bool
    {
        let token = caller.key
        func take(_ window: inout RollingWindow) -> Bool {
            guard window.hasRoom(at: now) else { return false }
            window.record(at: now)
            return true
        }
        let span = Duration.seconds(10)
        return switch lane {
        case .general: take(&state.burst[token, default: RollingWindow(burst(of: caller), unlimitedLength: span)])
        case .search: take(&state.search)
        case .associations:
            take(&state.associations[token, default: RollingWindow(quota.associations, unlimitedLength: span)])
        case .secureForm:
            take(&state.secureForms[token, default: RollingWindow(quota.secureForms, unlimitedLength: span)])
        case .publicForm: take(&state.publicForms[address, default: RollingWindow(quota.forms, unlimitedLength: span)])
        case .free: true
        }
    }

    private func noteFormRefusal(_ address: String, _ now: Int64, _ state: inout State) {
        var times = state.formRefusals[address, default: []].filter { $0 > now - Self.refusalSpan }
        times.append(now)
        if times.count >= Self.refusalsUntilBlock {
            state.blockedUntil[address] = now + Self.blockSpan
            times = []
        }
        state.formRefusals[address] = times
    }

    /// Form answers carry no rate-limit headers; association calls, and searches where that is asked for, only the day's.
    private func headers(_ lane: QuotaLane, _ caller: Caller, _ now: Int64, _ state: inout State) -> [(
        name: String, value: String
    )] {
        var headers: [(name: String, value: String)] = []
        guard lane == .general || lane == .associations || lane == .search && searchesShowDay else { return [] }
        if !caller.isOAuth, let daily = quota.daily {
            headers.append(("X-HubSpot-RateLimit-Daily", String(daily)))
            headers.append(("X-HubSpot-RateLimit-Daily-Remaining", String(max(0, daily - state.usedToday))))
        }
        guard lane == .general, let limit = burst(of: caller), var window = state.burst[caller.key] else {
            return headers
        }
        let remaining = window.remaining(at: now) ?? 0
        let secondly = max(1, Int(Int64(limit.limit) * 1_000_000 / max(1, limit.length.microseconds)))
        let secondlyRemaining = max(0, secondly - window.countOfLastSecond(at: now))
        state.burst[caller.key] = window
        headers.append(("X-HubSpot-RateLimit-Interval-Milliseconds", String(limit.length.microseconds / 1000)))
        headers.append(("X-HubSpot-RateLimit-Max", String(limit.limit)))
        headers.append(("X-HubSpot-RateLimit-Remaining", String(remaining)))
        headers.append(("X-HubSpot-RateLimit-Secondly", String(secondly)))
        headers.append(("X-HubSpot-RateLimit-Secondly-Remaining", String(secondlyRemaining)))
        return headers
    }
}
