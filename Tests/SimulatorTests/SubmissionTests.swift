import JSON
import Testing

@testable import Simulator

@Suite("What becomes of submitted fields") struct SubmissionTests {
    private static let every = FormTests.every
    private let read = "/form-integrations/v1/submissions/forms/\(FormTests.every)"

    private func submit(_ bench: Bench, _ pairs: [(String, String)], form: String = every) async throws -> Bench.Answer
    {
        let fields = (("email", "ada@example.org") + pairs).map { name, value -> JSONValue in
            ["objectTypeId": "0-1", "name": .string(name), "value": .string(value)]
        }
        return try await bench.post(
            "/submissions/v3/integration/secure/submit/20000001/\(form)", ["fields": .array(fields)])
    }

    private func contact(_ bench: Bench, _ names: String) async throws -> JSONValue {
        try await bench.get("\(Bench.contacts)/ada%40example.org?idProperty=email&properties=\(names)").json
    }

    private func ignored(_ bench: Bench) async throws -> [JSONValue] {
        let seen = try await bench.send("GET", "/_simulator/submissions", token: nil).json
        return seen["results"]?.array?.last?["ignored"]?.array ?? []
    }

    @Test(arguments: [
        [("interests", "soup"), ("interests", "tea"), ("interests", "cake")],
        [("interests", "soup;tea"), ("interests", "cake")], [("interests", "soup;tea;cake")],
    ])
    func `several choices are one value, however they come, and are read back one by one`(
        pairs: [(String, String)]
    ) async throws {
        try await Bench.running { bench in
            let answer = try await submit(bench, pairs)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(try await contact(bench, "interests").at("properties.interests") == "soup;tea;cake")
            let values = try await bench.get(read).json.at("results.0.values")?.array ?? []
            #expect(
                values.filter { $0["name"] == "interests" }.compactMap { $0["value"]?.string }
                    == ["soup", "tea", "cake"])
            #expect(try await ignored(bench).isEmpty)
        }
    }

    @Test func `one wrong choice among several refuses the submission`() async throws {
        try await Bench.running { bench in
            let answer = try await submit(bench, [("interests", "soup"), ("interests", "stone")])
            #expect(answer.status == 400)
            #expect(answer.json.at("errors.0.errorType") == "VALUE_NOT_IN_FIELD_DEFINITION")
        }
    }

    @Test func `several entries where one value is meant leave the last`() async throws {
        try await Bench.running { bench in
            _ = try await submit(bench, [("firstname", "Ada"), ("firstname", "Augusta")])
            #expect(try await contact(bench, "firstname").at("properties.firstname") == "Augusta")
        }
    }

    @Test(arguments: [
        ("shoe", "42", false), ("lastmodifieddate", "0", false), ("last_seen", "0", false), ("city", "London", true),
        ("annualrevenue", "lots", false),
    ])
    func `fields outside the form are taken where a form may have them, and said to be ignored elsewhere`(
        name: String, value: String, isTaken: Bool
    ) async throws {
        try await Bench.running { bench in
            #expect(try await submit(bench, [("lastname", "L"), (name, value)], form: FormTests.contact).status == 200)
            let found = try await ignored(bench)
            #expect(found.map { $0["name"] } == (isTaken ? [] : [.string(name)]))
            #expect(found.allSatisfy { $0["reason"]?.string?.isEmpty == false && $0["objectTypeId"] == "0-1" })
            if isTaken { #expect(try await contact(bench, name).at("properties.\(name)") == .string(value)) }
        }
    }

    @Test func `fields of a type that submissions do not reach are said to be ignored`() async throws {
        try await Bench.running { bench in
            let fields: [JSONValue] = [
                ["name": "email", "value": "ada@example.org"], ["name": "lastname", "value": "L"],
                ["objectTypeId": "0-3", "name": "dealname", "value": "Big"],
            ]
            _ = try await bench.post(
                "/submissions/v3/integration/secure/submit/20000001/\(FormTests.contact)", ["fields": .array(fields)])
            #expect(try await ignored(bench).map { $0["name"] } == ["dealname"])
        }
    }

    @Test func `a submission for a blocked address is ignored as a whole, and says so`() async throws {
        try await Bench.running { bench in
            _ = try await bench.post(
                "\(Bench.contacts)/gdpr-delete", ["objectId": "ada@example.org", "idProperty": "email"])
            #expect(try await submit(bench, [("firstname", "Ada")]).status == 200)
            #expect(try await ignored(bench).map { $0["name"] } == ["email", "firstname"])
        }
    }

    @Test func `nothing is known of it before a submission is processed`() async throws {
        try await Bench.running {
            $0.formDelay = .seconds(2)
        } _: { bench in
            _ = try await submit(bench, [("shoe", "42")])
            let seen = try await bench.send("GET", "/_simulator/submissions", token: nil).json
            #expect(seen.at("results.0.ignored") == .null)
            bench.clock.advance(by: .seconds(2))
            _ = try await bench.get(Bench.contacts)
            #expect(try await ignored(bench).map { $0["name"] } == ["shoe"])
        }
    }
}

private func + (first: (String, String), rest: [(String, String)]) -> [(String, String)] { [first] + rest }
