import Foundation
import GRDB
import Testing

@testable import Journal

@Suite("A journal of an earlier version") struct MigrationTests {
    @Test func `keeps its runs and their writes`() async throws {
        try await inFolder { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            var configuration = Configuration()
            configuration.journalMode = .wal
            let old = try DatabaseQueue(path: JournalFile.path(in: folder), configuration: configuration)
            try await old.write { db in
                try db.execute(sql: JournalFile.migrations[0])
                try db.execute(
                    sql: """
                        PRAGMA user_version = 1;
                        INSERT INTO runs (kind, began, ended, exit, arguments) VALUES ('script', 1, 2, 0, '["a"]');
                        INSERT INTO writes (run, number, at, method, path, action, fate)
                        VALUES (1, 1, 1, 'PATCH', '/x', 'update', 'done');
                        """)
            }
            try old.close()
            let journal = Journal(folder: folder)
            let run = try #require(try await journal.run(1))
            #expect(run.run.arguments == ["a"] && run.run.options.isEmpty)
            let writes = try await journal.writes(of: 1)
            #expect(writes.map(\.fate) == [.done] && writes[0].step == nil)
            #expect(try await journal.open(.init(identity: "a", name: "a"), at: 3, isFresh: false) != nil)
        }
    }
}
