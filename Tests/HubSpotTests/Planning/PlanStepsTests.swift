import HTTPTypes
import JSON
import Testing

@testable import HubSpot

@Suite("The requests of a plan") struct PlanStepsTests {
    private static let paths = Paths(.september2026)
    private static let base = "/crm/objects/2026-09"

    private static func update(_ n: Int64, _ id: String, type: String = "contacts") -> PlannedWrite {
        .init(
            n: n, method: "PATCH", path: "\(base)/\(type)/\(id)", type: type, id: id, before: JSONSlice("{}"),
            body: JSONSlice(#"{"properties":{"city":"Oslo"}}"#), depends: Placeholder(id).map { [$0.line] } ?? [])
    }

    private static func create(_ n: Int64, _ email: String) -> PlannedWrite {
        .init(
            n: n, method: "POST", path: "\(base)/contacts", type: "contacts", id: nil, before: nil,
            body: JSONSlice(#"{"properties":{"email":"\#(email)"}}"#), depends: [])
    }

    private static func link(_ n: Int64, _ from: String, _ to: String) -> PlannedWrite {
        .init(
            n: n, method: "PUT", path: "\(base)/contacts/\(from)/associations/default/companies/\(to)",
            type: "contacts",
            id: from, before: JSONSlice("[]"), body: nil, depends: Placeholder(from).map { [$0.line] } ?? [])
    }

    private static func numbers(_ writes: [PlannedWrite], isBatching: Bool = true) -> [[Int64]] {
        PlanSteps(writes, paths, isBatching: isBatching).steps.map { $0.map { writes[$0].n } }
    }

    @Test func `hold what follows one another and is of one kind, a hundred at most`() {
        let updates = (1...150).map { Self.update(Int64($0), "\($0)") }
        #expect(Self.numbers(updates).map(\.count) == [100, 50])
        #expect(Self.numbers(updates, isBatching: false).count == 150)
        #expect(
            Self.numbers([Self.update(1, "1"), Self.create(2, "a@b.c"), Self.update(3, "3"), Self.update(4, "4")])
                == [[1], [2], [3, 4]])
        #expect(Self.numbers([Self.update(1, "1"), Self.update(2, "1", type: "companies")]) == [[1], [2]])
    }

    @Test func `hold no record twice, and nothing that another of them makes`() {
        #expect(Self.numbers([Self.update(1, "1"), Self.update(2, "2"), Self.update(3, "1")]) == [[1, 2], [3]])
        #expect(Self.numbers([Self.create(1, "a@b.c"), Self.create(2, "A@b.c")]) == [[1], [2]])
        #expect(
            Self.numbers([
                Self.create(1, "a@b.c"), Self.create(2, "d@b.c"), Self.link(3, "plan:1", "9"),
                Self.link(4, "plan:2", "9"),
            ]) == [[1, 2], [3, 4]])
    }

    @Test func `are counted with the look at the records`() {
        let writes =
            (1...150).map { Self.update(Int64($0), "\($0)") } + [Self.create(151, "a@b.c"), Self.link(152, "1", "9")]
        let counts = WritePlan.Counts(sending: writes, Self.paths, isBatching: true, asksPortal: true)
        #expect(counts.records == 152)
        // The account; two reads of a hundred, one of an address, one of the links, one of the company at their end; two
        // batches, a create and a link.
        #expect(counts.requests == 1 + 5 + 4)
        #expect(counts.shares["contacts.update"] == .init(records: 150, requests: 2))
        #expect(counts.shares["contacts.read"] == .init(records: 151, requests: 3))
    }

    @Test(arguments: [
        ("PATCH", "/crm/objects/2026-09/contacts/5?idProperty=email", #"{"properties":{"a":"b"}}"#),
        ("PATCH", "/crm/v3/objects/contacts/5", #"{"properties":{"a":"b"}}"#),
        ("PATCH", "/crm/objects/2026-09/contacts/5", #"{"properties":{"a":5}}"#),
        ("PATCH", "/crm/objects/2026-09/contacts/5", #"{"properties":{"a":"b"},"more":1}"#),
        ("POST", "/crm/objects/2026-09/contacts/batch/upsert", #"{"inputs":[]}"#),
        ("POST", "/crm/lists/2026-09", #"{"name":"x"}"#),
    ])
    func `keep a request as it is where the pipeline would send another`(method: String, path: String, body: String) {
        let write = PlannedWrite(
            n: 1, method: method, path: path, type: nil, id: nil, before: nil, body: JSONSlice(body), depends: [])
        let request = write.operation(Self.paths).request(Self.paths)
        #expect(request.target == path && request.method.rawValue == method)
        #expect(request.body.map { String(decoding: $0, as: UTF8.self) } == body)
    }
}
