import Foundation
import GRDB
import TestSupport
import Testing

@testable import Quota

@Suite("The file store") struct FileStoreTests {
    private let folder = TemporaryFolder()
    private let clock = ManualClock()

    /// A store as another process would open it.
    private func store(
        _ limits: String = "1/10s", token: String = "pat-na1-one", accountID: Int64? = nil, reserve: Double = 0,
        boot: String = "first"
    ) throws -> FileStore {
        FileStore(
            folder: folder.path + "/state", identity: .testing(token, accountID: accountID),
            rules: try .testing(limits, reserve: reserve), clock: clock,
            bootClock: BootClock(now: { [clock] in .seconds(1_000_000) + clock.now }, boot: boot))
    }

    private var path: String { folder.path + "/state/limiter.sqlite" }

    private func problem(_ store: FileStore) async throws -> StoreProblem? {
        do {
            _ = try await store.snapshot()
            return nil
        } catch { return error }
    }

    @Test func `shares places between processes`() async throws {
        let (one, other) = (try store(), try store())
        let permit = try #require(try await one.permit())
        #expect(try await other.permit() == nil)
        clock.advance(by: .seconds(1))
        try await one.answer(permit)
        // Exact to the nanosecond, on a clock that began elsewhere.
        #expect(try await other.wait() == .seconds(11))
        clock.advance(by: .seconds(10))
        #expect(try await other.permit() != nil)
    }

    @Test func `looks again soon while somebody's request is unanswered`() async throws {
        let (one, other) = (try store(), try store())
        let permit = try #require(try await one.permit())
        #expect(try #require(await other.wait()) <= .milliseconds(50))
        _ = try await one.settle(permit, .unsent)
        #expect(try await other.permit() != nil)
    }

    @Test func `keeps the tokens of two apps apart, and shares what is the account's`() async throws {
        let one = try store("1/10s,search=1/s,3/day", accountID: 7)
        let other = try store("1/10s,search=1/s,3/day", token: "pat-na1-two", accountID: 7)
        let stranger = try store("1/10s,search=1/s,3/day", token: "pat-na1-three", accountID: 8)
        #expect(try await one.permit() != nil)
        #expect(try await other.permit() != nil)
        #expect(try await one.permit([.search, .day]) != nil)
        #expect(try await other.permit([.search, .day]) == nil)
        #expect(try await stranger.permit([.search, .day]) != nil)
        #expect(try await other.snapshot().dayUsed == 3)
        #expect(try await stranger.snapshot().dayUsed == 1)
    }

    @Test func `moves what was counted under the token to the account once that is known`() async throws {
        let (one, other) = (
            try store("9/10s,search=1/s,9/day"), try store("9/10s,search=1/s,9/day", token: "pat-na1-two", accountID: 7)
        )
        let permit = try #require(try await one.permit([.search, .day]))
        #expect(try await other.permit([.search, .day]) != nil)
        try await one.learn(accountID: 7, dayEndsAt: .seconds(3600))
        #expect(try await other.snapshot().dayUsed == 2)
        #expect(try await other.snapshot().dayEndsAt == .seconds(3600))
        #expect(try await other.snapshot().windows[.search]?.used == 2)
        try await one.answer(permit)
        #expect(try await one.permit([.search, .day]) == nil)
        // A later process with the same token knows without asking.
        #expect(try await store("9/10s,search=1/s,9/day").snapshot().dayUsed == 2)
    }

    @Test func `shares learnt limits, refusals and the places of strangers`() async throws {
        let (one, other) = (try store("unlimited"), try store("unlimited"))
        let permit = try #require(try await one.permit())
        try await one.answer(permit, 429) {
            ($0.limit, $0.remaining, $0.window) = (150, 100, .seconds(10))
            $0.refusal = .init(scope: .lane(.burst), wait: .seconds(3))
        }
        let burst = try await other.burst()
        #expect(burst.allowance == .limited(count: 150, per: .seconds(10)))
        #expect(burst.used == 50)
        #expect(burst.closedUntil == .seconds(3))
        #expect(try await other.wait() == .seconds(3))
        #expect(try await other.snapshot().limitsWereLearnt)
    }

    @Test func `keeps places as long as the one who counts by the longest window needs`() async throws {
        let (short, long) = (try store("1/2s"), try store("2/10s"))
        for _ in 0..<2 {
            let permit = try #require(try await short.permit())
            try await short.answer(permit)
            clock.advance(by: .seconds(2))
        }
        #expect(try await short.burst().used == 0)
        #expect(try await long.burst().used == 2)
        #expect(try await long.wait() == .seconds(10))
    }

    @Test func `lets what was typed go before the bulk work of any process`() async throws {
        let (bulk, typed) = (try store(), try store())
        let permit = try #require(try await bulk.permit())
        try await bulk.answer(permit)
        #expect(try await typed.wait([.burst, .day], .typed) == .seconds(10))
        clock.advance(by: .seconds(10))
        // There is room, but somebody is about to look.
        #expect(try #require(await bulk.wait()) <= .seconds(10.01))
        #expect(try await typed.permit([.burst, .day], .typed) != nil)
    }

    @Test func `does not keep bulk work waiting for a person who is gone`() async throws {
        let (bulk, typed) = (try store(), try store())
        let permit = try #require(try await bulk.permit())
        try await bulk.answer(permit)
        _ = try await typed.wait([.burst, .day], .typed)
        clock.advance(by: .seconds(10.3))
        #expect(try await bulk.permit() != nil)
    }

    @Test func `keeps the day's reserve from the bulk work of all`() async throws {
        let (one, other) = (try store("100/10s,10/day", reserve: 0.5), try store("100/10s,10/day", reserve: 0.5))
        for _ in 0..<3 { #expect(try await one.permit() != nil) }
        for _ in 0..<2 { #expect(try await other.permit() != nil) }
        #expect(try await one.permit() == nil)
        #expect(try await other.permit() == nil)
        #expect(try await other.permit([.burst, .day], .typed) != nil)
    }

    @Test func `drops what another boot left`() async throws {
        #expect(try await store().permit() != nil)
        #expect(try await store(boot: "second").burst().used == 0)
        #expect(try await store(boot: "second").permit() != nil)
    }

    @Test func `frees the places of a process that died once its deadline and W are over`() async throws {
        let survivor = try store()
        #expect(try await store().permit() != nil)
        clock.advance(by: .milliseconds(41_900))
        #expect(try await survivor.permit() == nil)
        clock.advance(by: .milliseconds(100))
        #expect(try await survivor.permit() != nil)
    }

    @Test func `is open to its owner alone and holds no token`() async throws {
        // Its other files go with the last connection.
        let open = try store()
        #expect(try await open.permit() != nil)
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(folder.path + "/state") == 0o700)
        for suffix in ["", "-wal", "-shm"] { #expect(try mode(path + suffix) == 0o600) }
        let bytes = try ["", "-wal"].map { try Data(contentsOf: URL(fileURLWithPath: path + $0)) }
        #expect(bytes.allSatisfy { $0.range(of: Data("pat-na1-one".utf8)) == nil })
        // printf pat-na1-one | openssl dgst -sha256 -hmac moonspot/limiter/1
        let key = "c1abacac8bf10ceeea140da81a866718d497e11f0e62ca4b72a7d6ba051bed38"
        #expect(bytes.contains { $0.range(of: Data(key.utf8)) != nil })
        #expect(try await open.permit() == nil)
    }

    @Test func `names a damaged file and what to do`() async throws {
        try FileManager.default.createDirectory(atPath: folder.path + "/state", withIntermediateDirectories: true)
        try Data(repeating: 7, count: 10_000).write(to: URL(fileURLWithPath: path))
        let found = try #require(try await problem(try store()))
        #expect(found.store == path)
        #expect(found.reason == "the file is damaged")
        #expect(found.advice.contains("delete it"))
    }

    /// A store that is dropped closes its file a little later, and would write to what has taken its place.
    private func untilTheFileIsClosed() async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
            }
            if !open.contains(where: { $0.hasPrefix(path) }) { return }
            await Task.yield()
        }
        Issue.record("the file is still open")
    }

    @Test func `begins a file anew that was damaged before this boot, and none that was since`() async throws {
        #expect(try await store().permit() != nil)
        try await untilTheFileIsClosed()
        let garbage = Data(repeating: 7, count: 10_000)
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        try garbage.write(to: URL(fileURLWithPath: path))
        #expect(try await problem(try store())?.reason == "the file is damaged")
        #expect(try await store(boot: "second").permit() != nil)
        #expect(try await store(boot: "second").burst().used == 1)
        try await untilTheFileIsClosed()
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        try garbage.write(to: URL(fileURLWithPath: path))
        #expect(try await problem(try store(boot: "second"))?.reason == "the file is damaged")
    }

    @Test func `notices that somebody deleted the file under it`() async throws {
        let (one, other) = (try store(), try store())
        #expect(try await one.permit() != nil)
        #expect(try await other.permit() == nil)
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        #expect(try await problem(one)?.reason == "the file was deleted or replaced")
        #expect(try await problem(other)?.reason == "the file was deleted or replaced")
        // Both find the new one.
        #expect(try await one.permit() != nil)
        #expect(try await other.permit() == nil)
    }

    @Test func `waits while another process is in the middle of a decision`() async throws {
        let one = try store("5/10s")
        #expect(try await one.permit() != nil)
        let other = try DatabaseQueue(path: path)
        let store = one
        let waiting = try await other.writeWithoutTransaction { db in
            try db.execute(sql: "BEGIN IMMEDIATE")
            let waiting = Task { try await store.permit() != nil }
            usleep(20_000)
            try db.execute(sql: "COMMIT")
            return waiting
        }
        #expect(try await waiting.value)
        #expect(try await one.burst().used == 2)
    }

    @Test func `names a file whose records make no sense`() async throws {
        #expect(try await store().permit() != nil)
        let file = try DatabaseQueue(path: path)
        try await file.write { try $0.execute(sql: "UPDATE state SET value = x'0102'") }
        #expect(try await problem(try store())?.reason == "the file is damaged")
    }

    @Test func `leaves alone what a newer moonspot wrote`() async throws {
        #expect(try await store().permit() != nil)
        let file = try DatabaseQueue(path: path)
        try await file.write { try $0.execute(sql: "PRAGMA user_version = 99") }
        let found = try #require(try await problem(try store()))
        #expect(found.reason.contains("newer moonspot"))
        #expect(found.advice.contains("update"))
    }

    @Test func `names a folder that cannot be made`() async throws {
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: folder.path + "/state"))
        #expect(try await problem(try store())?.remedy == .otherFolder)
    }

    @Test(arguments: [
        ("/home/ada/.local/state", true), ("/home", true), ("/homework", false), ("/home/ada/local disk/x", false),
        ("/", false),
    ])
    func `knows a network drive`(path: String, isNetworkDrive: Bool) {
        let table = MountTable(
            """
            /dev/sda1 / ext4 rw 0 0
            server:/export /home nfs4 rw 0 0
            /dev/sdb1 /home/ada/local\\040disk xfs rw 0 0
            """)
        #expect(table.isNetworkDrive(path) == isNetworkDrive)
    }
}
