import Foundation
import GRDB
import Testing

@Suite("A run's journal") struct JournalTests {
    private static func database(_ home: Home) throws -> DatabaseQueue {
        try DatabaseQueue(path: home.path(".local/state/moonspot/journal.sqlite"))
    }

    @Test func `holds the run, its writes and their fates`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                let script = try home.write(
                    """
                    local ada = hubspot.contacts.create{ email = "ada@example.org", city = "Rome" }
                    hubspot.contacts.update(ada.id, { city = "Bonn" })
                    pcall(hubspot.contacts.update, "999999", { city = "Bonn" })
                    os.exit(7)
                    """, to: "change.lua")
                let result = try await home.run(
                    script, "people.csv", "--token", "hunter2", environment: server.environment)
                #expect(result.status == 7, "\(result.errors)")
                try await Self.database(home).read { db in
                    let run = try #require(try Row.fetchOne(db, sql: "SELECT * FROM runs"))
                    #expect(run["kind"] == "script" && run["script"] == script && run["exit"] == 7)
                    #expect(run["arguments"] == #"["people.csv","--token","••••"]"#)
                    #expect(run["server"] == server.url)
                    let writes = try Row.fetchAll(db, sql: "SELECT action, fate, sent FROM writes ORDER BY number")
                    #expect(writes.map { $0["action"] as String } == ["create", "update", "update"])
                    #expect(writes.map { $0["fate"] as String } == ["done", "done", "failed"])
                    #expect(writes.last?["sent"] == #"{"properties":{"city":"Bonn"}}"#)
                }
            }
        }
    }

    @Test func `is not begun by a run that writes nothing, nor with --journal off or a simulator`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "1") { server in
                for arguments in [
                    ["-e", "hubspot.contacts.count()"],
                    ["--journal", "off", "-e", "hubspot.contacts.create{ firstname = 'Ada' }"],
                    ["--simulator", "-e", "hubspot.contacts.create{ firstname = 'Ada' }"],
                ] {
                    let result = try await home.start(arguments, environment: server.environment).finish()
                    #expect(result.status == 0, "\(result.errors)")
                }
                #expect(!home.exists(".local/state/moonspot/journal.sqlite"))
            }
        }
    }

    @Test func `reads values before where it is asked to, and by a profile`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                try FileManager.default.createDirectory(
                    atPath: home.path(".config/moonspot"), withIntermediateDirectories: true)
                try home.write(
                    "default_profile = \"acme\"\n[profiles.acme]\njournal = \"undo\"\njournal_days = 7\n",
                    to: ".config/moonspot/config.toml")
                let code = """
                    local ada = hubspot.contacts.create{ email = "ada@example.org", city = "Rome" }
                    hubspot.contacts.update(ada.id, { city = "Bonn" })
                    hubspot.contacts.delete(ada.id)
                    """
                let result = try await home.run("-e", code, environment: server.environment)
                #expect(result.status == 0, "\(result.errors)")
                let before = try await Self.database(home).read { db in
                    try String?.fetchAll(db, sql: "SELECT before FROM writes ORDER BY number")
                }
                #expect(before[0] == nil && before[1] == #"{"city":"Rome"}"#)
                #expect(before[2]?.contains(#""email":"ada@example.org""#) == true)
            }
        }
    }

    @Test func `lets nothing be sent that it cannot keep`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                try home.write("no folder", to: "state")
                let result = try await home.run(
                    "--store", "memory", "-e", "hubspot.contacts.create{ firstname = 'Ada' }",
                    environment: server.environment.merging(["MOONSPOT_STATE": home.path("state")]) { $1 })
                #expect(result.status == 5)
                #expect(result.errors.contains("nothing is sent, since the journal cannot be kept"))
                #expect(result.errors.contains("--journal off"))
                let count = try await home.run(
                    "-e", "hubspot.contacts.count()", environment: server.environment)
                #expect(count.output == "0\n")
            }
        }
    }
}
