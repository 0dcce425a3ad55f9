import Testing

@testable import Journal

@Suite("What goes into one commit") struct GroupCommitTests {
    private var commits = GroupCommit()

    private func write(_ number: Int64) -> Write {
        var write = Write(at: 0, method: "PATCH", path: "/crm/objects/2026-09/contacts/\(number)", action: .update)
        write.number = number
        return write
    }

    @Test mutating func `is all that waits when it begins`() {
        let first = commits.intend([write(1)], run: 7)
        let second = commits.intend([write(2), write(3)], run: 7)
        #expect(first.starts && !second.starts)
        let batch = commits.next()
        #expect(batch?.changes == [.intend(run: 7, [write(1)]), .intend(run: 7, [write(2), write(3)])])
        #expect(batch?.tickets == [first.ticket, second.ticket])
        let none = commits.next()
        let later = commits.intend([write(4)], run: 7)
        #expect(none == nil && later.starts)
    }

    @Test mutating func `waits for the disk only where somebody waits for it`() {
        _ = commits.settle([Settlement(1, .done)], run: 7)
        let fates = commits.next()
        #expect(fates?.isDurable == false)
        _ = commits.settle([Settlement(2, .done)], run: 7)
        _ = commits.intend([write(3)], run: 7)
        let both = commits.next()
        #expect(both?.isDurable == true)
    }

    @Test mutating func `is bounded, and the rest goes with the next`() {
        let size = GroupCommit.most / 2 + 1
        for _ in 0..<3 { _ = commits.intend((0..<size).map { write(Int64($0)) }, run: 1) }
        var sizes: [Int?] = []
        for _ in 0..<4 { sizes.append(commits.next()?.tickets.count) }
        #expect(sizes == [1, 1, 1, nil])
    }

    @Test mutating func `keeps fates that the disk did not take, and gives intents up`() throws {
        _ = commits.settle([Settlement(1, .done)], run: 7)
        let kept = commits.intend([write(2)], run: 7)
        let next = commits.next()
        let batch = try #require(next)
        let late = commits.intend([write(3)], run: 7)
        let givenUp = commits.fail(batch)
        #expect(givenUp == [kept.ticket, late.ticket])
        // The next change tries again.
        let starts = commits.settle([Settlement(4, .failed)], run: 7)
        let again = commits.next()?.changes
        #expect(starts)
        #expect(again == [.settle(run: 7, [Settlement(1, .done)]), .settle(run: 7, [Settlement(4, .failed)])])
    }
}
