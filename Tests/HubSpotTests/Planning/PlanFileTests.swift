import Testing

@testable import HubSpot

@Suite("A plan's file") struct PlanFileTests {
    private static let lines = [
        #"{"n":1,"method":"POST","path":"/crm/objects/2026-09/contacts","type":"contacts","id":null,"before":null,"#
            + #""body":{"properties":{"email":"ada@example.org"}},"depends":[]}"#,
        #"{"n":2,"method":"PATCH","path":"/crm/objects/2026-09/contacts/501","type":"contacts","id":"501","#
            + #""before":{"city":"Rome"},"body":{"properties":{"city":"Oslo"}},"depends":[]}"#,
        #"{"n":4,"method":"PUT","path":"/crm/objects/2026-09/contacts/plan:1/associations/default/companies/9","#
            + #""type":"contacts","id":"plan:1","before":[],"body":null,"depends":[1]}"#,
    ]

    private static func text(_ lines: [String], sha256: String? = nil) -> [UInt8] {
        let body = lines.map { $0 + "\n" }.joined()
        let header =
            #"{"plan":1,"portal":20000001,"script":"a.lua","made":"2026-11-21T10:00:00Z","sha256":""#
            + (sha256 ?? PlanFile.digest(body.utf8)) + #""}"#
        return Array("\(header)\n\(body)".utf8)
    }

    private static func problems(_ lines: [String]) -> [String] {
        switch PlanFile.read(text(lines)) {
        case .success: []
        case .failure(let problems): problems.list.map { "\($0.line): \($0.message)" }
        }
    }

    @Test func `is read as it was written`() throws {
        let bytes = Self.text(Self.lines)
        let plan = try PlanFile.read(bytes).get()
        #expect(plan.bytes == bytes)
        #expect(plan.writes.map(\.n) == [1, 2, 4] && plan.places == [2, 3, 4])
        #expect(plan.header.portal == 20_000_001 && !plan.isEdited)
        let made = PlanFile(portal: 20_000_001, script: "a.lua", made: "2026-11-21T10:00:00Z", plan.writes)
        #expect(made.bytes == bytes)
    }

    @Test func `tells that it was edited, and takes blank lines and spaces`() throws {
        let sound = Self.text(Array(Self.lines.dropLast()), sha256: PlanFile.digest("".utf8))
        #expect(try PlanFile.read(sound).get().isEdited)
        let spaced = String(decoding: Self.text(Self.lines), as: UTF8.self)
            .replacing(#"{"n":2,"#, with: "\n  { \"n\" : 2 ,")
        let plan = try PlanFile.read(Array(spaced.utf8)).get()
        #expect(plan.isEdited && plan.writes.count == 3 && plan.places == [2, 4, 5])
    }

    @Test(arguments: [
        (#""n":2"#, #""n":1"#, "3: n: there is a line 1 already"),
        (#""n":2"#, #""n":"two""#, "3: n: a number from 1 on expected"),
        (#""PATCH""#, #""GET""#, "3: method: POST, PUT, PATCH or DELETE expected"),
        (#"contacts/501"#, #"../contacts/501"#, "3: path: the path"),
        (#""id":"501""#, #""id":"502""#, "3: id: the path is about 501"),
        (#""type":"contacts","id":"501""#, #""type":"deals","id":"501""#, "3: type: the path is about contacts"),
        (#""body":{"properties":{"city":"Oslo"}}"#, #""body":{"city":"Oslo"}"#, "3: body: an object with properties"),
        (#""body":{"properties":{"city":"Oslo"}}"#, #""body":"Oslo""#, "3: body: an object, a list or null expected"),
        (#""depends":[1]"#, #""depends":[]"#, "4: depends: [1] expected"),
        ("plan:1/assoc", "plan:3/assoc", "4: plan:3 names no line before this one"),
        ("plan:1/assoc", "plan:2/assoc", "4: plan:2 names a line that creates nothing"),
        (#""before":{"#, #""bfore":{"#, "3: there is no 'bfore' in a plan; did you mean 'before'?"),
        (#""Oslo"}}"#, #""Oslo"}"#, "3: no JSON: "),
    ])
    func `names what is not sound by its line`(old: String, new: String, problem: String) {
        let found = Self.problems(Self.lines.map { $0.replacing(old, with: new) })
        #expect(found.contains { $0.hasPrefix(problem) }, "\(found)")
    }

    @Test(arguments: ["", "{}", "[]", "hello", #"{"plan":2,"portal":1,"script":null,"made":"x","sha256":"x"}"#])
    func `is none without its header`(header: String) {
        guard case .failure(let problems) = PlanFile.read(Array(header.utf8)) else {
            Issue.record("it was taken")
            return
        }
        #expect(problems.list.map(\.line) == [1])
    }
}
