import HubSpot
import LuaRuntime
import Simulator
import Testing

@Suite("A form that was looked up") struct OpenFormTests {
    @Test func `is found by its name, in any case, and by its GUID`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local id = "11111111-1111-4111-8111-111111111111"
                for _, name in ipairs{ id, "Contact us", "contact US" } do
                  assert(hubspot.forms.open(name).id == id and hubspot.forms.get(name).id == id, name)
                  assert(#hubspot.forms.submissions(name).results == 0)
                  assert(#hubspot.forms.preview(name, { email = "a@example.org", lastname = "L" }).problems == 0)
                end
                hubspot.forms.submit("contact us", { email = "a@example.org", lastname = "L" })
                return #hubspot.forms.submissions(id).results
                """)
            #expect(answer == [1])
            let none = try await console.failure("hubspot.forms.open('Contat us')")
            #expect(none["kind"] == "not_found")
            #expect(
                none["message"].asString?.hasPrefix(
                    "no form is named 'Contat us'; did you mean 'Contact us'?; the portal's forms are 'Contact us', ")
                    == true, "\(none["message"])")
            let several = try await console.failure(
                """
                local copy = hubspot.forms.get("Newsletter")
                copy.name = "newsletter"
                hubspot.forms.create(copy)
                assert(hubspot.forms.open("newsletter").id ~= hubspot.forms.open("Newsletter").id)
                hubspot.forms.get("NEWSLETTER")
                """)
            #expect(several["kind"] == "invalid_argument")
            #expect(several["message"].asString?.contains("2 forms are named 'NEWSLETTER': 'Newsletter' 2222") == true)
        }
    }

    @Test func `says what it asks, and is drawn`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local f = hubspot.forms.open("Every field")
                local interests
                for _, field in ipairs(f.fields) do if field.name == "interests" then interests = field end end
                local n = hubspot.forms.open("Newsletter")
                return #f.fields, f.fields[1].required, interests.options[1].value, f.captcha, n.consent.type,
                  n.consent.communications[1].subscriptionTypeId, tostring(f):find("[ ] Newsletter", 1, true) ~= nil,
                  hubspot.forms.open("Guarded").captcha, pcall(f.check, {})
                """)
            #expect(
                answer.last?.asTable?["message"].asString
                    == "bad argument 'self' to 'form:check' (write form:check(…), with a colon)")
            #expect(
                answer.prefix(8) == [
                    13, true, "soup", false, "explicit_consent_to_process", 999, true, true,
                ])
            #expect(answer[8] == false)
        }
    }

    @Test func `names what was meant, and properties that are not on it`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local f = hubspot.forms.open("Contact us")
                local function words(fields, opts)
                  local list = {}
                  for i, p in ipairs(f:check(fields, opts)) do list[i] = p.errorType .. " " .. tostring(p.refused) .. " " .. p.message end
                  return table.concat(list, "\\n")
                end
                local good = { email = "a@example.org", lastname = "L" }
                local misspelt = { email = "a@example.org", lastname = "L", frstname = "A" }
                local other = { email = "a@example.org", lastname = "L", jobtitle = "A" }
                return words(good), words(misspelt, { secure = false }), words(misspelt), words(other, { secure = false }), words(other),
                  words{ email = "a@example.org", lastname = "L", num_notes = "1" }
                """)
            let words = answer.map { $0.asString ?? "" }
            #expect(words[0] == "")
            #expect(
                words[1].hasPrefix("FIELD_NOT_IN_FORM_DEFINITION true")
                    && words[1].hasSuffix("did you mean 'firstname'?"))
            #expect(
                words[2].hasPrefix("PROPERTY_DOESNT_EXIST false") && words[2].hasSuffix("did you mean 'firstname'?"))
            #expect(
                words[3].hasPrefix("FIELD_NOT_IN_FORM_DEFINITION true") && words[3].contains("a property of the portal")
            )
            #expect(
                words[4].hasPrefix("FIELD_NOT_IN_FORM_DEFINITION false")
                    && words[4].hasSuffix("refuses it from a browser"))
            #expect(words[5].contains("drops the value"))
        }
    }

    @Test func `tells of values that the property does not take, and of types that the portal does not have`()
        async throws
    {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local f = hubspot.forms.open("Contact us")
                local base = { email = "q@example.org", lastname = "L" }
                local function told(extra)
                  local fields, list = {}, {}
                  for k, v in pairs(base) do fields[k] = v end
                  for k, v in pairs(extra) do fields[k] = v end
                  for i, p in ipairs(f:check(fields)) do list[i] = p.field .. ": " .. tostring(p.refused) .. " " .. p.message end
                  return table.concat(list, "\\n")
                end
                local warnings = f:submit{ email = "q@example.org", lastname = "L", lifecyclestage = "nolead" }.warnings
                return told{ lifecyclestage = "nolead" }, told{ ["9-9/x"] = "1" }, told{ ["nonsense/x"] = "1" }, told{ ["0-2/firstname"] = "1" },
                  table.concat(warnings, "\\n")
                """)
            let words = answer.map { $0.asString ?? "" }
            #expect(
                words[0].hasPrefix("lifecyclestage: false") && words[0].hasSuffix("HubSpot drops the value"),
                "\(words[0])")
            #expect(!words[0].contains("takes it with a token"))
            #expect(words[1].contains("the portal has no object type '9-9': HubSpot drops the value"), "\(words[1])")
            // A key that is no type and name is a name.
            #expect(words[2].contains("nonsense/x"), "\(words[2])")
            #expect(words[3].contains("HubSpot drops the value"), "\(words[3])")
            #expect(words[4].contains("HubSpot drops the value"), "\(words[4])")
        }
    }

    @Test func `puts no field into code that the form does not have`() async throws {
        try await Console.running { (console: Console) async throws in
            let misspelt = try await console.failure(
                "hubspot.forms.open('Contact us'):snippet('html', { fields = { emial = 'a@example.org' } })")
            #expect(misspelt["kind"] == "invalid_argument")
            #expect(misspelt["message"].asString?.contains("did you mean 'email'?") == true, "\(misspelt["message"])")
            let secure = try await console.failure(
                "hubspot.forms.open('Contact us'):snippet('curl', { secure = true, fields = { jobtitel = 'x' } })")
            #expect(secure["message"].asString?.contains("did you mean 'jobtitle'?") == true, "\(secure["message"])")
            let code = try await console.value(
                "return hubspot.forms.open('Contact us'):snippet('curl', { secure = true, fields = { jobtitle = 'Maker' } })"
            )
            #expect(code.asString?.contains("Maker") == true)
        }
    }

    @Test func `claims nothing of a submission that a dry run has not sent`() async throws {
        try await Console.running(configure: { $0.isDryRun = true }) { (console: Console) async throws in
            let answer = try await console.run(
                """
                local c, told = hubspot.forms.submit_and_wait("Contact us", { email = "new@example.org", lastname = "L" })
                return c.dry_run, c.created, told.created, told.changed, told.dropped
                """)
            #expect(answer == [true, .none, .none, .none, .none])
        }
    }

    @Test func `tells what became of a submission`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local f = hubspot.forms.open("Every field")
                local sent = f:submit({ email = "a@example.org", shoe = 43, birthday = "946684800001" })
                local opts = { timeout = 10 }
                local c, told = f:submit_and_wait({ email = "B@example.org ", firstname = "B", score = 5, birthday = os.time{ year = 2000,
                  month = 1, day = 1, hour = 0 } // 86400 * 86400, interests = { "tea", "soup" }, newsletter = true, shoe = 43,
                  ["0-2/name"] = "Acme" }, opts)
                local again, second = f:submit_and_wait({ email = "b@example.org", firstname = "B", score = 6, shoe = 1,
                  ["0-2/name"] = "Acme" }, opts)
                table.sort(told.changed)
                return sent.redirectUri, #sent.warnings, c.created, c.email, table.concat(told.changed, " "), table.concat(c.dropped, " "),
                  told.redirectUri, told.before, again.created, table.concat(again.changed, " "), table.concat(second.dropped, " "),
                  second.before.properties.score, hubspot.forms.open("Contact us"):submit{ email = "a@example.org", lastname = "L" }.inlineMessage
                """)
            #expect(answer[0] == "https://www.example.org/thanks")
            #expect(answer[1] == 2)
            #expect(answer[2...3] == [true, "b@example.org"])
            #expect(answer[4] == "0-2/name birthday email firstname interests newsletter score")
            #expect(answer[5] == "shoe")
            #expect(answer[6...8] == ["https://www.example.org/thanks", .none, false])
            #expect(answer[9...11] == ["score", "shoe", "5"])
            #expect(answer[12] == "<p>Thanks for getting in touch.</p>")
        }
    }

    @Test func `is made, changed and archived`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local copy = hubspot.forms.get("Contact us")
                copy.id, copy.name = nil, "Write to us"
                local made = hubspot.forms.create(copy)
                assert(hubspot.forms.open("write to us").id == made.id)
                assert(hubspot.forms.update("Write to us", { name = "Write soon" }).name == "Write soon")
                assert(hubspot.forms.open("Write soon").id == made.id)
                hubspot.forms.delete("Write soon")
                local ok, e = pcall(hubspot.forms.open, "Write soon")
                local lacking, why = pcall(hubspot.forms.create, { name = "x" })
                return ok, e.kind, lacking, why.kind
                """)
            #expect(answer == [false, "not_found", false, "validation"])
        }
        try await Console.running(configure: { $0.isReadOnly = true }) { (console: Console) async throws in
            #expect(try await console.failure("hubspot.forms.delete('Contact us')")["kind"] == "read_only")
        }
        try await Console.running(configure: { $0.isDryRun = true }) { (console: Console) async throws in
            #expect(
                try await console.value("return hubspot.forms.update('Contact us', { name = 'x' }).dry_run") == true)
            #expect(try await console.value("return hubspot.forms.open('Contact us').name") == "Contact us")
        }
    }
}
