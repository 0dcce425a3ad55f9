import Logging
import TestSupport
import Testing

@testable import Quota

@Suite("The limiter's queue") struct LimiterTests {
    private let clock = ManualClock()

    private func limiter(_ limits: String, concurrency: Int = 100) throws -> Limiter {
        Limiter(
            store: MemoryStore(try .testing(limits), clock: clock), clock: clock,
            concurrency: concurrency, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, program: "test")
    }

    /// A limiter over a file, and the store of another process that shares it.
    private func sharing(_ limits: String, in folder: TemporaryFolder) throws -> (Limiter, other: FileStore) {
        func store() throws -> FileStore {
            FileStore(folder: folder.path, identity: .testing(), rules: try .testing(limits), clock: clock)
        }
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let shared = GuardedStore(try store(), isRequired: true, clock: clock, logger: log)
        let limiter = Limiter(store: shared, clock: clock, concurrency: 9, logger: log, program: "test")
        return (limiter, try store())
    }

    private func acquire(
        _ limiter: Limiter, _ lanes: LaneSet = [.burst, .day], _ priority: CallPriority = .bulk
    ) async throws -> Permit {
        let demand = PermitDemand(lanes: lanes, priority: priority, lifetime: .seconds(32))
        return try await limiter.acquire(demand, ticket: limiter.ticket(priority), records: 1, isBatch: false)
    }

    private func waiting(_ limiter: Limiter) async -> Int {
        await limiter.waiting
    }

    @Test func `lets what was typed go before bulk work, each in its order`() async throws {
        let limiter = try limiter("1/10s")
        let first = try await acquire(limiter)
        let order = Order()
        try await withThrowingTaskGroup { group in
            for (index, priority) in [CallPriority.bulk, .bulk, .typed, .bulk, .typed].enumerated() {
                group.addTask {
                    let permit = try await acquire(limiter, [.burst, .day], priority)
                    await limiter.release(permit, .answered(ObservedLimits(status: 200)))
                    // Not before: the clock moves on once this is seen, and the place is held from the answer.
                    await order.add(index)
                }
                #expect(await eventually { await waiting(limiter) == index + 1 })
            }
            await limiter.release(first, .answered(ObservedLimits(status: 200)))
            for done in 1...5 {
                #expect(await eventually { clock.pending > 0 })
                clock.advance(by: .seconds(10))
                #expect(await eventually { await order.indices.count == done })
            }
            try await group.waitForAll()
        }
        #expect(await order.indices == [2, 4, 0, 1, 3])
    }

    @Test func `holds up no line because another is blocked`() async throws {
        let limiter = try limiter("1/10s,search=5/s")
        let burst = try await acquire(limiter)
        let blocked = Task { try await acquire(limiter) }
        #expect(await eventually { await waiting(limiter) == 1 })
        let search = try await acquire(limiter, [.search, .day])
        #expect(search.lanes == [.search, .day])
        await limiter.release(burst, .unsent)
        _ = try await blocked.value
    }

    @Test func `ends the wait of a cancelled call at once and takes no place for it`() async throws {
        let limiter = try limiter("1/10s")
        let first = try await acquire(limiter)
        let cancelled = Task { try await acquire(limiter) }
        #expect(await eventually { await waiting(limiter) == 1 })
        cancelled.cancel()
        let error = await failure { try await cancelled.value }
        #expect(error == .cancelled)
        #expect(await waiting(limiter) == 0)
        await limiter.release(first, .unsent)
        #expect(try await limiter.snapshot().windows[.burst]?.used == 0)
    }

    @Test func `has no more in flight than the concurrency`() async throws {
        let limiter = try limiter("unlimited", concurrency: 2)
        let first = try await acquire(limiter)
        _ = try await acquire(limiter)
        let third = Task { try await acquire(limiter) }
        #expect(await eventually { await waiting(limiter) == 1 })
        #expect(await limiter.inFlight == 2)
        await limiter.release(first, .answered(ObservedLimits(status: 200)))
        _ = try await third.value
        #expect(await limiter.inFlight == 2)
    }

    @Test func `tells a shared store of an answer together with the next decision, or soon`() async throws {
        let folder = TemporaryFolder()
        let (limiter, other) = try sharing("9/10s", in: folder)
        func unanswered() async throws -> Int { try await other.burst().unanswered }

        await limiter.release(try await acquire(limiter), .answered(ObservedLimits(status: 200)))
        #expect(try await unanswered() == 1)
        let second = try await acquire(limiter)
        #expect(try await unanswered() == 1)
        #expect(try await other.burst().used == 2)
        await limiter.release(second, .answered(ObservedLimits(status: 200)))
        #expect(try await unanswered() == 1)
        #expect(
            try await eventually {
                clock.advance(by: .milliseconds(5))
                return try await unanswered() == 0
            })
        // What is asked in this process knows of every answer.
        await limiter.release(try await acquire(limiter), .answered(ObservedLimits(status: 200)))
        #expect(try await limiter.snapshot().windows[.burst]?.unanswered == 0)
        // Where a lane closes, the others must know at once.
        var refusal = ObservedLimits(status: 429)
        refusal.refusal = .init(scope: .lane(.burst), wait: .seconds(3))
        await limiter.release(try await acquire(limiter), .answered(refusal))
        #expect(try await unanswered() == 0)
        #expect(try await other.permit() == nil)
    }

    @Test func `takes places ahead for calls that follow one another, and gives back what is left`() async throws {
        let folder = TemporaryFolder()
        let (limiter, other) = try sharing("64/10s", in: folder)
        func used() async throws -> Int { try await other.burst().used }
        func call() async throws {
            await limiter.release(try await acquire(limiter), .answered(ObservedLimits(status: 200)))
        }

        // More and more as lots are used up, a sixteenth of the window at most.
        for expected in [1, 3, 3, 6, 6, 6, 11, 11, 11, 11, 11, 16] {
            try await call()
            #expect(try await used() == expected)
        }
        #expect(
            try await eventually {
                clock.advance(by: .milliseconds(5))
                return try await used() == 12
            })
        #expect(try await other.burst().unanswered == 0)
        // Where half of the window is used, every place is asked for by itself.
        for _ in 13...33 { try await call() }
        #expect(try await limiter.snapshot().windows[.burst]?.used == 33)
        try await call()
        #expect(try await used() == 34)
        await limiter.close()
    }

    @Test func `takes none ahead for calls that are far apart, and sends none into a lane that closes`() async throws {
        let folder = TemporaryFolder()
        let (limiter, other) = try sharing("64/10s", in: folder)
        func call(_ answer: ObservedLimits = ObservedLimits(status: 200)) async throws {
            await limiter.release(try await acquire(limiter), .answered(answer))
        }
        for count in 1...4 {
            try await call()
            #expect(try await other.burst().used == count)
            clock.advance(by: .milliseconds(20))
        }
        for _ in 5...8 { try await call() }
        #expect(try await other.burst().used > 8)
        var refusal = ObservedLimits(status: 429)
        refusal.refusal = .init(scope: .lane(.burst), wait: .seconds(3))
        try await call(refusal)
        #expect(try await other.burst().used == 9)
        let held = Task { try await acquire(limiter) }
        #expect(await eventually { await waiting(limiter) == 1 })
        held.cancel()
        await limiter.close()
        #expect(try await other.burst().used == 9)
    }

    @Test func `takes no place ahead of a typed call, nor while a console is open`() async throws {
        let folder = TemporaryFolder()
        let (limiter, other) = try sharing("64/10s", in: folder)
        func call(_ priority: CallPriority) async throws {
            let permit = try await acquire(limiter, [.burst, .day], priority)
            await limiter.release(permit, .answered(ObservedLimits(status: 200)))
        }
        for count in 1...3 {
            try await call(.typed)
            #expect(try await other.burst().used == count)
        }
        try await other.openConsole(for: .seconds(10))
        for count in 4...6 {
            try await call(.bulk)
            #expect(try await other.burst().used == count)
        }
        await limiter.close()
    }

    @Test func `waits until that many burst permits are free`() async throws {
        let limiter = try limiter("2/10s")
        let first = try await acquire(limiter)
        let second = try await acquire(limiter)
        await limiter.release(first, .answered(ObservedLimits(status: 200)))
        clock.advance(by: .seconds(3))
        await limiter.release(second, .answered(ObservedLimits(status: 200)))
        let one = Task { try await limiter.waitForPrimary(1) }
        let two = Task { try await limiter.waitForPrimary(2) }
        #expect(await eventually { clock.pending == 2 })
        clock.advance(by: .seconds(7))
        try await one.value
        #expect(clock.pending == 1)
        clock.advance(by: .seconds(3))
        try await two.value
        let error = await failure { try await limiter.waitForPrimary(3) }
        #expect(error == .neverFree(3, limit: 2))
    }

    @Test func `fails everyone who waits when it is closed`() async throws {
        let limiter = try limiter("1/10s")
        _ = try await acquire(limiter)
        let waiter = Task { try await acquire(limiter) }
        #expect(await eventually { await waiting(limiter) == 1 })
        await limiter.close()
        #expect(await failure { try await waiter.value } == .closed)
        #expect(await failure { try await acquire(limiter) } == .closed)
    }

    @Test func `says when it is closed what the store's decisions took`() async throws {
        let log = LogRecorder()
        let limiter = Limiter(
            store: MemoryStore(try .testing(), clock: clock), clock: clock, concurrency: 10,
            logger: Logger(label: "test") { _ in log }, program: "test")
        let permit = try await acquire(limiter)
        await limiter.release(permit, .answered(ObservedLimits(status: 200)))
        await limiter.close()
        #expect(log.lines("debug").contains { $0.contains("store took") && $0.contains("2 decisions") })
    }

    @Test func `keeps the newest costs of decisions`() {
        var cost = DecisionCost()
        #expect(cost.median == nil)
        for microseconds in 1...10_000 { cost.add(.microseconds(microseconds)) }
        #expect(cost.count == 10_000)
        #expect(cost.median.map { $0 > .microseconds(7_000) } == true)
    }

    private actor Order {
        var indices: [Int] = []
        func add(_ index: Int) { indices.append(index) }
    }
}
