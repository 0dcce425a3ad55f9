import Foundation
import LuaRuntime
import Synchronization
import Testing

/// Random programs of tasks, with host calls that answer at random later, cancels, errors, waits where Lua cannot yield, a
/// collector that runs all the time, and stops from another thread. Whatever happens, the state is as good afterwards.
@Suite("A random program of tasks") struct StressTests {
    private static let rounds = Int(ProcessInfo.processInfo.environment["MOONSPOT_STRESS_ROUNDS"] ?? "") ?? 50

    /// `MOONSPOT_STRESS_ROUNDS=2000` goes on for minutes, `MOONSPOT_STRESS_SEED` begins elsewhere.
    @Test(arguments: [0, 1, 2, 3])
    func `leaves no task, no open variable and no memory behind`(kind: Int) async throws {
        let first = Int(ProcessInfo.processInfo.environment["MOONSPOT_STRESS_SEED"] ?? "") ?? 1
        let source = try Self.program()
        let chaos = Chaos()
        let reports = Reports()
        try await withRuntime({
            $0.modules += [chaos.module]
            $0.onUnawaitedFailure = { reports.add($0) }
        }) { runtime in
            let stopper = Task {
                for await _ in chaos.stops { runtime.stop(.interrupt, scope: kind.isMultiple(of: 2) ? .all : .current) }
            }
            defer { stopper.cancel() }
            var settled = 0
            for round in 0..<Self.rounds {
                let seed = first + round * 4 + kind
                do throws(LuaFailure) {
                    _ = try await runtime.run(
                        LuaChunk(source, name: "=stress"), arguments: [.integer(Int64(seed)), 300])
                } catch {
                    #expect(error.cause == .interrupted || Self.isPlanned(error.message), "seed \(seed): \(error)")
                }
                await runtime.drain()
                let end = LuaChunk(
                    """
                    local usable = coroutine.wrap(function() return chaos.later(2, "usable") end)()
                    return table.concat(stress.wrong, ", "), next(stress.open) == nil, usable
                    """, name: "=end")
                let found = try await Self.unlessStopped { () throws(LuaFailure) in try await runtime.run(end) }
                #expect(found == ["", true, "usable"], "seed \(seed)")
                await chaos.settle()
                let tidy = LuaChunk(
                    "stress = nil collectgarbage('incremental', 200, 100) collectgarbage() collectgarbage()",
                    name: "=tidy")
                _ = try await Self.unlessStopped { () throws(LuaFailure) in try await runtime.run(tidy) }
                let memory = await runtime.memoryInUse()
                if round == 1 { settled = memory }
                #expect(
                    round < 2 || memory < settled + (64 << 10), "seed \(seed): \(settled) bytes have become \(memory)")
            }
        }
        #expect(reports.messages.allSatisfy(Self.isPlanned), "\(reports.messages.filter { !Self.isPlanned($0) })")
    }

    /// Every allocation may fail here, so what the program sees may be wrong; the state has to live on.
    @Test func `survives a memory limit that strikes all the time`() async throws {
        let source = try Self.program()
        let base = try await withRuntime({ $0.modules += [Chaos().module] }) { runtime in
            _ = try await runtime.run(LuaChunk("collectgarbage() collectgarbage()", name: "=collect"))
            return await runtime.memoryInUse()
        }
        let first = Int(ProcessInfo.processInfo.environment["MOONSPOT_STRESS_SEED"] ?? "") ?? 1
        for seed in first..<(first + Self.rounds) {
            let chaos = Chaos()
            try await withRuntime({
                $0.modules += [chaos.module]
                $0.memoryLimit = base + (60 << 10) + seed % 97 * 509
            }) { runtime in
                let stopper = Task { for await _ in chaos.stops { runtime.stop(.interrupt, scope: .all) } }
                defer { stopper.cancel() }
                for round in 0..<3 {
                    let chunk = LuaChunk(source, name: "=stress")
                    _ = try? await runtime.run(chunk, arguments: [.integer(Int64(seed * 3 + round)), 300])
                    await runtime.drain()
                    let end = LuaChunk(
                        """
                        stress = nil
                        collectgarbage("incremental", 200, 100) collectgarbage() collectgarbage()
                        return coroutine.wrap(function() return chaos.later(2, "usable") end)()
                        """, name: "=end")
                    let found = try await Self.unlessStopped { () throws(LuaFailure) in try await runtime.run(end) }
                    #expect(found == ["usable"], "seed \(seed)")
                }
            }
        }
    }

    private static func program() throws -> String {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return try String(contentsOf: tests.appendingPathComponent("Programs/stress.lua"), encoding: .utf8)
    }

    /// What the program raises by itself, and what its random waits may come to.
    private static func isPlanned(_ message: String) -> Bool {
        ["planned", "cancelled", "deadlock", "interrupted", "(error object is a table value)"].contains {
            message.contains($0)
        }
    }

    /// A stop that was on its way when the program ended strikes what comes next.
    private static func unlessStopped(_ run: () async throws(LuaFailure) -> [LuaValue]) async throws(LuaFailure)
        -> [LuaValue]
    {
        while true {
            do throws(LuaFailure) {
                return try await run()
            } catch {
                guard error.cause == .interrupted else { throw error }
            }
        }
    }
}

/// Host functions whose answers come after a number of turns of the event loop.
private final class Chaos: Sendable {
    let stops: AsyncStream<Void>
    private let stop: AsyncStream<Void>.Continuation
    private let inFlight = Mutex(0)

    init() { (stops, stop) = AsyncStream.makeStream() }

    /// Returns once no call is under way any more: a cancelled one may still be on its way out.
    func settle() async { while inFlight.withLock({ $0 }) > 0 { await Task.yield() } }

    private func turns(_ count: Int64) async throws {
        inFlight.withLock { $0 += 1 }
        defer { inFlight.withLock { $0 -= 1 } }
        for _ in 0..<count {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    var module: LuaModule {
        let count = LuaParameter.required("turns", .integer, "How many turns later.")
        return LuaModule(
            "chaos", "Answers at random.",
            functions: [
                LuaFunction(
                    "later", "Returns its arguments.", parameters: [count, .variadic("Anything.")],
                    body: .suspending { [self] call in
                        try await turns(call.integer("turns") ?? 0)
                        return Array(call.arguments.dropFirst())
                    }),
                LuaFunction(
                    "fail", "Raises.", parameters: [count],
                    body: .suspending { [self] call in
                        try await turns(call.integer("turns") ?? 0)
                        throw LuaError("planned", "as it should")
                    }),
                LuaFunction(
                    "stop", "Has another thread stop the program.",
                    body: .immediate { [stop] _ in
                        stop.yield()
                        return []
                    }),
            ])
    }
}
