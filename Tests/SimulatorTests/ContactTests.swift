import JSON
import Testing

@testable import Simulator

@Suite("Contacts") struct ContactTests {
    private let path = Bench.contacts

    @Test func `are created with HubSpot's own properties beside the given ones`() async throws {
        try await Bench.running { bench in
            let answer = try await bench.post(path, ["properties": ["email": "Ada@Example.ORG", "firstname": "Ada"]])
            #expect(answer.status == 201)
            let record = answer.json
            let id = record["id"]?.string ?? ""
            #expect(record.at("properties.email") == "ada@example.org")
            #expect(record.at("properties.hs_object_id") == .string(id))
            #expect(record.at("properties.lifecyclestage") == "lead")
            #expect(record.at("properties.hs_email_domain") == "example.org")
            #expect(record.at("properties.hs_pipeline") == "contacts-lifecycle-pipeline")
            #expect(record["archived"] == false)
            #expect(record["url"] == .string("https://app.hubspot.com/contacts/20000001/record/0-1/\(id)"))
            #expect(answer.headers["location"]?.hasSuffix("/crm/v3/objects/contacts/\(id)") == true)
        }
    }

    @Test func `are read with the defaults, null for what is empty`() async throws {
        try await Bench.running { bench in
            let id = try await bench.contact(["email": "ada@example.org", "firstname": "Ada \"Countess\" Zoë"])
            let answer = try await bench.get("\(path)/\(id)")
            #expect(answer.status == 200)
            let names = answer.json["properties"]?.members?.map(\.key)
            #expect(names == ["createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"])
            #expect(answer.json.at("properties.firstname") == "Ada \"Countess\" Zoë")
            #expect(answer.json.at("properties.lastname") == .null)
        }
    }

    @Test func `show named properties, sorted, with the three that are always there and without unknown ones`()
        async throws
    {
        try await Bench.running { bench in
            let id = try await bench.contact(["email": "ada@example.org"])
            let answer = try await bench.get("\(path)/\(id)?properties=phone,shoe&properties=email")
            let names = answer.json["properties"]?.members?.map(\.key)
            #expect(names == ["createdate", "email", "hs_object_id", "lastmodifieddate", "phone"])
        }
    }

    @Test func `are found by email in any case`() async throws {
        try await Bench.running { bench in
            let id = try await bench.contact(["email": "ada@example.org"])
            let answer = try await bench.get("\(path)/ADA%40example.org?idProperty=email")
            #expect(answer.json["id"] == .string(id))
            #expect(try await bench.get("\(path)/no%40example.org?idProperty=email").status == 404)
            #expect(try await bench.get("\(path)/Ada?idProperty=firstname").status == 400)
        }
    }

    @Test func `answer 404 for an id that does not exist, in other words for one that is no number`() async throws {
        try await Bench.running { bench in
            let missing = try await bench.get("\(path)/999")
            #expect(missing.status == 404)
            #expect(missing.json["message"] == "resource not found")
            let odd = try await bench.get("\(path)/abc")
            #expect(odd.status == 404)
            #expect(odd.json["message"] == "Object not found.  objectId are usually numeric.")
            #expect(odd.json.at("context.id.0") == "abc")
            #expect(try await bench.get("\(path)/99999999999999999").status == 404)
        }
    }

    @Test func `are refused twice with one address, naming the first`() async throws {
        try await Bench.running { bench in
            let id = try await bench.contact(["email": "ada@example.org"])
            let answer = try await bench.post(path, ["properties": ["email": "ADA@example.org"]])
            #expect(answer.status == 409)
            #expect(answer.json["message"] == .string("Contact already exists. Existing ID: \(id)"))
            #expect(answer.json["category"] == "CONFLICT")
            let other = try await bench.contact(["email": "grace@example.org"])
            let change = try await bench.send("PATCH", "\(path)/\(other)", ["properties": ["email": "ada@example.org"]])
            #expect(change.status == 409)
        }
    }

    @Test func `keep unique values of other properties apart too`() async throws {
        try await Bench.running { bench in
            try await bench.contact(["email": "a@example.org", "external_id": "x1"])
            let answer = try await bench.post(
                path, ["properties": ["email": "b@example.org", "external_id": "x1"]])
            #expect(answer.status == 400)
            #expect(answer.json.at("errors.0.code") == "CONFLICTING_UNIQUE_VALUE")
            #expect(
                try await bench.get("\(path)/x1?idProperty=external_id").json.at("properties.email") == "a@example.org")
        }
    }

    @Test(
        arguments: [
            ("shoe", "9", "PROPERTY_DOESNT_EXIST", "Property \"shoe\" does not exist"),
            ("email", "not-an-email", "INVALID_EMAIL", "Email address not-an-email is invalid"),
            ("score", "discount", "INVALID_INTEGER", "discount was not a valid number"),
            ("last_seen", "tomorrow", "INVALID_LONG", "tomorrow was not a valid long."),
            ("birthday", "1795255200001", "INVALID_DATE", nil),
            ("newsletter", "perhaps", "INVALID_OPTION", nil),
            ("lifecyclestage", "Lead", "INVALID_OPTION", nil),
            (
                "hs_object_id", "7", "READ_ONLY_VALUE",
                "\"hs_object_id\" is a calculated property; its value cannot be set."
            ),
        ] as [(String, String, String, String?)])
    func `refuse a value that does not fit its property`(
        name: String, value: String, code: String, message: String?
    ) async throws {
        try await Bench.running { bench in
            let answer = try await bench.post(
                path,
                ["properties": .object([.init("firstname", "A"), .init(name, .string(value))])])
            #expect(answer.status == 400)
            #expect(answer.json["category"] == "VALIDATION_ERROR")
            #expect(answer.json.at("errors.0.code") == .string(code))
            #expect(answer.json.at("errors.0.context.propertyName.0") == .string(name))
            if let message { #expect(answer.json.at("errors.0.message") == .string(message)) }
            #expect(
                answer.json["message"]?.string?.hasPrefix("Property values were not valid: [{\"isValid\":false") == true
            )
        }
    }

    @Test func `list every refused value at once`() async throws {
        try await Bench.running { bench in
            let answer = try await bench.post(path, ["properties": ["email": "x", "shoe": "9", "score": "y"]])
            #expect(answer.json["errors"]?.array?.count == 3)
        }
    }

    @Test(
        arguments: [
            ("score", JSONValue.number("12.50"), "12.50"), ("newsletter", true, "true"),
            ("birthday", "1815-12-10", "1815-12-10"),
            ("birthday", .number("86400000"), "1970-01-02"),
            ("last_seen", .number("1700000000000"), "2023-11-14T22:13:20Z"),
            ("last_seen", "2026-11-01T10:00:00.5+01:00", "2026-11-01T09:00:00.500Z"),
            ("interests", "soup;tea;soup", "soup;tea"),
            ("firstname", .null, nil),
        ] as [(String, JSONValue, String?)])
    func `keep values in HubSpot's form`(name: String, given: JSONValue, kept: String?) async throws {
        try await Bench.running { bench in
            let id = try await bench.contact(
                .object([.init("lastname", "L"), .init(name, given)]))
            let answer = try await bench.get("\(path)/\(id)?properties=\(name)")
            #expect(answer.json.at("properties.\(name)") == .optional(kept))
        }
    }

    @Test func `need a name or an address`() async throws {
        try await Bench.running { bench in
            #expect(try await bench.post(path, ["properties": ["city": "London"]]).status == 400)
            let dated = try await bench.post("/crm/objects/2026-09/contacts", ["properties": [:]])
            #expect(dated.json.at("errors.0.code") == "MISSING_REQUIRED_PROPERTY")
            let bare = try await bench.post(path, [:])
            #expect(
                bare.json["message"]
                    == "Invalid input JSON on line 1, column 2. Some required fields were not set: [properties]")
        }
    }

    @Test func `are updated, cleared, and appended to`() async throws {
        try await Bench.running { bench in
            let id = try await bench.contact(["email": "ada@example.org", "city": "London", "interests": "soup"])
            bench.clock.advance(by: .seconds(5))
            let answer = try await bench.send(
                "PATCH", "\(path)/\(id)", ["properties": ["city": "", "interests": ";tea", "firstname": "Ada"]])
            #expect(answer.status == 200)
            let record = try await bench.get("\(path)/\(id)?properties=city,interests,firstname").json
            #expect(record.at("properties.city") == .null)
            #expect(record.at("properties.interests") == "soup;tea")
            #expect(record["createdAt"] != record["updatedAt"])
            let empty = try await bench.send("PATCH", "\(path)/\(id)", ["properties": [:]])
            #expect(empty.status == 400)
            #expect(empty.json["message"] == "No properties found to update, please provide at least one.")
            let byEmail = try await bench.send(
                "PATCH", "\(path)/ada%40example.org?idProperty=email", ["properties": ["city": "Paris"]])
            #expect(byEmail.json.at("properties.city") == "Paris")
        }
    }

    @Test func `move forward in their lifecycle only, unless it is cleared first`() async throws {
        try await Bench.running { bench in
            let id = try await bench.contact(["email": "ada@example.org", "lifecyclestage": "customer"])
            func set(_ stage: String) async throws -> JSONValue? {
                _ = try await bench.send("PATCH", "\(path)/\(id)", ["properties": ["lifecyclestage": .string(stage)]])
                return try await bench.get("\(path)/\(id)?properties=lifecyclestage").json.at(
                    "properties.lifecyclestage")
            }
            #expect(try await set("lead") == "customer")
            #expect(try await set("") == .null)
            #expect(try await set("lead") == "lead")
        }
    }

    @Test func `go to the recycle bin and free their address`() async throws {
        try await Bench.running { bench in
            let id = try await bench.contact(["email": "ada@example.org"])
            #expect(try await bench.send("DELETE", "\(path)/\(id)").status == 204)
            #expect(try await bench.send("DELETE", "\(path)/\(id)").status == 204)
            #expect(try await bench.get("\(path)/\(id)").status == 404)
            let archived = try await bench.get("\(path)/\(id)?archived=TRUE")
            #expect(archived.json["archived"] == true)
            #expect(archived.json["archivedAt"] != nil)
            #expect(try await bench.get("\(path)?archived=true").json["results"]?.array?.count == 1)
            #expect(try await bench.get(path).json["results"]?.array?.isEmpty == true)
            #expect(try await bench.send("PATCH", "\(path)/\(id)", ["properties": ["city": "x"]]).status == 404)
            try await bench.contact(["email": "ada@example.org"])
        }
    }

    @Test func `are listed by id in pages, without paging on the last`() async throws {
        try await Bench.running(contacts: 25) { bench in
            var after = ""
            var ids: [String] = []
            repeat {
                let page = try await bench.get("\(path)?limit=10\(after.isEmpty ? "" : "&after=\(after)")").json
                ids += (page["results"]?.array ?? []).compactMap { $0["id"]?.string }
                after = page.at("paging.next.after")?.string ?? ""
                if !after.isEmpty { #expect(page.at("paging.next.link")?.string?.contains("after=\(after)") == true) }
            } while !after.isEmpty
            #expect(ids.count == 25)
            #expect(ids == ids.sorted { Int($0) ?? 0 < Int($1) ?? 0 })
        }
    }

    @Test(arguments: ["limit=101", "limit=0", "limit=x", "after=x", "limit=60&propertiesWithHistory=email"])
    func `refuse paging that HubSpot refuses`(query: String) async throws {
        try await Bench.running { bench in
            let answer = try await bench.get("\(path)?\(query)")
            #expect(answer.status == 400)
        }
    }

    @Test func `tell the history of a property, newest first`() async throws {
        try await Bench.running { bench in
            let id = try await bench.contact(["email": "ada@example.org", "city": "London"])
            bench.clock.advance(by: .seconds(60))
            _ = try await bench.send("PATCH", "\(path)/\(id)", ["properties": ["city": "Paris"]])
            let history = try await bench.get("\(path)/\(id)?propertiesWithHistory=city,email").json[
                "propertiesWithHistory"]
            #expect(history?["city"]?.array?.map { $0["value"] } == ["Paris", "London"])
            #expect(history?.at("email.0.value") == "ada@example.org")
            #expect(history?.at("city.0.sourceType") == "INTEGRATION")
        }
    }

    @Test func `are merged: the primary's values win, the old id goes on`() async throws {
        try await Bench.running { bench in
            let first = try await bench.contact(["email": "ada@example.org", "city": "London"])
            let second = try await bench.contact([
                "email": "lovelace@example.org", "city": "Paris", "phone": "123456789",
            ])
            let answer = try await bench.post(
                "\(path)/merge", ["primaryObjectId": .string(first), "objectIdToMerge": .string(second)])
            #expect(answer.status == 200)
            #expect(answer.json["id"] == .string(first))
            #expect(answer.json.at("properties.city") == "London")
            #expect(answer.json.at("properties.phone") == "123456789")
            #expect(answer.json.at("properties.hs_merged_object_ids") == .string(second))
            #expect(answer.json.at("properties.hs_additional_emails") == "lovelace@example.org")
            #expect(try await bench.get("\(path)/\(second)").json["id"] == .string(first))
            #expect(try await bench.send("PATCH", "\(path)/\(second)", ["properties": ["city": "Rome"]]).status == 200)
            let taken = try await bench.post(path, ["properties": ["email": "lovelace@example.org"]])
            #expect(taken.json["message"] == .string("Contact already exists. Existing ID: \(first)"))
            let batch = try await bench.post(
                "\(path)/batch/update", ["inputs": .array([["id": .string(second), "properties": ["city": "Oslo"]]])])
            #expect(batch.status == 200)
            #expect(batch.json["results"]?.array?.isEmpty == true)
            #expect(
                try await bench.post(
                    "\(path)/merge", ["primaryObjectId": .string(first), "objectIdToMerge": .string(first)]
                ).status == 400)
            #expect(
                try await bench.post("\(path)/merge", ["primaryObjectId": .string(first), "objectIdToMerge": "999"])
                    .status == 404)
        }
    }

    @Test func `are deleted for good, and an unknown address is blocked`() async throws {
        try await Bench.running { bench in
            let id = try await bench.contact(["email": "ada@example.org"])
            #expect(try await bench.post("\(path)/gdpr-delete", ["objectId": .string(id)]).status == 204)
            #expect(try await bench.get("\(path)/\(id)?archived=true").status == 404)
            try await bench.contact(["email": "ada@example.org"])
            let byEmail = try await bench.post(
                "\(path)/gdpr-delete", ["objectId": "never@example.org", "idProperty": "email"])
            #expect(byEmail.status == 204)
            #expect(try await bench.post(path, ["properties": ["email": "NEVER@example.org"]]).status == 400)
        }
    }

    @Test(arguments: ["/crm/v3/objects/contacts", "/crm/objects/2026-03/contacts", "/crm/objects/2026-09/0-1"])
    func `are served under both naming schemes`(path: String) async throws {
        try await Bench.running { bench in
            let answer = try await bench.post(path, ["properties": ["email": "ada@example.org"]])
            #expect(answer.status == 201)
            let id = answer.json["id"]?.string ?? ""
            #expect(try await bench.get("\(path)/\(id)").status == 200)
            #expect(try await bench.post("\(path)/search", [:]).json["total"] == 1)
        }
    }
}
