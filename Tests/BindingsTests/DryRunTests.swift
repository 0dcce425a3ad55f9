import HubSpot
import LuaRuntime
import Synchronization
import Testing

@Suite("A dry run") struct DryRunTests {
    private func running(_ body: (Console, _ shown: () -> [String]) async throws -> Void) async throws {
        let shown = Requests()
        try await Console.running(configure: { configuration in
            configuration.isDryRun = true
            configuration.onDryRun = { request in shown.add(request.summary) }
        }) { console in try await body(console) { shown.all } }
    }

    private final class Requests: Sendable {
        private let list = Mutex<[String]>([])
        func add(_ text: String) { list.withLock { $0.append(text) } }
        var all: [String] { list.withLock { $0 } }
    }

    @Test(arguments: [
        (#"create{ email = "a@example.org", shoe = 43 }"#, "shoe", "PROPERTY_DOESNT_EXIST"),
        (#"create{ email = "nobody" }"#, "email", "INVALID_EMAIL"),
        (#"update(501, { lifecyclestage = "leed" })"#, "lifecyclestage", "INVALID_OPTION"),
        (#"update(501, { interests = { "soup", "stone" } })"#, "interests", "INVALID_OPTION"),
        (#"update(501, { score = "many" })"#, "score", "INVALID_INTEGER"),
        (#"update(501, { newsletter = "perhaps" })"#, "newsletter", "INVALID_OPTION"),
        (#"update(501, { birthday = "tomorrow" })"#, "birthday", "INVALID_LONG"),
        (#"update(501, { createdate = "2026-01-01" })"#, "createdate", "READ_ONLY_VALUE"),
        (#"upsert("a@b", { firstname = "A" })"#, "email", "INVALID_EMAIL"),
    ]) func `raises what HubSpot would refuse by its definitions`(call: String, property: String, code: String)
        async throws
    {
        try await running { console, shown in
            let error = try await console.failure("hubspot.contacts.\(call)")
            #expect(error["kind"] == "validation")
            #expect(error["message"].asString?.hasPrefix("HubSpot would refuse it: ") == true)
            let first = error["errors"].asTable?.list.first?.asTable
            #expect(first?["code"] == .string(code), "\(error)")
            #expect(first?["context"].asTable?["propertyName"].asTable?.list == [.string(property)])
            #expect(shown().isEmpty)
        }
    }

    @Test func `shows the sound rows of a list, and has the others in errors`() async throws {
        try await running { console, shown in
            let answer = try await console.run(
                """
                local rows = { { email = "a@example.org", score = 1 }, { email = "b", score = 2 }, { email = "c@example.org", score = "x" } }
                local b = hubspot.contacts.batch.upsert(rows)
                local created = hubspot.contacts.batch.create(rows)
                local none = hubspot.contacts.batch.update{ { id = 1, properties = { shoe = 1 } } }
                return #b.results, #b.errors, b.errors[1].index, b.errors[2].index, b.errors[1].kind, b.results[1].dry_run,
                  #created.errors, #none.results, #none.errors, none.errors[1].kind
                """)
            #expect(answer == [1, 2, 2, 3, "validation", true, 2, 0, 1, "validation"])
            #expect(shown().count == 2)
        }
    }

    @Test func `takes whatever HubSpot may take`() async throws {
        try await running { console, shown in
            try await console.run(
                """
                hubspot.contacts.create{ email = " a@example.org ", score = "1.5", newsletter = true, interests = { "soup", "tea" },
                  birthday = hubspot.account.today(), last_seen = os.time(), lifecyclestage = "lead", favourite_food = json.null }
                hubspot.contacts.update(501, { interests = ";tea" })
                hubspot.deals.create{ dealname = "D", dealstage = "any stage", pipeline = "any pipeline", hubspot_owner_id = 99 }
                hubspot.properties.create("contacts", { name = "shoe", label = "Shoe", type = "number", fieldType = "number",
                  groupName = "contactinformation" })
                hubspot.contacts.update(501, { shoe = 43 })
                """)
            #expect(shown().count == 5)
        }
    }

    @Test func `raises what HubSpot would refuse of a form`() async throws {
        try await running { console, shown in
            let form = "'44444444-4444-4444-8444-444444444444'"
            let error = try await console.failure("hubspot.forms.submit(\(form), { email = 'nobody', score = 'x' })")
            #expect(error["kind"] == "validation")
            let types = (error["errors"].asTable?.list ?? []).compactMap { $0.asTable?["errorType"].asString }
            #expect(types.sorted() == ["INVALID_EMAIL", "INVALID_NUMBER"])
            #expect(shown().isEmpty)
            #expect(
                try await console.value("return hubspot.forms.submit(\(form), { email = 'a@example.org' }).dry_run")
                    == true)
            #expect(shown().count == 1)
        }
    }

    @Test func `shows what it cannot check`() async throws {
        let allowed = try PermissionList("contacts")
        try await Console.running(configure: {
            $0.isDryRun = true
            $0.permissions = allowed
        }) { (console: Console) async throws in
            let dry = try await console.value(
                "return hubspot.contacts.create{ email = 'a@example.org', shoe = 43 }.dry_run")
            #expect(dry == true)
        }
    }
}

@Suite("White space around an address") struct AddressTests {
    @Test func `counts nowhere`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local spaced = " \\u{a0}Ada@example.org\\t\\u{200b}"
                local c = hubspot.contacts.create{ email = spaced }
                assert(c.email == "ada@example.org", c.email)
                assert(hubspot.contacts.get(spaced).id == c.id and hubspot.contacts.find(spaced).id == c.id)
                assert(hubspot.contacts.get(spaced, { idProperty = "email" }).id == c.id)
                assert(hubspot.contacts.update(spaced, { firstname = "A" }).id == c.id)
                assert(hubspot.contacts.update(c.id, { email = " b@example.org " }).email == "b@example.org")
                assert(hubspot.contacts.upsert(" b@example.org", { email = "b@example.org ", firstname = "B" }).id == c.id)
                assert(hubspot.contacts.upsert("b@example.org ", { firstname = "B" }, { whole = true }).id == c.id)
                assert(hubspot.contacts.batch.read({ " b@example.org" }, { idProperty = "email" }).results[1].id == c.id)
                assert(hubspot.contacts.batch.upsert{ { email = " b@example.org ", firstname = "C" } }.results[1].id == c.id)
                assert(hubspot.contacts.batch.upsert{ { id = " b@example.org ", properties = { firstname = "D" } } }.results[1].id == c.id)
                assert(hubspot.contacts.batch.update({ { id = " b@example.org ", properties = { firstname = "E" } } },
                  { idProperty = "email" }).results[1].id == c.id)
                local made = hubspot.contacts.batch.create{ { email = " c@example.org " }, { email = "c@example.org" } }
                assert(made.results[1].email == "c@example.org" and made.errors[1].kind == "conflict")
                local form, fields = "44444444-4444-4444-8444-444444444444", { email = " d@example.org " }
                local preview = hubspot.forms.preview(form, fields)
                assert(#preview.problems == 0 and preview.request.body.fields[1].value == "d@example.org")
                hubspot.forms.submit(form, fields)
                assert(hubspot.forms.submit_and_wait(form, fields).email == "d@example.org")
                return hubspot.contacts.count(), pcall(hubspot.contacts.get, "a b@example.org")
                """)
            #expect(answer[0...1] == [3, false])
        }
    }
}
