import Foundation
import Testing

@Suite("A script that is killed at any moment") struct CrashTests {
    /// A small part of `scripts/bench crash`.
    @Test func `loses nothing and doubles nothing when it is started again`() async throws {
        try await Home.with { home in
            let driver = Home.repository.appendingPathComponent("scripts/lib/bench_crash.py").path
            let result = try await Child(
                ["/usr/bin/env", "python3", driver, Home.binary, "12", "7"], environment: home.environment()
            ).finish(within: .seconds(300))
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            #expect(result.output.contains("killed, 12 times, seed 7"))
        }
    }
}
