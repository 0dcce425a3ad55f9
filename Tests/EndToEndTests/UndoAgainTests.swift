import Foundation
import Testing

/// What an undo has done is not done twice, and what an undo has taken back does not come back.
@Suite("Undoing again") struct UndoAgainTests {
    private static func with(_ body: (Home, SimulatorServer) async throws -> Void) async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0", "--limits", "unlimited") { server in
                try await body(home, server)
            }
        }
    }

    private static func run(_ home: Home, _ server: SimulatorServer, _ code: String) async throws -> String {
        let result = try await home.run("-e", code, environment: server.environment)
        #expect(result.status == 0, "\(result.errors)")
        return result.output
    }

    @Test func `makes no archived record twice where no answer told that it was made`() async throws {
        try await Self.with { home, server in
            _ = try await Self.run(
                home, server,
                #"for i = 1, 2 do hubspot.contacts.create{ email = "a" .. i .. "@example.org", city = "Rome" } end"#)
            _ = try await Self.run(home, server, "hubspot.contacts.batch.archive{ 501, 502 }")
            try await server.control(
                "PUT", "/_simulator/faults",
                body: #"""
                    {"rules":[{"method":"POST","path":"/crm/objects/*contacts/batch/create","probability":1,"times":1,
                    "action":{"kind":"reset_after"}}]}
                    """#)
            let undo = try await home.run("undo", "2", "--yes", environment: server.environment)
            #expect(undo.status == 1, "\(undo.output)\(undo.errors)")
            try await server.control("PUT", "/_simulator/faults", body: #"{"rules":[]}"#)
            #expect(try await Self.run(home, server, "hubspot.contacts.count()") == "2\n")

            let again = try await home.run("undo", "2", "--yes", environment: server.environment)
            #expect(again.output.contains("run 3 may have made it again"), "\(again.output)\(again.errors)")
            #expect(try await Self.run(home, server, "hubspot.contacts.count()") == "2\n")

            let retry = try await home.run("retry", "3", "--yes", environment: server.environment)
            #expect(retry.status == 0, "\(retry.output)\(retry.errors)")
            let third = try await home.run("undo", "2", "--yes", environment: server.environment)
            #expect(third.status == 0 && third.output.contains("made again as 503"), "\(third.output)\(third.errors)")
            #expect(try await Self.run(home, server, "hubspot.contacts.count()") == "2\n")
        }
    }

    @Test func `archives no record that another was merged into`() async throws {
        try await Self.with { home, server in
            _ = try await Self.run(home, server, #"hubspot.contacts.create{ email = "old@example.org" }"#)
            _ = try await Self.run(
                home, server,
                #"hubspot.contacts.merge(hubspot.contacts.create{ email = "new@example.org" }.id, 501)"#)
            let undo = try await home.run("undo", "2", "--yes", environment: server.environment)
            #expect(undo.output.contains("contacts 501 was merged into it"), "\(undo.output)\(undo.errors)")
            #expect(try await Self.run(home, server, "hubspot.contacts.count()") == "1\n")
        }
    }

    @Test func `leaves nothing to take back of a console's lines that were taken back`() async throws {
        try await Self.with { home, server in
            _ = try await Self.run(
                home, server, #"hubspot.contacts.create{ email = "ada@example.org", city = "Rome" }"#)
            let terminal = try Terminal(home, ["--yes"], environment: server.environment)
            let prompt = "> "
            try await terminal.expect("> ")
            for (line, undone) in [
                (#"hubspot.contacts.update(501, { city = "Oslo" })"#, "city: Oslo → Rome"),
                (#"hubspot.contacts.create{ email = "bob@example.org" }"#, "archived"),
                ("hubspot.contacts.delete(501)", "made again"),
            ] {
                terminal.enter(line)
                try await terminal.expect(prompt)
                terminal.enter(":undo")
                try await terminal.expect(undone)
                try await terminal.expect(prompt)
            }
            terminal.enter(":quit")
            _ = try await terminal.end()
            let undo = try await home.run("undo", "2", "--yes", environment: server.environment)
            #expect(undo.status == 0 && undo.output.isEmpty, "\(undo.output)")
            #expect(undo.errors.contains("all is as it was before run 2"))
        }
    }

    @Test func `takes what a task of a line has written later for that line's`() async throws {
        try await Self.with { home, server in
            let terminal = try Terminal(home, [], environment: server.environment)
            try await terminal.expect("> ")
            terminal.enter(
                #"t = task.spawn(function() hubspot.contacts.create{ email = "late@example.org" } print("wri" .. "tten") end)"#
            )
            try await terminal.expect("written")
            terminal.enter(":undo")
            try await terminal.expect("archived")
        }
    }

    @Test func `takes back what the run has changed of a list's members`() async throws {
        try await Self.with { home, server in
            let members =
                #"for _, id in ipairs(hubspot.request("GET", "/crm/lists/2026-09/1/memberships").body.results) do print(id.recordId) end"#
            _ = try await Self.run(
                home, server,
                #"""
                for i = 1, 3 do hubspot.contacts.create{ email = "a" .. i .. "@example.org" } end
                local list = hubspot.lists.create{ name = "L", objectTypeId = "0-1", processingType = "MANUAL" }
                hubspot.lists.add(list.listId or list.list.listId, { 501, 502 })
                """#)
            let id = try await Self.run(home, server, #"hubspot.lists.search{ query = "L" }.lists[1].listId"#)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            let list = members.replacing("/1/", with: "/\(id)/")
            let before = try await Self.run(home, server, list)
            #expect(before == "501\n502\n")
            _ = try await Self.run(
                home, server, "hubspot.lists.add(\(id), { 501, 503 }) hubspot.lists.remove(\(id), { 502 })")
            #expect(try await Self.run(home, server, list) == "501\n503\n")
            let undo = try await home.run("undo", "2", "--yes", environment: server.environment)
            #expect(undo.status == 0, "\(undo.errors)")
            #expect(undo.output.contains("1 member removed, 1 member added again"), "\(undo.output)")
            #expect(try await Self.run(home, server, list) == before)
        }
    }
}
