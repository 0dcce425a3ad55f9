import Foundation
import GRDB
import Testing

@testable import Journal

@Suite("The journal") struct JournalTests {
    @Test(arguments: [true, false]) func `knows a run, its writes and what became of them`(isFile: Bool) async throws {
        try await inFolder { folder in
            let journal = isFile ? Journal(folder: folder) : Journal()
            let run = try await journal.begin(.script(), keepingDays: 30)
            try await journal.intend([.update(1, "501"), .update(2, "502"), .update(3, "503")], of: run)
            var done = Settlement(1, .done)
            done.after = #"{"city":"Rome"}"#
            done.answered = "2026-11-29T00:00:00Z"
            var failed = Settlement(2, .failed)
            failed.error = "validation: no"
            failed.correlationID = "c-1"
            journal.settle([done, failed], of: run)
            let writes = try await journal.writes(of: run)
            #expect(writes.map(\.fate) == [.done, .failed, .intended])
            #expect(writes[0].after == done.after && writes[0].answered == done.answered)
            #expect(writes[0].sent == #"{"properties":{"city":"Rome"}}"# && writes[0].id == "501")
            #expect(writes[1].error == "validation: no" && writes[1].correlationID == "c-1")
            var summary = try #require(try await journal.run(run))
            #expect(summary.isRunning && summary.counts == [.done: 1, .failed: 1, .intended: 1])
            #expect(summary.run.arguments == ["people.csv"] && summary.run.profile == "acme")
            try journal.end(run, at: 2_000, exit: 1, portal: 123)
            summary = try #require(try await journal.run(run))
            #expect(summary.run.exit == 1 && summary.run.ended == 2_000 && summary.run.portal == 123)
            #expect(!summary.isRunning && summary.counts == [.done: 1, .failed: 1, .unknown: 1])
        }
    }

    @Test func `keeps what is told of a write last`() async throws {
        let journal = Journal()
        let run = try await journal.begin(.script(), keepingDays: 30)
        try await journal.intend([.update(1, "501")], of: run)
        journal.settle([Settlement(1, .failed)], of: run)
        var create = Write(at: 1, method: "POST", path: "/crm/objects/2026-09/contacts", action: .create)
        create.number = 1
        try await journal.intend([create], of: run)
        #expect(try await journal.writes(of: run).map(\.fate) == [.intended])
        var done = Settlement(1, .done)
        done.id = "77"
        journal.settle([done], of: run)
        let writes = try await journal.writes(of: run)
        #expect(writes.map(\.fate) == [.done] && writes.map(\.action) == [.create] && writes.map(\.id) == ["77"])
    }

    @Test func `is its owner's alone`() async throws {
        try await inFolder { folder in
            let journal = Journal(folder: folder)
            let run = try await journal.begin(.script(), keepingDays: 30)
            try await journal.intend([.update(1, "501")], of: run)
            for name in ["journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm", "journal.lock"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
            }
        }
    }

    @Test func `is shared by processes, and knows which run was killed`() async throws {
        try await inFolder { folder in
            let other = Journal(folder: folder)
            let (killed, lives): (Int64, Int64)
            do {
                let journal = Journal(folder: folder)
                killed = try await journal.begin(.script(), keepingDays: 30)
                try await journal.intend([.update(1, "501")], of: killed)
                journal.settle([Settlement(1, .done)], of: killed)
                try await journal.intend([.update(2, "502")], of: killed)
                #expect(try await other.run(killed)?.isRunning == true)
            }
            lives = try await other.begin(.script(), keepingDays: 30)
            try await other.intend([.update(1, "503")], of: lives)
            let third = Journal(folder: folder)
            #expect(try await third.writes(of: killed).map(\.fate) == [.done, .unknown])
            #expect(try await third.writes(of: lives).map(\.fate) == [.intended])
            #expect(try await third.runs().map(\.isRunning) == [true, false])
            #expect(try await third.runs().map(\.run.id) == [lives, killed])
        }
    }

    @Test func `says that the disk is full before anything is sent, and goes on when there is room`() async throws {
        try await inFolder { folder in
            let journal = Journal(folder: folder, mostPages: 40)
            let run = try await journal.begin(.script(), keepingDays: 30)
            try await journal.intend([.update(1, "501")], of: run)
            let large = Write.update(2, "502", sent: String(repeating: "x", count: 400_000))
            do throws(JournalProblem) {
                try await journal.intend([large], of: run)
                Issue.record("it was kept")
            } catch {
                #expect(error.remedy == .room && error.reason == "the disk is full")
            }
            journal.settle([Settlement(1, .done)], of: run)
            #expect(try await journal.writes(of: run).map(\.fate) == [.done])
        }
    }

    @Test func `forgets what is old, what it is told to, and never a run that goes on`() async throws {
        try await inFolder { folder in
            let day = Forgetting.millisecondsPerDay
            let journal = Journal(folder: folder)
            var runs: [Int64] = []
            for began in [1, 50, 99] as [Int64] {
                let run = try await journal.begin(.script(began: began * day), keepingDays: 365)
                try await journal.intend([.update(1, "501")], of: run)
                try journal.end(run, at: began * day, exit: 0, portal: nil)
                runs.append(run)
            }
            let now = try await journal.begin(.script(began: 100 * day), keepingDays: 60)
            #expect(try await journal.runs().map(\.run.id) == [now, runs[2], runs[1]])
            #expect(try await journal.writes(of: runs[0]).isEmpty)
            #expect(try await journal.forget(runs[1]))
            #expect(try await !journal.forget(now))
            #expect(try await journal.forget(olderThan: 200 * day) == 1)
            #expect(try await journal.runs().map(\.run.id) == [now])
        }
    }

    @Test func `leaves a newer program's file alone`() async throws {
        try await inFolder { folder in
            _ = try await Journal(folder: folder).runs()
            try await DatabaseQueue(path: "\(folder)/journal.sqlite").write { db in
                try db.execute(sql: "PRAGMA user_version = 99")
            }
            do throws(JournalProblem) {
                _ = try await Journal(folder: folder).runs()
                Issue.record("it was read")
            } catch {
                #expect(error.remedy == .update)
            }
        }
    }

    @Test func `waits for many writes at once with few commits`() async throws {
        try await inFolder { folder in
            let journal = Journal(folder: folder)
            let run = try await journal.begin(.script(), keepingDays: 30)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...500 as ClosedRange<Int64> {
                    group.addTask {
                        try await journal.intend([.update(number, "\(number)")], of: run)
                        journal.settle([Settlement(number, .done)], of: run)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await journal.run(run)?.counts == [.done: 500])
        }
    }
}

@Suite("What a run has written") struct RunClaimTests {
    @Test func `is taken back by one process at a time`() async throws {
        try await inFolder { folder in
            let (one, other) = (Journal(folder: folder), Journal(folder: folder))
            let claims = [try await one.claim(1), try await other.claim(1), try await other.claim(2)]
            #expect(claims == [true, false, true])
        }
    }

    @Test func `has each record that an undo made for one write alone`() async throws {
        let journal = Journal()
        let run = try await journal.begin(Run(.code, began: 1), keepingDays: 30)
        let undo = try await journal.begin(Run(.undo, began: 2, undoes: run), keepingDays: 30)
        var delete = Write(at: 1, method: "DELETE", path: "/", action: .delete, type: "contacts", id: "1")
        delete.number = 1
        try await journal.intend([delete], of: run)
        let creates = (1...2).map { number in
            var create = Write(
                at: 3, method: "POST", path: "/", action: .create, type: "contacts", id: "\(6 + number)")
            create.number = Int64(number)
            return create
        }
        try await journal.intend(creates, of: undo)
        try await journal.markUndone([1], of: run, by: undo, made: ["7"])
        #expect(try await journal.writes(of: undo).map(\.undoing) == [run, nil])
    }

    @Test func `is known where an undo has begun, until that is done or refused`() async throws {
        let journal = Journal()
        let run = try await journal.begin(Run(.code, began: 1), keepingDays: 30)
        var write = Write(at: 1, method: "DELETE", path: "/", action: .delete, type: "contacts", id: "1")
        write.number = 1
        try await journal.intend([write], of: run)
        try await journal.markUndoing([1], of: run, by: 7)
        #expect(try await journal.writes(of: run).map(\.undoing) == [7])
        try await journal.markUndoing([1], of: run, by: nil)
        #expect(try await journal.writes(of: run).map(\.undoing) == [nil])
        try await journal.markUndoing([1], of: run, by: 7)
        try await journal.markUndone([1], of: run, by: 7)
        let undone = try await journal.writes(of: run)
        #expect(undone.map(\.undoing) == [nil] && undone.map(\.undoneBy) == [7])
    }
}
