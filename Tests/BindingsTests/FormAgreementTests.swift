import HubSpot
import LuaRuntime
import Quota
import Simulator
import Testing

@Suite("hubspot.forms.check") struct FormAgreementTests {
    /// Makes submissions of all kinds, right and wrong, and compares what `check` says with what the simulator refuses.
    private static let program = """
        math.randomseed(20261129)
        local function pick(list) return list[math.random(#list)] end
        local long = ("x"):rep(65537)
        local pools = {
          email = { "ada@example.org", " ada@example.org ", "ada", "ada@", "@x.org", "a@b.c", "a@blocked.example", "A@BLOCKED.example",
            "a@gmail.com", "a b@example.org", "a@-x.org", ("x"):rep(300) .. "@example.org", "" },
          phone = { "+44 20 7946 0123", "123", "123456", "1234567", ("1"):rep(20), ("1"):rep(21), "call me", "(030) 12.34/56x7", "" },
          number = { "0", "100", "101", "-1", "5.5", "1e1", "0x10", "inf", "nan", " 7 ", "many", "1,5", "" },
          single_checkbox = { "true", "false", "TRUE", "yes", "1", "" },
          datepicker = { "946684800000", "946684800001", "2026-11-22", "2026-11-22T10:00:00Z", "2026-11-22T10:00:00", "22.11.2026", "" },
          text = { "x", "", " ", long, "a;b", "é😀" },
        }
        pools.mobile_phone = pools.phone
        local function value(field)
          if math.random() < 0.6 then return field.options and field.options[1].value or pools[field.type] and pools[field.type][1] or "x" end
          if field.options and math.random() < 0.8 then
            local chosen = pick(field.options).value
            if field.type == "multiple_checkboxes" and math.random() < 0.5 then chosen = chosen .. pick{ ";", "; ", ";no;" } .. chosen end
            return pick{ chosen, chosen, chosen, "", "no such option", chosen:upper() }
          end
          return pick(pools[field.type] or pools.text)
        end
        local consents = {
          false, { consent = { consentToProcess = true, text = "I agree", communications = json.array{} } },
          { consent = { consentToProcess = true, text = "I agree",
            communications = { { value = true, subscriptionTypeId = 999, text = "Yes" } } } },
          { consent = { consentToProcess = false, text = "" } }, { consent = { consentToProcess = true, text = " " } },
          { consent = { consentToProcess = true, text = "I", communications = {
            { value = true, subscriptionTypeId = 7, text = "" }, { value = false, subscriptionTypeId = 7, text = "b" } } } },
          { legitimateInterest = { value = true, subscriptionTypeId = 999, legalBasis = "LEAD", text = "x" } },
          { legitimateInterest = { value = true, subscriptionTypeId = 999, legalBasis = "OTHER", text = "" } },
          { consent = { text = "x" }, legitimateInterest = { text = "x" } }, { other = true },
        }
        local contexts = {
          false, false, { pageUri = "https://www.example.org/contact", pageName = "C" }, { pageUri = "/contact" },
          { pageUri = "https://example.org/a b" }, { pageUri = "ftp://example.org" }, { pageUri = "https:///x" }, { pageUri = "" },
          { hutk = ("0"):rep(32) }, { hutk = ("g"):rep(32) }, { hutk = "" }, { hutk = 37184 }, { ipAddress = "1.2.3.4" },
          { ipAddress = "::1" }, { ipAddress = "1.2.3" }, { colour = "red", hutk = "x" }, { pageName = { "x" } },
          { goToWebinarWebinarKey = "12" }, { goToWebinarWebinarKey = "x" }, { goToWebinarWebinarKey = 12 },
        }
        local function told(list)
          local seen, words = {}, {}
          for _, e in ipairs(list or {}) do
            local word = e.errorType .. " " .. (e.field or "")
            if e.refused ~= false and not seen[word] then seen[word] = true words[#words + 1] = word end
          end
          table.sort(words)
          return table.concat(words, ", ")
        end
        local differences, refused, accepted = {}, 0, 0
        for _, name in ipairs(forms) do
          local f = hubspot.forms.open(name)
          for i = 1, 120 do
            local fields = {}
            for _, field in ipairs(f.fields) do
              if math.random() < 0.8 then
                fields[#fields + 1] = { objectTypeId = field.objectTypeId, name = field.name, value = value(field) }
              end
            end
            if math.random() < 0.2 then fields[#fields + 1] = { name = pick{ "jobtitle", "frstname", "email", "num_notes" }, value = "x" } end
            if #fields > 0 and math.random() < 0.1 then fields[#fields + 1] = fields[1] end
            if #fields == 0 then fields[1] = { name = "email", value = "" } end
            local opts = {
              secure = math.random() < 0.5, context = math.random() < 0.4 and pick(contexts) or nil,
              legalConsentOptions = math.random() < 0.5 and consents[3] or pick(consents) or nil,
              skipValidation = pick{ 1, 1, 1, true, false },
            }
            if opts.skipValidation == 1 then opts.skipValidation = nil end
            local foreseen = told(f:check(fields, opts))
            local ok, e = pcall(hubspot.forms.submit, f.id, fields, opts)
            local got = ok and "" or e.kind == "validation" and told(e.errors) or tostring(e)
            if ok then accepted = accepted + 1 else refused = refused + 1 end
            if foreseen ~= got then
              differences[#differences + 1] = f.name .. " " .. json.encode{ fields = fields, opts = opts } .. "\\n  check:   " .. foreseen
                .. "\\n  HubSpot: " .. got
            end
          end
        end
        return table.concat(differences, "\\n", 1, math.min(#differences, 5)):sub(1, 6000), refused > 100, accepted > 50
        """

    /// With what the seeded forms lack: dependent fields, several kinds of consent, a choice without options.
    private static let dependent = """
        local base = hubspot.forms.get("Contact us")
        local function field(name, kind, more)
          local made = { objectTypeId = "0-1", name = name, label = name, required = false, hidden = false,
            dependentFields = json.array{}, fieldType = kind }
          for key, value in pairs(more or {}) do made[key] = value end
          return made
        end
        local function choice(...)
          local options = {}
          for i, value in ipairs{ ... } do options[i] = { label = value, value = value, displayOrder = i } end
          return options
        end
        base.name = "Dependent"
        base.fieldGroups = { { groupType = "default_group", richTextType = "text", fields = {
          field("email", "email", { validation = { blockedEmailDomains = { "Blocked.example" }, useDefaultBlockList = true } }),
          field("favourite_food", "dropdown", { options = choice("soup", "bread"), dependentFields = {
            { dependentCondition = { operator = "set_any", values = { "soup" } },
              dependentField = field("newsletter", "single_checkbox", { required = true, dependentFields = {
                { dependentCondition = { operator = "eq", value = "true" },
                  dependentField = field("firstname", "single_line_text", { required = true }) } } }) } } }),
          field("score", "number", { dependentFields = { { dependentCondition = { operator = "gte", value = "5" },
            dependentField = field("lastname", "single_line_text", { required = true }) } } }),
          field("hs_lead_status", "radio", { options = json.array{} }),
        } } }
        base.legalConsentOptions = { type = "implicit_consent_to_process", privacyText = "p", communicationsCheckboxes = {
          { subscriptionTypeId = 999, label = "Letters", required = true } } }
        hubspot.forms.create(base)
        """

    @Test func `says of each submission what HubSpot refuses`() async throws {
        var options = SimulatorOptions()
        options.quota = .unlimited
        let unlimited = try QuotaSpecification("unlimited")
        try await Console.running(options, configure: { $0.quota = unlimited }) { (console: Console) async throws in
            try await console.run(Self.dependent)
            let answer = try await console.run(
                """
                local forms = { "Contact us", "Newsletter", "Guarded", "Every field", "dependent" }
                \(Self.program)
                """)
            #expect(answer == ["", true, true])
        }
    }
}
