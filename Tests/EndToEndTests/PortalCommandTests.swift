import Foundation
import Testing

@Suite("Commands about the portal") struct PortalCommandTests {
    @Test func `list properties and options`() async throws {
        try await withConsole { _, terminal in
            terminal.enter(":props contacts lifecycle")
            try await terminal.expect("lifecyclestage")
            try await terminal.expect(ReplTests.prompt)
            terminal.enter(":options contacts.lifecyclestage")
            try await terminal.expect("subscriber")
            try await terminal.expect(ReplTests.prompt)
            terminal.enter(":options contacts.lifecyclestag")
            try await terminal.expect("did you mean 'lifecyclestage'?")
            terminal.enter(":options contacts.email")
            try await terminal.expect("nothing is to be chosen")
        }
    }

    @Test func `give a record's address`() async throws {
        try await withConsole { _, terminal in
            terminal.enter(":open contacts 501")
            try await terminal.expect("/contacts/20000001/record/0-1/501\n")
            terminal.enter("ada = hubspot.contacts.get(502)")
            try await terminal.expect(ReplTests.prompt)
            terminal.enter(":open ada")
            try await terminal.expect("/record/0-1/502\n")
            terminal.enter(":open 12")
            try await terminal.expect("name it by type and id")
        }
    }

    @Test func `show the last exchange without the token, and as a curl line that works`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home) { server in
                let terminal = try Terminal(home, ["repl"], environment: server.environment, columns: 400)
                try await terminal.expect("> ")
                terminal.enter(":set pager off")
                try await terminal.expect("> ")
                terminal.enter("hubspot.contacts.search{ where = { firstname = \"it's\" } }")
                try await terminal.expect("> ")
                terminal.enter(":http")
                try await terminal.expect("POST \(server.url)/crm/objects/2026-09/contacts/search\n")
                let shown = try await terminal.expect("\"results\"")
                #expect(shown.contains("Authorization: Bearer pat-na1-••••"))
                #expect(shown.contains("it's"))
                #expect(shown.contains("\n200 in "))
                try await terminal.expect("> ")
                terminal.enter(":curl")
                let text = try await terminal.expect("\nhubspot")
                #expect(!terminal.transcript.contains(server.token))
                let line = text[(text.range(of: "curl \\")?.lowerBound ?? text.startIndex)...]
                let result = try await Child(
                    ["/bin/sh", "-c", "\(line.replacing("curl ", with: "curl -sf ", maxReplacements: 1))"],
                    environment: home.environment(server.environment)
                ).finish()
                #expect(result.status == 0, "\(result.errors)\n\(line)")
                #expect(result.output.contains("\"results\":[]"))
            }
        }
    }

    @Test func `list the tasks that run, and cancel them`() async throws {
        try await withConsole { _, terminal in
            terminal.enter(":tasks")
            try await terminal.expect("no task runs")
            terminal.enter("t = task.spawn(function() task.sleep(600) end) task.sleep(0)")
            try await terminal.expect(ReplTests.prompt)
            terminal.enter(":tasks")
            let shown = try await terminal.expect("stdin:1")
            #expect(shown.contains("sleeps"))
            terminal.enter(":tasks cancel 9999")
            try await terminal.expect("no task 9999 runs")
            terminal.enter(":tasks cancel all")
            try await terminal.expect("1 task cancelled")
            try await terminal.expect(ReplTests.prompt)
            terminal.enter("pcall(t.await, t)")
            try await terminal.expect("cancelled")
            terminal.enter(":tasks")
            try await terminal.expect("no task runs")
        }
    }

    @Test func `go on with another profile's portal`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home) { server in
                let folder = home.folder.appendingPathComponent(".config/moonspot")
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try home.write(server.token, to: ".config/moonspot/other.token")
                chmod(home.path(".config/moonspot/other.token"), 0o600)
                let profiles = ["first", "other"].map { name in
                    "[profiles.\(name)]\ntoken_file = \"other.token\"\nbase_url = \"\(server.url)\"\nportalId = 20000001\n"
                }
                try home.write(profiles.joined(), to: ".config/moonspot/config.toml")
                let terminal = try Terminal(home, ["--profile", "first"])
                try await terminal.expect("first 20000001> ")
                terminal.enter(":profile other")
                try await terminal.expect("other 20000001> ")
                terminal.enter("hubspot.session.base_url")
                try await terminal.expect(server.url)
                terminal.enter(":profile -")
                try await terminal.expect("first 20000001> ")
                terminal.enter(":profile nowhere")
                try await terminal.expect("no profile")
            }
        }
    }
}

@Suite(":record") struct RecordCommandTests {
    @Test func `writes what is typed and shown, without secrets and colours`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--token", "a-secret-without-a-shape") { server in
                let terminal = try Terminal(home, ["repl"], environment: server.environment)
                try await terminal.expect("> ")
                terminal.enter("hubspot.contacts.count()")
                try await terminal.expect("\n25\n")
                try await terminal.expect("> ")
                let path = home.path("session.txt")
                terminal.enter(":record \(path)")
                try await terminal.expect("recording to ")
                try await terminal.expect("> ")
                terminal.enter("'shown ' .. 'here', 'a-secret-' .. 'without-a-shape'")
                try await terminal.expect("shown here")
                try await terminal.expect("> ")
                terminal.enter("x = 'a-secret-without-a-shape'")
                try await terminal.expect("> ")
                terminal.enter(":record off")
                try await terminal.expect("recorded in ")
                try await terminal.expect("> ")
                terminal.enter("'not ' .. 'any more'")
                try await terminal.expect("not any more")
                let transcript = try home.read("session.txt")
                #expect(transcript.contains("> 'shown ' .. 'here'"))
                #expect(transcript.contains("\nshown here\t"))
                #expect(!transcript.contains("not any more"))
                #expect(!transcript.contains("\u{1b}"))
                #expect(!transcript.contains("a-secret-without-a-shape"))
                #expect(try !home.read(".local/state/moonspot/history").contains("a-secret-without-a-shape"))
                terminal.enter(":record \(path)")
                try await terminal.expect("cannot write")
            }
        }
    }
}
