import Wire
import Quota

extension LimitsState {
    /// The limiter's counts, at the clock's moment.
    ///
    /// - Parameter source: Where the limits come from, unless an answer has told them.
    init(
        of limiter: Limiter, source: Source, clock: any SessionClock,
        wording: (HubSpotError.Remedy) -> String = { $0.description }
    ) async throws(HubSpotError) {
        let snapshot = try await HubSpotError.ofQuota(wording) { () async throws(QuotaError) in
            try await limiter.snapshot()
        }
        let now = clock.now
        func window(_ lane: Lane) -> Window {
            guard let known = snapshot.windows[lane] else {
                return Window(limit: .infinity, used: 0, remaining: .infinity, window: .seconds(10), resetsIn: .zero)
            }
            let limit =
                switch known.allowance {
                case .unlimited: Double.infinity
                case .limited(let count, _): Double(count)
                }
            let used = Double(known.used)
            let remaining = known.closedUntil != nil ? 0 : max(0, limit - used)
            return Window(
                limit: limit, used: used, remaining: remaining, window: known.window,
                resetsIn: used == 0 && known.closedUntil == nil ? .zero : max(.zero, known.clearsAt - now),
                closedFor: known.closedUntil.map { max(.zero, $0 - now) }, opensAt: known.closedUntil.map(time))
        }
        func time(_ instant: Duration) -> String {
            Timestamp.iso((clock.unixTime + (instant - now)).components.seconds * 1000)
        }
        let reserve = snapshot.windows[.burst]?.console
        self.init(
            burst: window(.burst), search: window(.search), associations: window(.associations), forms: window(.forms),
            daily: Day(
                limit: snapshot.dayLimit, used: snapshot.dayUsed, remaining: snapshot.dayRemaining,
                resetsAt: snapshot.dayEndsAt.map(time)),
            queue: Queue(waiting: await limiter.waiting, inFlight: await limiter.inFlight),
            totals: await limiter.totals, source: snapshot.limitsWereLearnt ? .headers : source,
            store: await limiter.storeKind,
            console: Console(open: snapshot.consoles, kept: reserve?.kept ?? 0, cost: reserve?.cost ?? 0))
    }
}
