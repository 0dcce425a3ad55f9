import JSON
import NIOCore
import NIOPosix
import Testing

@testable import Simulator

@Suite("A simulator that drains") struct StopTests {
    private static let patience: Duration = .seconds(30)

    private func connect(_ bench: Bench) async throws -> any Channel {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: bench.simulator.port).get()
    }

    @Test func `finishes what is being answered`() async throws {
        try await Bench.running(contacts: 30) { options in
            options.latency = .seconds(1)...(.seconds(1))
        } _: { bench in
            async let answer = bench.get("\(Bench.contacts)?limit=30")
            while bench.clock.sleeperCount == 0 { await Task.yield() }
            async let drained: Void = bench.simulator.drain(within: Self.patience)
            while !bench.simulator.isClosing { await Task.yield() }
            let time = Task {
                while !Task.isCancelled {
                    bench.clock.advance(by: .seconds(1))
                    await Task.yield()
                }
            }
            defer { time.cancel() }
            let json = try await answer.json
            #expect(json["results"]?.array?.count == 30)
            await drained
        }
    }

    @Test func `closes idle connections, and those whose request is still coming, at once`() async throws {
        try await Bench.running { bench in
            let idle = try await connect(bench)
            let slow = try await connect(bench)
            let head = "POST \(Bench.contacts) HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"
            try await slow.writeAndFlush(ByteBuffer(string: head))
            _ = try await bench.get(Bench.contacts)
            let began = ContinuousClock.now
            await bench.simulator.drain(within: Self.patience)
            #expect(began.duration(to: .now) < Self.patience / 2)
            try await idle.closeFuture.get()
            try await slow.closeFuture.get()
        }
    }

    @Test func `does not wait for an answer that a fault keeps back`() async throws {
        try await Bench.running { bench in
            let rule: JSONValue = ["path": "/crm/*", "probability": 1, "action": ["kind": "hang"]]
            _ = try await bench.send("PUT", "/_simulator/faults", ["rules": .array([rule])], token: nil)
            let answer = Task { try await bench.get(Bench.contacts) }
            while bench.simulator.abandonedConnections == 0 { await Task.yield() }
            let began = ContinuousClock.now
            await bench.simulator.drain(within: Self.patience)
            #expect(began.duration(to: .now) < Self.patience / 2)
            await #expect(throws: (any Error).self) { _ = try await answer.value }
        }
    }

    @Test func `gives up on answers that take too long`() async throws {
        try await Bench.running { options in
            options.latency = .seconds(1)...(.seconds(1))
        } _: { bench in
            let answer = Task { try await bench.get(Bench.contacts) }
            while bench.clock.sleeperCount == 0 { await Task.yield() }
            await bench.simulator.drain(within: .milliseconds(20))
            await #expect(throws: (any Error).self) { _ = try await answer.value }
        }
    }
}
