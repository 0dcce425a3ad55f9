import Synchronization
import Words

/// Why something that was called is not sent yet.
package enum WaitReason: Sendable, Hashable {
    /// The window holds all that it admits; `others` of its places are used by others with the credential.
    case full(Lane, limit: Int, window: Duration, others: Int)
    /// The server refused a call with a 429: none is let in until the time that it named.
    case closed(Lane)
    /// The lane has as many unanswered requests as it may have.
    case unanswered(Lane, limit: Int)
    /// Bulk work lets typed calls go first, of any process.
    case typedFirst
    /// A console is open, and bulk work leaves it the places that are free: for good `kept` of `limit`, and others
    /// until their time has come, so that places come free all the time.
    case console(Lane, limit: Int, kept: Int)
    /// As many requests are in flight as may be.
    case inFlight(limit: Int)
    /// So many free places were asked for.
    case places(Int, Lane)
    /// A wait of the limiter's user beside it.
    case other(name: String, words: String)

    /// For scripts; never renamed.
    package var name: String {
        switch self {
        case .full: "window_full"
        case .closed: "closed"
        case .unanswered: "unanswered"
        case .typedFirst: "typed_first"
        case .console: "console"
        case .inFlight: "in_flight"
        case .places: "places"
        case .other(let name, _): name
        }
    }

    /// The window that it is about; nil where it is about none.
    package var lane: Lane? {
        switch self {
        case .full(let lane, _, _, _), .closed(let lane), .unanswered(let lane, _), .console(let lane, _, _): lane
        case .places(_, let lane): lane
        default: nil
        }
    }

    /// Whether two waits one after the other are one: their figures may differ.
    package func isSame(as other: WaitReason) -> Bool { name == other.name && lane == other.lane }
}

extension WaitReason: CustomStringConvertible {
    /// For people: `burst window full (190 in 10 s)`.
    package var description: String {
        switch self {
        case .full(let lane, let limit, let window, let others):
            let used = others > 0 ? ", \(min(others, limit)) used by others" : ""
            return "\(lane) window full (\(limit) in \(window.words)\(used))"
        case .closed(let lane): return "the server refused a call with 429, so the \(lane) lane is closed"
        case .unanswered(let lane, let limit):
            return "\(limit) calls of the \(lane) lane are unanswered, the most at a time"
        case .typedFirst: return "what a person typed goes first"
        case .console(let lane, let limit, let kept):
            let cost = (Double(kept) / Double(max(1, limit)) * 1000).rounded() / 10
            return kept > 0
                ? "a console is open: bulk work leaves it \(kept) of \(limit) places of the \(lane) window (\(cost) %), and spreads its own"
                : "a console is open: bulk work spreads its places over the \(lane) window, so that one comes free all the time"
        case .inFlight(let limit): return "\(Counts.counted(limit, "request")) in flight"
        case .places(let count, let lane): return "\(Counts.counted(count, "free place")) in the \(lane) window"
        case .other(_, let words): return words
        }
    }
}

/// From when to when something waited, and why.
package struct WaitInterval: Sendable, Equatable {
    package var from: Duration
    package var to: Duration
    package var reason: WaitReason

    /// The part of it after `since`; nil where there is none.
    package func after(_ since: Duration) -> WaitInterval? {
        let from = max(from, since)
        return from < to ? WaitInterval(from: from, to: to, reason: reason) : nil
    }
}

/// How long something waited for one reason.
package struct WaitSpan: Sendable, Equatable {
    package var reason: WaitReason
    package var duration: Duration

    package init(reason: WaitReason, duration: Duration) {
        self.reason = reason
        self.duration = duration
    }
}

/// Gathers the waits of one request on its way.
package final class WaitCollector: Sendable {
    private let state = Mutex((intervals: [WaitInterval](), mayGo: false))

    package init() {}

    package var intervals: [WaitInterval] { state.withLock { $0.intervals } }
    /// Whether it may be sent, or was: a wait that is given up before is not worth telling.
    package var mayGo: Bool { state.withLock { $0.mayGo } }

    package func add(_ more: [WaitInterval]) {
        if !more.isEmpty { state.withLock { $0.intervals += more } }
    }

    package func letGo() { state.withLock { $0.mayGo = true } }

    package func add(_ reason: WaitReason, from: Duration, to: Duration) {
        if from < to { add([WaitInterval(from: from, to: to, reason: reason)]) }
    }
}
