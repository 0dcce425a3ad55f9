import JSON
import Testing

@testable import WebForms

@Suite("Code for a form") struct SnippetTests {
    /// Text that would be code, markup or an end of something, were it not data.
    static let hostile =
        "\"'`${1+1}</script><!--<img src=x onerror=alert(1)>\\\n\r\u{2028}\u{202E}]]>{{url}}%s$(id)\u{0}JSON é 😀 אב"

    static let form = WebForm(
        [
            "id": "11111111-1111-4111-8111-111111111111", "name": .string(hostile),
            "fieldGroups": [
                [
                    "richText": .string(hostile),
                    "fields": [
                        [
                            "objectTypeId": "0-1", "name": "email", "label": .string(hostile), "fieldType": "email",
                            "required": true, "placeholder": .string(hostile),
                        ],
                        [
                            "objectTypeId": "0-1", "name": "food", "label": "Food", "fieldType": "dropdown",
                            "options": [["label": .string(hostile), "value": .string(hostile)]],
                        ],
                    ],
                ]
            ],
            "legalConsentOptions": [
                "type": "explicit_consent_to_process", "privacyText": .string(hostile),
                "communicationsCheckboxes": [["subscriptionTypeId": 7, "label": .string(hostile), "required": true]],
            ],
        ])!

    private static let destination = WebForm.Destination(host: "https://api-eu1.hsforms.com/", portalID: 20_000_001)

    @Test(arguments: WebForm.SnippetKind.allCases) func `goes to the region's host, and leaves no gap`(
        kind: WebForm.SnippetKind
    ) {
        let text = Self.form.snippet(kind, to: Self.destination)
        if kind != .lua {
            #expect(
                text.contains(
                    "https://api-eu1.hsforms.com/submissions/v3/integration/submit/20000001/11111111-1111-4111-8111-111111111111"
                ))
        }
        // The portal's own text is the only one with two braces.
        for gap in text.matches(of: /{{[a-zA-Z]+}}/) { #expect(gap.output == "{{url}}") }
        #expect(!text.unicodeScalars.contains { $0.isUnsafe && $0 != "\n" })
        if !kind.allowsToken { #expect(text.ranges(of: "</script>").count == (kind == .html ? 1 : 0)) }
    }

    @Test(arguments: WebForm.SnippetKind.allCases.filter(\.allowsToken)) func `reads a token where it needs one`(
        kind: WebForm.SnippetKind
    ) {
        let text = Self.form.snippet(kind, to: Self.destination, isSecure: true)
        #expect(text.contains(kind == .lua ? "secure = true" : "/secure/submit/"))
        #expect(kind == .lua || text.contains("HUBSPOT_ACCESS_TOKEN"))
        #expect(!Self.form.snippet(kind, to: Self.destination).contains("HUBSPOT_ACCESS_TOKEN"))
    }

    @Test func `takes values that HubSpot takes, unless others are given`() {
        let form = DefinitionTests.form
        #expect(
            form.examples([]).map { "\($0.name)=\($0.value)" } == [
                "food=soup", "spoon=true", "maker=Text", "phone=+442079460123", "score=5",
            ])
        #expect(
            form.problems(in: .init(fields: form.examples([]))).filter { $0.errorType != "MISSING_PROCESSING_CONSENT" }
                == [])
        #expect(
            form.examples([.init(name: "food", value: "bread"), .init(name: "other", value: "x")]).map(\.name) == [
                "food", "phone", "score", "other",
            ])
    }

    @Test func `writes each value as its language does`() {
        let value: JSONValue = ["a": [1, true, .null], "no name": "é\u{2028}\"\\\u{1}", "end": "x"]
        #expect(
            SourceText.javaScript.value(value)
                == #"{ a: [1, true, null], "no name": "é\u2028\"\\\u0001", end: "x" }"#)
        #expect(
            SourceText.python.value(value)
                == #"{ "a": [1, True, None], "no name": "é\u2028\"\\\u0001", "end": "x" }"#)
        #expect(
            SourceText.lua.value(value)
                == #"{ a = { 1, true, json.null }, ["no name"] = "é\u{2028}\"\\\u{1}", ["end"] = "x" }"#)
        #expect(SourceText.javaScript.string("</script>") == #""\u003c/script>""#)
        #expect(JSONValue(parsing: SourceText.json.value(.string(Self.hostile)).utf8)?.string == Self.hostile)
    }

    @Test func `exports each function of the page's script`() {
        for name in FormScript.names { #expect(FormScript.whole.contains("function \(name)("), "\(name)") }
        let declared = FormScript.whole.matches(of: /(?m)^(?:async )?function (\w+)/).map { String($0.output.1) }
        #expect(declared.sorted() == FormScript.names.sorted())
    }
}
