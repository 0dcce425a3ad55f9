import JSON
import Testing

@testable import HubSpot

@Suite("A placeholder") struct PlaceholderTests {
    @Test(
        arguments: [
            ("plan:1", 1), ("plan:987654321", 987_654_321), ("plan:0", nil), ("plan:01", nil), ("plan:", nil),
            ("plan:1a", nil),
            ("Plan:1", nil), (" plan:1", nil), ("plan:1234567890123456789", nil),
        ] as [(String, Int64?)])
    func `is the whole text, and a line's number`(text: String, line: Int64?) {
        #expect(Placeholder(text)?.line == line)
    }

    @Test func `stands in the parts of a path`() {
        let path = "/crm/objects/2026-09/contacts/plan%3A7/associations/default/companies/plan:12?to=plan:3"
        #expect(Placeholder.lines(inPath: path) == [7, 12])
        #expect(
            Placeholder.readable(path)
                == "/crm/objects/2026-09/contacts/plan:7/associations/default/companies/plan:12?to=plan:3")
        #expect(
            Placeholder.filled(path, [7: "501", 9: "x"])
                == "/crm/objects/2026-09/contacts/501/associations/default/companies/plan:12?to=plan:3")
        #expect(Placeholder.filled("/a/plan:1", [1: "a/b"]) == "/a/a%2Fb")
    }

    @Test func `stands in the whole texts of a body, and nowhere else`() {
        let body = JSONSlice(#"{"to":{"id":"plan:7"},"note":"plan:7 \"plan:8\"","list":["plan:9","plan:x"],"n":7}"#)
        #expect(Placeholder.lines(in: body) == [7, 9])
        #expect(
            Placeholder.filled(body, [7: "5\"1", 8: "no"]).text
                == #"{"to":{"id":"5\"1"},"note":"plan:7 \"plan:8\"","list":["plan:9","plan:x"],"n":7}"#)
    }
}
