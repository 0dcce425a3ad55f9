import Words

/// The wait of the moment, for people who wait with it.
package struct CurrentWait: Sendable, Equatable {
    package var reason: WaitReason
    /// How long it has been going on.
    package var waited: Duration
    /// How long it still takes, as far as that is known.
    package var left: Duration?
    /// Calls that wait along, this one among them.
    package var queued: Int

    package init(reason: WaitReason, waited: Duration, left: Duration? = nil, queued: Int) {
        self.reason = reason
        self.waited = waited
        self.left = left
        self.queued = queued
    }
}

/// The limiter's memory of why its queues do not move.
struct LimiterWaits: Sendable {
    var diary = WaitDiary()
    /// When each blocked queue was looked into last.
    fileprivate var examined: [LaneSet: Duration] = [:]
    /// The calls that wait outside of the queues: for another try, or for free places.
    fileprivate var sleepers: [Int: Sleeper] = [:]
    fileprivate var lastSleeper = 0

    fileprivate struct Sleeper: Sendable {
        var reason: WaitReason
        var since: Duration
        var until: Duration?
    }

    /// A store is asked for the reason of a wait as often as this at most: with some stores that is a round trip.
    fileprivate static let interval: Duration = .milliseconds(250)
}

extension Limiter {
    /// Writes down why the queues do not move that have not been served.
    func noteWaits(blocked: Set<LaneSet>) async {
        for (lanes, queue) in queues {
            guard let first = queue.first(where: { !$0.isOver }) else {
                waits.diary.forget(lanes)
                waits.examined[lanes] = nil
                continue
            }
            let reason: WaitReason
            if blocked.contains(lanes) {
                let known = waits.diary.reason(for: lanes)
                let isFresh = waits.examined[lanes].map { clock.now - $0 < LimiterWaits.interval } ?? false
                if let known, known.lane != nil || known == .typedFirst, isFresh {
                    reason = known
                } else {
                    waits.examined[lanes] = clock.now
                    let snapshot = try? await store.snapshot()
                    guard let found = snapshot?.reason(for: lanes, first.ticket.priority) else { continue }
                    reason = found
                }
            } else if inFlight >= concurrency {
                reason = .inFlight(limit: concurrency)
            } else {
                continue
            }
            waits.diary.note(reason, for: lanes, at: clock.now, oldest: first.since)
        }
    }

    /// Tells a call that leaves its queue the reasons of its wait.
    func noteWait(of waiter: Waiter) {
        waiter.collector?.add(
            waits.diary.intervals(of: waiter.demand.lanes, from: waiter.since, to: clock.now))
    }

    /// Sleeps until `moment` for a reason that people can ask for meanwhile.
    ///
    /// - Throws: ``QuotaError/cancelled`` as soon as the current task is cancelled.
    package func sleep(until moment: Duration, _ reason: WaitReason) async throws(QuotaError) {
        waits.lastSleeper += 1
        let id = waits.lastSleeper
        waits.sleepers[id] = LimiterWaits.Sleeper(reason: reason, since: clock.now, until: moment)
        defer { waits.sleepers[id] = nil }
        do { try await clock.sleep(until: moment) } catch { throw .cancelled }
    }

    /// The longest wait; nil where nothing waits.
    package func currentWait() -> CurrentWait? {
        let now = clock.now
        var queued = waits.sleepers.count
        var oldest: (since: Duration, reason: WaitReason, until: Duration?)?
        for sleeper in waits.sleepers.values where oldest.map({ sleeper.since < $0.since }) ?? true {
            oldest = (sleeper.since, sleeper.reason, sleeper.until)
        }
        for (lanes, queue) in queues {
            let waiting = queue.filter { !$0.isOver }
            queued += waiting.count
            guard let since = waiting.map(\.since).min(), let reason = waits.diary.reason(for: lanes) else { continue }
            if oldest.map({ since < $0.since }) ?? true { oldest = (since, reason, reason.lane == nil ? nil : wakesAt) }
        }
        guard let oldest else { return nil }
        return CurrentWait(
            reason: oldest.reason, waited: now - oldest.since, left: oldest.until.map { max(.zero, $0 - now) },
            queued: queued)
    }
}

extension PermitDecision {
    /// One line for the log.
    func words(_ demand: PermitDemand, _ layout: QuotaLayout, at now: Duration) -> String {
        let lanes = layout.windows(demand.lanes).map(\.name) + (demand.lanes.contains(.day) ? ["day"] : [])
        let call = "a \(demand.priority == .typed ? "typed" : "bulk") call for \(lanes.joined(separator: ", "))"
        switch self {
        case .granted(let permit): return "\(call) may go (permit \(permit.id))"
        case .wait(let moment?): return "\(call) waits \(max(.zero, moment - now).words)"
        case .wait(nil): return "\(call) waits for another one's answer"
        case .refused(let error): return "\(call) is refused: \(error)"
        }
    }
}
