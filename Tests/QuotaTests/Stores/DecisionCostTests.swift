import Foundation
import TestSupport
import Testing

@testable import Quota

/// How long a decision takes: measured where `MOONSPOT_MEASURE` is set, and bounded far above the aim elsewhere, since
/// tests run unoptimised and beside each other.
@Suite("A decision's cost", .serialized) struct DecisionCostTests {
    private static let rounds = 400

    /// The median of a grant and its settling, each, with 190 places known.
    private func medians(_ store: any SharedLimiterStore) async throws -> (take: Duration, settle: Duration) {
        var (takes, settles): ([Duration], [Duration]) = ([], [])
        let clock = ContinuousClock()
        for _ in 0..<Self.rounds {
            var permit: Permit?
            takes.append(try await clock.measure { permit = try await store.permit() })
            let granted = try #require(permit)
            settles.append(try await clock.measure { try await store.answer(granted) })
        }
        return (takes.sorted()[Self.rounds / 2], settles.sorted()[Self.rounds / 2])
    }

    private func check(_ name: String, _ store: any SharedLimiterStore) async throws {
        let found = try await medians(store)
        if ProcessInfo.processInfo.environment["MOONSPOT_MEASURE"] != nil {
            print("measured \(name): take \(found.take), settle \(found.settle)")
        }
        #expect(found.take + found.settle < .milliseconds(100))
    }

    @Test func `is small over a file`() async throws {
        let folder = TemporaryFolder()
        let store = FileStore(
            folder: folder.path, identity: .testing(), rules: try .testing("1000/10s"), clock: ManualClock())
        try await check("file", store)
    }

    @Test(.disabled(if: RedisServer.isMissing))
    func `is a round trip over Redis`() async throws {
        let server = try RedisServer()
        let store = RedisStore(
            server.endpoint(), identity: .testing(), rules: try .testing("1000/10s"), clock: ManualClock())
        try await check("redis", store)
    }
}
