import LuaRuntime
import Testing

@Suite("Batching") struct BatchingPropertyTests {
    /// Random calls in rounds, all of a round's made together. A record is read, or written by its id, or written by
    /// its key in one round, so that the outcome is the same in whatever order HubSpot gets calls about others.
    private static let program = """
        local seed = ...
        math.randomseed(seed)
        local random = math.random
        local ROUNDS = 3
        local contacts, companies, tickets = hubspot.contacts, hubspot.companies, hubspot.tickets
        local links = hubspot.associations
        hubspot.schemas.create{ name = "car", labels = { singular = "Car", plural = "Cars" },
          primaryDisplayProperty = "plate", requiredProperties = { "plate" }, associatedObjects = { "CONTACT" },
          properties = {
            { name = "plate", label = "Plate", type = "string", fieldType = "text", hasUniqueValue = true },
            { name = "colour", label = "Colour", type = "string", fieldType = "text" } } }
        local cars = hubspot.objects("car")
        links.create_label("contacts", "companies", { label = "Adviser", name = "adviser" })
        links.labels("contacts", "companies")

        -- The names of known records, by their type and id.
        local names_of = { [contacts] = {}, [companies] = {}, [tickets] = {}, [cars] = {}, [links] = {} }

        local function show(value, by_id)
          if type(value) ~= "table" then
            local text = tostring(value):gsub("%f[%w]%d+", function(id) return by_id[id] and "id:" .. by_id[id] end)
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
              or name == "hs_all_contact_vids" or name == "timestamp"
            if not skip then parts[#parts + 1] = name .. "=" .. show(item, by_id) end
          end
          return "{" .. table.concat(parts, ",") .. "}"
        end

        local function word() return "w" .. random(1, 1000) end
        local function pick(list) return list[random(#list)] end
        local function any_case(key) return key:find("@") and random(2) == 1 and key:upper() or key end

        -- What a record of each type is given: what is fine, and what may be refused.
        local function harmless(objects)
          if objects == companies then return pick{ { name = word() }, { city = word(), phone = "1" } } end
          if objects == cars then return pick{ { colour = word() }, { colour = json.null } } end
          if objects == tickets then
            return pick{ { subject = word() }, { hs_ticket_category = ";BILLING_ISSUE" },
              { hs_ticket_category = ";PRODUCT_ISSUE;GENERAL_INQUIRY" }, { hs_ticket_category = "PRODUCT_ISSUE" } }
          end
          return pick{ { firstname = word() }, { lastname = word(), jobtitle = word() }, { firstname = json.null },
            { interests = ";soup" }, { interests = ";tea;cake", city = word() }, { interests = "bread" },
            { city = ";" .. word() }, { favourite_food = pick{ "soup", "bread", "cake" } } }
        end
        local function doubtful(objects)
          if objects == companies then
            return pick{ { shoe = word() }, { industry = "none" }, { annualrevenue = word() }, {} }
          end
          if objects == cars then return pick{ { shoe = word() }, { plate = "ANCHOR" }, {} } end
          if objects == tickets then
            return pick{ { hs_ticket_category = ";" .. word() }, { hs_ticket_priority = "none" }, { shoe = word() } }
          end
          return pick{ { shoe = word() }, { email = "not-an-email" }, { email = "Anchor@example.org" }, {},
            { interests = ";soap" }, { favourite_food = "soap", firstname = word() }, { score = word() },
            { newsletter = "9" } }
        end
        local function properties(objects) return random(3) == 1 and doubtful(objects) or harmless(objects) end
        local function with(properties, name, value)
          properties[name] = properties[name] or value
          return properties
        end

        local modes = {
          read = function(slot)
            local o, id, key = slot.objects, slot.id or 7000000 + random(1000), slot.key
            local by_key = key and not key:find("@") and { idProperty = slot.property } or nil
            return pick{
              function() return "get id", o.get, id end,
              function() return "find id", o.find, id end,
              function() return "get some", o.get, id, { properties = { "firstname", "hs_ticket_category" } } end,
              function() return "get unknown", o.get, id, { properties = { "shoe" } } end,
              function() return "get history", o.get, id, { propertiesWithHistory = { "firstname" } } end,
              function() return "get archived", o.find, id, { archived = true } end,
              function() return "get word", o.get, "abc" end,
              function() return "get linked", o.get, id, { associations = { "contacts" } } end,
              function() return "get key", o.get, key and any_case(key) or id, by_key end,
              function() return "find key", o.find, key and any_case(key) or id, by_key end,
              function()
                return "get key some", o.get, key and any_case(key) or id,
                  { properties = { "lastname", "colour", "interests" }, idProperty = by_key and slot.property }
              end,
            }
          end,
          id = function(slot)
            local o, id = slot.objects, slot.id or 8000000 + random(1000)
            return pick{
              function() return "update", o.update, id, properties(o) end,
              function() return "update", o.update, id, harmless(o) end,
              function() return "delete", o.delete, id end,
            }
          end,
          key = function(slot)
            local o, property, key = slot.objects, slot.property, slot.key
            if not key then
              return pick{
                function()
                  return "create", o.create, with(properties(o), "hs_pipeline_stage", o == tickets and "1" or nil)
                end,
                function() return "create", o.create, doubtful(o) end,
              }
            end
            key = any_case(key)
            local opts = { idProperty = property }
            return pick{
              function() return "upsert", o.upsert, key, harmless(o), opts end,
              function() return "upsert", o.upsert, key, pick{ { shoe = "9" }, {}, { score = "s" } }, opts end,
              function() return "whole", o.upsert, key, harmless(o), { idProperty = property, whole = true } end,
              function() return "whole", o.upsert, key, { shoe = "9" }, { idProperty = property, whole = true } end,
              function() return "update key", o.update, key, harmless(o), opts end,
              -- A create is known by its address only.
              property == "email" and function() return "create", o.create, with(properties(o), "email", key) end
                or function() return "create", o.create, { shoe = "9" } end,
            }
          end,
          link = function(slot)
            local from, to, missing = slot.person, slot.company, 9000000 + random(1000)
            local label = pick{ false, false, "Adviser" } or nil
            local list = { { from = from, to = to, label = label }, { from = from, to = missing, label = label } }
            if random(2) == 1 then list[2] = nil end
            return pick{
              function() return "link", links.link, "contacts", from, "companies", to, label end,
              function() return "link back", links.link, "companies", to, "contacts", from end,
              function() return "link missing", links.link, "contacts", from, "companies", missing, label end,
              function() return "unlink", links.unlink, "contacts", from, "companies", to, label end,
              function() return "links", links.batch.link, "contacts", "companies", list end,
              function() return "unlinks", links.batch.unlink, "contacts", "companies", list end,
            }
          end,
        }

        local slots = {}
        local function slot(objects, property, key, given)
          local id = given and objects.create(given).id or nil
          slots[#slots + 1] = { objects = objects, property = property, key = key, id = id,
            modes = { modes.read, modes.id, modes.key } }
          if id then names_of[objects][id] = tostring(#slots) end
        end
        names_of[contacts][contacts.create{ email = "anchor@example.org" }.id] = "anchor"
        names_of[cars][cars.create{ plate = "ANCHOR" }.id] = "anchor"
        for k = 1, 24 do
          local email = "p" .. k .. "@example.org"
          slot(contacts, "email", email, k % 4 ~= 0 and { email = email, firstname = "F", interests = "soup;cake" })
        end
        for k = 1, 6 do
          slot(contacts, "external_id", "x" .. k, k % 3 ~= 0 and { external_id = "x" .. k, lastname = "X" })
        end
        for k = 1, 8 do slot(companies, nil, nil, { name = "C" .. k }) end
        for k = 1, 8 do slot(cars, "plate", "P" .. k, k % 2 == 0 and { plate = "P" .. k, colour = "red" }) end
        for k = 1, 6 do slot(tickets, nil, nil, { subject = "T" .. k, hs_pipeline_stage = "1" }) end
        -- A person's first company is the primary one, so a person is in one pair only.
        for k = 1, 2 do
          local company = companies.create{ name = "L" .. k }.id
          names_of[links][company] = "company" .. k
          for n = 1, 4 do
            local person = contacts.create{ email = "linked" .. k .. n .. "@example.org" }.id
            names_of[links][person] = "linked" .. k .. n
            slots[#slots + 1] = { objects = links, person = person, company = company, modes = { modes.link } }
          end
        end

        local transcript = {}
        local function note(...) transcript[#transcript + 1] = ("%d %s %s %s"):format(...) end
        local requests = 0
        for round = 1, ROUNDS do
          for k, slot in ipairs(slots) do
            if slot.key then
              local by_id, found = names_of[slot.objects], slot.objects.find(slot.key, { idProperty = slot.property })
              if slot.id and not found then by_id[slot.id] = k .. "-gone" .. round end
              slot.id = found and found.id
              if slot.id then by_id[slot.id] = tostring(k) end
            end
          end
          local queues, turns = {}, {}
          for k, slot in ipairs(slots) do
            local make = pick(slot.modes)
            queues[k] = {}
            for n = 1, random(1, 4) do
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
          requests = requests + hubspot.limits.state().totals.requests - before
          for i, outcome in ipairs(outcomes) do
            local k = ops[i].k
            note(round, ops[i].call[1], k, show(outcome[2], names_of[slots[k].objects]))
          end
          for k, slot in ipairs(slots) do
            local list = slot.person and links.list("contacts", slot.person, "companies").results
            if list then note(round, "links of", k, show(list, names_of[links])) end
          end
        end
        local rest = {}
        for _, objects in ipairs{ contacts, companies, cars, tickets } do
          local names = { "email", "external_id", "firstname", "lastname", "jobtitle", "city", "interests",
            "favourite_food", "name", "phone", "plate", "colour", "subject", "hs_ticket_category" }
          for record in objects.each{ properties = names } do rest[#rest + 1] = show(record.properties, {}) end
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

    @Test(arguments: [1, 2, 3] as [Int64])
    func `changes no result, no error and no record`(seed: Int64) async throws {
        let together = try await outcome(seed: seed, isBatching: true)
        let apart = try await outcome(seed: seed, isBatching: false)
        #expect(together.lines.count == apart.lines.count)
        #expect(together.lines.count > 350)
        for (a, b) in zip(together.lines, apart.lines) where a != b {
            Issue.record("together: \(a)\n   apart: \(b)")
        }
        #expect(together.rest == apart.rest)
        #expect(together.requests * 4 < apart.requests * 3)
    }
}
