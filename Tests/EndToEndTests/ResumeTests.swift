import Foundation
import Testing

@Suite("moonspot resume and retry") struct ResumeTests {
    @Test func `start a killed script again with its arguments, options and folder`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                let script = try home.write(
                    """
                    task.each({ 1, 2, 3 }, function(i)
                      local made = hubspot.contacts.create{ firstname = arg[1] .. i }
                      if i == 2 and not io.open("flag") then
                        io.open("flag", "w"):close()
                        os.execute("kill -9 $PPID")
                      end
                      print(made.id, made.firstname, arg[-1])
                    end, { checkpoint = "people", concurrency = 1 })
                    """, to: "people.lua")
                let start = #"cd "$HOME" && "$@""#
                let first = try await home.shell(
                    start, "--no-batch", script, "No ", environment: server.environment)
                #expect(first.status == 137 && first.output == "501\tNo 1\t--no-batch\n", "\(first.errors)")
                try home.write(try home.read("people.lua") + "print('changed')", to: "people.lua")
                let second = try await home.run("resume", environment: server.environment)
                #expect(second.output == "502\tNo 2\t--no-batch\n503\tNo 3\t--no-batch\nchanged\n", "\(second.errors)")
                #expect(second.errors.contains("resuming run 1: people.lua No "))
                #expect(second.errors.contains("people.lua has changed since"))
                let third = try await home.run("resume", environment: server.environment)
                #expect(third.status == 1 && third.errors.contains("no script that was stopped"))
                let named = try await home.run("resume", "7", environment: server.environment)
                #expect(named.status == 1 && named.errors.contains("there is no run 7"))
            }
        }
    }

    @Test func `do not start what had a secret among its arguments`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                let script = try home.write("hubspot.contacts.create{ firstname = 'A' } error('no')", to: "a.lua")
                _ = try await home.run(script, "--token", "hunter2", environment: server.environment)
                let result = try await home.run("resume", environment: server.environment)
                #expect(result.status == 1 && result.errors.contains("had a secret among its arguments"))
            }
        }
    }

    @Test func `send again what failed, look up what is unknown, and keep the rows that fail again`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                let rules = """
                    {"rules":[{"method":"PATCH","times":1,"action":{"status":400}},
                    {"method":"POST","path":"*/companies","times":1,"action":{"kind":"reset_after"}},
                    {"method":"POST","path":"*/deals","times":1,"action":{"kind":"reset_before"}}]}
                    """
                try await server.control("PUT", "/_simulator/faults", body: rules)
                let code = """
                    local ada = hubspot.contacts.create{ email = "ada@example.org" }
                    pcall(hubspot.contacts.update, ada.id, { city = "Rome" })
                    pcall(hubspot.contacts.create, { email = "no address" })
                    pcall(hubspot.companies.create, { name = "Acme" })
                    pcall(hubspot.deals.create, { dealname = "Big" })
                    """
                _ = try await home.run("-e", code, environment: server.environment)
                let plan = try await home.run("retry", "--plan", environment: server.environment)
                #expect(plan.status == 0 && plan.output.split(separator: "\n").count == 4, "\(plan.output)")
                let rows = home.path("rows.csv")
                let retry = try await home.run(
                    "retry", "1", "--rows", rows, "--output", "csv", environment: server.environment)
                #expect(retry.status == 1, "\(retry.errors)")
                let verdicts = retry.output.split(separator: "\n").map { $0.split(separator: ",").prefix(2) }
                #expect(
                    verdicts == [
                        ["n", "verdict"], ["2", "done"], ["3", "failed"], ["4", "unknown"], ["5", "unknown"],
                    ], "\(retry.output)")
                let kept = try home.read("rows-contacts-new.csv")
                #expect(kept.hasPrefix("email,refused_because\nno address,validation: "), "\(kept)")
                #expect(try home.read("rows-companies-new.csv").hasPrefix("name,refused_because\nAcme,"))
                let deals = home.path("rows-deals-new.csv")
                #expect(retry.errors.contains("once mended: import.lua deals \(deals) --create"), "\(retry.errors)")
                let state = try await home.run(
                    "-e",
                    "hubspot.contacts.get('ada@example.org', { properties = { 'city' } }).city, hubspot.companies.count()",
                    environment: server.environment)
                #expect(state.output.contains("Rome"), "\(state.output) \(state.errors)")
                let again = try await home.run("retry", "--plan", environment: server.environment)
                #expect(again.output.split(separator: "\n").count == 3, "\(again.output)")
            }
        }
    }

    @Test func `keep rows that fail again in a file that an import takes`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "2") { server in
                let code = "for id = 501, 502 do pcall(hubspot.contacts.update, id, { lifecyclestage = 'gone' }) end"
                _ = try await home.run("-e", code, environment: server.environment)
                let rows = home.path("rows.csv")
                let retry = try await home.run("retry", "--rows", rows, environment: server.environment)
                #expect(retry.status == 1)
                #expect(retry.errors.contains("2 rows in \(rows); once mended: import.lua contacts \(rows) --by id"))
                let mended = try home.read("rows.csv").replacing("gone", with: "other")
                #expect(mended.hasPrefix("id,lifecyclestage,refused_because\n501,other,"), "\(mended)")
                _ = try home.write(mended, to: "rows.csv")
                let imported = try await home.run(
                    Home.automation("import.lua"), "contacts", rows, "--by", "id", environment: server.environment)
                #expect(imported.status == 0, "\(imported.errors)")
                let state = try await home.run(
                    "-e", "hubspot.contacts.get(502, { properties = { 'lifecyclestage' } }).lifecyclestage",
                    environment: server.environment)
                #expect(state.output == "other\n")
            }
        }
    }

    @Test func `leave what a later write of the run has set since`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                let code = """
                    local ada = hubspot.contacts.create{ email = "ada@example.org" }
                    pcall(hubspot.contacts.update, ada.id, { city = "Rome" })
                    hubspot.contacts.update(ada.id, { city = "Oslo" })
                    """
                try await server.control(
                    "PUT", "/_simulator/faults",
                    body: #"{"rules":[{"method":"PATCH","times":1,"action":{"status":400}}]}"#)
                _ = try await home.run("-e", code, environment: server.environment)
                let plan = try await home.run("retry", "1", "--plan", environment: server.environment)
                #expect(plan.output.contains("write 3 of the run has set city since"), "\(plan.output)")
                let retry = try await home.run("retry", "1", environment: server.environment)
                #expect(retry.status == 0 && retry.output.contains("left"), "\(retry.output)\(retry.errors)")
                let state = try await home.run(
                    "-e", "hubspot.contacts.get('ada@example.org', { properties = { 'city' } }).city",
                    environment: server.environment)
                #expect(state.output == "Oslo\n")
            }
        }
    }

    @Test func `tell which checkpoints are forgotten with a run`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                let code = """
                    task.each({ 1, 2 }, function(i)
                      hubspot.companies.create{ name = "C" .. i }
                      if i == 2 then error("stop") end
                    end, { checkpoint = "makers", concurrency = 1 })
                    """
                _ = try await home.run("-e", code, environment: server.environment)
                let forget = try await home.run("history", "--forget", "1")
                #expect(forget.status == 0)
                #expect(
                    forget.errors
                        == "1 forgotten\nits checkpoint 'makers' (1 item done) is forgotten too: the loop begins anew\n"
                )
            }
        }
    }
}
