import Foundation
import LuaRuntime
import Simulator
import Testing

@testable import Bindings

/// Every page of help ends in an example. Each runs on a portal that holds what the examples speak of; where one names an id, it
/// is that of a record of this portal, since HubSpot gives the ids.
@Suite("An example of the help") struct ExamplesTests {
    private static let modules: [LuaModule] = ReferenceTests.modules

    private static let objects =
        ["hubspot.objects(\"cars\")"]
        + modules.map(\.name).filter { name in
            modules.first { $0.name == name }?.functions.contains { $0.name == "merge" } == true
        }
    private static let others = modules.flatMap { module in
        objects.contains { module.name == $0 || module.name == "\($0).batch" }
            ? [] : module.functions.map { "\(module.name).\($0.name)" }
    }.filter { $0 != "hubspot.connect" }  // needs a profile: the tests of connecting have one

    private func run(_ code: String, ids: [(String, String)], in console: Console, _ name: String) async throws {
        var code = code
        for (id, expression) in ids {
            let made = try await console.value("return tostring(\(expression))").asString ?? ""
            code = code.replacing(id, with: made)
        }
        do {
            _ = try await console.runtime.run(LuaChunk(code, name: "=example", kind: .typed))
        } catch {
            Issue.record("the example of \(name) fails: \(code): \(error.message)")
        }
    }

    @Test(arguments: objects.dropFirst() + others) func `stands at the end of its page, behind errors and endpoint`(
        name: String
    ) throws {
        let module = Self.modules.first { $0.name == name }
        for page in module.map({ module in module.functions.map { "\(module.name).\($0.name)" } }) ?? [name] {
            let help = try #require(MoonspotModules.reference.help(for: page))
            let lines = help.split(separator: "\n").map(String.init)
            #expect(lines.contains { $0.hasPrefix("raises ") })
            #expect(lines.contains { $0.hasPrefix("calls ") }, "\(help)")
            #expect(lines.last?.hasPrefix("  ") == true, "\(help)")
        }
    }

    /// Each with two fresh records of its type, 501 and 502 in the examples.
    @Test(arguments: objects) func `runs, of each function of a type`(name: String) async throws {
        let isCustom = name.contains("(")
        let found = Self.modules.filter { $0.name == name || $0.name == "\(name).batch" }
        let modules =
            isCustom ? MoonspotModules.reference.shared.flatMap { MoonspotModules.reference.modules(below: $0) } : found
        #expect(modules.count == 2)
        let type = name.split(separator: ".").last.map(String.init) ?? name
        let properties = modules[0].functions.first { $0.name == "create" }?.example?.split(separator: "{").last ?? ""
        let own = name == "hubspot.contacts" ? "lastname = 'Lovelace'" : String(properties.dropLast(1))
        let apart = own.replacing("example.org", with: "example.net")
        try await Console.running { (console: Console) async throws in
            try await console.run(isCustom ? Self.cars : "local type = '\(type)' " + Self.order)
            for function in modules.flatMap(\.functions) {
                try await console.run(
                    """
                    if hubspot.contacts.find("ada@example.org") then hubspot.contacts.delete("ada@example.org") end
                    local creates = "\(function.name)" == "create"
                    if \(name == "hubspot.contacts") and not creates then
                      hubspot.contacts.create{ email = "ada@example.org", firstname = "Ada" }
                    end
                    fresh = { \(name).create{ \(apart) }, \(name).create{ \(apart.replacing(".net", with: ".com.au")) } }
                    """)
                try await run(
                    function.example ?? "", ids: [("501", "fresh[1].id"), ("502", "fresh[2].id")], in: console,
                    "\(name).\(function.name)")
            }
        }
    }

    @Test(arguments: others) func `runs`(name: String) async throws {
        let module = try #require(
            Self.modules.first { module in
                module.functions.contains { "\(module.name).\($0.name)" == name }
            })
        let function = try #require(module.functions.first { "\(module.name).\($0.name)" == name })
        let example = function.example ?? ""
        var options = SimulatorOptions()
        options.contacts = 25
        try await Console.running(options) { (console: Console) async throws in
            let needs = Self.needs.filter { need in
                need.names.contains { name.hasPrefix($0) } && !need.unless.contains(name)
            }
            try await console.run(needs.map(\.code).joined(separator: "\n"))
            try await run(example, ids: needs.flatMap(\.ids), in: console, name)
        }
    }

    /// What the portal has to hold for the functions of these names.
    private struct Need {
        var names: [String]
        var unless: [String] = []
        var code: String
        /// Ids in examples, and the expressions for those of this portal.
        var ids: [(String, String)] = []
    }

    private static let order = """
        hubspot.properties.create(type, {
          name = "order_number", label = "Order number", type = "string", fieldType = "text",
          groupName = hubspot.properties.groups(type).results[1].name, hasUniqueValue = true,
        })
        """

    private static let cars = """
        local schema = hubspot.schemas.create{
          name = "cars", labels = { singular = "Car", plural = "Cars" }, primaryDisplayProperty = "name",
          requiredProperties = { "name" }, associatedObjects = { "CONTACT" },
          properties = {
            { name = "name", label = "Name", type = "string", fieldType = "text" },
            { name = "order_number", label = "Order number", type = "string", fieldType = "text", hasUniqueValue = true },
          },
        }
        """

    private static let needs: [Need] = [
        Need(names: ["hubspot.objects"], code: cars),
        Need(
            names: ["hubspot.schemas."], unless: ["hubspot.schemas.create", "hubspot.schemas.list"],
            code: cars + " schema_id = schema.objectTypeId", ids: [("2-123", "schema_id")]),
        Need(
            names: ["hubspot.associations"],
            code: """
                company = hubspot.companies.create{ name = "Engines", domain = "engines.example" }.id
                hubspot.associations.link("contacts", 501, "companies", company)
                """, ids: [("900", "company")]),
        Need(
            names: ["hubspot.associations.update_label", "hubspot.associations.delete_label"],
            code: """
                hubspot.associations.create_label("contacts", "companies", { label = "Helper", name = "helper" })
                for _, label in ipairs(hubspot.associations.labels("contacts", "companies").results) do
                  if label.label == "Helper" then label_id = label.typeId end
                end
                """, ids: [("36", "label_id")]),
        Need(
            names: ["hubspot.files.get", "hubspot.files.delete"],
            code: "file = hubspot.files.upload('a,b', { fileName = 'numbers.csv' })", ids: [("4711", "file.id")]),
        Need(
            names: ["hubspot.forms"],
            code: """
                hubspot.forms.submit("11111111-1111-4111-8111-111111111111", { email = "g@example.org", lastname = "H" })
                """),
        Need(
            names: ["hubspot.lists."], unless: ["hubspot.lists.create"],
            code: """
                guests = hubspot.lists.create{ name = "Guests", objectTypeId = "0-1", processingType = "MANUAL" }.list
                hubspot.lists.add(guests.listId, { 501, 502 })
                """, ids: [("(7", "'(' .. guests.listId")]),
        Need(names: ["hubspot.lists.restore"], code: "hubspot.lists.delete(guests.listId)"),
        Need(
            names: ["hubspot.pipelines.replace", "hubspot.pipelines.delete"],
            unless: ["hubspot.pipelines.delete_stage"],
            code: """
                pipeline = hubspot.pipelines.create("deals", { label = "Other", displayOrder = 2, stages = {
                  { label = "Open", displayOrder = 0, metadata = { probability = "0.2" } } } })
                """, ids: [("4711", "pipeline.id")]),
        Need(
            names: ["hubspot.pipelines.delete_stage"],
            code: """
                stage = hubspot.pipelines.create_stage("deals", "default", { label = "New", displayOrder = 9,
                  metadata = { probability = "0.2" } })
                """, ids: [("4711", "stage.id")]),
        Need(
            names: ["hubspot.properties.update", "hubspot.properties.delete"],
            code: """
                hubspot.properties.create("contacts", { name = "shoe_size", label = "Shoe size", type = "number",
                  fieldType = "number", groupName = "contactinformation" })
                hubspot.properties.create_group("contacts", { name = "shoes", label = "Shoes" })
                """),
    ]
}
