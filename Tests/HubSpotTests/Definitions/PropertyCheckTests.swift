import JSON
import Testing

@testable import HubSpot

@Suite("Checking values against definitions") struct PropertyCheckTests {
    private static let definitions = JSONSlice(
        #"""
        {"results":[
          {"name":"email","type":"string","fieldType":"text"}, {"name":"firstname","type":"string","fieldType":"text"},
          {"name":"score","type":"number","fieldType":"number"}, {"name":"optin","type":"bool","fieldType":"booleancheckbox"},
          {"name":"birthday","type":"date","fieldType":"date"}, {"name":"seen","type":"datetime","fieldType":"date"},
          {"name":"food","type":"enumeration","fieldType":"select","options":[{"value":"soup"},{"value":"bread"}]},
          {"name":"likes","type":"enumeration","fieldType":"checkbox","options":[{"value":"soup"},{"value":"tea"}]},
          {"name":"dealstage","type":"enumeration","fieldType":"radio","externalOptions":true,"options":[]},
          {"name":"owner","type":"enumeration","fieldType":"select","externalOptions":true,"options":[{"value":"1"}]},
          {"name":"empty","type":"enumeration","fieldType":"select","options":[]},
          {"name":"novel","type":"object_coordinates","fieldType":"text"},
          {"name":"made","type":"datetime","fieldType":"date","modificationMetadata":{"readOnlyValue":true}},
          {"name":"sum","type":"number","fieldType":"calculation_equation"},
          {"name":"rank","type":"number","fieldType":"number","calculated":true}]}
        """#)
    private static let types = PropertyTypes(definitions, of: .contacts)

    private func codes(_ values: [(String, String)], key: RecordReference? = nil) -> [String] {
        PropertyCheck(types: Self.types).problems(of: PropertyBag(values), key: key).map { "\($0.property) \($0.code)" }
    }

    @Test(arguments: [
        ("email", "ada@example.org"), ("email", " ada@example.org\u{200B}"), ("firstname", "=SUM(A1)"),
        ("score", "-1.5"),
        ("score", " 7 "), ("score", "1e3"), ("optin", "true"), ("optin", "FALSE"), ("birthday", "2026-11-21"),
        ("birthday", "0"), ("birthday", "2026-11-21T00:00:00Z"), ("seen", "2026-11-21T10:00:00.123+01:00"),
        ("seen", "1795255200000"), ("seen", "2026-11-21"), ("food", "soup"), ("likes", "soup;tea"), ("likes", ";tea"),
        ("likes", "soup; tea"), ("novel", "anything"), ("empty", "anything"),
    ]) func `lets pass what HubSpot takes, and the empty text anywhere`(name: String, text: String) {
        #expect(codes([(name, text), (name, "")]) == [])
    }

    @Test(arguments: ["dealstage", "owner"])
    func `lets any value pass where the options live outside of the definition`(name: String) {
        #expect(codes([(name, "closedwon")]) == [])
    }

    @Test(arguments: [
        ("shoe", "43", "PROPERTY_DOESNT_EXIST"), ("shoe", "", "PROPERTY_DOESNT_EXIST"),
        ("email", "ada", "INVALID_EMAIL"),
        ("email", "a b@example.org", "INVALID_EMAIL"), ("email", "a@example", "INVALID_EMAIL"),
        ("score", "many", "INVALID_INTEGER"), ("score", "1,5", "INVALID_INTEGER"), ("score", "0x10", "INVALID_INTEGER"),
        ("score", "nan", "INVALID_INTEGER"), ("optin", "yes", "INVALID_OPTION"),
        ("birthday", "tomorrow", "INVALID_LONG"),
        ("birthday", "2026-02-30", "INVALID_LONG"), ("birthday", "1795255200000", "INVALID_DATE"),
        ("birthday", "2026-11-21T10:00:00Z", "INVALID_DATE"), ("seen", "2026-11-21 10:00", "INVALID_LONG"),
        ("seen", "1795255200", "INVALID_DATE"), ("food", "Soup", "INVALID_OPTION"),
        ("food", "soup;bread", "INVALID_OPTION"),
        ("likes", "soup;stone", "INVALID_OPTION"), ("made", "", "READ_ONLY_VALUE"), ("sum", "5", "READ_ONLY_VALUE"),
        ("rank", "5", "READ_ONLY_VALUE"), ("firstname", String(repeating: "x", count: 65_537), "INVALID_STRING"),
    ]) func `names HubSpot's code`(name: String, text: String, code: String) {
        #expect(codes([(name, text)]) == ["\(name) \(code)"])
    }

    @Test func `tells of every value, and what was probably meant`() {
        let problems = PropertyCheck(types: Self.types).problems(
            of: PropertyBag([("fistname", "A"), ("food", "soop")]))
        #expect(problems.map(\.property) == ["fistname", "food"])
        #expect(problems[0].message == "there is no property 'fistname'; did you mean 'firstname'?")
        #expect(problems[1].message == "food has no option 'soop' (bread, soup); did you mean 'soup'?")
    }

    @Test func `counts what names a new record among its values`() {
        #expect(codes([("firstname", "A")], key: .email("ada")) == ["email INVALID_EMAIL"])
        #expect(codes([("firstname", "A")], key: .email(" ada@example.org ")) == [])
        #expect(
            codes([("firstname", "A")], key: RecordReference("5", idProperty: "no_key")) == [
                "no_key PROPERTY_DOESNT_EXIST"
            ])
    }

    @Test func `takes properties that would have been made before`() {
        let check = PropertyCheck(types: Self.types, expected: ["shoe"])
        #expect(check.problems(of: PropertyBag([("shoe", "43")])).isEmpty)
    }
}
