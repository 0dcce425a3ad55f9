import Logging
import TestSupport
import Testing

@testable import HubSpot
import Quota

@Suite("The limits") struct LimitsStateTests {
    private let clock = ManualClock()

    private func limiter(_ limits: String) throws -> Limiter {
        var configuration = SessionConfiguration()
        configuration.quota = try QuotaSpecification(limits)
        configuration.clock = clock
        configuration.logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return configuration.makeLimiter(token: FetchOnce { () async throws(HubSpotError) in throw .cancelled })
    }

    private func acquire(_ limiter: Limiter, _ lanes: LaneSet = [.burst, .day]) async throws -> Permit {
        let demand = PermitDemand(lanes: lanes, priority: .bulk, lifetime: .seconds(32))
        return try await limiter.acquire(demand, ticket: limiter.ticket(.bulk), records: 1, isBatch: false)
    }

    @Test func `tells the state in the contract's terms`() async throws {
        let limiter = try limiter("190/10s,1000/day")
        let permit = try await acquire(limiter)
        clock.advance(by: .seconds(1))
        await limiter.release(permit, .answered(ObservedLimits(status: 429)))
        await limiter.learn(accountID: 1, dayEndsAt: .seconds(3600))
        clock.advance(by: .seconds(4))
        let state = try await LimitsState(of: limiter, source: .option, clock: clock)
        #expect(state.burst == .init(limit: 190, used: 1, remaining: 189, window: .seconds(10), resetsIn: .seconds(6)))
        #expect(state.search == .init(limit: 5, used: 0, remaining: 5, window: .seconds(1), resetsIn: .zero))
        #expect(state.daily == .init(limit: 1000, used: 1, remaining: 999, resetsAt: "2026-11-22T01:00:00Z"))
        #expect(state.totals.requests == 1)
        #expect(state.totals.throttled == 1)
        #expect(state.source == .option)
        #expect(state.store == .memory)
    }

    @Test func `tells how long a lane stays closed after a 429`() async throws {
        let limiter = try limiter("190/10s")
        let permit = try await acquire(limiter, .forms)
        var refused = ObservedLimits(status: 429)
        refused.refusal = .init(scope: .lane(.forms), wait: .seconds(60))
        await limiter.release(permit, .answered(refused))
        clock.advance(by: .seconds(20))
        let state = try await LimitsState(of: limiter, source: .option, clock: clock)
        #expect(state.forms.closedFor == .seconds(40))
        #expect(state.forms.remaining == 0)
        #expect(state.burst.closedFor == nil)
    }

    @Test(
        arguments: [
            (.cancelled, .cancelled, "cancelled", nil), (.closed, .cancelled, "session is closed", nil),
            (.dayIsOver(isReserved: false, startsIn: .seconds(3599)), .dailyLimit, "in 60 min", .seconds(3599)),
            (.dayIsOver(isReserved: true, startsIn: nil), .dailyLimit, "kept from bulk work", nil),
            (.neverFree(3, limit: 2), .invalidArgument, "limit is 2", nil),
            (
                .unreachable(StoreProblem(store: "a file", reason: "gone", .patience)), .unavailable,
                "store_required",
                nil
            ),
        ] as [(QuotaError, HubSpotError.Kind, String, Duration?)])
    func `name what is missing where a call may not go`(
        error: QuotaError, kind: HubSpotError.Kind, words: String, retryAfter: Duration?
    ) {
        let seen = HubSpotError(error) { $0 == .doWithoutStore ? "store_required" : $0.description }
        #expect(seen.kind == kind)
        #expect(seen.message.contains(words))
        #expect(seen.retryAfter == retryAfter)
    }
}
