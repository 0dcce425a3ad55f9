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

    /// A form's definition to be changed, and what makes a field of it.
    private static let definition = """
        local base = hubspot.forms.get("Contact us")
        local function field(name, kind, more)
          local made = { objectTypeId = "0-1", name = name, label = name, required = false, hidden = false,
            dependentFields = json.array{}, fieldType = kind }
          for key, value in pairs(more or {}) do made[key] = value end
          return made
        end
        """

    /// With what the seeded forms lack: dependent fields, several kinds of consent, a choice without options.
    private static let dependent = """
        \(definition)
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
          field("annualrevenue", "number", { dependentFields = { { dependentCondition = { operator = "not_between", rangeStart = 1, rangeEnd = "50" },
            dependentField = field("city", "single_line_text", { required = true }) } } }),
        } } }
        base.legalConsentOptions = { type = "implicit_consent_to_process", privacyText = "p", communicationsCheckboxes = {
          { subscriptionTypeId = 999, label = "Letters", required = true } } }
        hubspot.forms.create(base)
        """

    /// A form with a required field for each operator, which depends on one choice or one number; values for both, and what is
    /// then demanded. What holds is said here anew, in Lua.
    private static let operators = """
        \(definition)
        local function set(text) local s = {} for part in text:gmatch("[^;]+") do s[part] = true end return s end
        local function all(a, b) for k in pairs(a) do if not b[k] then return false end end return true end
        local function any(a, b) for k in pairs(a) do if b[k] then return true end end return false end
        local function number(v) return v:match("^%-?%d+%.?%d*$") and tonumber(v) end
        local rules = {
          eq = function(v, w) return all(set(v), w) and all(w, set(v)) end, set_any = function(v, w) return any(set(v), w) end,
          set_all = function(v, w) return all(w, set(v)) end,
          contains = function(v, w) for k in pairs(w) do if v:find(k, 1, true) then return true end end return false end,
          str_starts_with = function(v, w) for k in pairs(w) do if v:sub(1, #k) == k then return true end end return false end,
          str_ends_with = function(v, w) for k in pairs(w) do if v:sub(-#k) == k then return true end end return false end,
          is_not_empty = function(v) return v ~= "" end,
          lt = function(v, _, b) return number(v) and number(v) < b end, lte = function(v, _, b) return number(v) and number(v) <= b end,
          gt = function(v, _, b) return number(v) and number(v) > b end, gte = function(v, _, b) return number(v) and number(v) >= b end,
          between = function(v) return number(v) and number(v) >= 2 and number(v) <= 4 end,
          not_between = function(v) return number(v) and not (number(v) >= 2 and number(v) <= 4) end,
        }
        rules.set_eq, rules.within_time, rules.within_time_reverse = rules.eq, function() return false end, function() return false end
        for name, positive in pairs{ neq = "eq", set_neq = "eq", set_not_any = "set_any", set_not_all = "set_all", doesnt_contain = "contains" } do
          rules[name] = function(...) return not rules[positive](...) end
        end
        local wanted = { { "soup" }, { "soup", "tea" }, { "3" } }
        local names, dependent, demand = {}, {}, {}
        for name in pairs(rules) do names[#names + 1] = name end
        table.sort(names)
        for _, operator in ipairs(names) do
          for place, values in ipairs(wanted) do
            local key = "d_" .. operator .. "_" .. place
            dependent[#dependent + 1] = { dependentCondition = { operator = place == 1 and operator:upper() or operator, values = values,
              rangeStart = place == 1 and 2 or "2", rangeEnd = "4" }, dependentField = field(key, "single_line_text", { required = true }) }
            local w = {} for _, v in ipairs(values) do w[v] = true end
            demand[key] = function(v) return rules[operator](v, w, number(values[1]) or math.huge) and true or false end
            -- Nothing is compared with a text.
            if operator:match("^[lg]te?$") and not number(values[1]) then demand[key] = function() return false end end
          end
        end
        base.name = "Operators"
        base.fieldGroups = { { groupType = "default_group", richTextType = "text", fields = {
          field("email", "email"), field("message", "multi_line_text", { dependentFields = dependent }) } } }
        local id = hubspot.forms.create(base).id
        local wrong = {}
        for _, value in ipairs{ "", "soup", "tea", "soup;tea", "tea;soup", "soup;tea;cake", "cake", "soupy", "my soup", "3", "2", "4", "1.5", "5",
          "-3", "3;soup", "many" } do
          local expected = {}
          for key, holds in pairs(demand) do if holds(value) then expected[#expected + 1] = key end end
          table.sort(expected)
          expected = table.concat(expected, " ")
          local fields = { { name = "email", value = "a@example.org" }, { name = "message", value = value } }
          local function told(list)
            local names = {}
            for _, e in ipairs(list) do if e.errorType == "REQUIRED_FIELD" then names[#names + 1] = e.field end end
            table.sort(names)
            return table.concat(names, " ")
          end
          local ok, e = pcall(hubspot.forms.submit, id, fields)
          local got, foreseen = told(ok and {} or e.errors), told(hubspot.forms.check(id, fields))
          if got ~= expected or foreseen ~= expected then
            wrong[#wrong + 1] = ("%q: expected %s\\n  HubSpot %s\\n  check %s"):format(value, expected, got, foreseen)
          end
        end
        return table.concat(wrong, "\\n"), #dependent
        """

    @Test func `demands a dependent field where its condition holds, by every operator`() async throws {
        var options = SimulatorOptions()
        options.quota = .unlimited
        let unlimited = try QuotaSpecification("unlimited")
        try await Console.running(options, configure: { $0.quota = unlimited }) { (console: Console) async throws in
            let answer = try await console.run(Self.operators)
            #expect(answer == ["", 63])
        }
    }

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
