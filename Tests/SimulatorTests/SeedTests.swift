import JSON
import Testing

@testable import Simulator

@Suite("A seeded portal") struct SeedTests {
    private static let types = ["companies", "deals", "tickets", "notes", "tasks"]

    private func count(_ bench: Bench, _ type: String) async throws -> Int64 {
        try await bench.post("/crm/v3/objects/\(type)/search", [:]).json["total"]?.integer ?? -1
    }

    /// Everything that a reader of the portal sees of one type.
    private func records(_ bench: Bench, _ type: String) async throws -> String {
        let linked = type == "contacts" ? "companies,deals" : "contacts,companies"
        return try await bench.get("/crm/v3/objects/\(type)?limit=100&associations=\(linked)").text
    }

    @Test func `has companies, deals, tickets, notes and tasks, all of them linked to contacts`() async throws {
        try await Bench.running(contacts: Seed.handful) { bench in
            #expect(try await count(bench, "contacts") == Int64(Seed.handful))
            for type in Self.types {
                let page = try await bench.get("/crm/v3/objects/\(type)?limit=100&associations=contacts").json
                let list = page["results"]?.array ?? []
                #expect(list.count >= 3, "\(type)")
                let isLinked = list.map { $0.at("associations.contacts.results.0.id") != nil }
                #expect(type == "companies" ? isLinked.contains(true) : !isLinked.contains(false), "\(type)")
            }
            let shown = try await bench.send("GET", "/_simulator/portal", token: nil).json["records"]?.array ?? []
            let names = shown.compactMap { $0["name"]?.string }
            #expect(Set(names) == Set(Self.types + ["contacts"]))
        }
    }

    @Test func `holds values that a write would be allowed`() async throws {
        try await Bench.running(contacts: 60) { bench in
            for type in Self.types + ["contacts"] {
                let names = try await bench.get("/crm/v3/properties/\(type)").json["results"]?.array?
                    .filter { $0.at("modificationMetadata.readOnlyValue") == false }.compactMap { $0["name"]?.string }
                let wanted = (names ?? []).joined(separator: ",")
                let page = try await bench.get("/crm/v3/objects/\(type)?limit=100&properties=\(wanted)").json
                for record in page["results"]?.array ?? [] {
                    let given = (record["properties"]?.members ?? []).filter {
                        (names ?? []).contains($0.key) && !$0.value.isNull
                    }
                    let path = "/crm/v3/objects/\(type)/\(record["id"]?.string ?? "")"
                    let answer = try await bench.send("PATCH", path, ["properties": .object(given)])
                    #expect(answer.status == 200, "\(type): \(answer.text)")
                }
            }
        }
    }

    @Test func `links deals and tickets to the company that their contact works for`() async throws {
        try await Bench.running(contacts: 200) { bench in
            for type in ["deals", "tickets"] {
                let list = try await bench.get("/crm/v3/objects/\(type)?limit=100&associations=contacts,companies").json
                var compared = 0
                for record in list["results"]?.array ?? [] {
                    guard let company = record.at("associations.companies.results.0.id"),
                        let contact = record.at("associations.contacts.results.0.id")?.string
                    else { continue }
                    let person = try await bench.get("\(Bench.contacts)/\(contact)?associations=companies").json
                    #expect(person.at("associations.companies.results.0.id") == company)
                    compared += 1
                }
                #expect(compared > 0, "\(type)")
            }
        }
    }

    @Test func `grows with the contacts, and is the same for the same seed`() async throws {
        func state(_ contacts: Int, _ seed: UInt64) async throws -> (counts: [Int64], text: String) {
            var counts: [Int64] = []
            var text = ""
            try await Bench.running(contacts: contacts) {
                $0.seed = seed
            } _: { bench in
                for type in Self.types {
                    counts.append(try await count(bench, type))
                    text += try await records(bench, type).replacing(bench.simulator.baseURL, with: "")
                }
                text += try await records(bench, "contacts").replacing(bench.simulator.baseURL, with: "")
            }
            return (counts, text)
        }
        let small = try await state(30, 5)
        let large = try await state(600, 5)
        #expect(zip(small.counts, large.counts).allSatisfy { $0 < $1 }, "\(small.counts) \(large.counts)")
        #expect(try await state(30, 5).text == small.text)
        #expect(try await state(30, 6).text != small.text)
        #expect(try await state(0, 5).counts == [0, 0, 0, 0, 0])
    }
}
