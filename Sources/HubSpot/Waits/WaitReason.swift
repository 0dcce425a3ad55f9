import Synchronization
import Words

/// Why something that was called is not sent yet.
public enum WaitReason: Sendable, Hashable {
    /// The window holds all that it admits; `others` of its places are used by others on the token.
    case full(Lane, limit: Int, window: Duration, others: Int)
    /// HubSpot refused a call with a 429: until it says so nobody is let in.
    case closed(Lane)
    /// The lane has as many unanswered requests as it may have.
    case unanswered(Lane, limit: Int)
    /// Bulk work lets what a person typed go first, in whatever process.
    case typedFirst
    /// A console is open, and bulk work leaves it the places that are free: for good `kept` of `limit`, and others until
    /// their time has come, so that places come free all the time.
    case console(limit: Int, kept: Int)
    /// As many requests are in flight as `--concurrency` admits.
    case inFlight(limit: Int)
    /// An earlier write to the same record is not finally answered.
    case earlierWrite
    /// Its batch has a permit, and callers may still add to it.
    case gathering
    /// A try failed, and the next one comes later.
    case retry(HubSpotError.Kind, status: Int?)
    /// `limits.wait` was asked for so many free places.
    case places(Int)

    /// For scripts; never renamed.
    public var name: String {
        switch self {
        case .full: "window_full"
        case .closed: "closed"
        case .unanswered: "unanswered"
        case .typedFirst: "typed_first"
        case .console: "console"
        case .inFlight: "in_flight"
        case .earlierWrite: "earlier_write"
        case .gathering: "gathering"
        case .retry: "retry"
        case .places: "places"
        }
    }

    /// The window that it is about; nil where it is about none.
    public var lane: Lane? {
        switch self {
        case .full(let lane, _, _, _), .closed(let lane), .unanswered(let lane, _): lane
        case .places, .console: .burst
        default: nil
        }
    }

    /// Whether two waits one after the other are one: their figures may differ.
    func isSame(as other: WaitReason) -> Bool { name == other.name && lane == other.lane }
}

extension WaitReason: CustomStringConvertible {
    /// For people: `burst window full (190 in 10 s)`.
    public var description: String {
        switch self {
        case .full(let lane, let limit, let window, let others):
            let used = others > 0 ? ", \(min(others, limit)) used by others" : ""
            return "\(lane) window full (\(limit) in \(window.words)\(used))"
        case .closed(let lane): return "HubSpot refused a call with 429, so the \(lane) lane is closed"
        case .unanswered(let lane, let limit):
            return "\(limit) calls of the \(lane) lane are unanswered, the most at a time"
        case .typedFirst: return "what a person typed goes first"
        case .console(let limit, let kept):
            let cost = (Double(kept) / Double(max(1, limit)) * 1000).rounded() / 10
            return kept > 0
                ? "a console is open: bulk work leaves it \(kept) of \(limit) places of the burst window (\(cost) %), and spreads its own"
                : "a console is open: bulk work spreads its places over the burst window, so that one comes free all the time"
        case .inFlight(let limit): return "\(Counts.counted(limit, "request")) in flight (--concurrency)"
        case .earlierWrite: return "an earlier write to the same record"
        case .gathering: return "others of its kind that come along"
        case .retry(let kind, let status):
            return "another try after \(kind.rawValue)\(status.map { " (\($0))" } ?? "")"
        case .places(let count): return "\(Counts.counted(count, "free place")) in the burst window"
        }
    }
}

/// From when to when something waited, and why.
struct WaitInterval: Sendable, Equatable {
    var from: Duration
    var to: Duration
    var reason: WaitReason

    /// The part of it after `since`; nil where there is none.
    func after(_ since: Duration) -> WaitInterval? {
        let from = max(from, since)
        return from < to ? WaitInterval(from: from, to: to, reason: reason) : nil
    }
}

/// How long something waited for one reason.
public struct WaitSpan: Sendable, Equatable {
    public var reason: WaitReason
    public var duration: Duration
}

/// Gathers what one request waits for on its way.
final class WaitCollector: Sendable {
    private let state = Mutex((intervals: [WaitInterval](), mayGo: false))

    var intervals: [WaitInterval] { state.withLock { $0.intervals } }
    /// Whether it may be sent, or was: what is given up before is not worth telling.
    var mayGo: Bool { state.withLock { $0.mayGo } }

    func add(_ more: [WaitInterval]) {
        if !more.isEmpty { state.withLock { $0.intervals += more } }
    }

    func letGo() { state.withLock { $0.mayGo = true } }

    func add(_ reason: WaitReason, from: Duration, to: Duration) {
        if from < to { add([WaitInterval(from: from, to: to, reason: reason)]) }
    }
}
