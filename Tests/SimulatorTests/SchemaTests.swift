import JSON
import Testing

@testable import Simulator

@Suite("Custom objects") struct SchemaTests {
    private let path = "/crm/v3/schemas"

    private let car: JSONValue = [
        "name": "car", "labels": ["singular": "Car", "plural": "Cars"], "description": "What people drive",
        "primaryDisplayProperty": "plate", "requiredProperties": ["plate"], "searchableProperties": ["plate", "maker"],
        "secondaryDisplayProperties": ["maker"], "associatedObjects": ["CONTACT"],
        "properties": .array([
            ["name": "plate", "label": "Plate", "type": "string", "fieldType": "text", "hasUniqueValue": true],
            ["name": "maker", "label": "Maker", "type": "string", "fieldType": "text"],
        ]),
    ]

    @Test(arguments: ["/crm/v3/schemas", "/crm-object-schemas/v3/schemas", "/crm-object-schemas/2026-03/schemas"])
    func `are defined, and have every verb by id, name and full name`(path: String) async throws {
        try await Bench.running { bench in
            let made = try await bench.post(path, car)
            #expect(made.status == 201, "\(made.text)")
            let id = made.json["objectTypeId"]?.string ?? ""
            #expect(id == "2-1")
            #expect(made.json["fullyQualifiedName"] == "p20000001_car")
            #expect(made.json["properties"]?.array?.contains { $0["name"] == "plate" } == true)
            #expect(made.json["associations"]?.array?.contains { $0["name"] == "car_to_contact" } == true)
            #expect(try await bench.get(path).json.at("results.0.name") == "car")
            for (index, name) in [id, "car", "p20000001_car", "P20000001_CAR"].enumerated() {
                let objects = "/crm/v3/objects/\(name)"
                let one = try await bench.post(objects, ["properties": ["plate": .string("B-\(index)")]])
                #expect(one.status == 201, "\(one.text)")
                let record = try await bench.get("\(objects)/\(one.json["id"]?.string ?? "")").json
                #expect(record.at("properties.plate") == .string("B-\(index)"))
                #expect(record.at("properties.hs_createdate") != nil)
                let found = try await bench.post("\(objects)/search", ["query": .string("b")]).json
                #expect((found["total"]?.integer ?? 0) > 0)
                #expect(try await bench.get("/crm/v3/properties/\(name)/maker").json["label"] == "Maker")
            }
            #expect(try await bench.get("\(path)/car").json["objectTypeId"] == .string(id))
            #expect(try await bench.get("\(path)/contacts").json["objectTypeId"] == "0-1")
        }
    }

    @Test func `need their required properties and keep unique ones apart`() async throws {
        try await Bench.running { bench in
            _ = try await bench.post(path, car)
            let bare = try await bench.post("/crm/v3/objects/car", ["properties": ["maker": "Volvo"]])
            #expect(bare.json.at("context.properties") == ["plate"])
            _ = try await bench.post("/crm/v3/objects/car", ["properties": ["plate": "B-1"]])
            #expect(try await bench.post("/crm/v3/objects/car", ["properties": ["plate": "b-1"]]).status == 400)
            let found = try await bench.get("/crm/v3/objects/car/B-1?idProperty=plate")
            #expect(found.json.at("properties.plate") == "B-1")
        }
    }

    @Test func `are linked to what they are associated with, and to nothing else`() async throws {
        try await Bench.running(contacts: 1) { bench in
            _ = try await bench.post(path, car)
            let one = try await bench.post("/crm/v3/objects/car", ["properties": ["plate": "B-1"]])
            let id = one.json["id"]?.string ?? ""
            let linked = try await bench.send("PUT", "/crm/v4/objects/car/\(id)/associations/default/contacts/501")
            #expect(linked.status == 200, "\(linked.text)")
            let kind = linked.json.at("results.0.associationSpec.associationTypeId")?.integer ?? 0
            let back = try await bench.get("/crm/v4/objects/contacts/501/associations/2-1").json
            #expect(back.at("results.0.toObjectId") == .number(id))
            #expect(back.at("results.0.associationTypes.0.category") == "USER_DEFINED")
            let labels = try await bench.get("/crm/v4/associations/car/contacts/labels").json
            #expect(labels.at("results.0.typeId") == .integer(kind))
            let company = try await bench.post("/crm/v3/objects/companies", ["properties": ["name": "Engines"]])
            let other = "/crm/v4/objects/car/\(id)/associations/default/companies/\(company.json["id"]?.string ?? "")"
            #expect(try await bench.send("PUT", other).status == 400)
            let defined = try await bench.post(
                "\(path)/car/associations",
                ["fromObjectTypeId": "2-1", "toObjectTypeId": "0-2", "name": "car_to_company"])
            #expect(defined.status == 201, "\(defined.text)")
            #expect(try await bench.send("PUT", other).status == 200)
            let whole = try await bench.get("/crm/v3/objects/contacts/501?associations=car").json
            #expect(whole.at("associations.p20000001_car.results.0.id") == .string(id))
            let gone = try await bench.send("DELETE", "\(path)/car/associations/\(defined.json["id"]?.string ?? "")")
            #expect(gone.status == 204)
            #expect(try await bench.send("PUT", other).status == 400)
        }
    }

    @Test func `are changed, deleted once they are empty, and free their name when purged`() async throws {
        try await Bench.running { bench in
            _ = try await bench.post(path, car)
            let changed = try await bench.send(
                "PATCH", "\(path)/2-1", ["labels": ["singular": "Auto", "plural": "Autos"], "requiredProperties": []])
            #expect(changed.json.at("labels.plural") == "Autos")
            #expect(try await bench.post("/crm/v3/objects/car", ["properties": ["maker": "Volvo"]]).status == 201)
            #expect(try await bench.send("DELETE", "\(path)/car").status == 400)
            _ = try await bench.send("DELETE", "/crm/v3/objects/car/501")
            #expect(try await bench.send("DELETE", "\(path)/car").status == 204)
            #expect(try await bench.get("/crm/v3/objects/car").status == 400)
            #expect(try await bench.get("\(path)?archived=true").json["results"]?.array?.count == 1)
            #expect(try await bench.post(path, car).status == 409)
            #expect(try await bench.send("DELETE", "\(path)/car?archived=true").status == 204)
            #expect(try await bench.post(path, car).status == 201)
        }
    }

    @Test func `are refused without what they need`() async throws {
        try await Bench.running { bench in
            #expect(try await bench.post(path, [:]).status == 400)
            #expect(try await bench.post(path, car.setting("name", to: "1car")).status == 400)
            #expect(try await bench.post(path, car.setting("name", to: "contacts")).status == 409)
            let pointing = try await bench.post(path, car.setting("primaryDisplayProperty", to: "shoe"))
            #expect(pointing.json["message"] == "Property \"shoe\" does not exist")
            #expect(try await bench.post(path, car.setting("associatedObjects", to: ["widgets"])).status == 400)
            // Nothing of a refused definition stays.
            #expect(try await bench.get(path).json["results"] == [])
            #expect(try await bench.get("\(path)/nothing").status == 404)
        }
    }

    @Test func `stay in a portal that is kept in a file`() async throws {
        let file = "/tmp/simulator-test-\(UUIDs.version4()).sqlite"
        defer { for suffix in ["", "-wal", "-shm"] { unlinkFile(file + suffix) } }
        try await Bench.running {
            $0.database = file
        } _: { bench in
            _ = try await bench.post(path, car)
            _ = try await bench.post("/crm/v3/objects/car", ["properties": ["plate": "B-1"]])
        }
        try await Bench.running {
            $0.database = file
        } _: { bench in
            let cars = try await bench.get("/crm/v3/objects/car").json
            #expect(cars.at("results.0.properties.plate") == "B-1")
        }
    }
}
