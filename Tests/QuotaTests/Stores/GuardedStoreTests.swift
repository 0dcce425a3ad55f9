import Foundation
import GRDB
import Logging
import TestSupport
import Testing

@testable import Quota

@Suite("A store out of reach") struct GuardedStoreTests {
    private let folder = TemporaryFolder()
    private let clock = ManualClock()
    private let log = LogRecorder()

    private var path: String { folder.path + "/limiter.sqlite" }

    private func store(_ limits: String = "4/10s", isRequired: Bool = false) throws -> GuardedStore {
        let rules = try QuotaRules.testing(limits)
        let file = FileStore(
            folder: folder.path, identity: .testing(), rules: rules, clock: clock,
            bootClock: BootClock(now: { [clock] in .seconds(100) + clock.now }, boot: "one"))
        return GuardedStore(
            file, isRequired: isRequired, clock: clock,
            logger: Logger(label: "test") { [log] _ in log })
    }

    private func damage() throws {
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        try Data(repeating: 7, count: 10_000).write(to: URL(fileURLWithPath: path))
    }

    private func permit(_ store: GuardedStore) async throws -> Permit? {
        if case .granted(let permit) = try await store.take(.testing()) { permit } else { nil }
    }

    @Test func `leaves half of each limit to this process, with one warning`() async throws {
        try damage()
        let store = try store()
        #expect(try await permit(store) != nil)
        #expect(try await permit(store) != nil)
        #expect(try await permit(store) == nil)
        #expect(store.kind == .memory)
        #expect(try await store.snapshot().windows[.burst]?.allowance == .limited(count: 2, per: .seconds(10)))
        #expect(log.lines("warning").count == 1)
        #expect(log.lines("warning").first?.contains(path) == true)
        #expect(log.lines("warning").first?.contains("delete it") == true)
    }

    @Test func `ends every call where the profile requires it`() async throws {
        try damage()
        let store = try store(isRequired: true)
        let error = await failure { try await permit(store) }
        guard case .unreachable(let problem)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(problem.store == path)
    }

    @Test func `takes along the places that it had, and what it took meanwhile`() async throws {
        let store = try store("4/10s")
        let first = try #require(try await permit(store))
        #expect(store.kind == .file)
        // The file goes bad under the process.
        let vandal = try DatabaseQueue(path: path)
        try await vandal.write { try $0.execute(sql: "DROP TABLE state") }
        try vandal.close()
        _ = try await store.settle(first, .answered(ObservedLimits(status: 200)))
        clock.advance(by: .seconds(1))
        // One of two is taken: the place from before counts on.
        let lost = try await eventually {
            _ = try await store.snapshot()
            return store.kind == .memory
        }
        try #require(lost)
        let second = try #require(try await permit(store))
        #expect(try await permit(store) == nil)
        _ = try await store.settle(second, .answered(ObservedLimits(status: 200)))
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        #expect(await eventually { clock.pending > 0 })
        clock.advance(by: .seconds(5))
        #expect(await eventually { store.kind == .file })
        // Both places are known in the new file.
        #expect(try await store.snapshot().windows[.burst]?.used == 2)
        #expect(try await permit(store) != nil)
        #expect(log.lines("warning").count == 1)
    }

    @Test func `is said once to whoever learns of a lower limit`() async throws {
        let (one, other) = (try store("200/10s"), try store("200/10s"))
        var observation = ObservedLimits(status: 200)
        (observation.limit, observation.window) = (100, .seconds(10))
        for store in [one, other] {
            for round in 1...2 {
                let held = try #require(try await permit(store))
                let notices = try await store.settle(held, .answered(observation))
                #expect(notices.count == (round == 1 ? 1 : 0))
            }
        }
    }
}
