import Testing

@testable import HubSpot
import Quota

@Suite("The calls that wait for a batch") struct BatchQueueTests {
    private static let pool = BatchQueue.Pool(lanes: [.burst, .day], priority: .bulk)
    private static let update = BatchKind(.contacts, .update(appends: false))
    private static let create = BatchKind(.contacts, .create)
    private var queue = BatchQueue()
    private var last: UInt64 = 0

    private mutating func join(_ kind: BatchKind, _ count: Int, at moment: Duration = .zero) {
        for _ in 0..<count {
            last += 1
            _ = queue.join(kind, .init(id: last, since: moment), Self.pool, size: 100)
        }
    }

    private mutating func send(_ kind: BatchKind) -> Int {
        var left = 100
        queue.take(kind) { _ in
            left -= 1
            return left >= 0 ? .taken : .left
        }
        return queue.begin()
    }

    @Test mutating func `go at once while the quota is ample`() {
        join(Self.update, 100)
        _ = send(Self.update)
        join(Self.create, 1)
        #expect(queue.choose(Self.pool, at: .zero) == .go(Self.create))
    }

    @Test mutating func `wait for the answers that are due once it is used up`() {
        queue.learn(pressure: 0.9, of: Self.pool.lanes)
        join(Self.update, 100)
        let first = send(Self.update)
        join(Self.create, 7)
        #expect(queue.choose(Self.pool, at: .zero) == .hold(until: BatchQueue.patience))
        // What goes out later does not make it wait longer.
        join(Self.update, 100)
        #expect(queue.choose(Self.pool, at: .zero) == .go(Self.update))
        _ = send(Self.update)
        queue.end(first)
        #expect(queue.choose(Self.pool, at: .milliseconds(1)) == .go(Self.create))
    }

    @Test mutating func `wait no longer than patience lasts`() {
        queue.learn(pressure: 1, of: Self.pool.lanes)
        join(Self.update, 100)
        _ = send(Self.update)
        join(Self.create, 7)
        #expect(queue.choose(Self.pool, at: .seconds(1)) == .hold(until: .seconds(1) + BatchQueue.patience))
        #expect(queue.choose(Self.pool, at: .seconds(1) + BatchQueue.patience) == .go(Self.create))
    }

    @Test mutating func `go full ones first, of those the oldest`() {
        join(Self.create, 30, at: .seconds(1))
        join(Self.update, 250, at: .seconds(2))
        #expect(queue.batches(of: Self.pool) == 4)
        #expect(queue.choose(Self.pool, at: .seconds(3)) == .go(Self.update))
        _ = send(Self.update)
        _ = send(Self.update)
        #expect(queue.choose(Self.pool, at: .seconds(3)) == .go(Self.create))
        join(Self.create, 100, at: .seconds(3))
        join(Self.update, 100, at: .seconds(3))
        #expect(queue.choose(Self.pool, at: .seconds(4)) == .go(Self.create))
    }

    @Test mutating func `keep nothing of those that were cancelled`() {
        join(Self.create, 2)
        queue.leave(Self.create)
        #expect(queue.waiting == 1)
        queue.leave(Self.create)
        #expect(queue.waiting == 0 && queue.groups.isEmpty)
        #expect(queue.choose(Self.pool, at: .zero) == .none)
    }

    @Test mutating func `never wait where a person does`() {
        let typed = BatchQueue.Pool(lanes: [.burst, .day], priority: .typed)
        queue.learn(pressure: 1, of: typed.lanes)
        join(Self.update, 100)
        _ = send(Self.update)
        _ = queue.join(Self.create, .init(id: 999, since: .zero), typed, size: 100)
        #expect(queue.choose(typed, at: .zero) == .go(Self.create))
    }
}
