import JSON
import Testing

@testable import Simulator

@Suite("Definitions") struct DefinitionTests {
    private let path = "/crm/v3/properties/contacts"

    private func property(_ name: String, group: String = "custom") -> JSONValue {
        [
            "name": .string(name), "label": "Food", "type": "string", "fieldType": "text",
            "groupName": .string(group),
        ]
    }

    @Test(arguments: [
        ("lifecyclestage", "options", JSONValue.array([["label": "Only", "value": "only"]])),
        ("firstname", "label", JSONValue.string("Name")),
    ])
    func `of HubSpot's own stay as they are`(name: String, member: String, value: JSONValue) async throws {
        try await Bench.running { bench in
            let before = try await bench.get("\(path)/\(name)").json
            #expect(before.at("modificationMetadata.readOnlyDefinition") == true)
            let change = JSONValue.object([.init(member, value)])
            let refused = try await bench.send("PATCH", "\(path)/\(name)", change)
            #expect(refused.status == 400)
            #expect(refused.json["category"] == "VALIDATION_ERROR")
            #expect(refused.json["message"]?.string?.contains("'\(name)' is HubSpot's own") == true)
            #expect(try await bench.get("\(path)/\(name)").json == before)
        }
    }

    @Test func `keep their type`() async throws {
        try await Bench.running { bench in
            #expect(try await bench.post(path, property("food")).status == 201)
            let refused = try await bench.send("PATCH", "\(path)/food", ["type": "number", "fieldType": "number"])
            #expect(refused.status == 400)
            #expect(refused.json["message"]?.string?.contains("from 'string' to 'number'") == true)
            #expect(try await bench.send("PATCH", "\(path)/food", ["type": "colour"]).status == 400)
            let same = try await bench.send("PATCH", "\(path)/food", ["type": "string", "fieldType": "textarea"])
            #expect(same.status == 200, "\(same.text)")
            #expect(same.json["type"] == "string")
            #expect(same.json["fieldType"] == "textarea")
        }
    }

    @Test func `keep their group`() async throws {
        try await Bench.running { bench in
            #expect(try await bench.post("\(path)/groups", ["name": "kitchen", "label": "Kitchen"]).status == 201)
            #expect(try await bench.post(path, property("food", group: "kitchen")).status == 201)
            let refused = try await bench.send("DELETE", "\(path)/groups/kitchen")
            #expect(refused.status == 400)
            #expect(refused.json["message"]?.string?.contains("[food]") == true)
            #expect(try await bench.get("\(path)/groups/kitchen").status == 200)
            _ = try await bench.send("DELETE", "\(path)/food")
            #expect(try await bench.send("DELETE", "\(path)/groups/kitchen").status == 204)
            #expect(try await bench.get("\(path)/groups/kitchen").status == 404)
        }
    }
}

@Suite("Values") struct ValueTests {
    @Test(arguments: ["2026-01-01 02:00", "2026-01-01T02:00", "2026-01-01T02:00:00", "2026-01-01t02:00Z", "1.1.2026"])
    func `that are no ISO 8601 are no times`(text: String) async throws {
        try await Bench.running { bench in
            for name in ["last_seen", "birthday"] {
                let properties = JSONValue.object([
                    .init("firstname", "Ada"), .init(name, .string(text)),
                ])
                let refused = try await bench.post(Bench.contacts, ["properties": properties])
                #expect(refused.status == 400)
                #expect(refused.json.at("errors.0.code") == "INVALID_LONG")
            }
        }
    }

    @Test(arguments: [
        ("2026-01-01T02:00:00.5Z", "2026-01-01T02:00:00.500Z"), ("2026-01-01T02:00+02:00", "2026-01-01T00:00:00Z"),
        ("2026-01-01", "2026-01-01T00:00:00Z"), ("1767225600000", "2026-01-01T00:00:00Z"),
    ])
    func `that are times are kept in UTC`(text: String, kept: String) async throws {
        try await Bench.running { bench in
            let id = try await bench.contact(["firstname": "Ada", "last_seen": .string(text)])
            let read = try await bench.get("\(Bench.contacts)/\(id)?properties=last_seen")
            #expect(read.json.at("properties.last_seen") == .string(kept))
        }
    }

    @Test(arguments: [("contacts", "firstname"), ("companies", "name")])
    func `of owners are those that there are`(type: String, name: String) async throws {
        try await Bench.running { bench in
            let path = "/crm/v3/objects/\(type)"
            func make(_ owner: JSONValue) async throws -> Bench.Answer {
                let properties = JSONValue.object([
                    .init(name, "Ada"), .init("hubspot_owner_id", owner),
                ])
                return try await bench.post(path, ["properties": properties])
            }
            for owner in ["7", "111", "rae.rep@example.org"] {
                let refused = try await make(.string(owner))
                #expect(refused.status == 400)
                #expect(refused.json.at("errors.0.code") == "INVALID_OWNER_ID")
                #expect(refused.json.at("errors.0.context.propertyName") == ["hubspot_owner_id"])
            }
            let made = try await make(42)
            #expect(made.json.at("properties.hubspot_owner_id") == "42", "\(made.text)")
            let one = "\(path)/\(made.json["id"]?.string ?? "")"
            #expect(try await bench.send("PATCH", one, ["properties": ["hubspot_owner_id": 9]]).status == 400)
            #expect(try await bench.send("PATCH", one, ["properties": ["hubspot_owner_id": ""]]).status == 200)
        }
    }
}
