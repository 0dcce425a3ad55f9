import JSON
import Testing

@testable import WebForms

@Suite("A form's definition") struct DefinitionTests {
    static let form = WebForm(
        JSONValue(
            parsing: #"""
                {"id":"g","name":"All","fieldGroups":[
                  {"richText":"<h2>About <b>you</b></h2><p>Tom &amp; Ada &lt;3</p>","fields":[
                    {"objectTypeId":"0-1","name":"food","label":"Food","fieldType":"dropdown","defaultValues":["soup"],
                     "options":[{"label":"Soup","value":"soup"},{"label":"Bread","value":"bread"}],
                     "dependentFields":[{"dependentCondition":{"operator":"set_any","values":["soup"]},
                       "dependentField":{"objectTypeId":"0-1","name":"spoon","required":true,"fieldType":"single_checkbox",
                         "dependentFields":[{"dependentCondition":{"operator":"eq","value":"true"},
                           "dependentField":{"objectTypeId":"0-2","name":"maker","required":true}}]}}]}]},
                  {"fields":[{"objectTypeId":"0-1","name":"phone","fieldType":"phone","placeholder":"+44"},
                    {"name":"score","fieldType":"number","hidden":true,"defaultValue":"5","validation":{"minAllowedDigits":0,"maxAllowedDigits":9}}]}],
                 "configuration":{"language":"de","postSubmitAction":{"type":"redirect_url","value":"https://example.org/t"}},
                 "displayOptions":{"submitButtonText":"Los"},
                 "legalConsentOptions":{"type":"explicit_consent_to_process","privacyText":"<p>We keep it.</p>",
                   "communicationsCheckboxes":[{"subscriptionTypeId":7,"label":"Letters","required":true}]}}
                """#.utf8)!)!

    @Test func `has its fields in the order in which they are drawn`() {
        #expect(Self.form.fields.map(\.key) == ["food", "spoon", "0-2/maker", "phone", "score"])
        #expect(Self.form.fields.map(\.group) == [0, 0, 0, 1, 1])
        #expect(Self.form.fields[0].defaultValue == "soup")
        #expect(Self.form.fields[3].digits == 7...20)
        #expect(Self.form.fields[4].range == 0...9)
        #expect(Self.form.submitText == "Los" && Self.form.language == "de")
        #expect(Self.form.afterSubmit == .redirect("https://example.org/t"))
    }

    @Test func `keeps rich text as words`() {
        #expect(Self.form.texts == [WebForm.Text(group: 0, text: "About you Tom & Ada <3")])
        #expect(Self.form.consent.texts?.privacyText == "We keep it.")
        #expect(PlainText.of("a < b <script>x()</script> &#x41;&#66; &unknown; <") == "a < b x() AB &unknown; <")
    }

    @Test(arguments: [
        (["food": "bread"], ["food", "phone", "score"]), (["food": "soup"], ["food", "spoon", "phone", "score"]),
        (["food": "soup", "spoon": "true"], ["food", "spoon", "0-2/maker", "phone", "score"]),
        (["food": "bread", "spoon": "true"], ["food", "phone", "score"]),
    ]) func `shows a field whose condition holds, and those above it`(values: [String: String], shown: [String]) {
        let submission = WebForm.Submission(fields: values.map { .init(name: $0.key, value: $0.value) })
        #expect(Self.form.shown(submission.fields).map(\.key) == shown)
        let missing = Self.form.problems(in: submission).filter { $0.errorType == "REQUIRED_FIELD" }.map(\.field)
        let required = shown.filter { ["spoon", "0-2/maker"].contains($0) && values[$0] == nil }
        #expect(missing.count == required.count)
    }

    @Test func `has a field once that depends on several others, and shows it with any of their answers`() {
        func dependent(_ value: String, _ field: String) -> String {
            #"{"dependentCondition":{"operator":"eq","value":"\#(value)"},"dependentField":\#(field)}"#
        }
        let inner = #"{"name":"inner","dependentFields":[]}"#
        let shared = #"{"name":"shared","required":true,"dependentFields":[\#(dependent("s", inner))]}"#
        let fields = [
            #"{"name":"a","dependentFields":[\#(dependent("1", shared))]}"#,
            #"{"name":"b","dependentFields":[\#(dependent("2", shared)),\#(dependent("2", shared))]}"#,
            #"{"name":"x","dependentFields":[\#(dependent("1", #"{"name":"y"}"#))]}"#, #"{"name":"y"}"#,
        ]
        let form = WebForm(
            JSONValue(parsing: #"{"fieldGroups":[{"fields":[\#(fields.joined(separator: ","))]}]}"#.utf8)!)!
        #expect(form.fields.map(\.key) == ["a", "b", "shared", "inner", "x", "y"])
        #expect(form.fields[2].conditions.map(\.key) == ["a", "b"])
        #expect(form.fields[5].conditions == [])
        func shown(_ values: [String: String]) -> [String] {
            form.shown(values.map { .init(name: $0.key, value: $0.value) }).map(\.key)
        }
        #expect(shown([:]) == ["a", "b", "x", "y"])
        #expect(shown(["a": "1"]) == ["a", "b", "shared", "x", "y"])
        #expect(shown(["b": "2", "shared": "s"]) == ["a", "b", "shared", "inner", "x", "y"])
        #expect(shown(["shared": "s"]) == ["a", "b", "x", "y"])
        #expect(form.problems(in: .init(fields: [.init(name: "b", value: "2")])).map(\.field) == ["shared"])
        let dependency = form.document["fields"]?.array?[2]["dependent_on"]
        #expect(dependency?["key"] == "a" && dependency?["alternatives"]?.array?.first?["key"] == "b")
        #expect(form.drawing.split(separator: "\n").count { $0.hasPrefix("    shared *") } == 1, "\(form.drawing)")
    }

    @Test func `ends where fields depend on one another in a circle`() {
        let form = WebForm(
            JSONValue(
                parsing: #"""
                    {"fieldGroups":[{"fields":[
                      {"name":"r","dependentFields":[{"dependentCondition":{"operator":"eq","value":"1"},"dependentField":{"name":"a",
                        "dependentFields":[{"dependentCondition":{"operator":"eq","value":"1"},"dependentField":{"name":"b"}}]}}]},
                      {"name":"s","dependentFields":[{"dependentCondition":{"operator":"eq","value":"1"},"dependentField":{"name":"b",
                        "dependentFields":[{"dependentCondition":{"operator":"eq","value":"1"},"dependentField":{"name":"a"}}]}}]}]}]}
                    """#.utf8)!)!
        #expect(form.shown([.init(name: "a", value: "1"), .init(name: "b", value: "1")]).map(\.key) == ["r", "s"])
        let all = [("s", "1"), ("b", "1")].map { WebForm.Submission.Value(name: $0.0, value: $0.1) }
        #expect(Set(form.shown(all).map(\.key)) == ["r", "s", "a", "b"])
    }

    @Test func `reads a condition's numbers and bounds as text`() {
        let form = WebForm(
            JSONValue(
                parsing: #"""
                    {"fieldGroups":[{"fields":[{"name":"score","fieldType":"number","dependentFields":[
                      {"dependentCondition":{"operator":"between","rangeStart":2,"rangeEnd":"4"},"dependentField":{"name":"a"}},
                      {"dependentCondition":{"operator":"eq","value":7},"dependentField":{"name":"b"}}]}]}]}
                    """#.utf8)!)!
        #expect(form.shown([.init(name: "score", value: "3")]).map(\.key) == ["score", "a"])
        #expect(form.shown([.init(name: "score", value: "7")]).map(\.key) == ["score", "b"])
    }

    @Test(arguments: [
        (
            "<p>A &amp; B <a class=x href='https://x.org/p?a=1&amp;b=2'>policy</a>.</p>",
            "A & B policy (https://x.org/p?a=1&b=2)."
        ),
        ("<a href=\"http://x.org\">http://x.org</a>", "http://x.org"), ("<a href=\"javascript:x()\">x</a>", "x"),
        ("<abbr>x</abbr> <a>y</a>", "x y"), ("Tom&nbsp;&lt;3 caf&eacute; &hellip; &Uuml;&yuml;", "Tom <3 café … Üÿ"),
    ]) func `keeps where links lead, and reads entities`(html: String, words: String) {
        #expect(PlainText.of(html) == words)
    }

    @Test func `says what a submission states in other words than the form`() {
        func said(_ consent: String) -> [String] {
            WebForm(JSONValue(parsing: #"{"fieldGroups":[],"legalConsentOptions":\#(consent)}"#.utf8)!)!.consent
                .substitutes
        }
        #expect(
            said(#"{"type":"legitimate_interest","lawfulBasis":"lead","subscriptionTypeIds":[1],"privacyText":"p"}"#)
                == [])
        #expect(said(#"{"type":"legitimate_interest","lawfulBasis":"other","subscriptionTypeIds":[1,2]}"#).count == 3)
        #expect(
            said(#"{"type":"implicit_consent_to_process","privacyText":"","communicationsCheckboxes":[]}"#).count == 1)
        #expect(said(#"{"type":"none"}"#) == [])
    }

    @Test func `becomes a document of one shape`() {
        let fields = Self.form.document["fields"]?.array ?? []
        #expect(fields[1]["dependent_on"]?.text.contains(#""key":"food""#) == true)
        #expect(fields[1]["dependent_on"]?["values"] == ["soup"])
        #expect(fields[4]["validation"]?.text == #"{"min":0,"max":9}"#)
        #expect(Self.form.document["consent"]?["communications"]?.array?.first?["required"] == true)
        #expect(WebForm(["name": "no definition"]) == nil)
    }

    @Test func `makes the consent that it asks for`() {
        #expect(
            Self.form.consentOptions(processing: false, communications: [7])?.text
                == #"{"consent":{"consentToProcess":false,"text":"We keep it.","communications":[{"value":true,"subscriptionTypeId":7,"text":"Letters"}]}}"#
        )
        #expect(
            SubmissionCheck(
                .init(fields: [], legalConsentOptions: Self.form.everythingAgreed), form: Self.form
            ).problems().map(\.errorType) == [])
    }
}

@Suite("A dependent field's condition") struct ConditionTests {
    /// Operator, values, the other field's value, whether it holds. The page's functions are tested with the same.
    static let cases: [(String, [String], String, Bool?)] = [
        ("eq", ["a"], "a", true), ("eq", ["a"], "b", false), ("eq", ["a"], "", false),
        ("set_eq", ["a", "b"], "b;a", true),
        ("neq", ["a"], "b", true), ("neq", ["a"], "a", false), ("set_any", ["a", "b"], "b;c", true),
        ("set_any", ["a"], "c", false), ("set_not_any", ["a"], "c", true), ("set_all", ["a", "b"], "a;c;b", true),
        ("set_all", ["a", "b"], "a", false), ("set_not_all", ["a", "b"], "a", true), ("is_not_empty", [], "x", true),
        ("is_not_empty", [], "", false), ("contains", ["ell"], "hello", true), ("doesnt_contain", ["x"], "hello", true),
        ("str_starts_with", ["he"], "hello", true), ("str_ends_with", ["lo"], "hello", true), ("lt", ["5"], "4", true),
        ("lte", ["5"], "5", true), ("gt", ["5"], "5", false), ("gte", ["5"], "", false), ("gt", ["5"], "old", false),
        ("SET_ANY", ["a"], "a", true), ("within_time", ["a"], "a", nil), ("set_any", ["a"], "b; a", true),
        ("gt", ["0x1"], "5", false), ("gt", ["1"], "inf", false), ("gte", ["1e1"], " 10 ", true),
        ("contains", ["e"], "e\u{301}", true), ("str_ends_with", ["\u{301}"], "e\u{301}", true),
        ("eq", ["\u{E9}"], "e\u{301}", false),
    ]

    @Test(arguments: Self.cases) func `holds`(name: String, values: [String], value: String, holds: Bool?) {
        let condition = WebForm.Condition(
            objectTypeID: "0-1", name: "x", operator: name, values: values, from: "", to: "")
        #expect(condition.holds(for: value) == holds, "\(name) \(values) \(value)")
    }

    @Test func `knows ranges`() {
        func holds(_ name: String, _ value: String) -> Bool? {
            WebForm.Condition(objectTypeID: "0-1", name: "x", operator: name, values: [], from: "2", to: "4")
                .holds(for: value)
        }
        #expect(holds("between", "3") == true && holds("between", "5") == false && holds("between", "") == false)
        #expect(holds("not_between", "5") == true && holds("not_between", "4") == false)
        #expect(holds("not_between", "x") == false)
    }
}
