/// The state as people read it.
extension QuotaState {
    mutating func snapshot(at now: Duration) -> QuotaSnapshot {
        advance(to: now)
        var windows: [Lane: QuotaSnapshot.Window] = [:]
        for lane in layout.lanes {
            windows[lane] = QuotaSnapshot.Window(
                allowance: self[lane].admitted, used: self[lane].used, window: self[lane].window,
                clearsAt: self[lane].clear(from: now), closedUntil: self[lane].closedUntil,
                foreign: self[lane].foreigners, unanswered: self[lane].inFlight)
        }
        if !consoles.isEmpty {
            windows[layout.primary]?.leftToConsole = primary.leftToConsole(at: now)
            windows[layout.primary]?.console = primary.consoleReserve
        }
        return QuotaSnapshot(
            windows: windows, dayLimit: day.limit, dayUsed: day.used, dayRemaining: day.remaining,
            dayEndsAt: day.resetsAt, limitsWereLearnt: limitsWereLearnt,
            typedWaits: claims.reduce(into: []) { $0.formUnion($1.lanes) }, consoles: consoles.count)
    }

    /// The earliest moment at which that many places of the primary lane are free, as far as it is known.
    mutating func primaryFree(_ count: Int, at now: Duration) -> Duration? {
        advance(to: now)
        return primary.free(count, from: now)
    }
}
