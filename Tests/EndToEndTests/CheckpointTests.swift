import Foundation
import Testing

@Suite("A loop with a checkpoint") struct CheckpointTests {
    /// What a script prints, run by run, in one home against one server. Each time it is told which time that is, in `arg[1]`.
    private static func runs(
        _ count: Int, _ code: String, options: [String] = [], of server: SimulatorServer, in home: Home
    ) async throws -> [Child.Result] {
        let script = try home.write(code, to: "loop.lua")
        var results: [Child.Result] = []
        for time in 1...count {
            results.append(
                try await home.start(options + [script, "\(time)"], environment: server.environment).finish())
        }
        return results
    }

    private static func with(_ body: (Home, SimulatorServer) async throws -> Void) async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { try await body(home, $0) }
        }
    }

    @Test func `goes on after kill -9 with the item that was under way, and sends nothing twice`() async throws {
        try await Self.with { home, server in
            let results = try await Self.runs(
                3,
                """
                task.each({ 1, 2, 3 }, function(i)
                  local made = hubspot.contacts.create{ firstname = "No " .. i }
                  hubspot.forms.submit("11111111-1111-4111-8111-111111111111", {
                    email = i .. "@example.org", firstname = "Ada", lastname = "Byron" })
                  -- Its intent is on disk behind the answer to the submission.
                  hubspot.contacts.update(made.id, { city = "Rome" })
                  if i == 2 and arg[1] == "1" then os.execute("kill -9 $PPID") end
                  print(i, made.id, made.firstname)
                end, { checkpoint = "people", concurrency = 1 })
                print(hubspot.contacts.count{ where = { firstname = { contains = "No*" } } })
                """, of: server, in: home)
            #expect(results[0].status == 137 && results[0].output == "1\t501\tNo 1\n", "\(results[0].errors)")
            #expect(results[1].output == "2\t503\tNo 2\n3\t505\tNo 3\n3\n", "\(results[1].errors)")
            #expect(results[1].errors.contains("checkpoint 'people' goes on: 1 item done before, 1 under way"))
            #expect(results[2].output.hasPrefix("1\t"), "it began anew: \(results[2].output)")
            let submissions = try await server.control("GET", "/_simulator/submissions")["results"] as? [Any]
            #expect(submissions?.count == 6)
        }
    }

    @Test func `looks up what it does not know to be done, and says where nothing tells`() async throws {
        try await Self.with { home, server in
            let code = """
                task.each({ 1 }, function()
                  hubspot.contacts.WRITE
                  print("done")
                end, { checkpoint = "people" OPTION })
                """
            // The answer is lost: the request was carried out.
            let rule =
                #"{"rules":[{"method":"POST","times":1,"action":{"kind":"slow_body","delay_ms":1000000}}]}"#
            for (write, option, ends, count) in [
                (#"create{ email = "a@example.org" }"#, "", 0, "1"), (#"create{ firstname = "B" }"#, "", 1, "1"),
                (#"create{ firstname = "B" }"#, #", on_unknown = "send""#, 0, "2"),
                (#"create{ firstname = "B" }"#, #", on_unknown = "skip""#, 0, "1"),
            ] {
                try await server.control("POST", "/_simulator/reset")
                try await server.control("PUT", "/_simulator/faults", body: rule)
                let script = code.replacing("WRITE", with: write).replacing("OPTION", with: option)
                let first = try await Self.runs(
                    1, "pcall(task.timeout, 1, function() \(script) end) os.execute('kill -9 $PPID')",
                    options: ["--fresh"], of: server, in: home)
                #expect(first[0].status == 137)
                let second = try await Self.runs(
                    1, "pcall(task.timeout, 1, function() end) \(script)", of: server, in: home)[0]
                #expect(second.status == Int32(ends), "\(write) \(option): \(second.errors)")
                if ends == 1 { #expect(second.errors.contains("fate_unknown: item '1' of checkpoint 'people'")) }
                let contacts = try await home.run("-e", "hubspot.contacts.count()", environment: server.environment)
                #expect(contacts.output == count + "\n", "\(write) \(option)")
            }
        }
    }

    @Test func `tells where an item writes something else than before`() async throws {
        try await Self.with { home, server in
            let results = try await Self.runs(
                3,
                """
                task.each({ "a" }, function(name)
                  hubspot.contacts.upsert(name .. "@example.org", { city = arg[1] == "2" and "Oslo" or "Rome" })
                  if arg[1] ~= "3" then error("stop") end
                end, { checkpoint = "people" })
                """, of: server, in: home)
            #expect(results[1].errors.contains("checkpoint_mismatch: item 'a' of checkpoint 'people'"))
            #expect(results[1].errors.contains("Rome") && results[1].errors.contains("Oslo"))
            #expect(results[2].status == 0, "\(results[2].errors)")
        }
    }

    @Test func `keeps what map returns, and the loops within an item`() async throws {
        try await Self.with { home, server in
            let results = try await Self.runs(
                2,
                """
                local list = task.map({ "a", "b" }, function(outer)
                  local inner = task.map({ 1, 2 }, function(i)
                    print("ran", outer, i)
                    return { hubspot.contacts.create{ firstname = outer .. i }.id }
                  end, { checkpoint = "inner" })
                  if outer == "b" and arg[1] == "1" then error("stop") end
                  return inner
                end, { checkpoint = "outer", concurrency = 1 })
                print(json.encode(list))
                """, of: server, in: home)
            #expect(results[0].output.split(separator: "\n").count == 4, "\(results[0].output)")
            #expect(results[1].output == #"[[["501"],["502"]],[["503"],["504"]]]"# + "\n", "\(results[1].errors)")
        }
    }

    @Test func `writes the batches of an item once`() async throws {
        try await Self.with { home, server in
            let results = try await Self.runs(
                2,
                """
                task.each({ "a" }, function(name)
                  local made = hubspot.contacts.batch.create{ { firstname = "1" }, { firstname = "2" } }
                  local links = {}
                  local company = hubspot.companies.create{ name = "Acme" }
                  for i, contact in ipairs(made.results) do links[i] = { from = contact.id, to = company.id } end
                  local linked = hubspot.associations.batch.link("contacts", "companies", links)
                  print(#made.results, made.results[2].firstname, #linked.errors)
                  if arg[1] == "1" then error("stop") end
                end, { checkpoint = "people" })
                print(hubspot.contacts.count())
                """, of: server, in: home)
            #expect(results[0].output == "2\t2\t0\n", "\(results[0].errors)")
            #expect(results[1].output == "2\t2\t0\n2\n", "\(results[1].errors)")
        }
    }

    /// The first item is done; the second has made its contact, and stopped before it made its company.
    private static let stopped = """
        local function loop()
          task.each({ 1, 2, 3 }, function(i)
            local made = hubspot.contacts.create{ email = i .. "@example.org" }
            if i == 2 and arg[1] == "1" then error("stop") end
            hubspot.companies.create{ name = "Company " .. i .. " of " .. tostring(made.id) }
            print(i, made.id)
          end, { checkpoint = "people", concurrency = 1 })
        end
        loop()
        """

    @Test(arguments: [["plan"], ["plan", "--fresh"], ["--dry-run"], []])
    func `shows what is left of it where nothing is written, and stays as it is`(options: [String]) async throws {
        try await Self.with { home, server in
            let first = try await Self.runs(1, Self.stopped, of: server, in: home)[0]
            #expect(first.status == 1 && first.output == "1\t501\n", "\(first.errors)")
            var script = try home.write(Self.stopped, to: "loop.lua")
            if options.isEmpty {
                // From within, and twice: a plan is no start of the loop.
                let planned = Self.stopped.replacing(
                    "\nloop()", with: "\nfor _ = 1, 2 do print(hubspot.plan(loop).records) end\nos.exit()")
                script = try home.write(planned, to: "loop.lua")
            }
            let shown = try await home.start(options + [script, "2"], environment: server.environment).finish()
            if options.contains("--fresh") {
                #expect(shown.output.contains("email: 3@example.org"), "\(shown.output)")
                #expect(!shown.errors.contains("goes on") && !shown.output.contains("502"))
            } else {
                #expect(shown.errors.contains("checkpoint 'people' goes on: 1 item done before, 1 under way"))
                #expect(shown.output.hasPrefix("2\t502\n3\t"), "\(shown.output)\(shown.errors)")
            }
            switch options {
            case ["plan"]:
                #expect(shown.status == 10)
                #expect(shown.output.contains("name: Company 2 of 502"), "\(shown.output)")
                #expect(shown.output.contains("3 records written"), "\(shown.output)")
            case ["--dry-run"]: #expect(!shown.errors.contains("2@example.org"), "\(shown.errors)")
            case []: #expect(shown.output.split(separator: "\n").count { $0 == "3" } == 2, "\(shown.output)")
            default: break
            }
            let last = try await home.run(
                home.write(Self.stopped, to: "loop.lua"), "2", environment: server.environment)
            #expect(last.output == "2\t502\n3\t503\n", "\(last.output)\(last.errors)")
            let companies = try await home.run("-e", "hubspot.companies.count()", environment: server.environment)
            #expect(companies.output == "3\n", "\(companies.errors)")
        }
    }

    @Test func `tells in a plan too that another goes on from it, and of two items with one key`() async throws {
        try await Self.with { home, server in
            let code =
                "task.each({ 1, KEY }, function() print('in'); io.read() end, { checkpoint = 'x', concurrency = 1 })"
            let script = try home.write(code.replacing("KEY", with: "2"), to: "loop.lua")
            let doubled = try home.write(code.replacing("KEY", with: "1"), to: "doubled.lua")
            let plan = try await home.run("plan", doubled, environment: server.environment)
            #expect(plan.errors.contains("two items have the key '1'"), "\(plan.errors)")
            #expect(!home.exists(".local/state/moonspot/journal.sqlite"))
            let first = try home.start([script], environment: server.environment)
            #expect(try await first.line() == "in")
            let second = try await home.run("plan", script, environment: server.environment)
            #expect(second.errors.contains("conflict: checkpoint 'x' is in use"), "\(second.errors)")
            #expect(try await first.finish(input: "\n\n").status == 0)
        }
    }

    /// The contact was made by another, or was there before: a create that was lost has not made it.
    @Test(arguments: [true, false]) func `takes no other's record for what it has made`(wasLost: Bool) async throws {
        try await Self.with { home, server in
            try await server.control(
                "PUT", "/_simulator/faults",
                body:
                    #"{"rules":[{"method":"POST","path":"/crm/objects/*contacts*","times":1,"action":{"kind":"hang"}}]}"#
            )
            let code = """
                task.each({ 1 }, function()
                  local made = hubspot.contacts.create{ email = "a@example.org", city = "Rome" }
                  print(made.id)
                end, { checkpoint = "people" })
                """
            let first = try await Self.runs(
                1, "pcall(task.timeout, 1, function() \(code) end) os.execute('kill -9 $PPID')", of: server, in: home)
            #expect(first[0].status == 137)
            try await server.control("PUT", "/_simulator/faults", body: #"{"rules":[]}"#)
            if !wasLost {
                let other = try await home.run(
                    "--journal", "off", "-e", #"hubspot.contacts.create{ email = "a@example.org", city = "Oslo" }"#,
                    environment: server.environment)
                #expect(other.status == 0, "\(other.errors)")
            }
            let second = try await Self.runs(
                1, "pcall(task.timeout, 1, function() end) \(code)", of: server, in: home)[0]
            if wasLost {
                #expect(second.status == 0 && second.output == "501\n", "\(second.errors)")
            } else {
                // HubSpot says what it said to every other: there is such a contact.
                #expect(second.status == 1 && second.errors.contains("conflict (409)"), "\(second.errors)")
            }
        }
    }

    @Test func `belongs to what standard input holds`() async throws {
        try await Self.with { home, server in
            let code =
                "task.each({ 1, 2 }, function(x) print('NAME', x) if x == 2 then error('no') end end, { checkpoint = 'x', concurrency = 1 })"
            for name in ["one", "other"] {
                let result = try await home.run(
                    "-", input: code.replacing("NAME", with: name), environment: server.environment)
                #expect(result.output == "\(name)\t1\n\(name)\t2\n", "\(result.errors)")
                let again = try await home.run(
                    "-", input: code.replacing("NAME", with: name), environment: server.environment)
                #expect(again.output == "\(name)\t2\n", "\(again.errors)")
            }
        }
    }

    @Test func `needs a journal, and keys that tell items apart`() async throws {
        try await Self.with { home, server in
            for (option, items, words) in [
                ("--journal=off", "{ 1 }", "leave it out, or the checkpoint"),
                ("--journal=writes", "{ 1, 1 }", "two items have the key '1'"),
                ("--journal=writes", "{ {} }", "bad argument 'opts.key' to 'task.each'"),
            ] {
                let code = "task.each(\(items), function() end, { checkpoint = 'x' })"
                let result = try await home.run(option, "-e", code, environment: server.environment)
                #expect(result.status == 1 && result.errors.contains(words), "\(result.errors)")
            }
        }
    }

    @Test func `is refused to a second process while the first goes on`() async throws {
        try await Self.with { home, server in
            let script = try home.write(
                "task.each({ 1 }, function() print('in'); io.read() end, { checkpoint = 'x' })", to: "loop.lua")
            let first = try home.start([script], environment: server.environment)
            #expect(try await first.line() == "in")
            let second = try await home.run(script, environment: server.environment)
            #expect(second.errors.contains("conflict: checkpoint 'x' is in use"), "\(second.errors)")
            #expect(try await first.finish(input: "\n").status == 0)
        }
    }

    @Test func `ends with the process on a simulator of its own`() async throws {
        try await Home.with { home in
            let code = """
                local function loop(stop)
                  task.each({ 1, 2 }, function(i)
                    hubspot.contacts.create{ firstname = "No" }
                    print(i)
                    if stop and i == 2 then error("stop") end
                  end, { checkpoint = "x", concurrency = 1 })
                end
                pcall(loop, true)
                loop()
                print(hubspot.contacts.count{ where = { firstname = "No" } })
                """
            let result = try await home.run("--simulator", "-e", code)
            #expect(result.output == "1\n2\n2\n2\n", "\(result.errors)")
            #expect(!home.exists(".local/state/moonspot/journal.sqlite"))
        }
    }
}
