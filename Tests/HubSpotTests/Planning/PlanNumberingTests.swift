import JSON
import Testing

@testable import HubSpot

@Suite("The numbers of a plan's lines") struct PlanNumberingTests {
    private static func create(_ n: Int64, _ properties: String, depends: [Int64] = []) -> PlannedWrite {
        .init(
            n: n, method: "POST", path: "/crm/objects/2026-09/contacts", type: "contacts", id: nil, before: nil,
            body: JSONSlice(#"{"properties":\#(properties)}"#), depends: depends)
    }

    private static func update(_ n: Int64, _ made: Int64, _ properties: String) -> PlannedWrite {
        .init(
            n: n, method: "PATCH", path: "/crm/objects/2026-09/contacts/plan%3A\(made)%3Ak3x9", type: "contacts",
            id: "plan:\(made):k3x9", before: nil, body: JSONSlice(#"{"properties":\#(properties)}"#), depends: [made])
    }

    @Test func `are those of the writes where no text looks like one`() {
        let lines = PlanNumbering.numbered(
            [Self.create(1, #"{"email":"a"}"#), Self.update(4, 1, #"{"owner":"plan:1:k3x9"}"#)], tag: "k3x9")
        #expect(lines.map(\.n) == [1, 4])
        #expect(lines[1].path == "/crm/objects/2026-09/contacts/plan:1" && lines[1].id == "plan:1")
        #expect(lines[1].body?.text == #"{"properties":{"owner":"plan:1"}}"# && lines[1].depends == [1])
        #expect(lines[1].named == [1])
    }

    @Test func `are none that stand in a user's text`() {
        let lines = PlanNumbering.numbered(
            [
                Self.create(1, #"{"city":"plan:1","state":"plan:3"}"#),
                Self.update(2, 1, #"{"city":"plan:2","owner":"plan:1:k3x9","note":"plan:1:other"}"#),
            ], tag: "k3x9")
        #expect(lines.map(\.n) == [4, 5])
        #expect(lines[0].body?.text == #"{"properties":{"city":"plan:1","state":"plan:3"}}"#)
        #expect(lines[0].named == [] && lines[1].named == [4])
        #expect(lines[1].path.hasSuffix("/plan:4"))
        let filled = lines[1].operation(Paths(.september2026), [1: "x", 2: "x", 4: "501"])
        #expect(filled.properties["city"] == "plan:2" && filled.properties["owner"] == "501")
        #expect(filled.properties["note"] == "plan:1:other" && filled.record == .id("501"))
    }
}
