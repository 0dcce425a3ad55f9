import JSON
import Testing

@testable import Simulator

@Suite("Search") struct SearchTests {
    private func filter(_ property: String, _ op: String, _ value: JSONValue? = nil, high: JSONValue? = nil)
        -> JSONValue
    {
        var filter: JSONValue = ["propertyName": .string(property), "operator": .string(op)]
        if let value { filter = filter.setting(value.array == nil ? "value" : "values", to: value) }
        if let high { filter = filter.setting("highValue", to: high) }
        return ["filterGroups": .array([["filters": .array([filter])]])]
    }

    /// Four people, a second apart.
    private func people(_ bench: Bench) async throws {
        for person in [
            [
                "email": "ada@example.org", "firstname": "Ada", "score": "10", "interests": "soup;tea",
                "birthday": "1815-12-10",
            ],
            ["email": "grace@navy.example", "firstname": "Grace", "score": "9", "lifecyclestage": "customer"],
            [
                "email": "zoe@example.org", "firstname": "Zoë", "score": "-1.5", "newsletter": "true",
                "jobtitle": "Head of Tea",
            ],
            ["email": "nobody@navy.example"],
        ] as [JSONValue] {
            try await bench.contact(person)
            bench.clock.advance(by: .seconds(1))
        }
    }

    @Test(
        arguments: [
            ("firstname", "EQ", "ada" as JSONValue, ["ada"]), ("firstname", "EQ", "ZOË", ["zoe"]),
            ("firstname", "NEQ", "ada", ["grace", "zoe", "nobody"]), ("email", "EQ", "Ada@Example.org", ["ada"]),
            ("email", "IN", ["ada@example.org", "zoe@example.org"], ["ada", "zoe"]),
            ("firstname", "IN", ["Ada", "grace"], ["grace"]),
            ("firstname", "NOT_IN", ["ada"], ["grace", "zoe", "nobody"]),
            ("lifecyclestage", "EQ", "customer", ["grace"]), ("lifecyclestage", "EQ", "Customer", []),
            ("score", "GT", "9", ["ada"]), ("score", "GTE", "9", ["ada", "grace"]), ("score", "LT", "0", ["zoe"]),
            ("score", "LTE", .number("9"), ["grace", "zoe"]),
            ("score", "HAS_PROPERTY", .null, ["ada", "grace", "zoe"]),
            ("score", "NOT_HAS_PROPERTY", .null, ["nobody"]), ("interests", "IN", ["tea", "cake"], ["ada"]),
            ("interests", "EQ", "soup", ["ada"]), ("newsletter", "EQ", "true", ["zoe"]),
            ("birthday", "LT", "1900-01-01", ["ada"]),
            ("email", "CONTAINS_TOKEN", "*@navy.example", ["grace", "nobody"]),
            ("email", "NOT_CONTAINS_TOKEN", "navy", ["ada", "zoe"]), ("jobtitle", "CONTAINS_TOKEN", "tea", ["zoe"]),
            ("jobtitle", "CONTAINS_TOKEN", "te", []), ("jobtitle", "CONTAINS_TOKEN", "te*", ["zoe"]),
            ("createdate", "GTE", "1795255202000", ["zoe", "nobody"]),
            ("createdate", "LT", "2026-11-21T10:00:01Z", ["ada"]),
            ("hs_object_id", "GT", "502", ["zoe", "nobody"]),
            ("hs_object_id", "IN", ["501", "504"], ["ada", "nobody"]),
        ] as [(String, String, JSONValue, [String])])
    func `filters as each operator says`(property: String, op: String, value: JSONValue, found: [String]) async throws {
        try await Bench.running { bench in
            try await people(bench)
            let body = filter(property, op, value.isNull ? nil : value)
            let emails = try await bench.found(body).map { String($0.prefix { $0 != "@" }) }
            #expect(emails == found)
            #expect(try await bench.search(body).json["total"] == .integer(found.count))
        }
    }

    @Test func `takes BETWEEN with both ends`() async throws {
        try await Bench.running { bench in
            try await people(bench)
            #expect(try await bench.found(filter("score", "BETWEEN", "9", high: "10")).count == 2)
            #expect(
                try await bench.found(filter("createdate", "BETWEEN", "1795255200000", high: "1795255201000")).count
                    == 2)
        }
    }

    @Test func `ands filters and ors groups`() async throws {
        try await Bench.running { bench in
            try await people(bench)
            func one(_ name: String, _ op: String, _ value: JSONValue) -> JSONValue {
                ["propertyName": .string(name), "operator": .string(op), "value": value]
            }
            let body: JSONValue = [
                "filterGroups": .array([
                    ["filters": .array([one("score", "GT", "0"), one("lifecyclestage", "EQ", "lead")])],
                    ["filters": .array([one("newsletter", "EQ", "true")])],
                ])
            ]
            #expect(try await bench.found(body) == ["ada@example.org", "zoe@example.org"])
        }
    }

    @Test func `sorts by one property, numbers as numbers`() async throws {
        try await Bench.running { bench in
            try await people(bench)
            let byScore: JSONValue = ["sorts": .array([["propertyName": "score", "direction": "DESCENDING"]])]
            #expect(try await bench.found(byScore).map { $0.first } == ["a", "g", "z", "n"])
            #expect(try await bench.found(["sorts": ["-createdate"]]).first == "nobody@navy.example")
        }
    }

    @Test func `finds the beginnings of words in the usual properties`() async throws {
        try await Bench.running { bench in
            try await people(bench)
            #expect(try await bench.found(["query": "gra"]) == ["grace@navy.example"])
            #expect(try await bench.found(["query": "example ada"]) == ["ada@example.org"])
            #expect(try await bench.found(["query": "tea"]).isEmpty)
        }
    }

    @Test func `pages by offset and knows the total`() async throws {
        try await Bench.running(contacts: 25) { bench in
            let first = try await bench.search(["limit": 10]).json
            #expect(first["total"] == 25)
            #expect(first.at("paging.next.after") == "10")
            let last = try await bench.search(["limit": 10, "after": "20"]).json
            #expect(last["results"]?.array?.count == 5)
            #expect(last["paging"] == nil)
        }
    }

    @Test func `does not find archived records`() async throws {
        try await Bench.running { bench in
            let id = try await bench.contact(["email": "ada@example.org"])
            _ = try await bench.send("DELETE", "\(Bench.contacts)/\(id)")
            #expect(try await bench.search([:]).json["total"] == 0)
        }
    }

    @Test(
        arguments: [
            (["limit": 201], nil), (["after": "9995"], nil), (["after": "x"], nil),
            (["query": .string(String(repeating: "a", count: 3001))], nil),
            (
                ["filters": .array([["propertyName": "email", "operator": "LIKE", "value": "x"]])],
                "Enum type must be one of: ["
            ),
            (
                ["filterGroups": .array([["filters": .array([["propertyName": "email", "operator": ""]])]])],
                "unable to deserialize field \"filterGroups[0].filters[0].operator\". Invalid value: "
            ),
            (
                ["filters": .array([["propertyName": "shoe", "operator": "EQ", "value": "x"]])],
                "There was a problem with the request."
            ),
            (
                ["filters": .array([["propertyName": "createdate", "operator": "GT", "value": "soon"]])],
                "There was a problem with the request."
            ),
            (
                [
                    "filterGroups": .array(
                        Array(
                            repeating: ["filters": .array([["propertyName": "email", "operator": "HAS_PROPERTY"]])],
                            count: 6))
                ],
                "too many filterGroups (count: 6, max allowed: 5)"
            ),
            (
                [
                    "filterGroups": .array([
                        [
                            "filters": .array(
                                Array(repeating: ["propertyName": "email", "operator": "HAS_PROPERTY"], count: 7))
                        ]
                    ])
                ],
                "too many filters"
            ),
        ] as [(JSONValue, String?)])
    func `refuses what HubSpot refuses`(body: JSONValue, message: String?) async throws {
        try await Bench.running { bench in
            let answer = try await bench.search(body)
            #expect(answer.status == 400)
            if let message { #expect(answer.json["message"]?.string?.contains(message) == true, "\(answer.text)") }
        }
    }

    @Test func `lags behind writes as long as it is told to`() async throws {
        try await Bench.running { options in
            options.searchLag = .seconds(2)
        } _: { bench in
            let id = try await bench.contact(["email": "ada@example.org", "city": "London"])
            #expect(try await bench.search([:]).json["total"] == 0)
            bench.clock.advance(by: .seconds(2))
            #expect(try await bench.search([:]).json["total"] == 1)
            _ = try await bench.send("PATCH", "\(Bench.contacts)/\(id)", ["properties": ["city": "Paris"]])
            #expect(try await bench.found(filter("city", "EQ", "paris")).isEmpty)
            _ = try await bench.send("DELETE", "\(Bench.contacts)/\(id)")
            #expect(try await bench.search([:]).json["total"] == 1)
            bench.clock.advance(by: .seconds(2))
            #expect(try await bench.search([:]).json["total"] == 0)
        }
    }

    @Test func `counts right along a walk over ids, and after a write`() async throws {
        try await Bench.running(contacts: 60) { bench in
            func total(_ op: String, _ id: Int64, stage: String? = nil) async throws -> Int64 {
                var filters: [JSONValue] = [
                    ["propertyName": "hs_object_id", "operator": .string(op), "value": .integer(id)]
                ]
                if let stage {
                    filters.append(["propertyName": "lifecyclestage", "operator": "EQ", "value": .string(stage)])
                }
                let answer = try await bench.search(["filters": .array(filters), "limit": 1])
                return answer.json["total"]?.integer ?? -1
            }
            for (id, count) in [(0, 60), (520, 40), (540, 20), (510, 50), (560, 0)] as [(Int64, Int64)] {
                #expect(try await total("GT", id) == count)
                #expect(try await total("GTE", id + 1) == count)
            }
            let leads = try await total("GT", 0, stage: "lead")
            let later = try await total("GT", 530, stage: "lead")
            try await bench.contact(["email": "ada@example.org"])
            #expect(try await total("GT", 530, stage: "lead") == later + 1)
            #expect(try await total("GT", 0, stage: "lead") == leads + 1)
            #expect(try await total("GT", 540) == 21)
        }
    }
}
