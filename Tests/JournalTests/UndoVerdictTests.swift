import Testing

@testable import Journal

@Suite("A property that a run has changed") struct UndoVerdictTests {
    /// By the server's clock, in which the run wrote between 99,000 and 101,000.
    private func change(
        before: String? = nil, first: String = "Rome", last: String = "Rome", isDone: Bool = true
    ) -> UndoPlan.Change {
        .init(
            name: "city", before: before,
            first: .init(
                value: first, moment: .init(earliest: 99_000, likeliest: 99_500, latest: 101_000), isDone: isDone),
            last: last)
    }

    /// - Parameter versions: The latest first.
    private func present(_ value: String, _ versions: (String, Int64)..., source: String? = nil) -> UndoPlan.Present {
        .init(value: value, history: versions.map { .init(value: $0, at: $1, source: source) })
    }

    @Test func `gets the value back that was read before`() {
        #expect(change(before: "Bonn").verdict(present("Rome")) == .restore("Bonn"))
        #expect(change(before: "Bonn", last: "Oslo").verdict(present("Oslo")) == .restore("Bonn"))
    }

    @Test func `stays where it was changed since, and where it is as before`() {
        #expect(change(before: "Bonn").verdict(present("Oslo")) == .changed(now: "Oslo", before: "Bonn"))
        #expect(change(before: "Bonn").verdict(present("Bonn")) == .asBefore)
        #expect(change(before: "Rome").verdict(present("Rome")) == .asBefore)
    }

    @Test func `finds its old value in its history`() {
        let history = present("Rome", ("Rome", 99_990), ("Bonn", 50_000), ("Rome", 10_000))
        #expect(change().verdict(history) == .restore("Bonn"))
        #expect(change().verdict(present("Rome", ("Rome", 99_990))) == .restore(""))
    }

    @Test func `is as before where the run's value is older than the run`() {
        #expect(change().verdict(present("Rome", ("Rome", 98_999), ("Oslo", 98_000))) == .asBefore)
        #expect(change().verdict(present("Rome", ("Rome", 10_000))) == .asBefore)
        #expect(change(first: "", last: "").verdict(present("")) == .asBefore)
    }

    /// The first of the run's values was there already, the others were not.
    @Test func `gets the value back that was there when the run began`() {
        let history = present("Bari", ("Bari", 99_992), ("Bonn", 99_991), ("Rome", 90_000), ("Oslo", 80_000))
        #expect(change(first: "Rome", last: "Bari").verdict(history) == .restore("Rome"))
    }

    /// The first value changed nothing, and came back with a later one.
    @Test func `gets the value back that stood when the run began, also where the run has set it again`() {
        let history = present("", ("", 99_993), ("Kyiv", 99_992), ("Rome", 99_991))
        #expect(change(first: "", last: "").verdict(history) == .asBefore)
        #expect(change(first: "", last: "Kyiv").verdict(present("Kyiv", ("Kyiv", 99_991))) == .restore(""))
        let other = present("Rome", ("Rome", 99_991), ("Oslo", 99_100), ("Rome", 5_000))
        #expect(change().verdict(other) == .unclear(perhaps: "Oslo"))
    }

    @Test func `is told from a later write of the same value`() {
        let history = present("Rome", ("Rome", 300_000), ("Oslo", 200_000), ("Rome", 99_990), ("Bonn", 50_000))
        #expect(change().verdict(history) == .restore("Bonn"))
    }

    @Test func `is unclear where the clocks do not tell who wrote first`() {
        let history = present("Rome", ("Rome", 99_200), ("Bonn", 50_000))
        #expect(change().verdict(history) == .unclear(perhaps: "Bonn"))
    }

    @Test func `is unclear where a person set the same value at the same time`() {
        let history = present("Rome", ("Rome", 99_990), ("Bonn", 50_000), source: "CRM_UI")
        #expect(change().verdict(history) == .unclear(perhaps: "Bonn"))
    }

    @Test func `is unclear where HubSpot keeps no history of it, or not all of it`() {
        #expect(change().verdict(present("Rome")) == .unclear(perhaps: nil))
        #expect(change().verdict(present("Rome", ("Paris", 10_000))) == .unclear(perhaps: nil))
        let full = (0..<20).map { UndoPlan.Version(value: "Rome", at: 99_990 + Int64(20 - $0)) }
        #expect(change().verdict(.init(value: "Rome", history: full)) == .unclear(perhaps: nil))
    }

    @Test func `is as before where a write of unknown fate has left no trace`() {
        #expect(change(isDone: false).verdict(present("Oslo", ("Oslo", 50_000))) == .asBefore)
        #expect(change(isDone: false).verdict(present("Rome", ("Rome", 99_990), ("Oslo", 5_000))) == .restore("Oslo"))
    }
}

@Suite("The difference of two clocks") struct ClockDifferenceTests {
    private func write(at: Int64, received: Int64? = nil, answered: String? = nil, served: Int64? = nil) -> Write {
        var write = Write(at: at, method: "PATCH", path: "/", action: .update, type: "contacts", id: "1")
        (write.received, write.answered, write.served) = (received, answered, served)
        return write
    }

    @Test func `lies within what the answers tell`() {
        // The server is five seconds ahead; its header tells whole seconds.
        let writes = [
            write(at: 10_000, received: 10_100, answered: "1970-01-01T00:00:15.060Z", served: 15_000),
            write(at: 12_900, received: 13_000, served: 17_000),
        ]
        let difference = ClockDifference(writes)
        #expect(difference == .init(least: 4_960, most: 6_100))
        #expect(
            difference.moment(of: writes[1]) == .init(earliest: 17_860, likeliest: 17_860, latest: 19_100))
    }

    @Test func `takes the clocks for equal where they may be`() {
        let one = write(at: 10_300, received: 10_400, served: 10_000)
        #expect(
            ClockDifference([one]).moment(of: one) == .init(earliest: 8_900, likeliest: 10_300, latest: 12_100))
    }

    @Test func `is unknown without answers, and where they contradict one another`() {
        let silent = write(at: 500_000)
        let unknown = UndoPlan.Moment(earliest: 380_000, likeliest: 500_000, latest: 740_000)
        #expect(ClockDifference([silent]).moment(of: silent) == unknown)
        let ahead = write(at: 500_000, received: 500_100, served: 600_000)
        let behind = write(at: 500_000, received: 500_100, served: 400_000)
        #expect(ClockDifference([ahead, behind]).moment(of: silent) == unknown)
    }
}
