import Foundation
import GRDB
import TestSupport
import Testing

@testable import Quota

@Suite("Who shares a store") struct MemberTests {
    private let folder = TemporaryFolder()
    private let clock = ManualClock()

    private func file(_ token: String = "pat-na1-one", boot: String = "first") throws -> FileStore {
        FileStore(
            folder: folder.path + "/state", identity: .testing(token), rules: try .testing("5/10s"), clock: clock,
            bootClock: BootClock(now: { [clock] in .seconds(1_000_000) + clock.now }, boot: boot))
    }

    private func presence(_ program: String, waiting: Int = 0, places: Int = 0) -> ProcessPresence {
        var presence = ProcessPresence(program: program, pid: 7, waiting: waiting, inFlight: 0)
        presence.held = ["burst": [ProcessPresence.Held(left: 10_000_000_000, count: places)]]
        return presence
    }

    private func check(_ one: any SharedLimiterStore, _ other: any SharedLimiterStore) async throws {
        #expect(try await one.members().isEmpty)
        try await one.announce(presence("moonspot a.lua", waiting: 3, places: 4))
        try await other.announce(presence("moonspot b.lua"))
        try await other.announce(presence("moonspot b.lua", waiting: 1))
        clock.advance(by: .seconds(2))
        let members = try await one.members().sorted { $0.presence.program < $1.presence.program }
        #expect(members.map(\.presence.program) == ["moonspot a.lua", "moonspot b.lua"])
        #expect(members.map(\.presence.waiting) == [3, 1])
        #expect(members.first?.age == .seconds(2))
        #expect(members.first?.places(.burst) == 4)
        #expect(members.first?.places(.search) == 0)
        clock.advance(by: .seconds(8))
        // The places are over by now, whoever held them.
        #expect(try await one.members().map { $0.places(.burst) } == [0, 0])
        try await one.announce(nil)
        #expect(try await other.members().map(\.presence.program) == ["moonspot b.lua"])
        // A process that was killed is forgotten after a while.
        clock.advance(by: .seconds(61))
        #expect(try await one.members().isEmpty)
    }

    @Test func `is told through the file`() async throws {
        try await check(try file(), try file())
        try await file().announce(presence("moonspot a.lua"))
        #expect(try await file("pat-na1-two").members().isEmpty)
        #expect(try await file(boot: "second").members().isEmpty)
    }

    @Test(.disabled(if: RedisServer.isMissing)) func `is told through Redis, with the machine`() async throws {
        let server = try RedisServer()
        func redis(_ token: String = "pat-na1-one") throws -> RedisStore {
            let clock = clock
            return RedisStore(
                server.endpoint(), identity: .testing(token), rules: try .testing(), clock: clock,
                time: { .seconds(1_000_000) + clock.now })
        }
        try await check(try redis(), try redis())
        try await redis().announce(presence("moonspot a.lua"))
        #expect(try await redis().members().first?.presence.host?.isEmpty == false)
        #expect(try await redis("pat-na1-two").members().isEmpty)
    }

    @Test func `needs nothing of a file that an older moonspot has made, and leaves its places alone`() async throws {
        let path = folder.path + "/state/limiter.sqlite"
        let before = try file()
        let permit = try #require(try await before.permit())
        try await before.answer(permit)
        let key = try await DatabaseQueue(path: path).read { try String.fetchAll($0, sql: "SELECT key FROM state") }
        #expect(key.count == 2)
        let store = try file()
        try await store.announce(presence("moonspot a.lua"))
        #expect(try await store.members().count == 1)
        #expect(try await store.burst().used == 1)
        // And the older one goes on as if there were nothing new.
        #expect(try await before.burst().used == 1)
        #expect(try await DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 1)
    }
}
