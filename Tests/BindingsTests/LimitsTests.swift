import HubSpot
import LuaRuntime
import Simulator
import Testing
import Quota

@Suite("hubspot.limits") struct LimitsTests {
    @Test func `tells each window, the day, the queue and the totals`() async throws {
        var options = SimulatorOptions()
        options.contacts = 5
        try await Console.running(options) { console in
            let value = try await console.value(
                """
                hubspot.contacts.list()
                hubspot.contacts.count()
                local s = hubspot.limits.state()
                local lines = {}
                for _, name in ipairs{ "burst", "search", "associations", "forms" } do
                  local w = s[name]
                  lines[#lines + 1] = ("%s %d %d %d %g %s"):format(
                    name, w.limit, w.used, w.remaining, w.window, w.used > 0 and w.resets_in > 0 and w.resets_in <= w.window)
                end
                local t = s.totals
                lines[#lines + 1] = ("%d %d %d %d %d %s"):format(
                  t.requests, t.records, t.batches, t.retries, t.throttled, math.type(t.wait_seconds))
                lines[#lines + 1] = ("%d %d %s %s"):format(s.queue.waiting, s.queue.in_flight, s.source, s.store)
                lines[#lines + 1] = ("%d %d %d %s"):format(
                  s.daily.limit, s.daily.used, s.daily.remaining, tostring(s.daily.resets_at))
                return table.concat(lines, "\\n")
                """)
            #expect(
                value.asString == """
                    burst 190 1 189 10 true
                    search 5 1 4 1 true
                    associations 100 0 100 10 false
                    forms 50 0 50 10 false
                    2 2 0 0 0 float
                    0 0 headers memory
                    625000 2 624998 nil
                    """, "\(value)")
        }
    }

    @Test func `counts with math.huge where there is no limit`() async throws {
        var options = SimulatorOptions()
        options.quota = .unlimited
        try await Console.running(options, configure: { $0.quota = try! QuotaSpecification("unlimited") }) { console in
            let value = try await console.value(
                """
                hubspot.contacts.list()
                local s = hubspot.limits.state()
                for _, name in ipairs{ "burst", "search", "associations", "forms", "daily" } do
                  assert(s[name].limit == math.huge and s[name].remaining == math.huge, name)
                end
                return s.burst.used .. " " .. s.source
                """)
            #expect(value == "1 option")
        }
    }

    @Test func `is written as JSON with null for a count without a limit, and nowhere else`() async throws {
        for limits in ["unlimited", "100/10s"] {
            try await Console.running(configure: { $0.quota = try! QuotaSpecification(limits) }) { console in
                let value = try await console.value(
                    """
                    local s = hubspot.limits.state()
                    local back = json.decode(json.encode(s))
                    for name, part in pairs(s) do
                      for key, count in pairs(type(part) == "table" and part or {}) do
                        local expected = count ~= math.huge and count or nil
                        assert(back[name][key] == expected, name .. "." .. key)
                      end
                    end
                    assert(back.daily.limit == nil and json.encode(s):find('"limit":null', 1, true))
                    assert(not pcall(json.encode, { math.huge }) and not pcall(json.encode, { s.daily.limit }))
                    s.burst.used = 0 / 0
                    return pcall(json.encode, s)
                    """)
                #expect(value == false)
                // What --output json does: out of Lua, and written.
                let state = try await console.value("return hubspot.limits.state()")
                let text = try await console.runtime.json(state)
                #expect(String(decoding: text, as: UTF8.self).contains(#""limit":null"#))
            }
        }
    }

    @Test func `says until when a lane is closed after a 429`() async throws {
        try await Console.running { console in
            let answer = try await console.run(
                """
                assert(hubspot.limits.state().forms.closed_for == nil)
                hubspot.request("PUT", "/_simulator/faults", { body = { rules = { {
                  method = "POST", path = "/submissions/*", nth = 1, times = 1, action = { status = 429, headers = { ["Retry-After"] = "7" } } } } } })
                local work = task.spawn(hubspot.forms.submit, "11111111-1111-4111-8111-111111111111", {
                  email = "a@example.org", firstname = "Ada", lastname = "Lovelace" })
                local forms
                repeat
                  task.sleep(0.001)
                  forms = hubspot.limits.state().forms
                until forms.closed_for
                local notes = hubspot.limits.explain()
                local last = notes[#notes]
                work:cancel()
                return forms.closed_for > 0, forms.opens_at, last.reason, last.lane, last.why, tostring(notes)
                """)
            #expect(answer[0] == true && answer[2] == "closed" && answer[3] == "forms")
            let opensAt = try #require(answer[1].asString)
            #expect(answer[4].asString?.contains("closed until \(opensAt)") == true)
            #expect(answer[5].asString?.contains("forms lane  closed until \(opensAt)") == true)
        }
    }

    @Test func `explains no calls as a list that says so`() async throws {
        try await Console.running { console in
            let answer = try await console.run(
                "local notes = hubspot.limits.explain() return #notes, tostring(notes), json.encode(notes), notes")
            #expect(answer.prefix(3) == [0, "no calls yet", "[]"])
            #expect(answer[3].asTable?.metatable == "hubspot.calls")
        }
    }

    @Test func `counts the day in numbers before any header tells its limit`() async throws {
        try await Console.running { console in
            let value = try await console.value(
                """
                local before = hubspot.limits.state().daily
                hubspot.contacts.count()  -- A search's answer has no word of the day.
                local after = hubspot.limits.state().daily
                assert(before.limit == math.huge and before.remaining == math.huge)
                return before.used .. " " .. after.used
                """)
            #expect(value == "0 1")
        }
    }

    @Test func `knows when the day ends once the account was asked`() async throws {
        try await Console.running(configure: { $0.portalID = nil }) { console in
            let value = try await console.value(
                """
                hubspot.account.info()
                hubspot.forms.submit("11111111-1111-4111-8111-111111111111", {
                  email = "a@example.org", firstname = "Ada", lastname = "Lovelace" })
                return hubspot.limits.state().daily.resets_at
                """)
            #expect(value.asString?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil, "\(value)")
        }
    }

    @Test func `waits until so many places are free, and refuses more than there are`() async throws {
        try await Console.running(configure: { $0.quota = try! QuotaSpecification("3/200ms") }) { console in
            let value = try await console.value(
                """
                for i = 1, 3 do hubspot.contacts.list() end
                hubspot.limits.wait(2)
                hubspot.limits.wait()
                return hubspot.limits.state().burst.remaining >= 2
                """)
            #expect(value == true)
            let error = try await console.failure("hubspot.limits.wait(4)")
            #expect(error["kind"] == "invalid_argument")
            #expect(try await console.failure("hubspot.limits.wait(0)")["kind"] == "invalid_argument")
        }
    }

    @Test func `explains why a call waited: the window`() async throws {
        try await Console.running(configure: { $0.quota = try! QuotaSpecification("2/300ms") }) { console in
            let value = try await console.value(
                """
                for i = 1, 3 do hubspot.contacts.list{ limit = 1 } end
                local notes = hubspot.limits.explain()
                assert(#notes == 3 and notes[1].waited == 0 and notes[1].reason == nil)
                local last = notes[3]
                assert(last.waited > 0 and last.waits[1].seconds == last.waited)
                return last.call .. " | " .. last.request .. " | " .. last.reason .. " " .. last.lane .. " | " .. last.why
                """)
            #expect(
                value
                    == "hubspot.contacts.list | GET /crm/objects/2026-09/contacts | window_full burst | burst window full (2 in 0.3 s)"
            )
        }
    }

    @Test func `explains in lines that print well`() async throws {
        try await Console.running { console in
            let text = try await console.value(
                """
                hubspot.contacts.list()
                return tostring(hubspot.limits.explain())
                """)
            #expect(text.asString?.wholeMatch(of: /\d\.\d{3} s  hubspot\.contacts\.list.*/) != nil, "\(text)")
        }
    }

    @Test func `explains which batch each call went into, and at which place`() async throws {
        try await Console.running { console in
            let value = try await console.value(
                """
                task.map({ 11, 12, 13 }, function(id) pcall(hubspot.contacts.get, id) end)
                local parts = {}
                for _, note in ipairs(hubspot.limits.explain(3)) do
                  parts[#parts + 1] = note.call .. " " .. note.position .. "/" .. note.size
                end
                local notes = hubspot.limits.explain()
                assert(notes[1].batch == notes[3].batch and notes[1].number ~= notes[2].number)
                return table.concat(parts, ", ")
                """)
            #expect(value == "hubspot.contacts.get 1/3, hubspot.contacts.get 2/3, hubspot.contacts.get 3/3")
        }
    }

    @Test func `explains that a write waited for an earlier one to the same record`() async throws {
        try await Console.running { console in
            let value = try await console.value(
                """
                local id = hubspot.contacts.create{ email = "a@example.org" }.id
                local simulator_needs_a_moment = hubspot.contacts.list()
                task.map({ "x", "y" }, function(name) hubspot.contacts.update(id, { firstname = name }) end)
                local reasons = {}
                for _, note in ipairs(hubspot.limits.explain()) do
                  for _, wait in ipairs(note.waits) do reasons[wait.reason] = true end
                end
                return reasons.earlier_write
                """)
            #expect(value == true)
        }
    }

    @Test func `keeps the last 200 calls, and shows 50 unless told otherwise`() async throws {
        try await Console.running { console in
            let value = try await console.value(
                """
                for i = 1, 3 do task.map({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, function(id) pcall(hubspot.contacts.get, id * 100 + i) end) end
                for i = 1, 180 do pcall(hubspot.contacts.get, 5000 + i) end
                local all = hubspot.limits.explain(200)
                for i = 2, #all do assert(all[i].number >= all[i - 1].number) end
                return #all .. " " .. #hubspot.limits.explain()
                """)
            #expect(value == "200 50")
            #expect(try await console.failure("hubspot.limits.explain(201)")["kind"] == "invalid_argument")
        }
    }
}

@Suite("The table hubspot") struct ModuleTableTests {
    @Test func `shows all that it offers to pairs`() async throws {
        try await withoutSession { runtime in
            let values = try await runtime.run(
                LuaChunk(
                    """
                    local seen = {}
                    for name, value in pairs(hubspot) do seen[name] = type(value) end
                    hubspot.mine = 1
                    local again
                    for name in pairs(hubspot) do again = again or name == "mine" end
                    return seen.contacts, seen.line_items, seen.limits, seen.session, seen.plan, again, hubspot[1], #hubspot
                    """, name: "=test"))
            #expect(values == ["table", "table", "table", "table", "function", true, .none, 0])
        }
    }
}
