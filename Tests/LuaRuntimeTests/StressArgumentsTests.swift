import Foundation
import LuaRuntime
import Testing

/// What crosses between Lua and Swift: arguments and results as copies, and as JSON.
@Suite("A random value") struct StressArgumentsTests {
    /// `MOONSPOT_STRESS_ROUNDS` tries more of them.
    @Test(arguments: [1, 2, 3, 4])
    func `comes back as it went, and wrong arguments are refused`(seed: Int) async throws {
        let rounds = Int(ProcessInfo.processInfo.environment["MOONSPOT_STRESS_ROUNDS"] ?? "") ?? 60
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let source = try String(contentsOf: tests.appendingPathComponent("Programs/arguments.lua"), encoding: .utf8)
        let wrong = try await withRuntime({ $0.modules.append(TestModules.json) }) { runtime in
            try await runtime.run(
                LuaChunk(source, name: "=arguments"), arguments: [.integer(Int64(seed)), .integer(Int64(rounds))])
        }
        #expect(wrong == [""])
    }
}
