import JSON
import Testing

@testable import Simulator

@Suite("Primary companies") struct PrimaryCompanyTests {
    private func make(_ bench: Bench, _ type: String, _ properties: JSONValue) async throws -> String {
        let made = try await bench.post("/crm/v3/objects/\(type)", ["properties": properties])
        #expect(made.status == 201, "\(made.text)")
        return made.json["id"]?.string ?? ""
    }

    private static let makings: [String: JSONValue] = [
        "contacts": ["email": "ada@example.org"], "deals": ["dealname": "Big", "dealstage": "closedwon"],
        "tickets": ["subject": "Help", "hs_pipeline_stage": "1"],
    ]

    /// The types and labels of a record's links, by the id of the other record.
    private func links(_ bench: Bench, _ from: String, _ id: String, _ to: String) async throws -> [String: [JSONValue]]
    {
        let answer = try await bench.get("/crm/v4/objects/\(from)/\(id)/associations/\(to)")
        #expect(answer.status == 200, "\(answer.text)")
        var result: [String: [JSONValue]] = [:]
        for entry in answer.json["results"]?.array ?? [] {
            result[String(entry["toObjectId"]?.integer ?? 0)] = entry["associationTypes"]?.array
        }
        return result
    }

    private func ids(_ kinds: [JSONValue]?) -> [Int64] { (kinds ?? []).compactMap { $0["typeId"]?.integer } }

    private func mark(_ typeID: Int64) -> JSONValue {
        .array([["associationCategory": "HUBSPOT_DEFINED", "associationTypeId": .integer(typeID)]])
    }

    @Test(arguments: [
        ("contacts", 1, 279, 2, "Contact with Primary Company"), ("deals", 5, 341, 6, "Deal with Primary Company"),
        ("tickets", 26, 339, 25, "Ticket with Primary Company"),
    ])
    func `are one for each record: a second one takes the mark`(
        type: String, primary: Int64, plain: Int64, inverse: Int64, label: String
    ) async throws {
        try await Bench.running { bench in
            let owner = try await make(bench, type, Self.makings[type] ?? [:])
            let first = try await make(bench, "companies", ["name": "First"])
            let second = try await make(bench, "companies", ["name": "Second"])
            for company in [first, second] {
                let path = "/crm/v4/objects/\(type)/\(owner)/associations/companies/\(company)"
                #expect(try await bench.send("PUT", path, mark(primary)).status == 201)
            }
            let forth = try await links(bench, type, owner, "companies")
            #expect(ids(forth[first]) == [plain])
            #expect(ids(forth[second]).sorted() == [primary, plain].sorted())
            #expect(forth[second]?.first { $0["typeId"] == .integer(primary) }?["label"] == "Primary")
            let left = try await links(bench, "companies", first, type)
            #expect(!ids(left[owner]).contains(inverse))
            let back = try await links(bench, "companies", second, type)
            #expect(back[owner]?.first { $0["typeId"] == .integer(inverse) }?["label"] == .string(label))

            // The same from the company's end.
            let path = "/crm/v4/objects/companies/\(first)/associations/\(type)/\(owner)"
            #expect(try await bench.send("PUT", path, mark(inverse)).status == 201)
            let moved = try await links(bench, type, owner, "companies")
            #expect(ids(moved[first]).contains(primary))
            #expect(!ids(moved[second]).contains(primary))
        }
    }

    @Test func `keep their mark when another company is linked without it`() async throws {
        try await Bench.running { bench in
            let owner = try await make(bench, "contacts", ["email": "ada@example.org"])
            let first = try await make(bench, "companies", ["name": "First"])
            let second = try await make(bench, "companies", ["name": "Second"])
            for company in [first, second] {
                _ = try await bench.send(
                    "PUT", "/crm/v4/objects/contacts/\(owner)/associations/default/companies/\(company)")
            }
            let forth = try await links(bench, "contacts", owner, "companies")
            #expect(ids(forth[first]) == [1, 279])
            #expect(ids(forth[second]) == [279])
        }
    }

    @Test func `move in a batch too, and even where one link of the kind is the limit`() async throws {
        try await Bench.running { bench in
            let owner = try await make(bench, "contacts", ["email": "ada@example.org"])
            let companies = [
                try await make(bench, "companies", ["name": "A"]), try await make(bench, "companies", ["name": "B"]),
            ]
            let limit: JSONValue = ["category": "HUBSPOT_DEFINED", "typeId": 1, "maxToObjectIds": 1]
            let set = try await bench.post(
                "/crm/associations/2026-03/definitions/configurations/contacts/companies/batch/create",
                ["inputs": .array([limit])])
            #expect(set.status == 201, "\(set.text)")
            let inputs = companies.map { company -> JSONValue in
                ["from": ["id": .string(owner)], "to": ["id": .string(company)], "types": mark(1)]
            }
            let made = try await bench.post(
                "/crm/v4/associations/contacts/companies/batch/create", ["inputs": .array(inputs)])
            #expect(made.status == 201, "\(made.text)")
            let forth = try await links(bench, "contacts", owner, "companies")
            #expect(companies.map { ids(forth[$0]) } == [[279], [1, 279]])
        }
    }

    @Test func `of a merged record yield to the survivor's`() async throws {
        try await Bench.running { bench in
            let path = "/crm/v4/objects/contacts"
            var people: [String] = []
            var companies: [String] = []
            for name in ["a", "b"] {
                people.append(try await make(bench, "contacts", ["email": .string("\(name)@example.org")]))
                companies.append(try await make(bench, "companies", ["name": .string(name)]))
                _ = try await bench.send(
                    "PUT", "\(path)/\(people.last ?? "")/associations/default/companies/\(companies.last ?? "")")
            }
            let merged = try await bench.post(
                "\(Bench.contacts)/merge",
                ["primaryObjectId": .string(people[0]), "objectIdToMerge": .string(people[1])])
            #expect(merged.status == 200)
            let forth = try await links(bench, "contacts", people[0], "companies")
            #expect(companies.map { ids(forth[$0]) } == [[1, 279], [279]])
        }
    }

    @Test func `are told from a label of the portal's own by the category, not by the number`() async throws {
        try await Bench.running { bench in
            let owner = try await make(bench, "contacts", ["email": "ada@example.org"])
            let company = try await make(bench, "companies", ["name": "First"])
            let link = "/crm/v4/objects/contacts/\(owner)/associations/companies/\(company)"
            let wrong: JSONValue = .array([["associationCategory": "USER_DEFINED", "associationTypeId": 1]])
            #expect(try await bench.send("PUT", link, wrong).status == 400)
        }
    }

    @Test func `are read for a thousand records at once, and for no more`() async throws {
        try await Bench.running(contacts: 1001) { bench in
            let path = "/crm/v4/associations/contacts/companies/batch/read"
            func ask(_ count: Int) async throws -> Int {
                let inputs = (0..<count).map { JSONValue.object([.init("id", .string(String(501 + $0)))]) }
                return try await bench.post(path, ["inputs": .array(inputs)]).status
            }
            let statuses = (try await ask(1000), try await ask(1001))
            #expect(statuses == (207, 400))
        }
    }
}

@Suite("A merge that gives the survivor a new id") struct NewIDMergeTests {
    @Test func `leaves every old id leading to it`() async throws {
        try await Bench.running {
            $0.mergesRenumber = true
        } _: { bench in
            let path = Bench.contacts
            let first = try await bench.contact(["email": "ada@example.org", "city": "London"])
            let second = try await bench.contact(["email": "lovelace@example.org", "city": "Paris"])
            let company = try await bench.post("/crm/v3/objects/companies", ["properties": ["name": "Engines"]])
            let companyID = company.json["id"]?.string ?? ""
            _ = try await bench.send(
                "PUT", "/crm/v4/objects/contacts/\(first)/associations/default/companies/\(companyID)")
            let answer = try await bench.post(
                "\(path)/merge", ["primaryObjectId": .string(first), "objectIdToMerge": .string(second)])
            #expect(answer.status == 200, "\(answer.text)")
            let id = answer.json["id"]?.string ?? ""
            #expect(![first, second].contains(id))
            #expect(answer.json.at("properties.hs_object_id") == .string(id))
            let old = answer.json.at("properties.hs_merged_object_ids")?.string?.split(separator: ";").map(String.init)
            #expect(Set(old ?? []) == [first, second])
            for name in [first, second, id] {
                #expect(try await bench.get("\(path)/\(name)").json["id"] == .string(id))
            }
            #expect(try await bench.get("\(path)/ada%40example.org?idProperty=email").json["id"] == .string(id))
            #expect(try await bench.get("\(path)/lovelace%40example.org?idProperty=email").json["id"] == .string(id))
            let record = try await bench.get("\(path)/\(id)?propertiesWithHistory=city&associations=companies").json
            #expect(record.at("propertiesWithHistory.city.0.value") == "London")
            #expect(record.at("associations.companies.results.0.id") == .string(companyID))
            #expect(try await bench.search([:]).json["total"] == 1)
            // Once more: what was merged before goes along.
            let third = try await bench.contact(["email": "third@example.org"])
            let again = try await bench.post(
                "\(path)/merge", ["primaryObjectId": .string(first), "objectIdToMerge": .string(third)])
            let last = again.json["id"]?.string ?? ""
            #expect(last != id)
            for name in [first, second, third, id] {
                #expect(try await bench.get("\(path)/\(name)").json["id"] == .string(last))
            }
        }
    }
}
