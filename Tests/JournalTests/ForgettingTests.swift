import Testing

@testable import Journal

@Suite("What is forgotten") struct ForgettingTests {
    private static let day = Forgetting.millisecondsPerDay

    @Test func `began so many days before`() {
        #expect(Forgetting.limit(days: 30, now: 100 * Self.day, latest: 99 * Self.day) == 69 * Self.day)
    }

    @Test func `is nothing where the clock alone has jumped ahead`() {
        #expect(Forgetting.limit(days: 30, now: 9_000 * Self.day, latest: 99 * Self.day) == 69 * Self.day)
    }

    @Test func `is nothing more where an earlier run had a wrong clock`() {
        #expect(Forgetting.limit(days: 30, now: 100 * Self.day, latest: 9_000 * Self.day) == 70 * Self.day)
    }

    @Test func `is nothing in a new journal`() {
        #expect(Forgetting.limit(days: 30, now: 100 * Self.day, latest: nil) == nil)
    }
}
