import Synchronization
import TestSupport
import Testing

@testable import HubSpot

@Suite("The order of writes") struct WriteOrderTests {
    private static let key = WriteOrder.Key(.contacts, .email("Ada@example.org"))

    @Test func `takes emails for the same in any case, and 0-1 for contacts`() {
        #expect(Self.key == WriteOrder.Key(ObjectType("0-1"), .email("ada@EXAMPLE.org")))
        #expect(Self.key != WriteOrder.Key(.contacts, .id("ada@example.org")))
    }

    @Test func `lets the second go after everyone has let go of the first`() async throws {
        let order = WriteOrder()
        let first = try await order.enter(Self.key)
        first.hold()
        let second = Task { try await order.enter(Self.key) }
        first.letGo()
        let cancelled = Task { try await order.enter(Self.key) }
        cancelled.cancel()
        #expect(await failure { try await cancelled.value }?.kind == .cancelled)
        first.letGo()
        try await second.value.letGo()
        try await order.enter(Self.key).letGo()
    }

    @Test func `keeps call order between a batch and writes to one of its records`() async throws {
        let order = WriteOrder()
        let (one, two) = (WriteOrder.Key(.contacts, .id("1")), WriteOrder.Key(.contacts, .id("2")))
        let first = try await order.enter(one)
        let batch = Task { try await order.enter([one, two]) }
        // In both lines, though the second one is free.
        #expect(await eventually { order.count == 2 })
        let later = Task { try await order.enter(two) }
        first.letGo()
        let turn = try await batch.value
        turn.letGo()
        try await later.value.letGo()
        #expect(order.count == 0)
    }

    @Test func `lets go of what a cancelled batch held`() async throws {
        let order = WriteOrder()
        let (one, two) = (WriteOrder.Key(.contacts, .id("1")), WriteOrder.Key(.contacts, .id("2")))
        let first = try await order.enter(one)
        let batch = Task { try await order.enter([one, two]) }
        #expect(await eventually { order.count == 2 })
        let later = Task { try await order.enter(two) }
        batch.cancel()
        #expect(await failure { try await batch.value }?.kind == .cancelled)
        try await later.value.letGo()
        first.letGo()
        #expect(order.count == 0)
    }

    private static func key(_ record: RecordReference) -> WriteOrder.Key { WriteOrder.Key(.contacts, record) }

    @Test func `keeps call order where two writes find out later that their record is one`() async throws {
        let order = WriteOrder()
        let holder = try await order.enter(Self.key(.id("1")))
        let first = try await order.enter(Self.key(.email("a@example.org")))
        let second = try await order.enter(Self.key(.email("b@example.org")))
        second.claim(Self.key(.id("1")), namedBy: Self.key(.email("b@example.org")))
        first.claim(Self.key(.id("1")), namedBy: Self.key(.email("a@example.org")))
        let went = Mutex<[String]>([])
        let late = Task {
            try await second.untilClaimed()
            went.withLock { $0.append("second") }
            second.letGo()
        }
        holder.letGo()
        try await first.untilClaimed()
        went.withLock { $0.append("first") }
        first.letGo()
        try await late.value
        #expect(went.withLock { $0 } == ["first", "second"])
        #expect(order.count == 0)
    }

    @Test func `has no two writes wait for each other`() async throws {
        let order = WriteOrder()
        let (address, id) = (Self.key(.email("a@example.org")), Self.key(.id("1")))
        let first = try await order.enter(address)
        // Stands first for the record, and waits for the address.
        let list = Task { try await order.enter([id, address]) }
        #expect(await eventually { order.count == 2 })
        first.claim(id, namedBy: address)
        try await first.untilClaimed()
        first.letGo()
        try await list.value.letGo()
        #expect(order.count == 0)
    }

    @Test func `has no two lists wait for each other whose addresses turn out to name each other's records`()
        async throws
    {
        let order = WriteOrder()
        let (a, b) = (Self.key(.email("a@example.org")), Self.key(.email("b@example.org")))
        let (one, two) = (Self.key(.id("1")), Self.key(.id("2")))
        let first = try await order.enter([one, a])
        let second = try await order.enter([two, b])
        first.claim(two, namedBy: a)
        second.claim(one, namedBy: b)
        let writes = [first, second].map { turn in
            Task {
                try await turn.untilClaimed()
                turn.letGo()
            }
        }
        #expect(await eventually { order.count == 0 })
        for write in writes {
            write.cancel()
            _ = await write.result
        }
    }

    /// Lists of records and addresses that are claimed in any order: each comes to its end.
    @Test(arguments: 1...200) func `has an end for all, whatever the addresses turn out to name`(seed: Int) async throws
    {
        var dice = SeededGenerator(seed)
        let order = WriteOrder()
        let ids = (0..<4).map { Self.key(.id("\($0)")) }
        let addresses = (0..<6).map { Self.key(.email("\($0)@example.org")) }
        let named = addresses.map { ($0, ids.randomElement(using: &dice)!) }
        let all = ids + addresses
        let writes = (0..<8).map { _ in
            let keys = Array(
                Set((0..<Int.random(in: 1...3, using: &dice)).map { _ in all.randomElement(using: &dice)! }))
            let claims = named.filter { keys.contains($0.0) }.shuffled(using: &dice)
            return Task {
                let turn = try await order.enter(keys)
                for (address, record) in claims {
                    await Task.yield()
                    turn.claim(record, namedBy: address)
                }
                try await turn.untilClaimed()
                await Task.yield()
                turn.letGo()
            }
        }
        #expect(await eventually { order.count == 0 })
        for write in writes {
            write.cancel()
            _ = await write.result
        }
    }

    @Test func `lets go of what a cancelled claim held`() async throws {
        let order = WriteOrder()
        let holder = try await order.enter(Self.key(.id("1")))
        let write = try await order.enter(Self.key(.email("a@example.org")))
        write.claim(Self.key(.id("1")), namedBy: Self.key(.email("a@example.org")))
        let claim = Task { try await write.untilClaimed() }
        claim.cancel()
        #expect(await failure { try await claim.value }?.kind == .cancelled)
        write.letGo()
        holder.letGo()
        #expect(order.count == 0)
    }

    @Test func `knows the record of what waits for the same address`() async throws {
        let order = WriteOrder()
        let (address, other, id) = (
            Self.key(.email("a@example.org")), Self.key(.email("b@example.org")), Self.key(.id("1"))
        )
        let first = try await order.enter(address)
        let went = Mutex<[String]>([])
        let second = Task {
            let turn = try await order.enter(address)
            went.withLock { $0.append("second") }
            turn.letGo()
        }
        #expect(await eventually { order.waiting == 1 })
        let third = try await order.enter(other)
        first.claim(id, namedBy: address)
        third.claim(id, namedBy: other)
        first.letGo()
        try await third.untilClaimed()
        went.withLock { $0.append("third") }
        third.letGo()
        try await second.value
        #expect(went.withLock { $0 } == ["second", "third"])
        #expect(order.count == 0)
    }
}
