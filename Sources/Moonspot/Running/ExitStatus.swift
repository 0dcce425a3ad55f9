import HubSpot
import LuaRuntime

/// How the process ends (the contract of the command line). The one place that maps failures to numbers.
enum ExitStatus: Int32, Sendable {
    case fine = 0
    /// The script failed, or a time or memory limit stopped it.
    case failed = 1
    /// An unknown option, a script that does not exist, a base URL that would show the token.
    case usage = 2
    /// Not authenticated or not allowed.
    case refused = 3
    /// The day's quota is used up.
    case dailyLimit = 4
    /// HubSpot could not be reached.
    case unreachable = 5
    /// A plan would change something.
    case changes = 10
    case interrupted = 130

    /// - Parameter kind: `kind` of the error that nothing caught.
    init(kind: String?) {
        switch kind.flatMap(HubSpotError.Kind.init(rawValue:)) {
        case .unauthenticated, .forbidden, .readOnly, .notAllowed, .notConfirmed: self = .refused
        case .dailyLimit: self = .dailyLimit
        case .network, .timeout, .unavailable: self = .unreachable
        default: self = .failed
        }
    }

    init(_ failure: LuaFailure) {
        switch failure.cause {
        case .interrupted: self = .interrupted
        case .timeLimit, .memory, .syntax: self = .failed
        case .raised: self = ExitStatus(kind: failure.kind)
        }
    }
}
