import Synchronization

/// Decides which requests meet a fault: by chance (``SimulatorFaults``) or by rule (`PUT /_simulator/faults`).
final class FaultInjector: Sendable {
    struct Rule: Sendable {
        /// Nil is any.
        var method: String?
        /// `*` stands for any part; nil is any path.
        var path: String?
        var probability: Double?
        /// Every nth request that fits, counted from 1.
        var nth: Int?
        /// How often at most.
        var times: Int?
        var action: Action
        var seen = 0
        var struck = 0
    }

    struct Action: Sendable {
        enum Kind: String, Sendable {
            case resetBefore = "reset_before"
            case resetAfter = "reset_after"
            case truncate
            case slowBody = "slow_body"
            case hang
        }

        var status: Int?
        var headers: [(String, String)] = []
        /// Nil: HubSpot's own body for the status.
        var body: [UInt8]?
        /// Of ``body``; nil where a rule does not say.
        var contentType: String?
        var delay: Duration?
        var kind: Kind?

        /// The fault answers in place of the request's being carried out.
        var isAnswer: Bool {
            switch kind {
            case .resetBefore, .hang: true
            case .truncate: status != nil || body != nil
            case .resetAfter, .slowBody: false
            case nil: status != nil
            }
        }
    }

    private struct State {
        var rules: [Rule] = []
        var dice: SplitMix64
    }

    private let rates: [SimulatorFaults.Rate]
    private let state: Mutex<State>

    init(_ faults: SimulatorFaults, seed: UInt64) {
        rates = faults.rates
        state = Mutex(State(dice: SplitMix64(seed: seed)))
    }

    func reset() {
        state.withLock { $0.rules = [] }
    }

    func set(_ rules: [Rule]) {
        state.withLock { $0.rules = rules }
    }

    /// An even number from 0 to 1.
    func roll() -> Double {
        state.withLock { Double.random(in: 0..<1, using: &$0.dice) }
    }

    /// The fault that this request meets beside, or in place of, being carried out.
    func action(method: String, path: String) -> Action? {
        if rates.isEmpty, state.withLock({ $0.rules.isEmpty }) { return nil }
        return state.withLock { state in
            for index in state.rules.indices {
                guard fits(state.rules[index], method, path) else { continue }
                state.rules[index].seen += 1
                if let times = state.rules[index].times, state.rules[index].struck >= times { continue }
                if let nth = state.rules[index].nth, nth > 0, state.rules[index].seen % nth != 0 { continue }
                if let chance = state.rules[index].probability,
                    Double.random(in: 0..<1, using: &state.dice) >= chance
                {
                    continue
                }
                state.rules[index].struck += 1
                return state.rules[index].action
            }
            for rate in rates where Double.random(in: 0..<1, using: &state.dice) < rate.probability {
                switch rate.kind {
                case .status(let status): return Action(status: status)
                case .reset: return Action(kind: .resetBefore)
                case .timeout: return Action(kind: .hang)
                }
            }
            return nil
        }
    }

    private func fits(_ rule: Rule, _ method: String, _ path: String) -> Bool {
        if let wanted = rule.method, wanted.uppercased() != method { return false }
        guard let pattern = rule.path else { return true }
        return SearchText.matches(path[...], pattern[...])
    }
}

/// A small generator with a seed: the same seed gives the same numbers everywhere.
struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
