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
        ("SET_ANY", ["a"], "a", true), ("within_time", ["a"], "a", nil),
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
