import LuaRuntime
import Testing

@Suite("Batching") struct BatchingPropertyTests {
    /// Random calls in rounds, all of a round's made together. A record is read, or written by its id, or written by its
    /// address in one round, so that the outcome is the same in whatever order HubSpot gets calls about others.
    private static let program = """
        local seed = ...
        math.randomseed(seed)
        local random = math.random
        local SLOTS, ROUNDS = 40, 6
        local contacts = hubspot.contacts
        local slots, by_id = {}, {}

        local function show(value)
          if type(value) ~= "table" then
            local text = tostring(value)
            for id, k in pairs(by_id) do
              if text == id then return "id:" .. k end
              text = text:gsub("/" .. id .. "%f[%D]", "/id:" .. k):gsub("ID: " .. id .. "%f[%D]", "ID: id:" .. k)
            end
            return (text:gsub("ID: %d+", "ID: new"))
          end
          local names, parts = {}, {}
          for name in pairs(value) do names[#names + 1] = tostring(name) end
          table.sort(names)
          for _, name in ipairs(names) do
            local item = value[name]
            if item == nil then item = value[tonumber(name)] end
            -- Times differ from run to run, and so do the ids of what is created together.
            local skip = name:find("date") or name:find("At$") or name == "correlationId" or name == "hs_object_id"
              or (name == "id" and not by_id[item]) or (name == "existing_id" and not by_id[item]) or name == "url"
              or name == "hs_all_contact_vids"
            if not skip then parts[#parts + 1] = name .. "=" .. show(item) end
          end
          return "{" .. table.concat(parts, ",") .. "}"
        end

        local anchor = contacts.create{ email = "anchor@example.org" }
        by_id[anchor.id] = "anchor"
        for k = 1, SLOTS do
          slots[k] = { email = "p" .. k .. "@example.org" }
          if k % 4 ~= 0 then contacts.create{ email = slots[k].email, firstname = "F" .. k, lastname = "L" } end
        end

        local function word() return "w" .. random(1, 1000) end
        local function any_case(email) return random(2) == 1 and email or email:upper() end
        local function pick(list) return list[random(#list)] end
        local function properties()
          return pick{
            function() return { firstname = word() } end, function() return { lastname = word(), jobtitle = word() } end,
            function() return { firstname = json.null } end, function() return { shoe = word() } end,
            function() return { email = "not-an-email" } end, function() return { email = "anchor@example.org" } end,
            function() return {} end,
          }()
        end
        local function harmless() return pick{ { firstname = word() }, { lastname = word() }, { jobtitle = word() } } end

        local modes = {
          read = function(slot)
            local id = slot.id or 7000000 + random(1000)
            return pick{
              function() return "get id", contacts.get, id end,
              function() return "get email", contacts.get, any_case(slot.email) end,
              function() return "find id", contacts.find, id end,
              function() return "find email", contacts.find, slot.email end,
              function() return "get some", contacts.get, id, { properties = { "firstname" } } end,
              function() return "get email some", contacts.get, slot.email, { properties = { "lastname", "jobtitle" } } end,
              function() return "get archived", contacts.find, id, { archived = true } end,
              function() return "get word", contacts.get, "abc" end,
              function() return "get linked", contacts.get, id, { associations = { "companies" } } end,
            }
          end,
          id = function(slot)
            local id = slot.id or 8000000 + random(1000)
            return pick{
              function() return "update", contacts.update, id, properties() end,
              function() return "update", contacts.update, id, harmless() end,
              function() return "delete", contacts.delete, id end,
            }
          end,
          email = function(slot)
            local email = any_case(slot.email)
            return pick{
              function() return "upsert", contacts.upsert, email, harmless() end,
              function() return "upsert", contacts.upsert, email, pick{ { shoe = "9" }, {}, { firstname = word() } } end,
              function() return "whole", contacts.upsert, email, harmless(), { whole = true } end,
              function() return "whole", contacts.upsert, email, { shoe = "9" }, { whole = true } end,
              function() return "create", contacts.create, { email = email, firstname = word() } end,
              function() return "create", contacts.create, { email = email, shoe = word() } end,
              function() return "update email", contacts.update, email, harmless() end,
            }
          end,
        }

        local transcript = {}
        for round = 1, ROUNDS do
          for k, slot in ipairs(slots) do
            local found = contacts.find(slot.email)
            if slot.id and not found then by_id[slot.id] = k .. "-gone" .. round end
            slot.id = found and found.id
            if slot.id then by_id[slot.id] = tostring(k) end
          end
          local queues, turns = {}, {}
          for k, slot in ipairs(slots) do
            local make = pick{ modes.read, modes.id, modes.email }
            queues[k] = {}
            for n = 1, random(1, 3) do
              queues[k][n] = table.pack(make(slot)())
              turns[#turns + 1] = k
            end
          end
          for i = #turns, 2, -1 do
            local j = random(i)
            turns[i], turns[j] = turns[j], turns[i]
          end
          local ops = {}
          for i, k in ipairs(turns) do ops[i] = { k = k, call = table.remove(queues[k], 1) } end
          local before = hubspot.limits.state().totals.requests
          local outcomes = task.map(ops, function(op)
            return table.pack(pcall(op.call[2], table.unpack(op.call, 3, op.call.n)))
          end)
          for i, outcome in ipairs(outcomes) do
            transcript[#transcript + 1] = ("%d %s %s %s"):format(round, ops[i].call[1], ops[i].k, show(outcome[2]))
          end
          requests = (requests or 0) + hubspot.limits.state().totals.requests - before
        end
        local rest = {}
        for c in contacts.each{ properties = { "email", "firstname", "lastname", "jobtitle" } } do
          rest[#rest + 1] = c.email .. show(c.properties)
        end
        table.sort(rest)
        return table.concat(transcript, "\\n"), table.concat(rest, "\\n"), requests
        """

    private func outcome(seed: Int64, isBatching: Bool) async throws -> (
        lines: [Substring], rest: String, requests: Int
    ) {
        var answer: [LuaValue] = []
        try await Console.batching(isBatching) { console in
            answer = try await console.runtime.run(
                LuaChunk(Self.program, name: "=property"), arguments: [.integer(seed)])
        }
        return (
            (answer[0].asString ?? "").split(separator: "\n"), answer[1].asString ?? "", Int(answer[2].asInteger ?? 0)
        )
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [Int64])
    func `changes no result, no error and no record`(seed: Int64) async throws {
        let together = try await outcome(seed: seed, isBatching: true)
        let apart = try await outcome(seed: seed, isBatching: false)
        #expect(together.lines.count == apart.lines.count)
        #expect(together.lines.count > 300)
        for (a, b) in zip(together.lines, apart.lines) where a != b {
            Issue.record("together: \(a)\n   apart: \(b)")
        }
        #expect(together.rest == apart.rest)
        #expect(together.requests * 2 < apart.requests)
    }
}
