import JSON
import Testing

@testable import WebForms

@Suite("HubSpot's answer to a submission") struct RefusalTests {
    private static let form = SubmissionCheckTests.definition.flatMap(WebForm.init)!

    private func answer(_ body: String, isSecure: Bool = false) -> JSONValue {
        do throws(WebForm.Refusal) {
            let submission = try WebForm.Submission(received: Array(body.utf8), isSecure: isSecure)
            let problems = Self.form.problems(in: submission, now: .milliseconds(1_795_341_600_000))
            guard let refusal = WebForm.Refusal(problems) else { return Self.form.acceptance }
            return refusal.body(correlationID: "c")
        } catch {
            return error.body(correlationID: "c")
        }
    }

    @Test(arguments: [
        (#"{"fields":[{"name":"email","value":"ada"}]}"#, "Error in 'fields.email'. Invalid email address"),
        (#"{"fields":[]}"#, "Error in 'fields.email'. Required field 'email' is missing"),
        (
            #"{"fields":[{"name":"email","value":"a@spam.example"}]}"#,
            "Error in 'fields.email'. Email domain 'spam.example' is blocked"
        ),
        (
            #"{"fields":[{"name":"email","value":"a@example.org"},{"name":"age","value":"old"}]}"#,
            "Error in 'fields.age'. 'old' is not a valid number"
        ),
        (
            #"{"fields":[{"name":"email","value":"a@example.org"},{"name":"shoe","value":"43"}]}"#,
            "Error in 'fields.shoe'. Field 'shoe' is not in the form definition"
        ),
        (
            #"{"fields":[{"name":"email","value":"a@example.org"}],"context":{"hutk":"37184"}}"#,
            "Error in 'context.hutk'. '37184' is not a valid Hutk"
        ),
        (
            #"{"fields":[{"name":"email","value":"a@example.org"}],"submittedAt":"1600000000000"}"#,
            "Error in 'submittedAt'. '1600000000000' is not within the last month"
        ),
        (
            #"{"fields":[{"name":"email","value":"a@example.org"}],"submittedAt":9e17}"#,
            "Error in 'submittedAt'. '900000000000000000' is not within the last month"
        ),
    ]) func `names each place in HubSpot's words`(body: String, message: String) {
        let answer = answer(body)
        #expect(answer["message"] == "The request is not valid")
        #expect(answer["errors"]?.array?.map { $0["message"] } == [.string(message)], "\(answer.text)")
        #expect(answer["category"] == nil && answer["correlationId"] == "c")
    }

    @Test(arguments: [
        ("", "No content to map due to end-of-input"), ("{", "Invalid input JSON on line 1"),
        ("[]", "Cannot deserialize value from Array value"), ("{}", "Some required fields were not set: [fields]"),
        (#"{"fields":{}}"#, "`java.util.ArrayList` from Object value"),
        (#"{"fields":[1]}"#, "from Number value at \"fields\""),
        (#"{"fields":[{}]}"#, "Some required fields were not set: [name]"),
        (#"{"fields":[{"name":"email","value":["a"]}]}"#, "`java.lang.String` from Array value at \"value\""),
        (#"{"fields":[],"submittedAt":"soon"}"#, "`long` at \"submittedAt\""),
    ]) func `tells a body that is no submission from a wrong one`(body: String, part: String) {
        let answer = answer(body)
        #expect(answer["message"]?.string?.contains(part) == true, "\(answer.text)")
        #expect(answer["category"] == "VALIDATION_ERROR" && answer["errors"] == nil)
    }

    @Test func `thanks in the form's own words`() {
        func acceptance(_ action: String) -> String {
            WebForm(
                JSONValue(parsing: #"{"fieldGroups":[],"configuration":{"postSubmitAction":\#(action)}}"#.utf8)!)!
                .acceptance.text
        }
        #expect(
            acceptance(#"{"type":"thank_you","value":"Thanks &amp; bye"}"#)
                == #"{"inlineMessage":"<p>Thanks &amp; bye</p>"}"#)
        #expect(acceptance(#"{"type":"thank_you","value":"<p>Thanks</p>"}"#) == #"{"inlineMessage":"<p>Thanks</p>"}"#)
        #expect(
            acceptance(#"{"type":"redirect_url","value":"https://example.org"}"#)
                == #"{"redirectUri":"https://example.org"}"#)
        #expect(WebForm.Refusal.captcha(of: "f").body(correlationID: "c")["errors"]?.array?.count == 1)
    }
}
