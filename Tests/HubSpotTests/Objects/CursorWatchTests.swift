import Testing

@testable import HubSpot

@Suite("A walk over pages") struct CursorWatchTests {
    /// How many steps it takes until the walk is told to go round; nil within `most`.
    private func steps(_ most: Int, _ cursor: (Int) -> String) -> Int? {
        var watch = CursorWatch()
        for step in 0..<most {
            do throws(HubSpotError) { try watch.step(cursor(step)) } catch {
                #expect(error.kind == .badResponse)
                return step
            }
        }
        return nil
    }

    @Test(arguments: [(0, 1), (0, 2), (3, 2), (700, 1), (0, 1_000), (5_000, 900)])
    func `is stopped where it comes to a page again`(before: Int, circle: Int) {
        #expect(steps(10_000) { "\($0 < before + circle ? $0 : before + ($0 - before) % circle)" } == before + circle)
    }

    @Test(arguments: [(0, 1_001), (10, 5_000), (3_000, 2_000)])
    func `is stopped in a large circle too`(before: Int, circle: Int) throws {
        let found = try #require(steps(100_000) { "\($0 < before ? $0 : before + ($0 - before) % circle)" })
        #expect(found < 4 * (before + circle))
    }

    @Test func `goes on for as long as it gets ahead`() {
        #expect(steps(200_000) { "\($0)" } == nil)
    }

    @Test func `is stopped by an empty cursor`() {
        #expect(steps(3) { $0 < 2 ? "\($0)" : "" } == 2)
    }
}
