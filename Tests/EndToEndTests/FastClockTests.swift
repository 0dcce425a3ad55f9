import Testing

/// `--fast-clock`: what would take minutes or days takes as long as the work itself.
@Suite("--fast-clock") struct FastClockTests {
    private func run(
        _ code: String, _ options: String..., within limit: Duration = .seconds(60)
    ) async throws -> Child.Result {
        try await Home.with { home in
            try await home.start(["--simulator", "--fast-clock"] + options + ["-e", code]).finish(within: limit)
        }
    }

    /// Milliseconds of the clock that all share, as the simulator stamps records with.
    private static let clock = """
        local function now()
          local answer = hubspot.request("POST", "/_simulator/clock", { body = { advance_ms = 0 } }).body.now
          local day, hour, minute, second = answer:match("(%d%d)T(%d%d):(%d%d):([%d.]+)Z")
          return ((tonumber(day) * 24 + tonumber(hour)) * 60 + tonumber(minute)) * 60 + tonumber(second)
        end

        """

    @Test func `lets ten minutes of quota pass at once, with no request refused`() async throws {
        let result = try await run(
            """
            local ids = {}
            for contact in hubspot.contacts.each{ max = 20 } do ids[#ids + 1] = contact.id end
            local before = hubspot.limits.state().totals
            task.each(function() before.n = (before.n or 0) + 1; if before.n <= 600 then return before.n end end,
              function(n) hubspot.contacts.get(ids[n % #ids + 1]) end, { concurrency = 50 })
            local after, stats = hubspot.limits.state().totals, hubspot.request("GET", "/_simulator/stats").body
            return after.requests - before.requests, after.throttled, stats.throttled, stats.peak_window.burst,
              after.wait_seconds > 590
            """, "--limits", "10/10s", "--no-batch")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.split(whereSeparator: \.isWhitespace) == ["600", "0", "0", "10", "true"])
    }

    @Test func `is the same clock for sleeps, the simulator and records`() async throws {
        let result = try await run(
            Self.clock + """
                local begun = now()
                task.sleep(3600)
                local slept = now() - begun
                local contact = hubspot.contacts.create{ email = "ada@example.org" }
                task.sleep(60)
                local changed = hubspot.contacts.update(contact.id, { firstname = "Ada" })
                local function second(iso) local h, m, s = iso:match("T(%d%d):(%d%d):([%d.]+)Z") return h * 3600 + m * 60 + s end
                return slept, (second(changed.updatedAt) - second(contact.createdAt)) % 86400
                """)
        #expect(result.status == 0, "\(result.errors)")
        let numbers = result.output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        #expect(numbers.count == 2)
        #expect(numbers.first.map { abs($0 - 3600) < 0.01 } == true, "\(result.output)")
        #expect(numbers.last.map { abs($0 - 60) < 0.01 } == true, "\(result.output)")
    }

    @Test func `wakes the sleeps of several tasks in their order`() async throws {
        let result = try await run(
            """
            local order = {}
            task.map({ 300, 0.5, 86400, 20, 0, 20 }, function(seconds, index)
              task.sleep(seconds)
              order[#order + 1] = index
            end)
            return table.concat(order, " ")
            """)
        #expect(result.output == "5 2 4 6 1 3\n", "\(result.errors)")
    }

    @Test func `ends what task.timeout bounds, and nothing else`() async throws {
        let result = try await run(
            Self.clock + """
                local begun = now()
                local ok, problem = pcall(task.timeout, 5, function() task.sleep(100) end)
                local inside = task.timeout(5, function() task.sleep(4.9) return "in time" end)
                local busy = task.timeout(5, function() return hubspot.contacts.count() end)
                return ok, problem.kind, inside, math.type(busy), now() - begun
                """)
        #expect(result.status == 0, "\(result.errors)")
        let words = result.output.split { $0.isNewline || $0 == "\t" }.map(String.init)
        #expect(words.prefix(4) == ["false", "timeout", "in time", "integer"])
        #expect(words.last.flatMap { Double($0) }.map { abs($0 - 9.9) < 0.01 } == true, "\(words)")
    }

    @Test(arguments: [
        ("status = 423", 2.0...11.0), ("status = 477, headers = { [\"Retry-After\"] = \"50\" }", 50.0...55.0),
        ("status = 503", 0.1...60.0),
    ])
    func `does not wait between tries`(action: String, waits: ClosedRange<Double>) async throws {
        let result = try await run(
            Self.clock + """
                hubspot.request("PUT", "/_simulator/faults", { body = { rules = json.array{
                  { method = "GET", path = "/crm/*", times = 1, action = { \(action) } } } } })
                local begun = now()
                local page = hubspot.contacts.list{ limit = 1 }
                return #page.results, hubspot.limits.state().totals.retries, now() - begun
                """)
        #expect(result.status == 0, "\(result.errors)")
        let numbers = result.output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        #expect(numbers.prefix(2) == [1, 1])
        #expect(numbers.last.map(waits.contains) == true, "\(result.output)")
    }

    @Test func `reaches the deadline of an attempt that the simulator never answers, or answers late`() async throws {
        let result = try await run(
            Self.clock + """
                local function slow(action)
                  hubspot.request("PUT", "/_simulator/faults", { body = { rules = json.array{
                    { method = "POST", path = "*/contacts", times = 1, action = action } } } })
                  local begun = now()
                  local ok, problem = pcall(hubspot.contacts.create, { email = "a@example.org" })
                  return string.format("%s %s %.0f", ok, ok and "" or problem.kind, now() - begun)
                end
                return slow{ kind = "hang" }, slow{ delay_ms = 29000 }, slow{ delay_ms = 31000 }
                """)
        #expect(result.output == "false timeout 30\ttrue  29\tfalse timeout 30\n", "\(result.errors)")
    }

    @Test func `lets calls that are made together travel together still`() async throws {
        let result = try await run(
            """
            local ids = {}
            for contact in hubspot.contacts.each() do ids[#ids + 1] = contact.id end
            local before = hubspot.limits.state().totals.requests
            task.map(ids, function(id) return hubspot.contacts.get(id) end)
            return hubspot.limits.state().totals.requests - before
            """)
        #expect(result.output == "1\n", "\(result.errors)")
    }

    @Test func `gives the same run for the same script`() async throws {
        let code =
            Self.clock + """
                hubspot.request("PUT", "/_simulator/faults", { body = { rules = json.array{
                  { path = "/crm/*", nth = 7, action = { status = 503, delay_ms = 70 } },
                  { path = "/crm/*", probability = 0.2, action = { delay_ms = 400 } },
                  { path = "/crm/*", probability = 0.1, action = { kind = "reset_before" } } } } })
                local ids, log, begun = {}, {}, now()
                for contact in hubspot.contacts.each{ max = 20 } do ids[#ids + 1] = contact.id end
                for worker = 1, 4 do
                  task.spawn(function()
                    for turn = 1, 12 do
                      local ok, answer = pcall(hubspot.contacts.get, ids[(worker * turn) % #ids + 1])
                      log[#log + 1] = worker .. ":" .. turn .. (ok and "" or answer.kind)
                      task.sleep(worker / 10)
                    end
                  end)
                end
                task.sleep(1000)
                return table.concat(log, " "), string.format("%.3f", hubspot.limits.state().totals.wait_seconds)
                """
        let first = try await run(code, "--limits", "8/2s", "--no-batch")
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.output.split(separator: " ").count >= 48)
        for _ in 0..<3 { #expect(try await run(code, "--limits", "8/2s", "--no-batch").output == first.output) }
    }

    @Test func `ends at Ctrl-C, however fast it goes`() async throws {
        try await Home.with { home in
            let child = try home.start([
                "--simulator", "--fast-clock", "-e",
                "print('ready') io.stdout:flush() while true do task.sleep(3600) end",
            ])
            #expect(try await child.line() == "ready")
            child.signal(2)
            #expect(try await child.finish(within: .seconds(20)).status == 130)
        }
    }

    @Test func `needs the simulator of the process`() async throws {
        try await Home.with { home in
            for arguments in [["--fast-clock", "-e", "return 1"], ["limits", "--fast-clock"]] {
                let result = try await home.start(arguments).finish()
                #expect(result.status == 2)
                #expect(result.errors.contains("--fast-clock needs --simulator"), "\(result.errors)")
                #expect(result.output.isEmpty)
            }
        }
    }

    @Test func `costs nothing where nothing waits for it`() async throws {
        let result = try await run("return 1 + 1")
        #expect(result.output == "2\n")
    }
}
