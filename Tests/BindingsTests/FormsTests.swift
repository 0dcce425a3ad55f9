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
}
