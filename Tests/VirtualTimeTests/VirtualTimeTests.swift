import Synchronization
import Testing

@testable import VirtualTime

/// What happened, in order.
private final class Diary: Sendable {
    private let entries = Mutex<[String]>([])
    var lines: [String] { entries.withLock { $0 } }
    func note(_ line: String) { entries.withLock { $0.append(line) } }
}

/// Runs `body` on a clock's executor, and ends its thread afterwards.
private func onVirtualTime<Value: Sendable>(
    _ body: @escaping @Sendable (VirtualTime) async throws -> Value
) async throws -> Value {
    let time = VirtualTime()
    defer { time.stop() }
    return try await Task(executorPreference: time) { try await body(time) }.value
}

@Suite("A virtual clock") struct VirtualTimeTests {
    @Test func `goes from timer to timer at once`() async throws {
        let begun = ContinuousClock.now
        let end = try await onVirtualTime { time in
            for _ in 0..<1000 { try await time.sleep(until: time.now + .seconds(3600)) }
            return time.now
        }
        #expect(end == .seconds(3_600_000))
        #expect(begun.duration(to: .now) < .seconds(3600))
    }

    @Test func `wakes sleepers in the order of their times, and equal ones in that of their calls`() async throws {
        let diary = Diary()
        try await onVirtualTime { time in
            await withTaskGroup { group in
                for (index, seconds) in [30, 10, 20, 10, 0].enumerated() {
                    group.addTask {
                        try? await time.sleep(until: .seconds(seconds))
                        diary.note("\(index) at \(time.now)")
                    }
                }
            }
        }
        #expect(
            diary.lines == [
                "4 at 0.0 seconds", "1 at 10.0 seconds", "3 at 10.0 seconds", "2 at 20.0 seconds", "0 at 30.0 seconds",
            ])
    }

    @Test func `fires one timer, and the next when all that followed is done`() async throws {
        let diary = Diary()
        try await onVirtualTime { time in
            async let first: Void = {
                try await time.sleep(until: .seconds(1))
                for step in 0..<50 {
                    await Task.yield()
                    if step == 49 { diary.note("first is done") }
                }
            }()
            async let second: Void = {
                try await time.sleep(until: .seconds(1))
                diary.note("second")
            }()
            _ = try await (first, second)
        }
        #expect(diary.lines == ["first is done", "second"])
    }

    @Test func `stands still while somebody holds it`() async throws {
        let time = VirtualTime()
        defer { time.stop() }
        let hold = time.hold()
        let fired = AsyncStream<Void>.makeStream()
        let isFree = Mutex(false)
        _ = time.schedule(at: .seconds(5)) {
            #expect(isFree.withLock { $0 })
            fired.continuation.yield()
        }
        // What its thread runs meanwhile does not move it.
        await Task(executorPreference: time) { for _ in 0..<1000 { await Task.yield() } }.value
        #expect(time.now == .zero)
        isFree.withLock { $0 = true }
        hold.end()
        hold.end()
        var events = fired.stream.makeAsyncIterator()
        await events.next()
        #expect(time.now == .seconds(5))
    }

    @Test func `never fires what was cancelled, and forgets it`() async throws {
        let time = VirtualTime()
        defer { time.stop() }
        let hold = time.hold()
        let diary = Diary()
        for number in 0..<10_000 {
            let alarm = time.schedule(at: .seconds(number)) { diary.note("\(number)") }
            if number != 5_000 { alarm.cancel() }
        }
        #expect(time.rememberedTimers < 200)
        hold.end()
        try await Task(executorPreference: time) { try await time.sleep(until: .seconds(20_000)) }.value
        #expect(diary.lines == ["5000"])
    }

    @Test func `lets a sleeper go that is cancelled`() async throws {
        let time = VirtualTime()
        defer { time.stop() }
        let hold = time.hold()
        let sleeper = Task(executorPreference: time) { try await time.sleep(until: .seconds(60)) }
        while time.change({ $0.actions.isEmpty }) { await Task.yield() }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        let late = Task(executorPreference: time) { try await time.sleep(until: .seconds(60)) }
        late.cancel()
        await #expect(throws: CancellationError.self) { try await late.value }
        hold.end()
        #expect(time.now == .zero)
    }

    @Test func `can be moved on, and what is due then comes in its order`() async throws {
        let diary = Diary()
        try await onVirtualTime { time in
            let hold = time.hold()
            for seconds in [7, 3] {
                _ = time.schedule(at: .seconds(seconds)) { diary.note("\(seconds) at \(time.now)") }
            }
            time.advance(by: .seconds(100))
            time.advance(by: .seconds(-5))
            hold.end()
            try await time.sleep(until: .seconds(101))
        }
        #expect(diary.lines == ["3 at 100.0 seconds", "7 at 100.0 seconds"])
    }
}

@Suite("Requests under a virtual clock") struct RequestTests {
    /// A client's request and the server's work on it, on tasks that the clock knows nothing of.
    private func send(
        _ time: VirtualTime, _ flight: VirtualTime.Flight, after turns: Int = 0,
        work: @escaping @Sendable () async -> Void
    ) async {
        let server = Task.detached {
            for _ in 0..<turns { await Task.yield() }
            await time.serving(flight.number) { await work() }
        }
        await server.value
        flight.end()
    }

    @Test func `hold it on the wire and at work, and not while they wait in the server`() async throws {
        let times = try await onVirtualTime { time in
            let flight = time.flight()
            let observed = Mutex<[Duration]>([])
            _ = time.schedule(at: .seconds(1)) { observed.withLock { $0.append(time.now) } }
            await send(time, flight, after: 100) {
                for _ in 0..<100 { await Task.yield() }
                observed.withLock { $0.append(time.now) }
                try? await time.sleep(until: .seconds(2))
                for _ in 0..<100 { await Task.yield() }
                observed.withLock { $0.append(time.now) }
            }
            return observed.withLock { $0 }
        }
        #expect(times == [.zero, .seconds(1), .seconds(2)])
    }

    @Test func `of one instant are served one after another, as they were sent`() async throws {
        let diary = Diary()
        try await onVirtualTime { time in
            let hold = time.hold()
            let flights = (0..<20).map { _ in time.flight() }
            hold.end()
            await withTaskGroup { group in
                for (index, flight) in flights.enumerated() {
                    // The last ones arrive first.
                    group.addTask {
                        await send(time, flight, after: (20 - index) * 20) {
                            diary.note("\(index) begins")
                            for _ in 0..<10 { await Task.yield() }
                            diary.note("\(index) ends")
                        }
                    }
                }
            }
            #expect(time.now == .zero)
        }
        #expect(diary.lines == (0..<20).flatMap { ["\($0) begins", "\($0) ends"] })
    }

    @Test func `whose sender is gone hold nothing`() async throws {
        let end = try await onVirtualTime { time in
            let flight = time.flight()
            let gone = AsyncStream<Void>.makeStream()
            let server = Task.detached {
                await time.serving(flight.number) {
                    await time.abandoned { for await _ in gone.stream { break } }
                }
            }
            // The client's deadline comes, although the server never answers.
            try await time.sleep(until: .seconds(30))
            flight.end()
            flight.end()
            gone.continuation.yield()
            await server.value
            try await time.sleep(until: .seconds(40))
            return time.now
        }
        #expect(end == .seconds(40))
    }

    @Test func `that are given up hold it until their senders have gone on`() async throws {
        let times = try await onVirtualTime { time in
            let flight = time.flight()
            let observed = Mutex<[Duration]>([])
            _ = time.schedule(at: .seconds(31)) { observed.withLock { $0.append(time.now) } }
            let server = Task.detached {
                await time.serving(flight.number) { try? await time.sleep(until: .seconds(60)) }
            }
            try await time.sleep(until: .seconds(30))
            flight.giveUp()
            // What tells the sender takes its way outside of the clock's sight.
            await Task.detached { for _ in 0..<1000 { await Task.yield() } }.value
            observed.withLock { $0.append(time.now) }
            flight.end()
            await server.value
            return observed.withLock { $0 } + [time.now]
        }
        #expect(times == [.seconds(30), .seconds(31), .seconds(60)])
    }

    @Test func `from elsewhere are served at once`() async throws {
        try await onVirtualTime { time in
            let now = await Task.detached {
                await time.serving(nil) {
                    try? await time.sleep(until: .seconds(3))
                    return time.now
                }
            }.value
            #expect(now == .seconds(3))
        }
    }

    @Test(arguments: 1...8) func `go the same way each time`(seed: UInt64) async throws {
        func run() async throws -> [String] {
            let diary = Diary()
            try await onVirtualTime { time in
                await withTaskGroup { group in
                    for client in 0..<12 {
                        group.addTask {
                            var dice = seed &* 97 &+ UInt64(client)
                            func roll(_ sides: UInt64) -> UInt64 {
                                dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                                return (dice >> 33) % sides
                            }
                            for turn in 0..<20 {
                                try? await time.sleep(until: time.now + .milliseconds(roll(50)))
                                let flight = time.flight()
                                let pause = Duration.milliseconds(roll(30))
                                await send(time, flight, after: Int.random(in: 0..<20)) {
                                    diary.note("\(client) \(turn) arrives \(time.now)")
                                    try? await time.sleep(until: time.now + pause)
                                    diary.note("\(client) \(turn) leaves \(time.now)")
                                }
                            }
                        }
                    }
                }
            }
            return diary.lines
        }
        let first = try await run()
        #expect(first.count == 12 * 20 * 2)
        #expect(try await run() == first)
    }
}
