import Foundation
import TestSupport
import Testing

/// Runs at random, with either journal: their undo leaves the portal as it was, or lists what it has left.
@Suite("Undoing a run at random") struct UndoPropertyTests {
    /// Four contacts and three companies, each known by a name that it keeps under a new id.
    private static let portal = """
        hubspot.associations.create_label("contacts", "companies", { label = "Adviser", name = "adviser" })
        for i = 1, 4 do hubspot.contacts.create{ email = "c" .. i .. "@example.org", firstname = "C" .. i } end
        for i = 1, 3 do hubspot.companies.create{ name = "K" .. i } end

        """

    private static let ids = """
        local function contact(i) return hubspot.contacts.get("c" .. i .. "@example.org").id end
        local contacts = { contact(1), contact(2), contact(3), contact(4) }
        local companies = {}
        for company in hubspot.companies.each() do companies[#companies + 1] = company.id end

        """

    private static func value(_ dice: inout SeededGenerator) -> String {
        dice.of("\"Rome\"", "\"Oslo\"", "\"Kyiv\"", "\"\"")
    }

    private static func linking(_ dice: inout SeededGenerator) -> String {
        let (contact, company) = (Int.random(in: 1...4, using: &dice), Int.random(in: 1...3, using: &dice))
        let ends = "\"contacts\", contacts[\(contact)], \"companies\", companies[\(company)]"
        let label = dice.of("", "\"Adviser\"", "\"Primary\"")
        let further = label.isEmpty ? "" : ", \(label)"
        let field = label.isEmpty ? "" : ", label = \(label)"
        let pair = "{ from = contacts[\(contact)], to = companies[\(company)]\(field) }"
        return dice.of(
            "hubspot.associations.link(\(ends)\(further))", "hubspot.associations.link(\(ends)\(further))",
            "hubspot.associations.unlink(\(ends)\(further))", "hubspot.associations.unlink(\(ends))",
            "hubspot.associations.batch.link(\"contacts\", \"companies\", { \(pair) })",
            "hubspot.associations.batch.unlink(\"contacts\", \"companies\", { \(pair) })",
            "hubspot.associations.link(\"companies\", companies[\(company)], \"contacts\", contacts[\(contact)])",
            "hubspot.associations.link(\"companies\", companies[\(company)], \"contacts\", contacts[\(contact)], "
                + "\"Contact with Primary Company\")",
            "task.each(contacts, function(id) hubspot.associations.link(\"contacts\", id, \"companies\", "
                + "companies[\(company)]\(further)) end)")
    }

    private static func writing(_ dice: inout SeededGenerator, _ n: Int) -> String {
        let contact = Int.random(in: 1...4, using: &dice)
        let values = "{ \(dice.of("city", "jobtitle")) = \(value(&dice)) }"
        switch Int.random(in: 0..<8, using: &dice) {
        case 0: return "hubspot.contacts.update(contacts[\(contact)], \(values))"
        case 1:
            return "for _, city in ipairs{ \(value(&dice)), \(value(&dice)), \(value(&dice)) } do "
                + "hubspot.contacts.update(contacts[\(contact)], { city = city }) end"
        case 2: return "hubspot.contacts.upsert('c\(contact)@example.org', \(values))"
        case 3:
            return "hubspot.contacts.batch.update{ { id = contacts[\(contact)], properties = \(values) }, "
                + "{ id = contacts[\(contact % 4 + 1)], properties = \(values) } }"
        case 4:
            return "hubspot.contacts.batch.upsert{ { id = 'c\(contact)@example.org', properties = \(values) }, "
                + "{ id = 'new\(n)@example.org', properties = \(values) } }"
        case 5:
            return
                "task.each({ 1, 2, 3 }, function(i) hubspot.companies.update(companies[i], { city = \(value(&dice)) }) end)"
        default: return linking(&dice)
        }
    }

    /// The last statements of a run: what is archived cannot be written to any more.
    private static func archiving(_ dice: inout SeededGenerator) -> String {
        dice.of(
            "", "hubspot.contacts.delete(contacts[\(Int.random(in: 1...4, using: &dice))])",
            "hubspot.contacts.batch.archive{ contacts[1], contacts[2] }",
            "hubspot.companies.delete(companies[3])\nhubspot.contacts.delete(contacts[4])")
    }

    /// What a portal holds, a line of JSON a fact: the names of records, or of two, what of them, and its value.
    private static let state = """
        local names = {}
        local function say(first, second, what, value) print(json.encode(json.array{ first, second, what, value })) end
        for _, type in ipairs{ "contacts", "companies" } do
          for record in hubspot[type].each{ properties = { "email", "name", "city", "jobtitle" } } do
            local name = record.properties.email or record.properties.name
            names[type .. record.id] = name
            for _, property in ipairs{ "city", "jobtitle" } do
              say(name, type .. " " .. record.id, property, record.properties[property] or "")
            end
          end
        end
        for key, name in pairs(names) do
          local id = key:match("^contacts(%d+)$")
          for _, link in ipairs(id and hubspot.associations.list("contacts", id, "companies").results or {}) do
            local kinds = {}
            for _, kind in ipairs(link.associationTypes) do kinds[#kinds + 1] = kind.category .. kind.typeId end
            table.sort(kinds)
            say(name .. " " .. names["companies" .. link.toObjectId],
              "contacts " .. id .. " companies " .. link.toObjectId, "links", table.concat(kinds, " "))
          end
        end
        """

    /// By the names that a fact is about; with the records' ids as an undo names them.
    private static func facts(_ output: String) throws -> [String: (records: String, value: String)] {
        try Dictionary(
            output.split(separator: "\n").map { line in
                let fact = try JSONDecoder().decode([String].self, from: Data(line.utf8))
                return ("\(fact[0]) \(fact[2])", (fact[1], fact[3]))
            }
        ) { $1 }
    }

    private struct Item: Decodable {
        struct Value: Decodable { var name: String }

        var action: String
        var status: String
        var type: String?
        var id: String?
        var to_type: String?
        var to_id: String?
        var values: [Value]
        var reason: String?

        /// What of which records it is about, as ``facts(_:)`` has it.
        var subjects: Set<String> {
            let own = "\(type ?? "") \(id ?? "")"
            // All links of a record that is made again; all of which one is the primary company's.
            if action == "link" || action == "mark", to_id == nil { return ["\(own) links"] }
            guard let other = to_type, let otherID = to_id else { return Set(values.map { "\(own) \($0.name)" }) }
            let back = "\(other) \(otherID)"
            return type == "contacts" ? ["\(own) \(back) links"] : ["\(back) \(own) links"]
        }
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>, ["writes", "undo"])
    func `leaves the portal as it was, or lists what it has left`(seed: UInt64, mode: String) async throws {
        var dice = SeededGenerator(state: seed)
        let prepared = Self.portal + Self.ids + (1...14).map { _ in Self.linking(&dice) }.joined(separator: "\n")
        let earlier = Self.ids + (1...8).map { Self.writing(&dice, -$0) }.joined(separator: "\n")
        let script =
            Self.ids + (1...14).map { Self.writing(&dice, $0) }.joined(separator: "\n") + "\n" + Self.archiving(&dice)
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0", "--limits", "unlimited") { server in
                func run(_ code: String, journal: String = "off") async throws -> String {
                    let file = try home.write(code, to: "script.lua")
                    let result = try await home.run("--journal", journal, file, environment: server.environment)
                    try #require(result.status == 0, "\(result.errors)\n\(code)")
                    return result.output
                }
                _ = try await run(prepared)
                _ = try await run(earlier)
                let before = try Self.facts(try await run(Self.state))
                _ = try await run(script, journal: mode)
                let undo = try await home.run(
                    "undo", "1", "--yes", "--output", "jsonl", environment: server.environment)
                try #require(undo.status == 0, "\(undo.errors)\(undo.output)\n\(script)")
                let items = try undo.output.split(separator: "\n").map {
                    try JSONDecoder().decode(Item.self, from: Data($0.utf8))
                }
                let after = try Self.facts(try await run(Self.state))
                let left = items.filter { $0.status == "left" }
                let listed = left.reduce(into: Set<String>()) { $0.formUnion($1.subjects) }
                for name in Set(before.keys).union(after.keys) where before[name]?.value != after[name]?.value {
                    // A record that is made again has another id then.
                    let words = (before[name] ?? after[name])?.records.split(separator: " ").map(String.init) ?? []
                    let what = name.split(separator: " ").last ?? ""
                    let ends = stride(from: 0, to: words.count, by: 2).map { "\(words[$0]) \(words[$0 + 1])" }
                    let subjects = [ends.joined(separator: " ")] + ends
                    #expect(
                        subjects.contains { listed.contains("\($0) \(what)") },
                        "\(name): \(before[name]?.value ?? "-") → \(after[name]?.value ?? "-")\n\(undo.output)\n\(earlier)\n-- run\n\(script)"
                    )
                }
                #expect(left.allSatisfy { $0.reason?.isEmpty == false })
                // All is known where it was read before.
                if mode == "undo" { #expect(left.isEmpty, "\(undo.output)\n\(script)") }
            }
        }
    }
}
