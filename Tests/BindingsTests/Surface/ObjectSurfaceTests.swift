import HubSpot
import LuaRuntime
import Simulator
import Testing
import Quota

@Suite("The functions of every object type") struct ObjectSurfaceTests {
    /// What a create of the type needs, and what tells its records apart: `make(i)`.
    private static let makers = """
        local needed = {
          contacts = function(i) return { firstname = "Ada " .. i } end,
          companies = function(i) return { name = "Acme " .. i } end,
          deals = function(i) return { dealname = "Deal " .. i, dealstage = "qualifiedtobuy", pipeline = "default" } end,
          tickets = function(i) return { subject = "It rattles " .. i, hs_pipeline_stage = 1, hs_pipeline = 0 } end,
        }
        local function timed() return { hs_timestamp = "2026-11-21T10:00:00Z" } end
        for _, name in ipairs{ "tasks", "notes", "meetings", "calls", "emails" } do
          needed[name] = timed
        end
        local function maker(name)
          return function(i)
            local properties = (needed[name] or function() return {} end)(i)
            properties.hubspot_owner_id = owner(i)
            return properties
          end
        end
        """

    /// Everything that holds for any type, given `objects` and `make`.
    private static let behaviour = """
        local function kind(f, ...)
          local ok, e = pcall(f, ...)
          assert(not ok, "no error was raised")
          return type(e) == "table" and e.kind or e
        end
        -- Three owners are there: most records are the first one's, and the second record is the second's.
        function owner(i) return i == 2 and 42 or 41 end
        return function(objects, make)
          -- one by one
          local a = objects.create(make(1))
          assert(a.id and a.hubspot_owner_id == "41")
          assert(kind(objects.create, { no_such_property = 1 }) == "validation")
          assert(objects.get(a.id, { properties = { "hubspot_owner_id" } }).hubspot_owner_id == "41")
          assert(kind(objects.get, 987654321) == "not_found" and objects.find(987654321) == nil)
          assert(kind(objects.find, "") == "invalid_argument")
          local history = objects.get(a.id, { propertiesWithHistory = { "hubspot_owner_id" } }).propertiesWithHistory
          assert(history.hubspot_owner_id[1].value == "41")
          assert(objects.update(a.id, { hubspot_owner_id = 42 }).hubspot_owner_id == "42")
          assert(kind(objects.update, 987654321, { hubspot_owner_id = 42 }) == "not_found")
          objects.update(a.id, { hubspot_owner_id = json.null })
          assert((objects.get(a.id, { properties = { "hubspot_owner_id" } }).hubspot_owner_id or "") == "")
          objects.update(a.id, { hubspot_owner_id = 41 })

          -- lists of them
          local list = {}
          for i = 1, 6 do list[i] = make(i) end
          list[4].no_such_property = 1
          local made = objects.batch.create(list)
          assert(#made.results == 5 and #made.errors == 1 and made.errors[1].index == 4)
          local ids = {}
          for i, record in ipairs(made.results) do ids[i] = record.id end
          local read = objects.batch.read({ ids[1], 987654321, ids[2] }, { properties = { "hubspot_owner_id" } })
          assert(#read.results == 2 and read.results[2].hubspot_owner_id == "42" and read.errors[1].index == 2)
          local past = objects.batch.read({ ids[1] }, { propertiesWithHistory = { "hubspot_owner_id" } }).results[1]
          assert(past.propertiesWithHistory.hubspot_owner_id[1].value == "41")
          local changed = objects.batch.update{
            { id = ids[1], properties = { hubspot_owner_id = 43 } }, { id = 987654321, properties = { hubspot_owner_id = 43 } } }
          assert(#changed.results == 1 and changed.errors[1].index == 2 and changed.errors[1].kind == "not_found")
          assert(kind(objects.batch.update, { { properties = {} } }) == "invalid_argument")

          -- pages
          local n = 0
          for record in objects.each{ limit = 2 } do n = n + 1 end
          assert(n == 6, n)
          local page = objects.list{ limit = 4, properties = { "hubspot_owner_id" } }
          assert(#page.results == 4 and #page:next().results == 2)
          assert(kind(objects.list, { after = "nonsense" }) == "validation")
          assert(objects.search{ where = { hubspot_owner_id = 43 } }.total == 1)
          assert(kind(objects.search, { where = { no_such_property = 1 } }) == "validation")
          n = 0
          for record in objects.search_each{ where = { hubspot_owner_id = { has = true } }, limit = 2 } do n = n + 1 end
          assert(n == 6, n)
          assert(objects.count() == 6 and objects.count{ where = { hubspot_owner_id = { one_of = { 43, 42 } } } } == 2)

          -- many names make no address too long
          local names = {}
          for i = 1, 600 do names[i] = ("property_that_is_not_there_%d"):format(i) end
          names[601] = "hubspot_owner_id"
          assert(objects.get(ids[1], { properties = names }).hubspot_owner_id == "43")
          assert(objects.list{ properties = names }.results[1].hubspot_owner_id == "41")
          for record in objects.each{ properties = names, max = 1 } do assert(record.hubspot_owner_id == "41") end

          -- the bin, and what cannot be undone
          objects.delete(a.id)
          assert(objects.find(a.id) == nil and objects.get(a.id, { archived = true }).archived)
          assert(objects.list{ archived = true }.results[1].id == a.id)
          assert(objects.batch.read({ a.id }, { archived = true }).results[1].id == a.id)
          assert(kind(objects.delete, "..") == "invalid_argument")
          local one = objects.merge(ids[1], ids[2])
          assert(one.id and objects.get(ids[2]).id == one.id)
          assert(kind(objects.merge, ids[1], 987654321) == "not_found" and kind(objects.merge, 1, 1) == "invalid_argument")
          local gone = objects.batch.archive{ ids[3], ids[4] }
          assert(#gone.results == 2 and #gone.errors == 0 and objects.count() == 2)
        end
        """

    @Test(arguments: APIVersion.allCases) func `behave alike in every version of the API`(version: APIVersion)
        async throws
    {
        var options = SimulatorOptions()
        options.quota = .unlimited
        let unlimited = try QuotaSpecification("unlimited")
        try await Console.running(
            options,
            configure: {
                $0.apiVersion = version
                $0.quota = unlimited
            }
        ) { (console: Console) async throws in
            let makers = Self.makers
            try await console.run("behave = (function() \(Self.behaviour) end)()")
            for type in ObjectType.standard {
                let code = "\(makers) behave(hubspot.\(type.name), maker('\(type.name)'))"
                do throws(LuaFailure) {
                    try await console.run(code)
                } catch {
                    Issue.record("\(type.name): \(error.message)")
                }
            }
        }
    }

    @Test(arguments: APIVersion.allCases) func `are those of custom objects too, by id and by name`(version: APIVersion)
        async throws
    {
        try await Console.running(configure: { $0.apiVersion = version }) { (console: Console) async throws in
            try await console.run("behave = (function() \(Self.behaviour) end)()")
            try await console.run(
                """
                local car = hubspot.schemas.create{ name = "car", labels = { singular = "Car", plural = "Cars" },
                  primaryDisplayProperty = "plate", requiredProperties = { "plate" },
                  properties = { { name = "plate", label = "Plate", type = "string", fieldType = "text", hasUniqueValue = true } },
                  associatedObjects = { "CONTACT" } }
                local n = 0
                local function make(i) n = n + 1 return { plate = "P" .. n, hubspot_owner_id = owner(i) } end
                behave(hubspot.objects(car.objectTypeId), make)
                local cars = hubspot.objects("car")
                for record in cars.each() do cars.delete(record.id) end
                for record in cars.each{ archived = true } do assert(record.archived) end
                local c = cars.upsert("X 1", { hubspot_owner_id = 43 }, { idProperty = "plate" })
                assert(c.new and not cars.upsert("X 1", { hubspot_owner_id = 42 }, { idProperty = "plate" }).new)
                assert(cars.get("X 1", { idProperty = "plate", properties = { "hubspot_owner_id" } }).hubspot_owner_id == "42")
                assert(hubspot.objects(car.fullyQualifiedName).get(c.id).id == c.id)
                local ada = hubspot.contacts.create{ firstname = "Ada" }
                hubspot.associations.link(car.objectTypeId, c.id, "contacts", ada.id)
                assert(#hubspot.associations.list("contacts", ada.id, car.objectTypeId).results == 1)
                assert(cars.get(c.id, { associations = { "contacts" } }).associations.contacts.results[1].id == ada.id)
                """)
        }
    }

    @Test(arguments: APIVersion.allCases) func `know contacts by their addresses too`(version: APIVersion) async throws
    {
        try await Console.running(configure: { $0.apiVersion = version }) { (console: Console) async throws in
            let answer = try await console.run(
                """
                local a = hubspot.contacts.upsert("Ada@example.org", { firstname = "Ada" })
                local b = hubspot.contacts.upsert("B@example.org", { firstname = "B" }, { whole = true })
                local merged = hubspot.contacts.merge("ada@example.org", "b@example.org")
                local old = hubspot.contacts.get(b.id)
                hubspot.contacts.gdpr_delete("ada@example.org")
                local barred = { pcall(hubspot.contacts.create, { email = "ada@example.org" }) }
                local refused = { pcall(hubspot.contacts.upsert, "ada", {}) }
                local out = hubspot.contacts.batch.upsert{ { email = "c@example.org", firstname = "C" }, { email = "x" } }
                return a.new, b.new, merged.email, old.id == merged.id, barred[1], refused[2].kind, #out.results,
                  out.errors[1].index, pcall(hubspot.contacts.gdpr_delete, "")
                """)
            #expect(
                answer.prefix(9) == [
                    true, true, "ada@example.org", true, .boolean(answer[4] == true), "invalid_argument", 1, 2, false,
                ])
        }
    }
}
