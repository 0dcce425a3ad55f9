import Testing

@Suite("The exit status") struct ExitStatusTests {
    @Test(
        arguments: [
            (["-e", "return 1"], 0),
            (["--help"], 0),
            (["--version"], 0),
            (["run", "--help"], 0),
            (["simulator", "--help"], 0),
            (["-e", "error('went wrong')"], 1),
            (["-e", "local t = task.spawn(error, 'nobody awaits this')"], 1),
            (["-e", "this is not Lua"], 1),
            (["-e", "os.exit(7)"], 7),
            (["--time-limit", "200ms", "-e", "while true do end"], 1),
            (["--time-limit", "200ms", "-e", "task.sleep(60)"], 1),
            (["--time-limit", "200ms", "-e", "t = task.spawn(function() while true do task.sleep(0) end end)"], 1),
            (["--time-limit", "200ms", "-e", "x = setmetatable({}, { __gc = function() while true do end end })"], 1),
            (
                [
                    "--time-limit", "200ms", "-e",
                    "error(setmetatable({}, { __tostring = function() while true do end end }))",
                ], 1
            ),
            (["--memory-limit", "16M", "-e", "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1000) .. i end"], 1),
            (["--no-such-option"], 2),
            (["no-such-script.lua"], 2),
            (["--output", "xml", "-e", "1"], 2),
            (["--base-url", "http://example.com", "-e", "1"], 2),
            (["--limits", "plenty", "-e", "1"], 2),
            (["-e", "hubspot.contacts.count()"], 3),
            (["--simulator", "--read-only", "-e", "hubspot.contacts.create{ email = 'a@example.org' }"], 3),
            (
                [
                    "--simulator", "--allow", "contacts:read", "-e",
                    "hubspot.contacts.create{ email = 'a@example.org' }",
                ], 3
            ),
        ] as [([String], Int32)])
    func `tells what happened`(arguments: [String], status: Int32) async throws {
        try await Home.with { home in
            let result = try await home.start(arguments).finish()
            #expect(result.status == status, "\(arguments): \(result.errors)")
            // What fails says so, and not on standard output.
            #expect(status == 0 || status == 7 || !result.errors.isEmpty)
            #expect(status == 0 || result.output.isEmpty)
        }
    }

    @Test func `is 3 for a token that the server does not know`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home) { server in
                let result = try await home.run(
                    "-e", "hubspot.contacts.count()",
                    environment: ["HUBSPOT_ACCESS_TOKEN": "pat-na1-unknown", "HUBSPOT_BASE_URL": server.url])
                #expect(result.status == 3)
                #expect(!result.errors.contains("pat-na1-unknown"))
            }
        }
    }

    @Test func `is 4 where the day's quota is used up`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--limits", "100/10s,3/day") { server in
                let result = try await home.run(
                    "-e", "for i = 1, 10 do hubspot.contacts.list{ limit = 1 } end", environment: server.environment)
                #expect(result.status == 4, "\(result.errors)")
            }
        }
    }

    @Test func `is 5 where nobody listens`() async throws {
        try await Home.with { home in
            let result = try await home.run(
                "--base-url", "http://127.0.0.1:1", "-e", "hubspot.contacts.list()",
                environment: ["HUBSPOT_ACCESS_TOKEN": "pat-na1-x"])
            #expect(result.status == 5, "\(result.errors)")
        }
    }

    @Test(arguments: [
        "task.sleep(60)", "while true do end", "pcall(task.sleep, 60) task.sleep(60)",
        "task.spawn(function() while true do task.sleep(0) end end)",
    ])
    func `is 130 after an interrupt`(code: String) async throws {
        try await Home.with { home in
            let child = try home.start(["-e", "print('ready') io.stdout:flush() \(code)"])
            #expect(try await child.line() == "ready")
            child.signal(2)
            #expect(try await child.finish(within: .seconds(20)).status == 130)
        }
    }

    @Test func `is 130 after a second interrupt where no stop reaches`() async throws {
        try await Home.with { home in
            // From within the finalizer, so that the first interrupt cannot strike before it.
            let code =
                "setmetatable({}, { __gc = function() print('ready') io.stdout:flush() io.write('kept') while true do end end }) "
                + "collectgarbage()"
            let child = try home.start(["-e", code])
            #expect(try await child.line() == "ready")
            // Again and again: two that come at once are one.
            let impatience = Task {
                while !Task.isCancelled {
                    child.signal(2)
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
            defer { impatience.cancel() }
            let result = try await child.finish(within: .seconds(20))
            #expect(result.status == 130)
            #expect(result.output.hasSuffix("kept"))
        }
    }

    @Test func `of a script that the time limit's end cuts off comes after its output`() async throws {
        try await Home.with { home in
            let code = "io.write('kept') setmetatable({}, { __gc = function() while true do end end }) collectgarbage()"
            let result = try await home.start(["--time-limit", "100ms", "-e", code]).finish(within: .seconds(20))
            #expect(result.status == 1)
            #expect(result.output == "kept")
        }
    }
}
