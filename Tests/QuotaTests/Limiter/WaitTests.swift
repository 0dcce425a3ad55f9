import Testing

@testable import Quota

@Suite("Why a line waits") struct WaitDiaryTests {
    private static let full = WaitReason.full(.burst, limit: 10, window: .seconds(10), others: 0)

    @Test func `is told for the time that somebody stood in it`() {
        var diary = WaitDiary()
        diary.note(Self.full, for: .burst, at: .seconds(1), oldest: .zero)
        diary.note(
            .full(.burst, limit: 10, window: .seconds(10), others: 3), for: .burst, at: .seconds(2), oldest: .zero)
        diary.note(.inFlight(limit: 4), for: .burst, at: .seconds(5), oldest: .zero)
        let intervals = diary.intervals(of: .burst, from: .seconds(3), to: .seconds(6))
        #expect(intervals.map(\.from) == [.seconds(3), .seconds(5)])
        #expect(intervals.map(\.to) == [.seconds(5), .seconds(6)])
        #expect(intervals.map(\.reason.name) == ["window_full", "in_flight"])
        #expect(diary.intervals(of: .search, from: .zero, to: .seconds(6)).isEmpty)
        diary.forget(.burst)
        #expect(diary.intervals(of: .burst, from: .zero, to: .seconds(6)).isEmpty)
    }

    @Test func `does not grow without end`() {
        var diary = WaitDiary()
        for second in 0..<10_000 {
            let reason: WaitReason = second % 2 == 0 ? Self.full : .inFlight(limit: 4)
            diary.note(reason, for: .burst, at: .seconds(second), oldest: .seconds(second - 5))
        }
        #expect(diary.intervals(of: .burst, from: .zero, to: .seconds(10_000)).count < 400)
        let last = diary.intervals(of: .burst, from: .seconds(9_990), to: .seconds(10_000))
        #expect(last.reduce(.zero) { $0 + ($1.to - $1.from) } == .seconds(10))
    }

    @Test(
        arguments: [
            (10, 0, 0, nil, "window_full"), (10, 4, 0, nil, "window_full"), (3, 0, 0, Duration.seconds(5), "closed"),
        ] as [(Int, Int, Int, Duration?, String)])
    func `follows from the store's state`(used: Int, foreign: Int, unanswered: Int, closed: Duration?, name: String) {
        let window = QuotaSnapshot.Window(
            allowance: .limited(count: 10, per: .seconds(10)), used: used, window: .seconds(10), clearsAt: .seconds(10),
            closedUntil: closed, foreign: foreign, unanswered: unanswered)
        let snapshot = QuotaSnapshot(windows: [.burst: window], dayUsed: 0, limitsWereLearnt: true)
        let reason = snapshot.reason(for: [.burst, .day], .bulk)
        #expect(reason?.name == name)
        if foreign > 0 { #expect(reason?.description == "burst window full (10 in 10 s, 4 used by others)") }
    }

    @Test func `may be that five forms are unanswered, or that a person goes first`() {
        let forms = QuotaSnapshot.Window(
            allowance: .limited(count: 50, per: .seconds(10)), used: 5, window: .seconds(10), clearsAt: .zero,
            unanswered: 5)
        var snapshot = QuotaSnapshot(windows: [.forms: forms], dayUsed: 0, limitsWereLearnt: true)
        #expect(snapshot.reason(for: .forms, .bulk) == .unanswered(.forms, limit: 5))
        snapshot.windows[.forms]?.unanswered = 0
        snapshot.typedWaits = .forms
        #expect(snapshot.reason(for: .forms, .bulk) == .typedFirst)
    }
}

@Suite("The time for many requests") struct WindowTimeTests {
    private func window(used: Int) -> QuotaSnapshot.Window {
        QuotaSnapshot.Window(
            allowance: .limited(count: 10, per: .seconds(10)), used: used, window: .seconds(10), clearsAt: .seconds(4))
    }

    /// B requests take at least floor((B - 1) / N) windows and round trips.
    @Test(arguments: [(1, 0), (10, 0), (11, 1), (20, 1), (21, 2), (101, 10)])
    func `is that of the bound where nothing is used`(requests: Int, rounds: Int) {
        let time = window(used: 0).time(for: requests, from: .zero, answer: .milliseconds(100))
        #expect(time == (.seconds(10) + .milliseconds(100)) * rounds)
    }

    @Test func `takes what is used into account`() {
        #expect(window(used: 7).time(for: 3, from: .zero, answer: .zero) == .zero)
        #expect(window(used: 7).time(for: 4, from: .zero, answer: .zero) == .seconds(4))
        #expect(window(used: 7).time(for: 13, from: .zero, answer: .zero) == .seconds(10))
        #expect(window(used: 7).time(for: 14, from: .zero, answer: .zero) == .seconds(14))
        var closed = window(used: 0)
        closed.closedUntil = .seconds(3)
        #expect(closed.time(for: 1, from: .seconds(1), answer: .zero) == .seconds(2))
    }
}
