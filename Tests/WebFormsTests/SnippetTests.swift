import JSON
import Testing
import Wire

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
        #expect(!text.unicodeScalars.contains { $0.isUnseen && $0 != "\n" })
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

    @Test(arguments: WebForm.SnippetKind.allCases) func `takes over what was typed and agreed to`(
        kind: WebForm.SnippetKind
    ) {
        let consent: JSONValue = [
            "consent": [
                "consentToProcess": true, "text": "I do",
                "communications": [["value": true, "subscriptionTypeId": 7, "text": "Yes, write"]],
            ]
        ]
        let given = WebForm.Submission(
            fields: [.init(name: "email", value: "typed@example.org")],
            context: ["pageUri": "https://typed.example/", "ipAddress": "192.0.2.7"], legalConsentOptions: consent)
        let text = Self.form.snippet(kind, to: Self.destination, given: given)
        #expect(text.contains("typed@example.org"))
        let isProgram = kind.allowsToken
        for part in ["https://typed.example/", "192.0.2.7", "Yes, write"] {
            #expect(text.contains(part) == isProgram, "\(part)")
        }
        // What HubSpot would refuse is not worth taking away.
        let refused: JSONValue = ["consent": ["consentToProcess": false, "text": "Not I"]]
        let other = Self.form.snippet(
            kind, to: Self.destination, given: .init(fields: [], legalConsentOptions: refused))
        #expect(!other.contains("Not I"))
    }

    @Test(arguments: WebForm.SnippetKind.allCases) func `says what it cannot do by itself`(kind: WebForm.SnippetKind) {
        let form = WebForm(
            JSONValue(
                parsing: #"""
                    {"fieldGroups":[{"fields":[{"name":"--></script>\n","fieldType":"file"}]}],"configuration":{"recaptchaEnabled":true},
                     "legalConsentOptions":{"type":"legitimate_interest","lawfulBasis":"other","privacyText":"p"}}
                    """#.utf8)!)!
        let text = form.snippet(kind, to: Self.destination)
        for part in [
            "has a captcha", "legal basis is of another kind", "the address of a file that was uploaded before",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        if !kind.allowsToken { #expect(text.ranges(of: "</script>").count == (kind == .html ? 1 : 0)) }
        #expect(!Self.form.snippet(kind, to: Self.destination).contains("uploaded"))
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
        #expect(SourceText.javaScript.value(["__proto__": 1]) == #"{ ["__proto__"]: 1 }"#)
        #expect(SourceText.javaScript.string("</script>") == #""\u003c/script>""#)
        #expect(JSONValue(parsing: SourceText.json.value(.string(Self.hostile)).utf8)?.string == Self.hostile)
    }

    @Test func `exports each function of the page's script`() {
        for name in FormScript.names { #expect(FormScript.whole.contains("function \(name)("), "\(name)") }
        let declared = FormScript.whole.matches(of: /(?m)^(?:async )?function (\w+)/).map { String($0.output.1) }
        #expect(declared.sorted() == FormScript.names.sorted())
    }
}
