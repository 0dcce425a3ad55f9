import Foundation
import Testing

@testable import Journal

@Suite("A checkpoint") struct CheckpointTests {
    private static let loop = Journal.Loop(identity: "import", name: "import")

    private static func open(
        _ journal: Journal, _ loop: Journal.Loop = loop, at moment: Int64 = 1_000, isFresh: Bool = false
    ) async throws -> Checkpoint {
        try #require(await journal.open(loop, at: moment, isFresh: isFresh))
    }

    /// On disk and in memory.
    private static func withJournals(_ body: (Journal) async throws -> Void) async throws {
        try await body(Journal())
        try await inFolder { try await body(Journal(folder: $0)) }
    }

    @Test func `leaves out what is done, and tells of what was under way`() async throws {
        try await Self.withJournals { journal in
            let run = try await journal.begin(.script(), keepingDays: 30)
            let first = try await Self.open(journal)
            #expect(!first.goesOn)
            for key in ["a", "b", "c"] { #expect(try first.begin(key) == .new) }
            var write = Write.update(1, "501")
            write.step = Step(checkpoint: first.id, item: "b", number: 1, fingerprint: "f")
            try await journal.intend([write], of: run)
            var settlement = Settlement(1, .done)
            settlement.answer = #"{"id":"501"}"#
            journal.settle([settlement], of: run)
            first.finish("a", result: "[1]", hasWrites: false, hasLoops: false)
            first.close()

            let second = try await Self.open(journal)
            #expect(second.goesOn && second.done == 1)
            #expect(try second.begin("a") == .done(result: "[1]"))
            #expect(try second.begin("b") == .again)
            #expect(try second.begin("c") == .new)
            let earlier = try await second.writes(of: "b")
            #expect(earlier.map(\.write.answer) == [#"{"id":"501"}"#] && earlier.map(\.write.fate) == [.done])
            second.finish("b", result: nil, hasWrites: true, hasLoops: false)
            #expect(try await second.writes(of: "b").isEmpty)
            second.close()
        }
    }

    @Test func `begins anew once its loop has ended, and where it is told to`() async throws {
        try await Self.withJournals { journal in
            for isFresh in [false, true] {
                let first = try await Self.open(journal)
                #expect(try first.begin("a") == .new)
                first.finish("a", result: nil, hasWrites: false, hasLoops: false)
                if !isFresh { try await first.end() }
                first.close()
                let second = try await Self.open(journal, isFresh: isFresh)
                #expect(try second.begin("a") == .new)
                try await second.end()
                second.close()
            }
        }
    }

    @Test func `takes no key twice, and none of an earlier loop for one`() async throws {
        try await Self.withJournals { journal in
            let first = try await Self.open(journal)
            #expect(try first.begin("a") == .new)
            #expect(try first.begin("a") == .doubled)
            first.close()
            #expect(try await Self.open(journal).begin("a") == .new)
        }
    }

    @Test func `is one loop's at a time, whichever process that runs in`() async throws {
        try await inFolder { folder in
            let journal = Journal(folder: folder)
            let first = try await Self.open(journal)
            #expect(try await journal.open(Self.loop, at: 1_000, isFresh: false) == nil)
            #expect(try await Journal(folder: folder).open(Self.loop, at: 1_000, isFresh: true) == nil)
            first.close()
            #expect(try await Journal(folder: folder).open(Self.loop, at: 1_000, isFresh: false) != nil)
        }
    }

    @Test func `of a loop within an item lasts until that is done`() async throws {
        try await Self.withJournals { journal in
            let outer = try await Self.open(journal)
            let loop = Journal.Loop(identity: "inner", name: "inner", within: (outer.id, "a"))
            let inner = try await Self.open(journal, loop)
            inner.finish("x", result: nil, hasWrites: false, hasLoops: false)
            try await inner.end()
            inner.close()
            let again = try await Self.open(journal, loop)
            #expect(try again.begin("x") == .done(result: nil))
            again.close()
            outer.finish("a", result: nil, hasWrites: false, hasLoops: true)
            #expect(try await outer.writes(of: "a").isEmpty)
            let other = try await Self.open(journal, loop)
            #expect(try other.begin("x") == .new)
        }
    }

    @Test func `keeps the runs of items under way, and is forgotten when nobody has used it for as long`() async throws
    {
        try await inFolder { folder in
            let journal = Journal(folder: folder)
            let day = Forgetting.millisecondsPerDay
            let run = try await journal.begin(.script(began: day), keepingDays: 30)
            let checkpoint = try await Self.open(journal, at: 20 * day)
            var write = Write.update(1, "501")
            write.step = Step(checkpoint: checkpoint.id, item: "b", number: 1, fingerprint: "f")
            try await journal.intend([write], of: run)
            try journal.end(run, at: 2 * day, exit: 1, portal: nil)
            checkpoint.close()
            _ = try await journal.begin(.script(began: 40 * day), keepingDays: 30)
            _ = try await journal.begin(.script(began: 41 * day), keepingDays: 30)
            #expect(try await journal.run(run) != nil)
            _ = try await journal.begin(.script(began: 60 * day), keepingDays: 30)
            _ = try await journal.begin(.script(began: 61 * day), keepingDays: 30)
            #expect(try await journal.run(run) == nil)
        }
    }

    @Test func `lies in files for their owner alone`() async throws {
        try await inFolder { folder in
            let journal = Journal(folder: folder)
            let checkpoint = try await Self.open(journal)
            checkpoint.finish("a", result: nil, hasWrites: false, hasLoops: false)
            _ = try await checkpoint.writes(of: "a")
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
                #expect((attributes[.posixPermissions] as? Int ?? 0) & 0o077 == 0, "\(name)")
            }
        }
    }
}
