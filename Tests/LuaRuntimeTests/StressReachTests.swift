import Foundation
import LuaRuntime
import Testing

/// Whatever function a script gets hold of, through globals, modules and metatables, it may call with anything.
@Suite("Any function that an untrusted script can reach") struct StressReachTests {
    /// These wait for ever, or write to the test's output; a finalizer and an index function are the bridge's own.
    private static let skipped = "hang$ %.sleep$ print$ warn$"

    @Test(arguments: [1, 2, 3, 4])
    func `takes any arguments without harm`(seed: Int) async throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let source = try String(contentsOf: tests.appendingPathComponent("Programs/reach.lua"), encoding: .utf8)
        try await withRuntime({
            $0.modules.append(TestModules.json)
            $0.isUntrusted = true
            $0.memoryLimit = 64 << 20
        }) { runtime in
            let counts = try await runtime.run(
                LuaChunk(source, name: "=reach"), arguments: [.integer(Int64(seed)), .string(Self.skipped)])
            #expect((counts.first?.asInteger ?? 0) > 80, "too few functions were found")
            let after = try await runtime.run(LuaChunk("return 'usable'", name: "=after"))
            #expect(after == ["usable"])
        }
    }
}
