import JSON
import Testing

@testable import Simulator

@Suite("Pipelines") struct PipelineTests {
    private let deals = "/crm/v3/objects/deals"
    private let path = "/crm/v3/pipelines/deals"

    private func stage(_ id: String) -> JSONValue {
        ["stageId": .string(id), "label": .string(id), "displayOrder": 0, "metadata": ["probability": "0.5"]]
    }

    private func second(_ bench: Bench) async throws {
        let body: JSONValue = [
            "pipelineId": "second", "label": "Second", "displayOrder": 1,
            "stages": .array([stage("early"), stage("late")]),
        ]
        let made = try await bench.post(path, body)
        #expect(made.status == 201, "\(made.text)")
        #expect(made.headers["location"]?.hasSuffix("/crm/v3/pipelines/deals/second") == true)
    }

    @Test func `are filled in while there is one, and asked for when there are several`() async throws {
        try await Bench.running { bench in
            let body: JSONValue = ["properties": ["dealname": "Big", "dealstage": "contractsent"]]
            let made = try await bench.post(deals, body)
            #expect(made.json.at("properties.pipeline") == "default")
            try await second(bench)
            let refused = try await bench.post(deals, body)
            #expect(refused.status == 400)
            #expect(refused.json.at("context.properties") == ["pipeline"])
            let dated = try await bench.post("/crm/objects/2026-09/deals", body)
            #expect(dated.json.at("errors.0.code") == "MISSING_REQUIRED_PROPERTY")
        }
    }

    @Test func `hold records to their stages`() async throws {
        try await Bench.running { bench in
            try await second(bench)
            func make(_ stage: String, _ pipeline: String) async throws -> Bench.Answer {
                try await bench.post(
                    deals,
                    ["properties": ["dealname": "Big", "dealstage": .string(stage), "pipeline": .string(pipeline)]])
            }
            #expect(try await make("nowhere", "default").json.at("errors.0.code") == "INVALID_OPTION")
            #expect(try await make("early", "nowhere").json.at("errors.0.code") == "INVALID_OPTION")
            #expect(try await make("early", "default").json.at("errors.0.code") == "INVALID_OPTION")
            let made = try await make("early", "second")
            #expect(made.status == 201, "\(made.text)")
            let one = "\(deals)/\(made.json["id"]?.string ?? "")"
            #expect(try await bench.send("PATCH", one, ["properties": ["dealstage": "closedwon"]]).status == 400)
            #expect(try await bench.send("PATCH", one, ["properties": ["dealstage": "late"]]).status == 200)
            let moved: JSONValue = ["properties": ["dealstage": "closedwon", "pipeline": "default"]]
            #expect(try await bench.send("PATCH", one, moved).status == 200)
            let property = try await bench.get("/crm/v3/properties/deals/dealstage").json
            #expect(property["externalOptions"] == true)
            #expect(property["options"]?.array?.contains { $0["value"] == "early" } == true)
        }
    }

    @Test func `keep a log, and stages that are in use`() async throws {
        try await Bench.running { bench in
            try await second(bench)
            let body: JSONValue = ["properties": ["dealname": "Big", "dealstage": "early", "pipeline": "second"]]
            _ = try await bench.post(deals, body)
            let replacement: JSONValue = ["label": "Next", "displayOrder": 1, "stages": .array([stage("late")])]
            let refused = try await bench.send("PUT", "\(path)/second", replacement)
            #expect(refused.json["subCategory"] == "PipelineError.STAGE_ID_IN_USE")
            let whole = replacement.setting("stages", to: .array([stage("late"), stage("early")]))
            #expect(try await bench.send("PUT", "\(path)/second", whole).json["label"] == "Next")
            #expect(try await bench.send("DELETE", "\(path)/second?validateReferencesBeforeDelete=true").status == 400)
            let audit = try await bench.get("\(path)/second/audit").json
            #expect(audit["results"]?.array?.map { $0["action"] } == ["UPDATE", "CREATE"])
            let added = try await bench.post("\(path)/second/stages", stage("more"))
            #expect(added.status == 201, "\(added.text)")
            #expect(try await bench.get("\(path)/second/stages/more/audit").json.at("results.0.action") == "CREATE")
            let odd: JSONValue = ["label": "x", "displayOrder": 0, "metadata": ["probability": "2"]]
            #expect(try await bench.post("\(path)/second/stages", odd).status == 400)
            let ticket: JSONValue = ["label": "x", "displayOrder": 0, "metadata": ["ticketState": "AJAR"]]
            #expect(try await bench.post("/crm/v3/pipelines/tickets/0/stages", ticket).status == 400)
        }
    }
}

@Suite("Links in detail") struct LinkTests {
    @Test func `say where a type of link begins`() async throws {
        try await Bench.running(contacts: 1) { bench in
            let meeting = try await bench.post(
                "/crm/v3/objects/meetings", ["properties": ["hs_timestamp": "2026-11-01T10:00:00Z"]])
            let kind: JSONValue = .array([["associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279]])
            let refused = try await bench.send(
                "PUT", "/crm/v4/objects/meetings/\(meeting.json["id"]?.string ?? "")/associations/contacts/501", kind)
            #expect(refused.status == 400)
            #expect(
                refused.json["message"]
                    == "invalid from object type 0-47 for associations to be created. expected: 0-1")
        }
    }

    @Test func `come in pages inside a record when there are many`() async throws {
        try await Bench.running { bench in
            let company = try await bench.post("/crm/v3/objects/companies", ["properties": ["name": "Engines"]])
            let id = company.json["id"]?.string ?? ""
            var ids: [JSONValue] = []
            for part in 0..<6 {
                let inputs = (0..<100).map { n -> JSONValue in
                    ["properties": ["email": .string("c\(part * 100 + n)@example.org")]]
                }
                let made = try await bench.post("\(Bench.contacts)/batch/create", ["inputs": .array(inputs)])
                ids += (made.json["results"]?.array ?? []).compactMap { $0["id"] }
            }
            let inputs = ids.map { contact -> JSONValue in ["from": ["id": .string(id)], "to": ["id": contact]] }
            let linked = try await bench.post(
                "/crm/v4/associations/companies/contacts/batch/associate/default", ["inputs": .array(inputs)])
            #expect(linked.status == 200, "\(linked.text.prefix(300))")
            let record = try await bench.get("/crm/v3/objects/companies/\(id)?associations=contacts").json
            let list = record.at("associations.contacts")
            #expect(Set((list?["results"]?.array ?? []).compactMap { $0["id"]?.string }).count == 500)
            let link = try #require(list?.at("paging.next.link")?.string)
            let rest = try await bench.get(String(link.dropFirst(bench.simulator.baseURL.count))).json
            #expect(rest["results"]?.array?.count == 100)
            #expect(rest["paging"] == nil)
        }
    }

    @Test func `count distinct origins of a batch archive`() async throws {
        try await Bench.running { bench in
            func inputs(_ count: Int) -> JSONValue {
                .array((1...count).map { ["from": ["id": .string(String($0))], "to": .array([["id": "1"]])] })
            }
            let path = "/crm/v4/associations/contacts/companies/batch/archive"
            let fits = try await bench.post(path, ["inputs": inputs(100)])
            let excess = try await bench.post(path, ["inputs": inputs(101)])
            let dated = try await bench.post(
                path.replacing("v4/associations", with: "associations/2026-03"), ["inputs": inputs(1)])
            #expect(fits.status == 204 && excess.status == 400 && dated.json["status"] == "COMPLETE")
        }
    }

    @Test func `keep to the number that is configured`() async throws {
        try await Bench.running(contacts: 3) { bench in
            let company = try await bench.post("/crm/v3/objects/companies", ["properties": ["name": "Engines"]])
            let id = company.json["id"]?.string ?? ""
            let base = "/crm/v4/associations/definitions/configurations/companies/contacts"
            let input: JSONValue = ["category": "HUBSPOT_DEFINED", "typeId": 280, "maxToObjectIds": 2]
            #expect(try await bench.post("\(base)/batch/create", ["inputs": .array([input])]).status == 201)
            #expect(try await bench.get(base).json.at("results.0.userEnforcedMaxToObjectIds") == 2)
            for (contact, status) in [(501, 200), (502, 200), (503, 400), (501, 200)] {
                let path = "/crm/v4/objects/companies/\(id)/associations/default/contacts/\(contact)"
                #expect(try await bench.send("PUT", path).status == status)
            }
            #expect(try await bench.post("\(base)/batch/purge", ["inputs": .array([input])]).status == 204)
            #expect(try await bench.get("/crm/v4/associations/definitions/configurations/all").json["results"] == [])
        }
    }
}

@Suite("The account's room") struct LimitsTests {
    @Test(arguments: ["/crm/v3/limits", "/crm/limits/2026-03"])
    func `is told in every respect`(path: String) async throws {
        try await Bench.running(contacts: 3) { bench in
            let label: JSONValue = ["label": "Boss", "name": "boss"]
            _ = try await bench.post("/crm/v4/associations/contacts/companies/labels", label)
            let records = try await bench.get("\(path)/records").json
            #expect(records.at("hubspotDefinedObjectTypes.0.usage") == 3)
            #expect(records["customObjectTypes"] == [])
            let pipelines = try await bench.get("\(path)/pipelines").json
            #expect(pipelines["hubspotDefinedObjectTypes"]?.array?.count == 2)
            let custom = try await bench.get("\(path)/custom-properties").json
            #expect(custom["overallUsage"] == custom.at("byObjectType.0.usage"))
            #expect(try await bench.get("\(path)/calculated-properties").json["overallUsage"] == 0)
            #expect(try await bench.get("\(path)/custom-object-types").json["usage"] == 0)
            let labels = try await bench.get("\(path)/associations/labels?fromObjectTypeId=0-1").json
            #expect(labels.at("results.0.allLabels") == ["Boss"])
            #expect(try await bench.get("\(path)/associations/records/from").json["results"] == [])
            #expect(try await bench.get("\(path)/associations/records/0-1/to").json["results"] == [])
            #expect(try await bench.get("\(path)/associations/records/0-1/0-2").json["results"] == [])
        }
    }
}

@Suite("Small print") struct SmallPrintTests {
    @Test func `refuses the key that was a credential once`() async throws {
        try await Bench.running { bench in
            let answer = try await bench.send("GET", "\(Bench.contacts)?hapikey=x", token: nil)
            #expect(answer.status == 401)
            #expect(answer.json["message"] == "This hapikey doesn't exist.")
            #expect(answer.json["category"] == nil)
        }
    }

    @Test func `lets browsers send to the public form endpoint only`() async throws {
        try await Bench.running { bench in
            let form = "20000001/\(FormTests.contact)"
            let headers = [
                ("Origin", "https://www.example.org"), ("Access-Control-Request-Method", "POST"),
                ("Access-Control-Request-Headers", "content-type"),
            ]
            let asked = try await bench.send(
                "OPTIONS", "/submissions/v3/integration/submit/\(form)", token: nil, headers: headers)
            #expect(asked.status == 200)
            #expect(asked.headers["access-control-allow-origin"] == "*")
            #expect(asked.headers["access-control-allow-headers"] == "content-type")
            let refused = try await bench.send(
                "OPTIONS", "/submissions/v3/integration/secure/submit/\(form)", token: nil, headers: headers)
            #expect(refused.headers["access-control-allow-origin"] == nil)
            let sent = try await bench.send(
                "POST", "/submissions/v3/integration/submit/\(form)", ["fields": []], token: nil)
            #expect(sent.status == 400)
            #expect(sent.headers["access-control-allow-origin"] == "*")
            #expect(try await bench.get(Bench.contacts).headers["access-control-allow-origin"] == nil)
        }
    }

    @Test(arguments: [false, true])
    func `gives searches the day's headers where that is asked for`(asked: Bool) async throws {
        try await Bench.running { options in
            options.quota = .professional
            options.searchHeaders = asked
        } _: { bench in
            let headers = try await bench.search([:]).headers
            #expect((headers["x-hubspot-ratelimit-daily"] != nil) == asked)
            #expect(headers["x-hubspot-ratelimit-max"] == nil)
        }
    }

    @Test func `reads archived definitions, and purges forms after three months`() async throws {
        try await Bench.running { bench in
            let property: JSONValue = [
                "name": "food", "label": "Food", "type": "string", "fieldType": "text",
                "groupName": "contactinformation",
            ]
            let path = "/crm/v3/properties/contacts"
            let made = try await bench.post(path, property)
            #expect(made.json["createdUserId"] == "111")
            _ = try await bench.send("DELETE", "\(path)/food")
            #expect(try await bench.get("\(path)/food?archived=true").json["archivedAt"] != nil)
            let read: JSONValue = ["archived": true, "inputs": .array([["name": "food"]])]
            #expect(try await bench.post("\(path)/batch/read", read).json.at("results.0.name") == "food")
            let many = (0...100).map { JSONValue.object([.init("name", .string("p\($0)"))]) }
            #expect(try await bench.post("\(path)/batch/read", ["inputs": .array(many)]).status == 400)

            let form = "/marketing/v3/forms/\(FormTests.newsletter)"
            #expect(try await bench.send("DELETE", form).status == 204)
            #expect(try await bench.get("\(form)?archived=true").status == 200)
            bench.clock.advance(by: .seconds(91 * 86_400))
            #expect(try await bench.get("\(form)?archived=true").status == 404)
        }
    }
}
