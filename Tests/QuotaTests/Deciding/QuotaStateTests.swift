import Testing

@testable import Quota

@Suite("Lanes and places") struct QuotaStateTests {
    private static let second: Duration = .seconds(1)

    private func demand(_ lanes: LaneSet = [.burst, .day], _ priority: CallPriority = .bulk) -> PermitDemand {
        PermitDemand(lanes: lanes, priority: priority, lifetime: .seconds(32))
    }

    private func take(
        _ state: inout QuotaState, _ lanes: LaneSet = [.burst, .day], at now: Duration,
        _ priority: CallPriority = .bulk
    ) -> Permit? {
        if case .granted(let permit) = state.take(demand(lanes, priority), at: now) { permit } else { nil }
    }

    private func wait(_ state: inout QuotaState, _ lanes: LaneSet = [.burst, .day], at now: Duration) -> Duration?? {
        if case .wait(let until) = state.take(demand(lanes), at: now) { .some(until) } else { nil }
    }

    private func answer(_ status: Int = 200, _ change: (inout ObservedLimits) -> Void = { _ in }) -> PermitOutcome {
        var observation = ObservedLimits(status: status)
        change(&observation)
        return .answered(observation)
    }

    @Test func `hold an answered request's place until its answer and W`() throws {
        var state = QuotaState(try .testing("1/10s"))
        let permit = try #require(take(&state, at: .zero))
        _ = state.settle(permit, answer(), at: .seconds(3))
        #expect(wait(&state, at: .seconds(12.9)) == .some(.seconds(13)))
        #expect(take(&state, at: .seconds(13)) != nil)
    }

    @Test func `hold an unanswered request's place until its deadline and W`() throws {
        var state = QuotaState(try .testing("1/10s"))
        let permit = try #require(take(&state, at: .zero))
        _ = state.settle(permit, .unanswered, at: .seconds(1))
        #expect(wait(&state, at: .seconds(2)) == .some(.seconds(42)))
        #expect(take(&state, at: .seconds(42)) != nil)
    }

    @Test func `free at once what was never sent`() throws {
        var state = QuotaState(try .testing("1/10s"))
        let permit = try #require(take(&state, at: .zero))
        #expect(take(&state, at: .zero) == nil)
        _ = state.settle(permit, .unsent, at: .zero)
        #expect(take(&state, at: .zero) != nil)
    }

    @Test func `book what others use as places that end W after the answer`() throws {
        var state = QuotaState(try .testing("10/10s"))
        let permit = try #require(take(&state, at: .zero))
        _ = state.settle(
            permit, answer { ($0.limit, $0.remaining, $0.window) = (10, 2, .seconds(10)) }, at: .seconds(1))
        // Eight are counted, one is ours.
        #expect(state.snapshot(at: .seconds(1)).windows[.burst]?.used == 8)
        #expect(state.snapshot(at: .seconds(10.9)).windows[.burst]?.used == 8)
        #expect(state.snapshot(at: .seconds(11)).windows[.burst]?.used == 0)
    }

    @Test func `never lose a place to a header`() throws {
        var state = QuotaState(try .testing("10/10s"))
        let permits = try (0..<5).map { _ in try #require(take(&state, at: .zero)) }
        for permit in permits {
            _ = state.settle(permit, answer { ($0.limit, $0.remaining) = (10, 10) }, at: .seconds(1))
        }
        #expect(state.snapshot(at: .seconds(1)).windows[.burst]?.used == 5)
    }

    @Test func `take the lower of option and header, with a notice`() throws {
        var state = QuotaState(try .testing("professional"))
        let permit = try #require(take(&state, at: .zero))
        let notices = state.settle(permit, answer { ($0.limit, $0.window) = (100, .seconds(10)) }, at: .seconds(1))
        #expect(
            notices == [
                .lowered(from: .limited(count: 190, per: .seconds(10)), to: .limited(count: 100, per: .seconds(10)))
            ])
        #expect(state.snapshot(at: .seconds(1)).windows[.burst]?.allowance == .limited(count: 100, per: .seconds(10)))
        #expect(state.snapshot(at: .seconds(1)).limitsWereLearnt)
    }

    @Test func `keep an option that is stricter than the header`() throws {
        var state = QuotaState(try .testing("20/2s,50/day"))
        let permit = try #require(take(&state, at: .zero))
        let notices = state.settle(permit, answer { ($0.limit, $0.window) = (190, .seconds(10)) }, at: .seconds(1))
        #expect(notices.isEmpty)
        #expect(state.snapshot(at: .seconds(1)).windows[.burst]?.allowance == .limited(count: 20, per: .seconds(2)))
    }

    @Test func `learn a higher limit where none was given`() throws {
        var state = QuotaState(try .testing())
        let permit = try #require(take(&state, at: .zero))
        _ = state.settle(permit, answer { ($0.limit, $0.window) = (190, .seconds(10)) }, at: .zero)
        #expect(state.snapshot(at: .zero).windows[.burst]?.allowance == .limited(count: 190, per: .seconds(10)))
    }

    @Test func `are separate for search, burst, associations and forms`() throws {
        var state = QuotaState(try .testing("1/10s,search=1/s,associations=1/10s,forms=1/10s"))
        for lanes: LaneSet in [[.burst, .day], [.search, .day], [.associations, .day], .forms] {
            #expect(take(&state, lanes, at: .zero) != nil)
            #expect(take(&state, lanes, at: .zero) == nil)
        }
    }

    @Test func `let in nobody until all lanes of a request have room`() throws {
        var state = QuotaState(try .testing("5/10s,associations=1/10s"))
        let permit = try #require(take(&state, [.associations, .day], at: .zero))
        _ = state.settle(permit, answer(), at: .seconds(1))
        #expect(wait(&state, [.burst, .associations, .day], at: .seconds(2)) == .some(.seconds(11)))
        #expect(state.snapshot(at: .seconds(2)).windows[.burst]?.used == 0)
    }

    @Test func `have five forms in flight at most`() throws {
        var state = QuotaState(try .testing())
        let permits = try (0..<5).map { _ in try #require(take(&state, .forms, at: .zero)) }
        #expect(take(&state, .forms, at: .zero) == nil)
        _ = state.settle(permits[0], answer(), at: .zero)
        #expect(take(&state, .forms, at: .zero) != nil)
    }

    @Test func `close at the first 429 for as long as it asks`() throws {
        var state = QuotaState(try .testing("unlimited"))
        let permit = try #require(take(&state, .forms, at: .zero))
        let notices = state.settle(
            permit, answer(429) { $0.refusal = .init(scope: .lane(.forms), wait: .seconds(60)) }, at: .seconds(1))
        #expect(notices == [.closed(.forms, for: .seconds(60))])
        #expect(wait(&state, .forms, at: .seconds(2)) == .some(.seconds(61)))
        #expect(take(&state, [.burst, .day], at: .seconds(2)) != nil)
        #expect(take(&state, .forms, at: .seconds(61)) != nil)
    }

    @Test func `refuse for the day once HubSpot did, and ask again later`() throws {
        var state = QuotaState(try .testing())
        let permit = try #require(take(&state, at: .zero))
        _ = state.settle(permit, answer(429) { $0.refusal = .init(scope: .day, wait: .zero) }, at: .zero)
        guard case .refused(let error) = state.take(demand(), at: .seconds(10)) else {
            Issue.record("let in")
            return
        }
        #expect(error == .dayIsOver(isReserved: false, startsIn: nil))
        #expect(take(&state, .forms, at: .seconds(10)) != nil)
        #expect(take(&state, at: .seconds(301)) != nil)
    }

    @Test func `stay refused until the day ends, where that is known`() throws {
        var state = QuotaState(try .testing("2/day"))
        state.learn(dayEndsAt: .seconds(3600))
        for _ in 0..<2 { #expect(take(&state, at: .zero) != nil) }
        guard case .refused(let error) = state.take(demand(), at: .seconds(1)) else {
            Issue.record("let in")
            return
        }
        #expect(error == .dayIsOver(isReserved: false, startsIn: .seconds(3599)))
        #expect(take(&state, at: .seconds(3600)) != nil)
        #expect(state.snapshot(at: .seconds(3600)).dayUsed == 1)
    }

    @Test func `keep the reserve of the day for what a person types`() throws {
        var state = QuotaState(try .testing("10/day", reserve: 0.5))
        for _ in 0..<5 { #expect(take(&state, at: .zero) != nil) }
        #expect(take(&state, at: .zero) == nil)
        #expect(take(&state, at: .zero, .typed) != nil)
    }

    @Test func `count the day by the headers`() throws {
        var state = QuotaState(try .testing())
        let first = try #require(take(&state, at: .zero))
        let second = try #require(take(&state, at: .zero))
        _ = state.settle(first, answer { ($0.dailyLimit, $0.dailyRemaining) = (1000, 600) }, at: .seconds(1))
        // The second was sent since, and may not be in the header's figure.
        #expect(state.snapshot(at: .seconds(1)).dayRemaining == 599)
        _ = state.settle(second, answer { ($0.dailyLimit, $0.dailyRemaining) = (1000, 590) }, at: .seconds(1))
        #expect(state.snapshot(at: .seconds(1)).dayUsed == 410)
    }

    @Test func `forget no place that an answer proves to be in use`() throws {
        // An answer after deadline and W (the machine was suspended) holds a place like any other.
        var state = QuotaState(try .testing("1/10s"))
        let permit = try #require(take(&state, at: .zero))
        _ = state.settle(permit, answer(), at: .seconds(60))
        #expect(wait(&state, at: .seconds(61)) == .some(.seconds(70)))
    }
}
