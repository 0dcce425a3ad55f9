import Testing

@Suite("The history of runs") struct HistoryTests {
    @Test func `tells runs and what they wrote, and forgets`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                let none = try await home.run("history")
                #expect(none.status == 0 && none.output.isEmpty && none.errors.contains("no run"))
                let script = try home.write(
                    """
                    local ada = hubspot.contacts.create{ email = "ada@example.org", city = "Rome" }
                    hubspot.contacts.update(ada.id, { city = "Oslo" })
                    pcall(hubspot.contacts.update, ada.id, { lifecyclestage = "nonsense" })
                    """, to: "change.lua")
                let change = try await home.run(script, environment: server.environment)
                #expect(change.status == 0, "\(change.errors)")
                let runs = try await home.run("history", "--output", "jsonl")
                #expect(runs.output.hasPrefix(#"{"run":1,"began":""#), "\(runs.output)")
                #expect(runs.output.contains(#""writes":3,"done":2,"failed":1,"unknown":0,"intended":0"#))
                let table = try await home.run("history")
                #expect(table.output.contains("change.lua"))
                let writes = try await home.run("history", "1", "--output", "csv")
                #expect(writes.output.split(separator: "\n").count == 4)
                #expect(writes.output.hasPrefix("run,n,time,method,path,action,type,id,"))
                let shown = try await home.run("history", "1")
                #expect(shown.output.contains("update contacts") && shown.output.contains("city: Oslo"))
                #expect(shown.output.contains("validation: "))
                let missing = try await home.run("history", "7")
                #expect(missing.status == 1 && missing.errors.contains("there is no run 7"))
                let kept = try await home.run("history", "--forget", "30d")
                #expect(kept.status == 0 && kept.errors.contains("0 forgotten"))
                let forget = try await home.run("history", "--forget", "1")
                #expect(forget.status == 0)
                #expect(try await home.run("history", "--output", "json").output == "[]\n")
                #expect(try await home.run("history", "--forget", "soon").status == 2)
            }
        }
    }
}
