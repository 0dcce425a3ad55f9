import JSON
import Testing

@testable import Simulator

@Suite("Other objects") struct ObjectTests {
    @Test(arguments: ["companies", "0-2", "company"])
    func `have the verbs of contacts under each of their names`(name: String) async throws {
        try await Bench.running { bench in
            let path = "/crm/v3/objects/\(name)"
            let made = try await bench.post(path, ["properties": ["name": "Engines", "domain": "engines.example"]])
            #expect(made.status == 201, "\(made.text)")
            let id = made.json["id"]?.string ?? ""
            let record = try await bench.get("\(path)/\(id)").json
            #expect(
                record["properties"]?.members?.map(\.key) == [
                    "createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name",
                ])
            let again = try await bench.post(path, ["properties": ["name": "Engines", "domain": "engines.example"]])
            #expect(again.status == 201)
            #expect(try await bench.post("\(path)/search", ["query": "engi"]).json["total"] == 2)
            #expect(try await bench.post("\(path)/gdpr-delete", ["objectId": .string(id)]).status == 404)
        }
    }

    @Test func `need what HubSpot says they need`() async throws {
        try await Bench.running { bench in
            let bare = try await bench.post("/crm/v3/objects/deals", ["properties": ["dealname": "Big"]])
            #expect(bare.status == 400)
            #expect(bare.json.at("context.properties") == ["dealstage"])
            let deal = try await bench.post(
                "/crm/objects/2026-09/deals",
                ["properties": ["dealname": "Big", "dealstage": "closedwon", "pipeline": "default", "amount": "12.5"]])
            #expect(deal.status == 201, "\(deal.text)")
            let note = try await bench.post("/crm/objects/2026-09/notes", ["properties": ["hs_note_body": "x"]])
            #expect(note.json.at("errors.0.code") == "MISSING_REQUIRED_PROPERTY")
        }
    }
}

@Suite("Property definitions") struct PropertyTests {
    private let path = "/crm/v3/properties/contacts"
    private let food: JSONValue = [
        "name": "food", "label": "Food", "type": "enumeration", "fieldType": "select",
        "groupName": "contactinformation",
        "options": .array([["label": "Soup", "value": "soup", "displayOrder": 0, "hidden": false]]),
    ]

    @Test func `can be made, used, changed and deleted`() async throws {
        try await Bench.running { bench in
            let made = try await bench.post(path, food)
            #expect(made.status == 201, "\(made.text)")
            #expect(made.headers["location"]?.hasSuffix("/food") == true)
            #expect(made.json["hubspotDefined"] == false)
            try await bench.contact(["email": "a@example.org", "food": "soup"])
            #expect(
                try await bench.post(Bench.contacts, ["properties": ["email": "b@example.org", "food": "bread"]]).status
                    == 400)
            let change: JSONValue = ["options": .array([["label": "Bread", "value": "bread"]]), "label": "Meal"]
            let changed = try await bench.send("PATCH", "\(path)/food", change)
            #expect(changed.json["label"] == "Meal")
            try await bench.contact(["email": "b@example.org", "food": "bread"])
            #expect(try await bench.send("DELETE", "\(path)/food").status == 204)
            #expect(try await bench.get("\(path)/food").status == 404)
            #expect(try await bench.get("\(path)/food?archived=true").status == 200)
        }
    }

    @Test func `are refused twice, without their needs, or with a field type that does not fit`() async throws {
        try await Bench.running { bench in
            _ = try await bench.post(path, food)
            let twice = try await bench.post(path, food)
            #expect(twice.status == 409)
            #expect(twice.json["message"] == "A property named 'food' already exists.")
            #expect(twice.json["subCategory"] == "Properties.PROPERTY_WITH_NAME_EXISTS")
            let bare = try await bench.post(path, ["name": "x"])
            #expect(bare.json["message"]?.string?.contains("[label, type, fieldType, groupName]") == true)
            let odd = try await bench.post(path, food.setting("name", to: "odd").setting("fieldType", to: "number"))
            #expect(odd.status == 400)
            let injected = try await bench.post(path, food.setting("name", to: "x' or 1=1"))
            #expect(injected.status == 400)
            #expect(try await bench.get("\(path)/nothing").json["category"] == "OBJECT_NOT_FOUND")
            #expect(try await bench.send("DELETE", "\(path)/email").status == 400)
        }
    }

    @Test func `are listed whole, and read and made in batches`() async throws {
        try await Bench.running { bench in
            let list = try await bench.get(path).json
            #expect(list["paging"] == nil)
            let email = list["results"]?.array?.first { $0["name"] == "email" }
            #expect(email?["hasUniqueValue"] == true)
            #expect(email?.at("modificationMetadata.readOnlyDefinition") == true)
            let read = try await bench.post(
                "\(path)/batch/read", ["inputs": .array([["name": "email"], ["name": "no"]])])
            #expect(read.status == 207)
            let made = try await bench.post(
                "\(path)/batch/create", ["inputs": .array([food, food.setting("name", to: "food2")])])
            #expect(made.status == 201, "\(made.text)")
            #expect(try await bench.get("\(path)/groups").json.at("results.0.name") == "contactinformation")
        }
    }
}

@Suite("Owners and pipelines") struct OwnerTests {
    @Test func `three owners are there, by id, user and address`() async throws {
        try await Bench.running { bench in
            let all = try await bench.get("/crm/v3/owners").json
            #expect(all["results"]?.array?.count == 3)
            #expect(
                try await bench.get("/crm/owners/2026-03?email=rae.rep@example.org").json.at("results.0.id") == "41")
            #expect(try await bench.get("/crm/v3/owners/112?idProperty=userId").json["id"] == "42")
            #expect(try await bench.get("/crm/v3/owners/7").status == 404)
            #expect(try await bench.get("/crm/v3/owners?limit=2").json.at("paging.next.after") == "43")
        }
    }

    @Test func `the usual pipelines are there and keep stages that are in use`() async throws {
        try await Bench.running { bench in
            let path = "/crm/v3/pipelines/deals"
            #expect(try await bench.get(path).json.at("results.0.stages")?.array?.count == 7)
            #expect(
                try await bench.get("/crm/pipelines/2026-09/tickets/0").json.at("stages.3.metadata.ticketState")
                    == "CLOSED")
            _ = try await bench.post(
                "/crm/v3/objects/deals",
                ["properties": ["dealname": "Big", "dealstage": "closedwon", "pipeline": "default"]])
            let used = try await bench.send("DELETE", "\(path)/default/stages/closedwon")
            #expect(used.status == 400)
            #expect(used.json["subCategory"] == "PipelineError.STAGE_ID_IN_USE")
            #expect(try await bench.send("DELETE", "\(path)/default/stages/closedlost").status == 204)
            let stage = try await bench.post(
                "\(path)/default/stages", ["label": "New", "displayOrder": 9, "metadata": ["probability": "0.1"]])
            #expect(stage.status == 201, "\(stage.text)")
            #expect(try await bench.get("\(path)/default/stages").json["results"]?.array?.count == 7)
        }
    }
}

@Suite("Stages") struct StageTests {
    private let path = "/crm/v3/pipelines/deals/default/stages"
    private let whole: JSONValue = ["label": "New", "displayOrder": 9, "metadata": ["probability": "0.1"]]

    @Test(arguments: ["label", "displayOrder", "metadata"], [true, false])
    func `need a label, an order and metadata`(member: String, isNull: Bool) async throws {
        try await Bench.running { bench in
            let stage = isNull ? whole.setting(member, to: .null) : whole.without(member)
            let pipeline: JSONValue = ["label": "Second", "displayOrder": 1, "stages": .array([stage])]
            let answers = [
                try await bench.post(path, stage), try await bench.send("PUT", "\(path)/closedwon", stage),
                try await bench.post("/crm/v3/pipelines/deals", pipeline),
                try await bench.send("PUT", "/crm/v3/pipelines/deals/default", pipeline),
            ]
            for answer in answers {
                #expect(answer.status == 400, "\(answer.text)")
                #expect(answer.json["message"]?.string?.contains("[\(member)]") == true, "\(answer.text)")
            }
        }
    }

    @Test(
        arguments: [
            5, "x", .array([]), ["probability": "2"], [:], ["probability": ["a": 1]],
        ] as [JSONValue])
    func `refuse metadata that is none`(metadata: JSONValue) async throws {
        try await Bench.running { bench in
            let stage = whole.setting("metadata", to: metadata)
            let made = try await bench.post(path, stage)
            let changed = try await bench.send("PATCH", "\(path)/closedwon", ["metadata": metadata])
            #expect((made.status, changed.status) == (400, 400))
        }
    }

    @Test func `are changed in part by PATCH`() async throws {
        try await Bench.running { bench in
            let answer = try await bench.send("PATCH", "\(path)/closedwon", ["label": "Won"])
            #expect(answer.json["label"] == "Won")
            #expect(answer.json.at("metadata.probability") == "1.0")
        }
    }
}

@Suite("Associations") struct AssociationTests {
    private func pair(_ bench: Bench) async throws -> (contact: String, company: String) {
        let contact = try await bench.contact(["email": "ada@example.org"])
        let company = try await bench.post("/crm/v3/objects/companies", ["properties": ["name": "Engines"]])
        return (contact, company.json["id"]?.string ?? "")
    }

    @Test func `are made by default, both ways, the first company being primary`() async throws {
        try await Bench.running { bench in
            let (contact, company) = try await pair(bench)
            let made = try await bench.send(
                "PUT", "/crm/v4/objects/contacts/\(contact)/associations/default/companies/\(company)")
            #expect(made.status == 200, "\(made.text)")
            #expect(made.json["results"]?.array?.count == 2)
            let links = try await bench.get("/crm/objects/2026-03/contacts/\(contact)/associations/companies").json
            #expect(links.at("results.0.toObjectId") == .integer(Int64(company) ?? 0))
            #expect(links.at("results.0.associationTypes")?.array?.map { $0["typeId"] } == [1, 279])
            let back = try await bench.get("/crm/v4/objects/companies/\(company)/associations/contacts").json
            #expect(back.at("results.0.associationTypes")?.array?.map { $0["typeId"] } == [2, 280])
            let record = try await bench.get("\(Bench.contacts)/\(contact)?associations=companies").json
            #expect(
                record.at("associations.companies.results")?.array?.map { $0["type"] }
                    == ["contact_to_company", "contact_to_company_unlabeled"])
            #expect(
                try await bench.send("DELETE", "/crm/v4/objects/contacts/\(contact)/associations/companies/\(company)")
                    .status == 204)
            let gone = try await bench.get("/crm/v4/objects/companies/\(company)/associations/contacts").json
            #expect(gone["results"]?.array?.isEmpty == true)
        }
    }

    @Test func `can come with a create and carry labels`() async throws {
        try await Bench.running { bench in
            let (_, company) = try await pair(bench)
            let labels = "/crm/v4/associations/contacts/companies/labels"
            let made = try await bench.post(labels, ["label": "Fan", "name": "fan", "inverseLabel": "Idol"])
            #expect(made.status == 200, "\(made.text)")
            let id = made.json.at("results.1.typeId") ?? .null
            let contact = try await bench.post(
                Bench.contacts,
                [
                    "properties": ["email": "b@example.org"],
                    "associations": .array([
                        [
                            "to": ["id": .string(company)],
                            "types": .array([["associationCategory": "USER_DEFINED", "associationTypeId": id]]),
                        ]
                    ]),
                ])
            #expect(contact.status == 201, "\(contact.text)")
            let read = try await bench.post(
                "/crm/v4/associations/contacts/companies/batch/read",
                ["inputs": .array([["id": contact.json["id"] ?? .null], ["id": "999"]])])
            #expect(read.status == 207)
            let kinds = read.json.at("results.0.to.0.associationTypes")?.array ?? []
            #expect(kinds.contains { $0["label"] == "Fan" })
            let invalid = try await bench.post(
                Bench.contacts,
                [
                    "properties": ["email": "c@example.org"],
                    "associations": .array([
                        [
                            "to": ["id": "999"],
                            "types": .array([["associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279]]),
                        ]
                    ]),
                ])
            #expect(invalid.status == 400)
            #expect(invalid.json["message"] == "One or more associations are invalid")
            #expect(try await bench.get("\(Bench.contacts)/c%40example.org?idProperty=email").status == 404)
        }
    }

    @Test func `are made and removed in batches, in their own window`() async throws {
        let quota = try SimulatorQuota(parsing: "associations=2/10s")
        try await Bench.running {
            $0.quota = quota
        } _: { bench in
            let (contact, company) = try await pair(bench)
            let input: JSONValue = ["from": ["id": .string(contact)], "to": ["id": .string(company)]]
            let path = "/crm/v4/associations/contacts/companies/batch"
            let made = try await bench.post("\(path)/associate/default", ["inputs": .array([input])])
            #expect(made.status == 200)
            #expect(made.headers["x-hubspot-ratelimit-max"] == nil)
            let archive: JSONValue = [
                "inputs": .array([["from": ["id": .string(contact)], "to": .array([["id": .string(company)]])]])
            ]
            #expect(try await bench.post("\(path)/archive", archive).status == 204)
            #expect(try await bench.post("\(path)/archive", archive).status == 429)
        }
    }

    @Test func `filter searches`() async throws {
        try await Bench.running { bench in
            let (contact, company) = try await pair(bench)
            try await bench.contact(["email": "lonely@example.org"])
            _ = try await bench.send(
                "PUT", "/crm/v4/objects/contacts/\(contact)/associations/default/companies/\(company)")
            let filter: JSONValue = [
                "propertyName": "associations.company", "operator": "EQ", "value": .string(company),
            ]
            #expect(try await bench.found(["filters": .array([filter])]) == ["ada@example.org"])
        }
    }
}
