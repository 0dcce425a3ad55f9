import JSON
import Testing

@testable import Simulator

@Suite("Batches of contacts") struct BatchTests {
    private let path = Bench.contacts + "/batch"

    private func inputs(_ list: [JSONValue]) -> JSONValue { ["inputs": .array(list)] }

    @Test func `read what exists and name what does not`() async throws {
        try await Bench.running { bench in
            let id = try await bench.contact(["email": "ada@example.org"])
            let answer = try await bench.post(
                "\(path)/read",
                ["inputs": .array([["id": .string(id)], ["id": "999"], ["id": "abc"]]), "properties": ["email"]])
            #expect(answer.status == 207)
            #expect(answer.json["status"] == "COMPLETE")
            #expect(answer.json.at("results.0.properties.email") == "ada@example.org")
            #expect(answer.json["numErrors"] == 1)
            #expect(answer.json.at("errors.0.category") == "OBJECT_NOT_FOUND")
            #expect(answer.json.at("errors.0.context.ids") == ["999", "abc"])
            #expect(answer.json.at("errors.0.links") == [:])
            #expect(answer.json.at("errors.0.errors") == .array([]))
        }
    }

    @Test func `read by email`() async throws {
        try await Bench.running { bench in
            try await bench.contact(["email": "ada@example.org"])
            let answer = try await bench.post(
                "\(path)/read", ["inputs": .array([["id": "ADA@example.org"]]), "idProperty": "email"])
            #expect(answer.status == 200)
            #expect(answer.json["results"]?.array?.count == 1)
        }
    }

    @Test(arguments: [(101, false), (51, true)])
    func `are refused over their limit`(count: Int, history: Bool) async throws {
        try await Bench.running { bench in
            var body = inputs((0..<count).map { ["id": .string(String($0))] })
            if history { body = body.setting("propertiesWithHistory", to: ["email"]) }
            let answer = try await bench.post("\(path)/read", body)
            #expect(answer.status == 400)
            #expect(answer.json["message"]?.string?.contains(history ? "50" : "100") == true)
        }
    }

    @Test func `are refused whole for an id given twice`() async throws {
        try await Bench.running { bench in
            let answer = try await bench.post("\(path)/read", inputs([["id": "501"], ["id": "501"]]))
            #expect(answer.status == 400)
            #expect(answer.json["message"] == "Duplicate IDs found in batch input: [501]. IDs must be unique")
            #expect(answer.json.at("context.ids") == ["501"])
        }
    }

    @Test func `create all or nothing without trace ids`() async throws {
        try await Bench.running { bench in
            let answer = try await bench.post(
                "\(path)/create",
                inputs([["properties": ["email": "a@example.org"]], ["properties": ["email": "no"]]]))
            #expect(answer.status == 400)
            #expect(try await bench.search([:]).json["total"] == 0)
            let twins = try await bench.post(
                "\(path)/create",
                inputs([["properties": ["email": "a@example.org"]], ["properties": ["email": "A@example.org"]]]))
            #expect(twins.status == 409)
            let fine = try await bench.post("\(path)/create", inputs([["properties": ["email": "a@example.org"]]]))
            #expect(fine.status == 201)
        }
    }

    @Test(arguments: ["create", "upsert"])
    func `name no record that was undone, and give its id to no other`(call: String) async throws {
        try await Bench.running { bench in
            let first = Int64(try await bench.contact(["email": "z@example.org"]))
            func input(_ key: String, _ email: String) -> JSONValue {
                let properties: JSONValue = ["email": .string(email), "external_id": .string(key)]
                guard call == "upsert" else { return ["properties": properties] }
                return ["properties": properties, "id": .string(key), "idProperty": "external_id"]
            }
            let twins = try await bench.post(
                "\(path)/\(call)", inputs([input("1", "a@example.org"), input("2", "A@example.org")]))
            #expect(twins.status == 409)
            #expect(twins.json["message"] == "Contact already exists")
            let known = try await bench.post(
                "\(path)/\(call)", inputs([input("1", "a@example.org"), input("2", "z@example.org")]))
            #expect(known.json["message"] == .string("Contact already exists. Existing ID: \(first ?? 0)"))
            let next = Int64(try await bench.contact(["email": "a@example.org"]))
            #expect(next == first.map { $0 + 3 })
        }
    }

    @Test func `update nothing where there is nothing to update`() async throws {
        try await Bench.running { bench in
            let id = try await bench.contact(["email": "ada@example.org"])
            let alone = try await bench.send("PATCH", "\(Bench.contacts)/\(id)", ["properties": [:]])
            #expect(alone.status == 400)
            let answer = try await bench.post("\(path)/update", inputs([["id": .string(id), "properties": [:]]]))
            #expect(answer.status == 207)
            #expect(answer.json["results"] == .array([]))
            #expect(answer.json.at("errors.0.message") == alone.json["message"])
            #expect(answer.json.at("errors.0.context.id") == .array([.string(id)]))
        }
    }

    @Test func `create one by one with trace ids`() async throws {
        try await Bench.running { bench in
            let answer = try await bench.post(
                "\(path)/create",
                inputs([
                    ["properties": ["email": "a@example.org"], "objectWriteTraceId": "t1"],
                    ["properties": ["email": "no"], "objectWriteTraceId": "t2"],
                    ["properties": ["email": "a@example.org"], "objectWriteTraceId": "t3"],
                ]))
            #expect(answer.status == 207)
            #expect(answer.json["results"]?.array?.count == 1)
            #expect(answer.json.at("results.0.objectWriteTraceId") == "t1")
            #expect(answer.json["errors"]?.array?.map { $0.at("context.objectWriteTraceId.0") } == ["t2", "t3"])
            #expect(answer.json.at("errors.1.category") == "CONFLICT")
            #expect(try await bench.search([:]).json["total"] == 1)
        }
    }

    @Test func `update the good ones and name the missing`() async throws {
        try await Bench.running { bench in
            let id = try await bench.contact(["email": "ada@example.org"])
            let answer = try await bench.post(
                "\(path)/update",
                inputs([
                    ["id": .string(id), "properties": ["city": "London"]], ["id": "999", "properties": ["city": "x"]],
                    ["id": "ada@example.org", "properties": ["city": "Nowhere"]],
                ]))
            #expect(answer.status == 207)
            #expect(answer.json.at("results.0.properties.city") == "London")
            #expect(answer.json.at("errors.0.context.ids") == ["999"])
            #expect(
                try await bench.get("\(Bench.contacts)/\(id)?properties=city").json.at("properties.city") == "London")
        }
    }

    @Test func `cannot update by email`() async throws {
        try await Bench.running { bench in
            let answer = try await bench.post(
                "\(path)/update", inputs([["id": "a@example.org", "idProperty": "email", "properties": ["city": "x"]]]))
            #expect(answer.status == 400)
            #expect(answer.json["message"] == "Unable to perform update/upsert by non-unique 0-1 property")
        }
    }

    @Test func `upsert by email and say what is new`() async throws {
        try await Bench.running { bench in
            let id = try await bench.contact(["email": "ada@example.org", "city": "London"])
            let answer = try await bench.post(
                "\(path)/upsert",
                inputs([
                    ["id": "Ada@example.org", "idProperty": "email", "properties": ["firstname": "Ada"]],
                    ["id": "new@example.org", "idProperty": "email", "properties": ["firstname": "New"]],
                ]))
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json.at("results.0.new") == false)
            #expect(answer.json.at("results.0.id") == .string(id))
            #expect(answer.json.at("results.1.new") == true)
            #expect(answer.json.at("results.1.properties.email") == "new@example.org")
        }
    }

    @Test func `archive whatever exists`() async throws {
        try await Bench.running { bench in
            let id = try await bench.contact(["email": "ada@example.org"])
            let answer = try await bench.post("\(path)/archive", inputs([["id": .string(id)], ["id": "999"]]))
            #expect(answer.status == 204)
            #expect(try await bench.get("\(Bench.contacts)/\(id)").status == 404)
        }
    }

    private func upsert(_ id: String, _ property: String?, _ properties: JSONValue, trace: String? = nil) -> JSONValue {
        var input: JSONValue = ["id": .string(id), "properties": properties]
        if let property { input = input.setting("idProperty", to: .string(property)) }
        if let trace { input = input.setting("objectWriteTraceId", to: .string(trace)) }
        return input
    }

    @Test(arguments: [true, false])
    func `upsert nothing where one input takes what another record has`(isTraced: Bool) async throws {
        try await Bench.running { bench in
            let holder = try await bench.contact(["email": "z@example.org", "external_id": "z"])
            for taken in [["email": "z@example.org"], ["external_id": "z"]] as [JSONValue] {
                let key = taken["email"] == nil ? "email" : "external_id"
                let answer = try await bench.post(
                    "\(path)/upsert",
                    inputs([
                        upsert("a@example.org", key, ["firstname": "A"], trace: isTraced ? "1" : nil),
                        upsert("b@example.org", key, taken, trace: isTraced ? "2" : nil),
                    ]))
                #expect(answer.status == 409, "\(answer.text)")
                #expect(answer.json["category"] == "CONFLICT")
                #expect(answer.text.contains(holder))
                #expect(try await bench.search([:]).json["total"] == 1)
            }
        }
    }

    @Test func `are refused whole where two upserts lead to one record`() async throws {
        try await Bench.running { bench in
            let first = try await bench.contact(["email": "ada@example.org", "external_id": "x"])
            let other = try await bench.contact(["email": "lovelace@example.org"])
            _ = try await bench.post(
                "\(Bench.contacts)/merge", ["primaryObjectId": .string(first), "objectIdToMerge": .string(other)])
            let pairs: [(JSONValue, JSONValue)] = [
                (
                    upsert("ada@example.org", "email", ["city": "A"]),
                    upsert("LOVELACE@example.org", "email", ["city": "B"])
                ),
                (upsert("x", "external_id", ["city": "A"]), upsert("ada@example.org", "email", ["city": "B"])),
                (upsert(first, nil, ["city": "A"]), upsert("x", "external_id", ["city": "B"])),
                (
                    upsert("new@example.org", "email", ["external_id": "y"], trace: "1"),
                    upsert("y", "external_id", ["city": "B"], trace: "2")
                ),
            ]
            for (one, two) in pairs {
                let answer = try await bench.post("\(path)/upsert", inputs([one, two]))
                #expect(answer.status == 400, "\(answer.text)")
                #expect(answer.json["message"]?.string?.hasPrefix("Duplicate IDs found in batch input") == true)
                #expect(answer.json.at("context.ids")?.array?.count == 2)
            }
            let record = try await bench.get("\(Bench.contacts)/\(first)?properties=city").json
            #expect(record.at("properties.city") == .null)
            #expect(try await bench.search([:]).json["total"] == 1)
        }
    }

    @Test func `upsert by the record's own id without an idProperty, never by hs_object_id`() async throws {
        try await Bench.running { bench in
            let id = try await bench.contact(["email": "ada@example.org"])
            let named = try await bench.post("\(path)/upsert", inputs([upsert(id, "hs_object_id", ["city": "A"])]))
            #expect(named.status == 400)
            #expect(named.json["message"] == "Unable to perform update/upsert by non-unique 0-1 property")
            let answer = try await bench.post(
                "\(path)/upsert", inputs([upsert(id, nil, ["city": "A"]), upsert("999", nil, ["city": "B"])]))
            #expect(answer.status == 207)
            #expect(answer.json.at("results.0.new") == false)
            #expect(answer.json.at("results.0.properties.city") == "A")
            #expect(answer.json.at("errors.0.context.ids") == ["999"])
        }
    }
}
