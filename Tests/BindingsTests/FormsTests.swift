import LuaRuntime
import Simulator
import Testing

@Suite("hubspot.forms") struct FormsTests {
    private static let contactUs = "11111111-1111-4111-8111-111111111111"
    private static let newsletter = "22222222-2222-4222-8222-222222222222"
    private static let captcha = "33333333-3333-4333-8333-333333333333"

    @Test func `submits, and the contact appears`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local form = hubspot.forms.get("\(Self.contactUs)")
                local fields = {}
                for _, group in ipairs(form.fieldGroups) do
                  for _, field in ipairs(group.fields) do
                    if field.name == "email" then fields.email = "ada@example.org"
                    elseif field.required then fields[field.name] = field.options and field.options[1].value or "Ada" end
                  end
                end
                local answer = hubspot.forms.submit("\(Self.contactUs)", fields, { context = { pageUri = "https://example.org/c" } })
                local submissions = hubspot.forms.submissions("\(Self.contactUs)")
                return answer.inlineMessage ~= nil or answer.redirectUri ~= nil, #submissions.results,
                  hubspot.contacts.find("ada@example.org") ~= nil, #hubspot.forms.preview("\(Self.contactUs)", fields).problems
                """)
            #expect(answer == [true, 1, true, 0])
        }
    }

    @Test func `shows what would be sent and what is wrong with it, and sends nothing`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local p = hubspot.forms.preview("\(Self.newsletter)", { email = "ada", shoe = 43 }, { secure = false })
                local types = {}
                for _, problem in ipairs(p.problems) do types[#types + 1] = problem.errorType end
                table.sort(types)
                return p.request.method, p.request.url, p.request.headers["content-type"], p.request.headers.authorization,
                  p.request.body.fields[1].name, p.request.body.fields[2].value, table.concat(types, ","),
                  #hubspot.forms.submissions("\(Self.newsletter)").results
                """)
            #expect(answer.first == "POST")
            #expect(
                answer[1].asString?.hasSuffix("/submissions/v3/integration/submit/20000001/\(Self.newsletter)") == true)
            #expect(answer[2] == "application/json")
            #expect(answer[3] == .none)
            #expect(answer[4] == "email")
            #expect(answer[5] == "43")
            let types = answer[6].asString ?? ""
            for type in ["INVALID_EMAIL", "FIELD_NOT_IN_FORM_DEFINITION", "MISSING_PROCESSING_CONSENT"] {
                #expect(types.contains(type))
            }
            #expect(answer[7] == 0)
        }
    }

    @Test func `never shows the token`() async throws {
        try await Console.running { (console: Console) async throws in
            let shown = try await console.value(
                "return json.encode(hubspot.forms.preview('\(Self.contactUs)', { email = 'a@example.org' }).request)")
            #expect(shown.asString?.contains(console.simulator.token) == false)
            #expect(shown.asString?.contains("Bearer ••••") == true)
        }
    }

    @Test func `raises HubSpot's refusal, and knows a form with a captcha beforehand`() async throws {
        try await Console.running { (console: Console) async throws in
            let refused = try await console.failure("hubspot.forms.submit('\(Self.contactUs)', { email = 'nonsense' })")
            #expect(refused["kind"] == "validation")
            #expect(refused["errors"].asTable?.list.first?.asTable?["errorType"] == "INVALID_EMAIL")
            let problem = try await console.value(
                "return hubspot.forms.preview('\(Self.captcha)', { email = 'a@example.org' }).problems[1].errorType")
            #expect(problem == "FORM_HAS_RECAPTCHA_ENABLED")
            let unknown = try await console.failure(
                "hubspot.forms.preview('no-such-form', { email = 'a@example.org' })")
            #expect(unknown["kind"] == "not_found")
        }
    }

    @Test func `lists the forms`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local names, n = {}, 0
                for form in hubspot.forms.each{ limit = 2 } do names[form.id] = form.name n = n + 1 end
                return n, names["\(Self.contactUs)"] ~= nil, #hubspot.forms.list{ limit = 3 }.results
                """)
            #expect(answer == [4, true, 3])
        }
    }

    /// A submission of every kind that HubSpot refuses, by the error type that it gets (source: Submit data to a form).
    private static let refusals: [(String, field: String, call: String)] = [
        ("MAX_NUMBER_OF_SUBMITTED_VALUES_EXCEEDED", "fields", "contact_us, many(1001)"),
        ("INVALID_EMAIL", "email", "contact_us, with{ email = 'nonsense' }"),
        ("BLOCKED_EMAIL", "email", "everything, { email = 'a@blocked.example' }"),
        ("REQUIRED_FIELD", "lastname", "contact_us, { email = 'a@example.org' }"),
        ("INVALID_NUMBER", "score", "everything, { email = 'a@example.org', score = 'many' }"),
        ("INPUT_TOO_LARGE", "message", "contact_us, with{ message = ('x'):rep(70000) }"),
        ("FIELD_NOT_IN_FORM_DEFINITION", "shoe", "contact_us, with{ shoe = 43 }, { secure = false }"),
        ("NUMBER_OUT_OF_RANGE", "score", "everything, { email = 'a@example.org', score = 1e9 }"),
        (
            "VALUE_NOT_IN_FIELD_DEFINITION", "favourite_food",
            "everything, { email = 'a@example.org', favourite_food = 'x' }"
        ),
        ("INVALID_PHONE_NUMBER", "phone", "everything, { email = 'a@example.org', phone = '12' }"),
        ("INVALID_METADATA", "context.color", "contact_us, with{}, { context = { color = 'red' } }"),
        ("INVALID_HUTK", "context.hutk", "contact_us, with{}, { context = { hutk = '37184' } }"),
        ("INVALID_IP_ADDRESS", "context.ipAddress", "contact_us, with{}, { context = { ipAddress = 'here' } }"),
        ("INVALID_PAGE_URI", "context.pageUri", "contact_us, with{}, { context = { pageUri = '/contact' } }"),
        (
            "INVALID_GOTOWEBINAR_WEBINAR_KEY", "context.goToWebinarWebinarKey",
            "contact_us, with{}, { context = { goToWebinarWebinarKey = 'x' } }"
        ),
        ("INVALID_LEGAL_OPTION_FORMAT", "legalConsentOptions", "newsletter, with{}, { legalConsentOptions = {} }"),
        (
            "MISSING_PROCESSING_CONSENT", "legalConsentOptions",
            "newsletter, with{}, consent{ consentToProcess = false }"
        ),
        ("MISSING_PROCESSING_CONSENT_TEXT", "legalConsentOptions", "newsletter, with{}, consent{ text = '' }"),
        (
            "MISSING_COMMUNICATION_CONSENT_TEXT", "legalConsentOptions",
            "newsletter, with{}, consent{ communications = { { value = true, subscriptionTypeId = 999, text = '' } } }"
        ),
        (
            "MISSING_LEGITIMATE_INTEREST_TEXT", "legalConsentOptions",
            "newsletter, with{}, { legalConsentOptions = { legitimateInterest = { value = true, subscriptionTypeId = 999, "
                + "legalBasis = 'LEAD', text = '' } } }"
        ),
        (
            "DUPLICATE_SUBSCRIPTION_TYPE_ID", "legalConsentOptions",
            "newsletter, with{}, consent{ communications = { { value = true, subscriptionTypeId = 999, text = 'a' }, "
                + "{ value = true, subscriptionTypeId = 999, text = 'b' } } }"
        ),
        ("FORM_HAS_RECAPTCHA_ENABLED", "", "captcha, { email = 'a@example.org' }"),
    ]

    private static let words = """
        local contact_us, newsletter = "\(contactUs)", "\(newsletter)"
        local captcha, everything = "\(captcha)", "44444444-4444-4444-8444-444444444444"
        local function with(more)
          local fields = { email = "a@example.org", lastname = "L" }
          for name, value in pairs(more) do fields[name] = value end
          return fields
        end
        local function many(n)
          local list = {}
          for i = 1, n do list[i] = { name = "email", value = "a@example.org" } end
          return list
        end
        local function consent(more)
          local consent = { consentToProcess = true, text = "I agree", communications = json.array{} }
          for name, value in pairs(more) do consent[name] = value end
          return { legalConsentOptions = { consent = consent } }
        end
        """

    @Test func `name the field of each error type, which preview knows beforehand`() async throws {
        try await Console.running { (console: Console) async throws in
            for (errorType, field, call) in Self.refusals {
                let answer = try await console.run(
                    """
                    \(Self.words)
                    local ok, e = pcall(hubspot.forms.submit, \(call))
                    assert(not ok, "accepted")
                    local found, named
                    for _, error in ipairs(e.errors or {}) do
                      if error.errorType == "\(errorType)" then found, named = true, error.field or "" end
                    end
                    local foreseen = false
                    for _, problem in ipairs(hubspot.forms.preview(\(call)).problems) do
                      foreseen = foreseen or problem.errorType == "\(errorType)"
                    end
                    return e.kind, found, named, foreseen
                    """)
                #expect(answer[0] == "validation" && answer[1] == true, "\(errorType): \(answer)")
                #expect(answer[2].asString?.hasPrefix(field) == true, "\(errorType): \(answer)")
                #expect(answer[3] == true, "\(errorType) is not foreseen")
            }
        }
    }

    @Test func `submits in full: visitor, time, consent, other types, several choices`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                \(Self.words)
                local t = os.time() - 86400
                hubspot.forms.submit(everything, { email = "ada@example.org", interests = { "soup", "tea" }, newsletter = true,
                  birthday = { year = 1990, month = 5, day = 6 }, ["0-2/name"] = "Engines" },
                  { submittedAt = t, context = { hutk = ("0f"):rep(16), pageUri = "https://www.example.org/c", pageName = "C",
                    ipAddress = "2001:db8::1" } })
                hubspot.forms.submit(newsletter, { email = "ada@example.org" },
                  { submittedAt = os.date("!%Y-%m-%dT%H:%M:%SZ", t + 60), legalConsentOptions = { consent = {
                    consentToProcess = true, text = "I agree", communications = {
                      { value = true, subscriptionTypeId = 999, text = "Letters" } } } } })
                hubspot.forms.submit(contact_us, { { name = "email", value = "ada@example.org" }, { name = "lastname", value = "L" } },
                  { submittedAt = (t + 120) * 1000, secure = false })
                local sent = hubspot.forms.submissions(everything).results[1]
                local ada = hubspot.contacts.get("ada@example.org",
                  { properties = { "interests", "birthday", "newsletter", "lastname" }, associations = { "companies" } })
                return sent.submittedAt == t * 1000, sent.pageUrl, ada.interests, ada.birthday, ada.newsletter, ada.lastname,
                  #hubspot.companies.search("Engines").results,
                  hubspot.forms.submissions(newsletter).results[1].submittedAt == (t + 60) * 1000,
                  hubspot.forms.submissions(contact_us).results[1].submittedAt == (t + 120) * 1000
                """)
            #expect(
                answer == [
                    true, "https://www.example.org/c", "soup;tea", "1990-05-06", "true", "L", 1, true, true,
                ])
        }
    }

    @Test func `refuses a time of more than a month back before it is sent`() async throws {
        try await Console.running { (console: Console) async throws in
            for time in ["os.time() - 40 * 86400", "'2020-01-01'", "(os.time() + 3 * 86400) * 1000"] {
                let refused = try await console.failure(
                    "hubspot.forms.submit('\(Self.contactUs)', { email = 'a@example.org' }, { submittedAt = \(time) })")
                #expect(refused["kind"] == "invalid_argument")
                #expect(refused["message"].asString?.contains("'opts.submittedAt' to 'hubspot.forms.submit'") == true)
            }
            let shown = try await console.value(
                "return hubspot.forms.preview('\(Self.contactUs)', { email = 'a@example.org', lastname = 'L' }, "
                    + "{ submittedAt = '2020-01-01' }).problems[1].field")
            #expect(shown == "submittedAt")
            #expect(try await console.value("return #hubspot.forms.submissions('\(Self.contactUs)').results") == 0)
        }
    }

    @Test func `waits for the contact of a submission, and says when it does not show`() async throws {
        let clock = ManualSimulatorClock()
        var options = SimulatorOptions()
        options.clock = clock
        options.formDelay = .seconds(30)
        try await Console.running(options) { (console: Console) async throws in
            let late = try await console.failure(
                "hubspot.forms.submit_and_wait('\(Self.contactUs)', { email = 'a@example.org', lastname = 'L' }, { timeout = 0 })"
            )
            #expect(late["kind"] == "timeout")
            #expect(late["message"].asString?.contains("accepted") == true)
            clock.advance(by: .seconds(31))
            #expect(try await console.value("return hubspot.contacts.get('a@example.org').lastname") == "L")
            // One that is there already counts once it has moved.
            let again = try await console.failure(
                "hubspot.forms.submit_and_wait('\(Self.contactUs)', { email = 'a@example.org', lastname = 'M' }, { timeout = 0 })"
            )
            #expect(again["kind"] == "timeout")
        }
    }

    @Test func `knows HubSpot's block of an address, and closes the lane`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local rule = { method = "POST", path = "/submissions/*/*/*/*/*/*", action = { status = 429,
                  headers = { ["content-type"] = "text/plain" }, body = "error code: 1015" } }
                hubspot.request("PUT", "/_simulator/faults", { body = { rules = { rule } } })
                local task_ = task.spawn(function()
                  hubspot.forms.submit("\(Self.contactUs)", { email = "a@example.org", lastname = "L" })
                end)
                while hubspot.limits.state().totals.throttled == 0 do task.sleep(0) end
                local forms = hubspot.limits.state().forms
                task_:cancel()
                return forms.remaining, forms.resets_in > 50
                """)
            #expect(answer.first == 0 && answer.last == true, "\(answer)")
        }
    }
}
