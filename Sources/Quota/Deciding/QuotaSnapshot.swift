/// A store's state, for people to read.
package struct QuotaSnapshot: Sendable {
    package struct Window: Sendable {
        package var allowance: Allowance
        package var used: Int
        package var window: Duration
        package var clearsAt: Duration
        package var closedUntil: Duration?
        /// How many of ``used`` are others' with the credential, and how many are unanswered.
        package var foreign = 0
        package var unanswered = 0
        /// How many places bulk work leaves free now because a console is open, and by which rule.
        package var leftToConsole = 0
        package var console: ConsoleReserve?
    }

    package var windows: [Lane: Window]
    package var dayLimit: Double?
    package var dayUsed: Double
    package var dayRemaining: Double?
    /// On the session's clock.
    package var dayEndsAt: Duration?
    package var limitsWereLearnt: Bool
    /// The lanes that calls wait for which a person typed; bulk work lets those go first.
    package var typedWaits: LaneSet = []
    /// How many consoles are open.
    package var consoles = 0
}

extension QuotaSnapshot {
    /// On another clock.
    func shifted(by offset: Duration) -> QuotaSnapshot {
        var snapshot = self
        snapshot.windows = windows.mapValues { window in
            var window = window
            window.clearsAt += offset
            window.closedUntil = window.closedUntil.map { $0 + offset }
            return window
        }
        snapshot.dayEndsAt = dayEndsAt.map { $0 + offset }
        return snapshot
    }
}

extension QuotaSnapshot.Window {
    /// How long it takes until that many requests are let in, one after the other as places come free: each place serves
    /// again W after its answer.
    package func time(for requests: Int, from now: Duration, answer: Duration) -> Duration {
        let opens = max(.zero, (closedUntil ?? now) - now)
        guard case .limited(let limit, let length) = allowance, limit > 0 else { return opens }
        let place = (requests - 1) % limit
        let isFree = place < limit - min(used, limit)
        let first = isFree ? .zero : max(.zero, clearsAt - now)
        return max(opens, first) + (length + answer) * ((requests - 1) / limit)
    }
}
