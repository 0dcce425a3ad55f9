import JSON
import Testing

@testable import Simulator

@Suite("Forms") struct FormTests {
    static let contact = "11111111-1111-4111-8111-111111111111"
    static let newsletter = "22222222-2222-4222-8222-222222222222"
    static let guarded = "33333333-3333-4333-8333-333333333333"
    static let every = "44444444-4444-4444-8444-444444444444"

    private func path(_ form: String, secure: Bool = true, portal: String = "20000001") -> String {
        "/submissions/v3/integration/\(secure ? "secure/" : "")submit/\(portal)/\(form)"
    }

    private func fields(_ pairs: [(String, String)]) -> JSONValue {
        ["fields": .array(pairs.map { ["objectTypeId": "0-1", "name": .string($0.0), "value": .string($0.1)] })]
    }

    private let ada: [(String, String)] = [("email", "ada@example.org"), ("lastname", "Lovelace")]

    @Test(arguments: [true, false])
    func `make a contact of a submission`(secure: Bool) async throws {
        try await Bench.running { bench in
            let body = fields(ada).setting("context", to: ["pageName": "Home", "pageUri": "https://www.example.org/"])
            let answer = try await bench.send(
                "POST", path(Self.contact, secure: secure), body, token: secure ? "own" : nil)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json == ["inlineMessage": "<p>Thanks for getting in touch.</p>"])
            #expect(!answer.headers.keys.contains { $0.hasPrefix("x-hubspot-ratelimit") })
            let names = "lastname,lifecyclestage,recent_conversion_event_name,num_conversion_events,hs_object_source"
            let record = try await bench.get("\(Bench.contacts)/ada%40example.org?idProperty=email&properties=\(names)")
                .json
            #expect(record.at("properties.lastname") == "Lovelace")
            #expect(record.at("properties.lifecyclestage") == "lead")
            #expect(record.at("properties.recent_conversion_event_name") == "Home: Contact us")
            #expect(record.at("properties.num_conversion_events") == "1")
            #expect(record.at("properties.hs_object_source") == "FORM")
        }
    }

    @Test func `change the contact that has the address`() async throws {
        try await Bench.running { bench in
            let id = try await bench.contact(["email": "ada@example.org", "city": "London"])
            _ = try await bench.post(path(Self.contact), fields(ada))
            _ = try await bench.post(path(Self.contact), fields([("email", "ADA@example.org"), ("lastname", "King")]))
            let record = try await bench.get(
                "\(Bench.contacts)/\(id)?properties=lastname,city,num_conversion_events,num_unique_conversion_events"
            ).json
            #expect(record.at("properties.lastname") == "King")
            #expect(record.at("properties.city") == "London")
            #expect(record.at("properties.num_conversion_events") == "2")
            #expect(record.at("properties.num_unique_conversion_events") == "1")
        }
    }

    @Test func `redirect where they say so, and take every kind of field`() async throws {
        try await Bench.running { bench in
            var list =
                fields([
                    ("email", "ada@example.org"), ("phone", "+44 20 7946 0000"), ("score", "42"),
                    ("newsletter", "true"),
                    ("interests", "soup;tea"), ("favourite_food", "cake"), ("hs_lead_status", "NEW"), ("birthday", "0"),
                    ("message", "Hello"),
                ])["fields"]?.array ?? []
            list.append(["objectTypeId": "0-2", "name": "name", "value": "Engines"])
            let answer = try await bench.post(path(Self.every), ["fields": .array(list)])
            #expect(answer.json == ["redirectUri": "https://www.example.org/thanks"], "\(answer.text)")
            let record = try await bench.get(
                "\(Bench.contacts)/ada%40example.org?idProperty=email&properties=birthday,interests&associations=companies"
            ).json
            #expect(record.at("properties.birthday") == "1970-01-01")
            #expect(record.at("properties.interests") == "soup;tea")
            #expect(record.at("associations.companies.results.0.type") == "contact_to_company")
        }
    }

    @Test(
        arguments: [
            (
                [("email", "nope"), ("lastname", "L")], "INVALID_EMAIL",
                "Error in 'fields.email'. Invalid email address"
            ),
            (
                [("email", "a@example.org")], "REQUIRED_FIELD",
                "Error in 'fields.lastname'. Required field 'lastname' is missing"
            ),
            ([("email", "a@example.org"), ("lastname", "L"), ("city", "x")], "FIELD_NOT_IN_FORM_DEFINITION", nil),
        ] as [([(String, String)], String, String?)])
    func `refuse fields that do not fit`(given: [(String, String)], errorType: String, message: String?) async throws {
        try await Bench.running { bench in
            let answer = try await bench.send("POST", path(Self.contact, secure: false), fields(given), token: nil)
            #expect(answer.status == 400)
            #expect(answer.json["message"] == "The request is not valid")
            #expect(answer.json["category"] == nil)
            #expect(answer.json.at("errors.0.errorType") == .string(errorType))
            if let message { #expect(answer.json.at("errors.0.message") == .string(message)) }
            #expect(try await bench.search([:]).json["total"] == 0)
        }
    }

    @Test(arguments: [
        ("email", "x@blocked.example", "BLOCKED_EMAIL"), ("score", "many", "INVALID_NUMBER"),
        ("score", "101", "NUMBER_OUT_OF_RANGE"), ("favourite_food", "stone", "VALUE_NOT_IN_FIELD_DEFINITION"),
        ("interests", "soup;stone", "VALUE_NOT_IN_FIELD_DEFINITION"), ("phone", "12", "INVALID_PHONE_NUMBER"),
        ("message", String(repeating: "x", count: 65_537), "INPUT_TOO_LARGE"),
    ])
    func `check values against the form's own rules`(name: String, value: String, errorType: String) async throws {
        try await Bench.running { bench in
            let given = name == "email" ? [(name, value)] : [("email", "a@example.org"), (name, value)]
            let answer = try await bench.post(path(Self.every), fields(given))
            #expect(answer.status == 400)
            #expect(answer.json.at("errors.0.errorType") == .string(errorType))
        }
    }

    @Test(
        arguments: [
            (["hutk": ""], "INVALID_HUTK"), (["hutk": "37184"], "INVALID_HUTK"),
            (["colour": "red"], "INVALID_METADATA"),
            (["ipAddress": "300.1.1.1"], "INVALID_IP_ADDRESS"), (["pageUri": "/contact"], "INVALID_PAGE_URI"),
            (["goToWebinarWebinarKey": "abc"], "INVALID_GOTOWEBINAR_WEBINAR_KEY"),
        ] as [(JSONValue, String)])
    func `check the context`(context: JSONValue, errorType: String) async throws {
        try await Bench.running { bench in
            let answer = try await bench.post(path(Self.contact), fields(ada).setting("context", to: context))
            #expect(answer.status == 400)
            #expect(answer.json.at("errors.0.errorType") == .string(errorType))
        }
    }

    @Test func `accept a full context`() async throws {
        try await Bench.running { bench in
            let context: JSONValue = [
                "hutk": "0123456789abcdef0123456789abcdef", "ipAddress": "2001:db8::1",
                "pageUri": "https://www.example.org/contact", "pageName": "Contact us", "pageId": "123",
                "sfdcCampaignId": "701000000000001", "goToWebinarWebinarKey": "1234567890",
            ]
            let answer = try await bench.post(path(Self.contact), fields(ada).setting("context", to: context))
            #expect(answer.status == 200)
        }
    }

    @Test(
        arguments: [
            (nil, "MISSING_PROCESSING_CONSENT"), ([:], "INVALID_LEGAL_OPTION_FORMAT"),
            (["consent": ["consentToProcess": false, "text": "t"]], "MISSING_PROCESSING_CONSENT"),
            (["consent": ["consentToProcess": true, "text": ""]], "MISSING_PROCESSING_CONSENT_TEXT"),
            (
                [
                    "consent": [
                        "consentToProcess": true, "text": "t",
                        "communications": .array([["value": true, "subscriptionTypeId": 1, "text": ""]]),
                    ]
                ],
                "MISSING_COMMUNICATION_CONSENT_TEXT"
            ),
            (
                [
                    "consent": [
                        "consentToProcess": true, "text": "t",
                        "communications": .array([
                            ["value": true, "subscriptionTypeId": 1, "text": "a"],
                            ["value": true, "subscriptionTypeId": 1, "text": "b"],
                        ]),
                    ]
                ], "DUPLICATE_SUBSCRIPTION_TYPE_ID"
            ),
            (
                ["legitimateInterest": ["value": true, "subscriptionTypeId": 9, "legalBasis": "LEAD", "text": ""]],
                "MISSING_LEGITIMATE_INTEREST_TEXT"
            ),
            (
                ["consent": ["consentToProcess": true, "text": "t"], "legitimateInterest": ["text": "t"]],
                "INVALID_LEGAL_OPTION_FORMAT"
            ),
            (["consent": ["consentToProcess": true, "text": "t"]], nil),
            (["legitimateInterest": ["value": true, "subscriptionTypeId": 9, "legalBasis": "LEAD", "text": "t"]], nil),
        ] as [(JSONValue?, String?)])
    func `demand consent as the form says`(options: JSONValue?, errorType: String?) async throws {
        try await Bench.running { bench in
            var body = fields([("email", "ada@example.org")])
            if let options { body = body.setting("legalConsentOptions", to: options) }
            let answer = try await bench.post(path(Self.newsletter), body)
            #expect(answer.status == (errorType == nil ? 200 : 400), "\(answer.text)")
            if let errorType { #expect(answer.json.at("errors.0.errorType") == .string(errorType)) }
        }
    }

    @Test func `with a captcha refuse the API`() async throws {
        try await Bench.running { bench in
            let answer = try await bench.post(path(Self.guarded), fields([("email", "ada@example.org")]))
            #expect(answer.json.at("errors.0.errorType") == "FORM_HAS_RECAPTCHA_ENABLED")
            #expect(
                answer.json.at("errors.0.message")
                    == .string(
                        "Form '\(Self.guarded)' can't receive API submissions as Captcha (SPAM prevention) is enabled.")
            )
        }
    }

    @Test func `refuse more than a thousand fields and what is older than a month`() async throws {
        try await Bench.running { bench in
            let many = fields(Array(repeating: ("email", "a@example.org"), count: 1001))
            let refused = try await bench.post(path(Self.contact), many)
            #expect(refused.json.at("errors.0.errorType") == "MAX_NUMBER_OF_SUBMITTED_VALUES_EXCEEDED")
            let old = fields(ada).setting("submittedAt", to: "1792000000000")
            #expect(try await bench.post(path(Self.contact), old).status == 400)
            let recent = fields(ada).setting("submittedAt", to: .number("1795255100000"))
            #expect(try await bench.post(path(Self.contact), recent).status == 200)
        }
    }

    @Test func `are unknown under another id, another portal, or without a token`() async throws {
        try await Bench.running { bench in
            let unknown = try await bench.post(path("99999999-1111-4111-8111-111111111111"), fields(ada))
            #expect(unknown.status == 404)
            let elsewhere = try await bench.post(path(Self.contact, portal: "1"), fields(ada))
            #expect(elsewhere.status == 404)
            let anonymous = try await bench.send("POST", path(Self.contact), fields(ada), token: nil)
            #expect(anonymous.status == 401)
        }
    }

    @Test func `give their contact after a delay, where one is set`() async throws {
        try await Bench.running { options in
            options.formDelay = .seconds(3)
        } _: { bench in
            let answer = try await bench.post(path(Self.contact), fields(ada))
            #expect(answer.status == 200)
            #expect(try await bench.search([:]).json["total"] == 0)
            bench.clock.advance(by: .seconds(3))
            #expect(try await bench.search([:]).json["total"] == 1)
        }
    }

    @Test func `show what was submitted, newest first`() async throws {
        try await Bench.running { bench in
            for index in 0..<3 {
                bench.clock.advance(by: .seconds(1))
                _ = try await bench.post(
                    path(Self.contact),
                    fields([("email", "a\(index)@example.org"), ("lastname", "L")])
                        .setting("context", to: ["pageUri": "https://www.example.org/c"]))
            }
            let page = try await bench.get("/form-integrations/v1/submissions/forms/\(Self.contact)?limit=2").json
            #expect(page.at("results.0.values.0.value") == "a2@example.org")
            #expect(page.at("results.0.pageUrl") == "https://www.example.org/c")
            let after = page.at("paging.next.after")?.string ?? ""
            let rest = try await bench.get(
                "/form-integrations/v1/submissions/forms/\(Self.contact)?limit=2&after=\(after)"
            ).json
            #expect(rest["results"]?.array?.count == 1)
            #expect(rest["paging"] == nil)
            #expect(
                try await bench.get("/form-integrations/v1/submissions/forms/\(Self.contact)?limit=51").status == 400)
            let seen = try await bench.get("/_simulator/submissions").json
            #expect(seen["results"]?.array?.count == 3)
            #expect(seen.at("results.0.formGuid") == .string(Self.contact))
            #expect(seen.at("results.0.fields.1.name") == "lastname")
        }
    }

    @Test(arguments: ["/marketing/v3/forms", "/marketing/forms/2026-09-beta"])
    func `are defined with all that clients insist on`(path: String) async throws {
        try await Bench.running { bench in
            let list = try await bench.get(path).json
            #expect(
                list["results"]?.array?.map { $0["id"] }
                    == [Self.contact, Self.newsletter, Self.guarded, Self.every].map { .string($0) })
            let form = try await bench.get("\(path)/\(Self.contact)").json
            #expect(form["name"] == "Contact us")
            #expect(form.at("displayOptions.style")?.members?.count == 12)
            #expect(form.at("fieldGroups.0.fields.0.fieldType") == "email")
            #expect(try await bench.get("\(path)?limit=2").json.at("paging.next.after") == "3")
            #expect(try await bench.get("\(path)/99999999-1111-4111-8111-111111111111").status == 404)
        }
    }

    @Test(
        arguments: [
            ("name", " ", "name"), ("fieldGroups.0.groupType", "x", "Enum"),
            ("fieldGroups.0.richTextType", "x", "Enum"),
            ("fieldGroups.0.fields.0.fieldType", "emial", "Enum"),
            ("fieldGroups.0.fields.0.fieldType", "dropdown", "options"),
            ("fieldGroups.0.fields.0.required", "yes", "boolean"),
            (
                "fieldGroups.0.fields.0.dependentFields",
                [["dependentCondition": ["operator": "bogus"], "dependentField": ["name": "x"]]], "Enum"
            ),
            ("configuration.postSubmitAction.type", "x", "Enum"), ("displayOptions.theme", "x", "Enum"),
            ("legalConsentOptions.type", "nope", "Enum"),
            ("legalConsentOptions", ["type": "explicit_consent_to_process"], "communicationsCheckboxes"),
            ("legalConsentOptions", .null, "legalConsentOptions"),
        ] as [(String, JSONValue, String)])
    func `are refused where a word is none that HubSpot knows`(place: String, value: JSONValue, part: String)
        async throws
    {
        try await Bench.running { bench in
            let seeded = try await bench.get("/marketing/v3/forms/\(Self.contact)").json
            let wrong = seeded.replacing(place.split(separator: ".").map(String.init), with: value)
            let answer = try await bench.post("/marketing/v3/forms", wrong)
            #expect(answer.status == 400 && answer.text.contains(part), "\(answer.text)")
            let change = place.split(separator: ".").first.map(String.init) ?? ""
            let changes = JSONValue.object([.init(change, wrong[change] ?? .null)])
            let changed = try await bench.send("PATCH", "/marketing/v3/forms/\(Self.contact)", changes)
            // A part that is null is left as it is.
            #expect(changed.status == (value.isNull ? 200 : 400), "\(changed.text)")
        }
    }

    @Test func `can be made, changed and archived`() async throws {
        try await Bench.running { bench in
            let path = "/marketing/v3/forms"
            let seeded = try await bench.get("\(path)/\(Self.contact)").json
            let made = try await bench.post(path, seeded.setting("name", to: "Copy"))
            #expect(made.status == 201, "\(made.text)")
            let id = made.json["id"]?.string ?? ""
            #expect(id != Self.contact)
            let changed = try await bench.send("PATCH", "\(path)/\(id)", ["name": "Better"])
            #expect(changed.json["name"] == "Better")
            let sent = try await bench.post(self.path(id), fields(ada))
            #expect(sent.status == 200)
            #expect(try await bench.send("DELETE", "\(path)/\(id)").status == 204)
            #expect(try await bench.get("\(path)/\(id)").status == 404)
            #expect(try await bench.get("\(path)?archived=true").json["results"]?.array?.count == 1)
            let bare = try await bench.post(path, ["name": "x"])
            #expect(bare.status == 400)
        }
    }
}

extension JSONValue {
    /// The same with another value at a place: names of members and places in lists.
    fileprivate func replacing(_ place: [String], with value: JSONValue) -> JSONValue {
        guard let first = place.first else { return value }
        let rest = Array(place.dropFirst())
        if let index = Int(first), var list = array {
            list[index] = list[index].replacing(rest, with: value)
            return .array(list)
        }
        return setting(first, to: (self[first] ?? .null).replacing(rest, with: value))
    }
}
