package import Quota

/// What a ``WritePlan`` costs: how long it takes at the quota as it is now, and how much of the day.
package struct PlanEstimate: Sendable, Equatable {
    package var counts: WritePlan.Counts
    /// From the first request to the last answer.
    package var time: Duration
    /// The window that takes longest; nil where none is full.
    package var slowest: Lane?
    /// The account's day; nil until known, infinite without a limit.
    package var dayLimit: Double?
    package var dayRemaining: Double?

    /// The part of a day's quota, in 0...1 and beyond; nil where that is not known.
    package var dayShare: Double? {
        dayLimit.flatMap { $0 > 0 ? $0.isFinite ? Double(counts.requestsOfDay) / $0 : 0 : nil }
    }

    /// False where the day has not so many requests left.
    package var fitsDay: Bool { dayRemaining.map { Double(counts.requestsOfDay) <= $0 } ?? true }

    /// - Parameters:
    ///   - answer: How long an answer takes.
    ///   - concurrency: Requests in flight at most.
    init(_ counts: WritePlan.Counts, _ snapshot: QuotaSnapshot, at now: Duration, answer: Duration, concurrency: Int) {
        self.counts = counts
        dayLimit = snapshot.dayLimit
        dayRemaining = snapshot.dayRemaining
        time = counts.requests == 0 ? .zero : answer * Double((counts.requests - 1) / max(1, concurrency) + 1)
        for (lane, requests) in counts.requestsOfLane.sorted(by: { $0.key.index < $1.key.index }) {
            guard let window = snapshot.windows[lane], requests > 0 else { continue }
            let laneTime = window.time(for: requests, from: now, answer: answer) + answer
            if laneTime > time {
                time = laneTime
                slowest = lane
            }
        }
    }
}

extension Session {
    /// How long it takes from now until that many requests are let into the lane; nil where it cannot be known.
    package func time(for requests: Int, in lane: Lane) async -> Duration? {
        guard requests > 0, let window = try? await limiterSnapshot().windows[lane] else { return nil }
        return window.time(for: requests, from: configuration.clock.now, answer: usualAnswer ?? .milliseconds(100))
    }

    /// What the plan costs at the quota as it is now.
    package func estimate(_ plan: WritePlan) async throws(HubSpotError) -> PlanEstimate {
        try await estimate(plan.counts)
    }

    package func estimate(_ counts: WritePlan.Counts) async throws(HubSpotError) -> PlanEstimate {
        let snapshot = try await limiterSnapshot()
        return PlanEstimate(
            counts, snapshot, at: configuration.clock.now, answer: usualAnswer ?? .milliseconds(100),
            concurrency: configuration.concurrency)
    }
}
