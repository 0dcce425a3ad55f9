import JSON
import Testing

@testable import Simulator

@Suite("Lists") struct ListTests {
    private let path = "/crm/v3/lists"

    private func make(_ bench: Bench, _ name: String, _ type: String = "MANUAL", filter: JSONValue? = nil) async throws
        -> String
    {
        var body: JSONValue = ["name": .string(name), "objectTypeId": "0-1", "processingType": .string(type)]
        if let filter { body = body.setting("filterBranch", to: filter) }
        let answer = try await bench.post(path, body)
        #expect(answer.status == 200, "\(answer.text)")
        return answer.json.at("list.listId")?.string ?? ""
    }

    private func members(_ bench: Bench, _ list: String, _ query: String = "") async throws -> [String] {
        let answer = try await bench.get("\(path)/\(list)/memberships\(query)")
        #expect(answer.status == 200, "\(answer.text)")
        return (answer.json["results"]?.array ?? []).compactMap { $0["recordId"]?.string }
    }

    private func filter(_ property: String, _ type: String, _ op: String, _ values: [String]) -> JSONValue {
        let operation: JSONValue = [
            "operationType": .string(type), "operator": .string(op), "values": .strings(values),
        ]
        let filter: JSONValue = ["filterType": "PROPERTY", "property": .string(property), "operation": operation]
        let group: JSONValue = ["filterBranchType": "AND", "filterBranches": [], "filters": .array([filter])]
        return ["filterBranchType": "OR", "filterBranches": .array([group]), "filters": []]
    }

    @Test(arguments: ["/crm/v3/lists", "/crm/lists/2026-03", "/crm/lists/2026-09"])
    func `are made, found, renamed, deleted and restored`(path: String) async throws {
        try await Bench.running { bench in
            let made = try await bench.post(
                "\(path)/", ["name": "Guests", "objectTypeId": "0-1", "processingType": "MANUAL"])
            #expect(made.status == 200, "\(made.text)")
            let id = made.json.at("list.listId")?.string ?? ""
            #expect(made.json.at("list.processingStatus") == "COMPLETE")
            #expect(try await bench.get("\(path)/\(id)").json.at("list.name") == "Guests")
            #expect(try await bench.get("\(path)/object-type-id/0-1/name/guests").json.at("list.listId") == .string(id))
            let found = try await bench.post("\(path)/search", ["query": "gue"]).json
            #expect(found["total"] == 1)
            #expect(found["hasMore"] == false)
            #expect(found["offset"] == 1)
            #expect(found.at("lists.0.additionalProperties.hs_list_size") == "0")
            let renamed = try await bench.send("PUT", "\(path)/\(id)/update-list-name?listName=Friends")
            #expect(renamed.json.at("updatedList.name") == "Friends")
            #expect(try await bench.send("DELETE", "\(path)/\(id)").status == 204)
            #expect(try await bench.get("\(path)/\(id)").status == 404)
            #expect(try await bench.send("PUT", "\(path)/\(id)/restore").status == 204)
            #expect(try await bench.get("\(path)?listIds=\(id)&listIds=999").json["lists"]?.array?.count == 1)
        }
    }

    @Test func `take and give back members`() async throws {
        try await Bench.running(contacts: 5) { bench in
            let list = try await make(bench, "Guests")
            let added = try await bench.send("PUT", "\(path)/\(list)/memberships/add", [501, "502", 503, 9999, 501])
            #expect(
                added.json == [
                    "recordsIdsAdded": ["501", "502", "503"], "recordIdsRemoved": [], "recordIdsMissing": ["9999"],
                ])
            #expect(try await members(bench, list) == ["501", "502", "503"])
            let page = try await bench.get("\(path)/\(list)/memberships?limit=2").json
            #expect(page["total"] == 3)
            let after = try #require(page.at("paging.next.after")?.string)
            #expect(try await members(bench, list, "?limit=2&after=\(after)") == ["503"])
            #expect(try await members(bench, list, "?limit=1&before=503") == ["502"])
            let removed = try await bench.send("PUT", "\(path)/\(list)/memberships/remove", ["501", "505"])
            #expect(removed.json["recordIdsRemoved"] == ["501"])
            let both = try await bench.send(
                "PUT", "\(path)/\(list)/memberships/add-and-remove",
                ["recordIdsToAdd": ["504"], "recordIdsToRemove": ["502"]])
            #expect(both.json["recordsIdsAdded"] == ["504"])
            #expect(try await members(bench, list) == ["503", "504"])
            let of = try await bench.get("\(path)/records/0-1/503/memberships").json
            #expect(of.at("results.0.listId") == .string(list))
            let other = try await make(bench, "Others")
            #expect(try await bench.send("PUT", "\(path)/\(other)/memberships/add-from/\(list)").status == 204)
            #expect(try await members(bench, other, "/join-order") == ["503", "504"])
            #expect(try await bench.send("DELETE", "\(path)/\(other)/memberships").status == 204)
            #expect(try await members(bench, other).isEmpty)
        }
    }

    @Test func `lose members that are archived, and follow merges`() async throws {
        try await Bench.running(contacts: 4) { bench in
            let list = try await make(bench, "Guests")
            _ = try await bench.send("PUT", "\(path)/\(list)/memberships/add", [501, 502, 503])
            _ = try await bench.send("DELETE", "\(Bench.contacts)/501")
            _ = try await bench.post("\(Bench.contacts)/merge", ["primaryObjectId": "504", "objectIdToMerge": "502"])
            #expect(try await members(bench, list) == ["503", "504"])
            #expect(try await bench.get("\(path)/\(list)").json.at("list.size") == 2)
        }
    }

    @Test func `of type DYNAMIC follow their filters and cannot be edited`() async throws {
        try await Bench.running { bench in
            let ada = try await bench.contact(["email": "ada@example.org", "city": "London", "score": "7"])
            let bob = try await bench.contact(["email": "bob@example.org", "city": "Paris", "score": "9"])
            let list = try await make(
                bench, "Londoners", "DYNAMIC", filter: filter("city", "MULTISTRING", "IS_EQUAL_TO", ["London"]))
            #expect(try await members(bench, list) == [ada])
            _ = try await bench.send("PATCH", "\(Bench.contacts)/\(bob)", ["properties": ["city": "LONDON"]])
            #expect(try await members(bench, list) == [ada, bob])
            let edit = try await bench.send("PUT", "\(path)/\(list)/memberships/add", .array([.string(ada)]))
            #expect(edit.status == 400)
            let change = try await bench.send(
                "PUT", "\(path)/\(list)/update-list-filters",
                ["filterBranch": filter("score", "NUMBER", "IS_GREATER_THAN", ["8"])])
            #expect(change.status == 200, "\(change.text)")
            #expect(try await members(bench, list) == [bob])
            let frozen = try await make(
                bench, "Frozen", "SNAPSHOT", filter: filter("score", "NUMBER", "IS_LESS_THAN", ["100"]))
            _ = try await bench.contact(["email": "eve@example.org", "score": "1"])
            #expect(try await members(bench, frozen) == [ada, bob])
        }
    }

    @Test func `are refused without what they need`() async throws {
        try await Bench.running { bench in
            _ = try await make(bench, "Guests")
            func refused(_ body: JSONValue) async throws -> String {
                let answer = try await bench.post(path, body)
                #expect(answer.status == 400, "\(answer.text)")
                return answer.json["message"]?.string ?? ""
            }
            #expect(try await refused([:]).contains("[name, objectTypeId, processingType]"))
            let guests: JSONValue = ["name": "guests", "objectTypeId": "0-1", "processingType": "MANUAL"]
            #expect(try await refused(guests).contains("unique"))
            #expect(try await refused(guests.setting("processingType", to: "LAZY")).contains("Enum type"))
            #expect(try await refused(guests.setting("objectTypeId", to: "widgets")).contains("widgets"))
            let dynamic = guests.setting("processingType", to: "DYNAMIC").setting("name", to: "New")
            #expect(try await refused(dynamic).contains("filterBranch"))
            let odd = filter("shoe", "NUMBER", "IS_EQUAL_TO", ["1"])
            #expect(try await refused(dynamic.setting("filterBranch", to: odd)).contains("shoe"))
            #expect(try await bench.get("\(path)/99").json["category"] == "OBJECT_NOT_FOUND")
            #expect(try await bench.send("PUT", "\(path)/1/memberships/add", ["a": 1]).status == 400)
            #expect(try await bench.send("PUT", "\(path)/1/memberships/add", ["x"]).status == 400)
        }
    }
}
