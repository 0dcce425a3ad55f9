import JSON
import Testing

@testable import WebForms

@Suite("Checking a submission") struct SubmissionCheckTests {
    static let definition = JSONValue(
        parsing: Array(
            #"""
            {"fieldGroups":[{"fields":[
              {"objectTypeId":"0-1","name":"email","required":true,"fieldType":"email","validation":{"blockedEmailDomains":["spam.example"]}},
              {"objectTypeId":"0-1","name":"interest","fieldType":"dropdown","options":[{"value":"soup"},{"value":"bread"}],
               "dependentFields":[{"dependentCondition":{"operator":"eq","value":"soup"},
                 "dependentField":{"objectTypeId":"0-1","name":"spoon","required":true,"fieldType":"single_line_text"}}]},
              {"objectTypeId":"0-1","name":"many","fieldType":"multiple_checkboxes","options":[{"value":"a"},{"value":"b"}]},
              {"objectTypeId":"0-1","name":"age","fieldType":"number"},
              {"objectTypeId":"0-1","name":"phone","fieldType":"phone","validation":{"minAllowedDigits":7,"maxAllowedDigits":20}}]}],
             "configuration":{"recaptchaEnabled":false},"legalConsentOptions":{"type":"none"}}
            """#.utf8))

    private func problems(
        _ fields: [(String, String)], secure: Bool = true, context: String? = nil, consent: String? = nil,
        definition: JSONValue? = Self.definition
    ) -> [String] {
        let submission = WebForm.Submission(
            fields: fields.map { .init(name: $0.0, value: $0.1) },
            context: context.flatMap { JSONValue(parsing: $0.utf8) },
            legalConsentOptions: consent.map { .raw(JSONSlice($0)) }, isSecure: secure)
        return SubmissionCheck(submission, form: definition.flatMap(WebForm.init)).problems()
            .map { "\($0.field ?? "-") \($0.errorType)" }
    }

    @Test func `finds nothing wrong with a good one`() {
        #expect(
            problems([("email", "ada@example.org"), ("many", "a;b"), ("age", "36"), ("phone", "+49 30 123456")]) == [])
    }

    @Test(arguments: [
        (["email": "ada"], "email INVALID_EMAIL"), (["email": "a@spam.example"], "email BLOCKED_EMAIL"),
        (["interest": "x"], "interest VALUE_NOT_IN_FIELD_DEFINITION"),
        (["many": "a;c"], "many VALUE_NOT_IN_FIELD_DEFINITION"),
        (["age": "old"], "age INVALID_NUMBER"), (["phone": "123"], "phone INVALID_PHONE_NUMBER"),
        (["email": ""], "email REQUIRED_FIELD"), (["interest": "soup"], "spoon REQUIRED_FIELD"),
    ])
    func `names the field and HubSpot's error type`(values: [String: String], problem: String) {
        var fields = ["email": "ada@example.org"]
        fields.merge(values) { $1 }
        #expect(problems(fields.map { ($0.key, $0.value) }) == [problem])
    }

    @Test func `takes unknown fields with a token only`() {
        let fields = [("email", "ada@example.org"), ("shoe", "43")]
        #expect(problems(fields) == [])
        #expect(problems(fields, secure: false) == ["shoe FIELD_NOT_IN_FORM_DEFINITION"])
    }

    @Test(arguments: [
        (#"{"hutk":""}"#, "context.hutk INVALID_HUTK"),
        (#"{"hutk":"0123456789abcdef0123456789abcdeg"}"#, "context.hutk INVALID_HUTK"),
        (#"{"ipAddress":"1.2.3"}"#, "context.ipAddress INVALID_IP_ADDRESS"),
        (#"{"pageUri":"/contact"}"#, "context.pageUri INVALID_PAGE_URI"),
        (#"{"colour":"red"}"#, "context.colour INVALID_METADATA"),
    ])
    func `checks the context`(context: String, problem: String) {
        #expect(problems([("email", "ada@example.org")], context: context) == [problem])
    }

    @Test func `accepts a whole context`() {
        let context =
            #"{"hutk":"0123456789abcdef0123456789abcdef","ipAddress":"2001:db8::1","pageUri":"https://example.org/c","pageName":"C"}"#
        #expect(problems([("email", "ada@example.org")], context: context) == [])
    }

    @Test(arguments: [
        ("{}", ["legalConsentOptions INVALID_LEGAL_OPTION_FORMAT"]),
        (
            #"{"consent":{"consentToProcess":true,"text":"ok"},"legitimateInterest":{"text":"x"}}"#,
            ["legalConsentOptions INVALID_LEGAL_OPTION_FORMAT"]
        ),
        (
            #"{"consent":{"consentToProcess":true,"text":""}}"#,
            ["legalConsentOptions.consent.text MISSING_PROCESSING_CONSENT_TEXT"]
        ),
        (
            #"{"consent":{"text":"x","communications":[{"value":true,"subscriptionTypeId":1,"text":"a"},{"value":true,"subscriptionTypeId":1,"text":"a"}]}}"#,
            [
                "legalConsentOptions.consent.communications[1].subscriptionTypeId DUPLICATE_SUBSCRIPTION_TYPE_ID"
            ]
        ),
        (#"{"legitimateInterest":{"value":true,"subscriptionTypeId":1,"legalBasis":"LEAD","text":"x"}}"#, []),
    ])
    func `checks the consent's shape`(consent: String, expected: [String]) {
        #expect(problems([("email", "ada@example.org")], consent: consent) == expected)
    }

    @Test func `demands the consent that the form demands`() {
        let form = JSONValue(
            parsing: Array(
                #"{"fieldGroups":[],"legalConsentOptions":{"type":"explicit_consent_to_process","communicationsCheckboxes":[{"subscriptionTypeId":7,"required":true}]}}"#
                    .utf8))
        #expect(
            problems([], definition: form)
                == ["legalConsentOptions.consent.consentToProcess MISSING_PROCESSING_CONSENT"])
        let without = #"{"consent":{"consentToProcess":true,"text":"x","communications":[]}}"#
        #expect(
            problems([], consent: without, definition: form)
                == ["legalConsentOptions.consent.communications MISSING_PROCESSING_CONSENT"])
        let consent =
            #"{"consent":{"consentToProcess":true,"text":"x","communications":[{"value":true,"subscriptionTypeId":7,"text":"y"}]}}"#
        #expect(problems([], consent: consent, definition: form) == [])
    }

    @Test func `says that a captcha lets no submission through`() {
        let form = JSONValue(parsing: Array(#"{"fieldGroups":[],"configuration":{"recaptchaEnabled":true}}"#.utf8))
        #expect(problems([], definition: form) == ["- FORM_HAS_RECAPTCHA_ENABLED"])
    }

    @Test func `finds what HubSpot would drop, and times that it takes no more`() {
        let now = Duration.milliseconds(1_795_341_600_000)  // 2026-11-22T10:00:00Z
        func problems(_ submittedAt: String?, _ fields: [String], isSecure: Bool = true) -> [String] {
            let submission = WebForm.Submission(
                fields: fields.map { .init(name: $0, value: "x") }, submittedAt: submittedAt, isSecure: isSecure)
            let definition = JSONValue(parsing: Array(#"{"fieldGroups":[{"fields":[{"name":"a"}]}]}"#.utf8))
            return SubmissionCheck(
                submission, form: definition.flatMap(WebForm.init),
                properties: ["0-1": ["a": true, "b": true, "hidden": false]], now: now
            ).problems().map { "\($0.field ?? "-") \($0.errorType)" }
        }
        #expect(problems(nil, ["a", "b", "c"]) == ["c PROPERTY_DOESNT_EXIST"])
        #expect(problems(nil, ["hidden"]) == ["hidden FIELD_NOT_IN_FORM_DEFINITION"])
        #expect(problems(nil, ["b"], isSecure: false) == ["b FIELD_NOT_IN_FORM_DEFINITION"])
        #expect(problems("1795341600000", ["a"]).isEmpty)  // the same moment
        #expect(problems("1792663200000", ["a"]).isEmpty)  // 31 days before
        #expect(problems("1792663199000", ["a"]) == ["submittedAt INVALID_METADATA"])
        #expect(problems("1795860000000", ["a"]) == ["submittedAt INVALID_METADATA"])
    }

    @Test func `names what was probably meant`() {
        func message(_ name: String, isSecure: Bool) -> String {
            let submission = WebForm.Submission(
                fields: [.init(name: "email", value: "a@example.org"), .init(name: name, value: "x")],
                isSecure: isSecure)
            return SubmissionCheck(
                submission, form: Self.definition.flatMap(WebForm.init),
                properties: ["0-1": ["jobtitle": true, "email": true]],
                tellsOfOtherProperties: true
            ).problems().map { "\($0.message) \($0.isRefused)" }.joined(separator: "\n")
        }
        #expect(message("intrest", isSecure: false) == "the form has no field 'intrest'; did you mean 'interest'? true")
        #expect(message("jobtitel", isSecure: true).hasSuffix("drops the value; did you mean 'jobtitle'? false"))
        #expect(
            message("jobtitle", isSecure: false).contains("a property of the portal, but no field of this form true"))
        #expect(message("jobtitle", isSecure: true).hasSuffix("and refuses it from a browser false"))
    }

    @Test func `refuses less where validation is skipped`() {
        var submission = WebForm.Submission(
            fields: [
                .init(name: "email", value: "ada"), .init(name: "interest", value: "x"), .init(name: "age", value: "y"),
                .init(name: "phone", value: "1"), .init(name: "shoe", value: "43"),
            ], skipValidation: true)
        func types() -> [String] {
            SubmissionCheck(submission, form: Self.definition.flatMap(WebForm.init)).problems().map(\.errorType)
        }
        #expect(types() == ["INVALID_EMAIL", "INVALID_NUMBER"])
        submission.skipValidation = nil
        #expect(types().count == 5)
    }
}
