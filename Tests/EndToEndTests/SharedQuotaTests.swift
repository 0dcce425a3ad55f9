import Foundation
import Testing

/// Processes of one user that share a token know of each other through the state folder.
@Suite("Processes that share a token") struct SharedQuotaTests {
    private func stats(_ server: SimulatorServer) async throws -> (throttled: Int, requests: Int, peak: Int) {
        let stats = try await server.control("GET", "/_simulator/stats")
        let peak = (stats["peak_window"] as? [String: any Sendable])?["burst"] as? Int ?? 0
        return (stats["throttled"] as? Int ?? -1, stats["requests"] as? Int ?? -1, peak)
    }

    private static let work = """
        local n = 0
        print("ready")
        while n < %d do
          task.map({ 1, 2, 3, 4 }, function() hubspot.contacts.list{ limit = 1 } end)
          n = n + 4
        end
        """

    @Test func `are never refused, though one of them is killed at any moment`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--limits", "40/2s", "--contacts", "3", "--latency", "5ms..60ms") {
                server in
                func worker(_ requests: Int) throws -> Child {
                    let code = Self.work.replacingOccurrences(of: "%d", with: "\(requests)")
                    return try home.start(
                        ["--limits", "40/2s", "--timeout", "3s", "-e", code], environment: server.environment)
                }
                let victims = try (0..<3).map { _ in try worker(10_000) }
                let workers = try (0..<3).map { _ in try worker(40) }
                for (index, victim) in victims.enumerated() {
                    _ = try await victim.line()
                    // Killed in the middle of its work, each a little later: as soon as the server has seen so many.
                    while try await stats(server).requests < 5 + index * 25 { await Task.yield() }
                    victim.signal(SIGKILL)
                    #expect(try await victim.finish().status == 128 + SIGKILL)
                }
                for worker in workers {
                    let result = try await worker.finish()
                    #expect(result.status == 0, "\(result.errors)")
                    #expect(result.errors.isEmpty)
                }
                let end = try await stats(server)
                #expect(end.throttled == 0)
                #expect(end.requests >= 120)
                #expect(end.peak <= 40)
                // Together they use what there is.
                #expect(end.peak > 30)
            }
        }
    }

    @Test func `leave room for what is typed at a console, and take it back when that is closed`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--limits", "40/4s", "--contacts", "3", "--latency", "5ms..40ms") {
                server in
                let terminal = try Terminal(home, ["--limits", "40/4s"], environment: server.environment)
                try await terminal.expect("> ")
                let code = """
                    while hubspot.limits.state().console.open == 0 do task.sleep(0.01) end
                    local n = 0
                    local function more() n = n + 1 return not os.getenv("NEVER") and n or nil end
                    task.each(more, function() hubspot.contacts.list{ limit = 1 } end)
                    """
                let bulk = try home.start(
                    ["--limits", "40/4s", "--no-batch", "--concurrency", "40", "-e", code],
                    environment: server.environment)
                while try await stats(server).requests < 30 { await Task.yield() }
                for round in 1...2 {
                    terminal.enter("for i = 1, 2 do hubspot.contacts.list{ limit = 1 } end")
                    terminal.enter(
                        "do local w = 0 for _, n in ipairs(hubspot.limits.explain(2)) do w = math.max(w, n.waited) end print(('round %d %s'):format(\(round), w < 1)) end"
                    )
                    try await terminal.expect("round \(round) true")
                }
                bulk.signal(SIGKILL)
                #expect(try await bulk.finish().status == 128 + SIGKILL)
                // A dead process is not listed, a console is.
                let shown = try await home.run("limits", environment: server.environment).output
                #expect(shown.contains("1 console open"), "\(shown)")
                #expect(shown.contains("\(terminal.pid)"), "\(shown)")
                #expect(!shown.contains(" -e"), "\(shown)")
                terminal.enter(":quit")
                #expect(try await terminal.end() == 0)
                let after = try await home.run(
                    "-e", "return hubspot.limits.state().console.open", environment: server.environment)
                #expect(after.output == "0\n", "\(after.errors)")
                #expect(try await stats(server).throttled == 0)
            }
        }
    }

    @Test func `show what all of them have used, without asking HubSpot once that is known`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--limits", "50/10s,1000/day", "--contacts", "3") { server in
                let first = try await home.run(
                    "-e", "for _ = 1, 7 do hubspot.contacts.list{ limit = 1 } end return hubspot.limits.state().store",
                    environment: server.environment)
                #expect(first.output == "file\n", "\(first.errors)")
                let before = try await stats(server).requests
                let shown = try await home.run("limits", environment: server.environment)
                #expect(shown.status == 0, "\(shown.errors)")
                #expect(try await stats(server).requests == before)
                #expect(
                    shown.output.split(separator: "\n").contains {
                        $0.split(separator: " ").prefix(2) == ["burst", "7"]
                    }, "\(shown.output)")
                #expect(shown.output.contains("store: file"))
            }
        }
    }

    @Test func `go on with half of each limit where the state folder cannot be used`() async throws {
        try await Home.with { home in
            try home.write("no folder", to: "state")
            try await SimulatorServer.with(home, "--limits", "50/10s") { server in
                let environment = server.environment.merging(["MOONSPOT_STATE": home.path("state")]) { $1 }
                let result = try await home.run(
                    "--limits", "50/10s", "-e",
                    "hubspot.contacts.count() local s = hubspot.limits.state() return s.store, s.burst.limit",
                    environment: environment)
                #expect(result.status == 0)
                #expect(result.output == "memory\n25\n" || result.output == "memory\t25\n", "\(result.output)")
                #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
                #expect(result.errors.contains(home.path("state")) && result.errors.contains("MOONSPOT_STATE"))
            }
        }
    }

    @Test func `keep the simulator's quota out of the file`() async throws {
        try await Home.with { home in
            let result = try await home.run(
                "--simulator", "-e", "hubspot.contacts.count() return hubspot.limits.state().store",
                environment: ["MOONSPOT_STATE": home.path("state")])
            #expect(result.output == "memory\n", "\(result.errors)")
            #expect(!home.exists("state/limiter.sqlite"))
        }
    }

    @Test func `hide Redis' password from scripts, and say what to do where the server is not there`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home) { server in
                let environment = server.environment.merging(["MOONSPOT_REDIS_PASSWORD": "opensesame"]) { $1 }
                let result = try await home.run(
                    "--store", "redis://127.0.0.1:1/0", "-e",
                    "hubspot.contacts.count() return tostring(os.getenv('MOONSPOT_REDIS_PASSWORD')) .. hubspot.limits.state().store",
                    environment: environment)
                #expect(result.output == "nilmemory\n", "\(result.errors)")
                #expect(result.errors.contains("redis://127.0.0.1:1/0"), "\(result.errors)")
                #expect(!result.errors.contains("opensesame"))
            }
        }
    }
}

/// What `moonspot limits` lists while others work, and after they have ended in any way.
@Suite("Processes that have ended") struct EndedProcessTests {
    @Test func `are not listed, however they end`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "3") { server in
                func listed() async throws -> String {
                    let limits = try await home.run("limits", environment: server.environment)
                    #expect(limits.status == 0, "\(limits.errors)")
                    return limits.output
                }
                let work = "for i = 1, 3 do hubspot.contacts.list{ limit = 1 } end "
                let alive = try home.start(
                    ["-e", work + "print('at work') io.stdout:flush() io.read()"], environment: server.environment)
                _ = try await alive.line()
                #expect(try await listed().contains("\(alive.pid)"))
                let left = try await home.run("-e", work + "os.exit(3)", environment: server.environment)
                #expect(left.status == 3)
                let piped = try await home.shell(
                    #""$@" | head -n 1"#, "-e", work + "for i = 1, 100000 do print(i) end",
                    environment: server.environment)
                #expect(piped.output == "1\n")
                let killed = try home.start(
                    ["-e", work + "print('at work') io.stdout:flush() io.read()"], environment: server.environment)
                _ = try await killed.line()
                killed.signal(SIGKILL)
                _ = try await killed.finish()
                let lines = try await listed().split(separator: "\n").filter { $0.contains("moonspot -e") }
                #expect(lines.count == 1, "\(lines)")
                #expect(lines.first?.contains("\(alive.pid)") == true)
                alive.signal(SIGKILL)
                _ = try await alive.finish()
            }
        }
    }

    @Test func `tell others that they end, where a script ends them`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "3") { server in
                let terminal = try Terminal(home, [], environment: server.environment)
                try await terminal.expect("> ")
                terminal.enter("print('there are', hubspot.contacts.count())")
                try await terminal.expect("there are\t3")
                terminal.enter("os.exit(0)")
                #expect(try await terminal.end() == 0)
                let left = try await home.run(
                    "-e", "print(hubspot.contacts.count(), hubspot.limits.state().console.open)",
                    environment: server.environment)
                #expect(left.output == "3\t0\n", "\(left.output) \(left.errors)")
            }
        }
    }
}
