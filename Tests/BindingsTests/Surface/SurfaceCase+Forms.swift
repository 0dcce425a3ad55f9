extension SurfaceCase {
    static let forms = [
        SurfaceCase(
            "hubspot.forms.list",
            """
            local page = hubspot.forms.list{ limit = 3 }
            assert(#page.results == 3 and #page:next().results == 1)
            """, fails: "hubspot.forms.list{ formTypes = { 'paper' } }", "invalid_argument"),
        SurfaceCase(
            "hubspot.forms.each",
            """
            local n = 0
            for form in hubspot.forms.each{ limit = 2, formTypes = { "all" } } do n = n + 1 end
            assert(n == 4, n)
            """, fails: "hubspot.forms.each{ limit = 0 }", "invalid_argument"),
        SurfaceCase(
            "hubspot.forms.get",
            """
            contact_us, everything = "11111111-1111-4111-8111-111111111111", "44444444-4444-4444-8444-444444444444"
            assert(hubspot.forms.get(contact_us).name == "Contact us")
            """, fails: "hubspot.forms.get('99999999-9999-4999-8999-999999999999')", "not_found"),
        SurfaceCase(
            "hubspot.forms.submit",
            """
            local answer = hubspot.forms.submit(contact_us, { email = "ada@example.org", lastname = "Lovelace" },
              { submittedAt = os.time() - 3600, context = { pageUri = "https://www.example.org/c", pageName = "Contact" } })
            assert(answer.inlineMessage)
            """, fails: "hubspot.forms.submit(contact_us, { email = 'nonsense', lastname = 'x' })", "validation"),
        SurfaceCase(
            "hubspot.forms.submit_and_wait",
            """
            local contact, answer = hubspot.forms.submit_and_wait(contact_us,
              { email = "grace@example.org", lastname = "Hopper" }, { properties = { "lastname", "num_conversion_events" },
                typed = true })
            assert(contact.lastname == "Hopper" and contact.num_conversion_events == 1 and answer.inlineMessage)
            """, fails: "hubspot.forms.submit_and_wait(contact_us, { lastname = 'Hopper' })", "invalid_argument"),
        SurfaceCase(
            "hubspot.forms.submissions",
            """
            local page = hubspot.forms.submissions(contact_us, { limit = 1 })
            local values = {}
            for _, v in ipairs(page.results[1].values) do values[v.name] = v.value end
            assert(values.email == "grace@example.org" and #page:next().results == 1)
            """, fails: "hubspot.forms.submissions('99999999-9999-4999-8999-999999999999')", "not_found"),
        SurfaceCase(
            "hubspot.forms.each_submission",
            """
            local n = 0
            for sent in hubspot.forms.each_submission(contact_us, { limit = 1 }) do n = n + 1 end
            for sent in hubspot.forms.each_submission(contact_us, { max = 1 }) do n = n + 10 end
            assert(n == 12, n)
            """, fails: "hubspot.forms.each_submission('', { limit = 51 })", "invalid_argument"),
        SurfaceCase(
            "hubspot.forms.preview",
            """
            local p = hubspot.forms.preview(everything, { email = "ada@example.org", score = 1e9, favourite_food = "stones" })
            local types = {}
            for _, problem in ipairs(p.problems) do types[problem.field] = problem.errorType end
            assert(types.score == "NUMBER_OUT_OF_RANGE" and types.favourite_food == "VALUE_NOT_IN_FIELD_DEFINITION")
            assert(p.request.method == "POST")
            """, fails: "hubspot.forms.preview('99999999-9999-4999-8999-999999999999', { email = 'x' })", "not_found"),
        SurfaceCase(
            "hubspot.forms.open",
            """
            local f = hubspot.forms.open("Contact us")
            assert(f.name == "Contact us" and #f.fields > 0 and f.fields[1].label)
            assert(f:submit{ email = "open@example.org", lastname = "O" }.inlineMessage)
            """, fails: "hubspot.forms.open('Contact them')", "not_found"),
        SurfaceCase(
            "hubspot.forms.check",
            """
            assert(#hubspot.forms.check("Contact us", { email = "ada@example.org", lastname = "L" }) == 0)
            local missing = {}
            for _, problem in ipairs(hubspot.forms.check("Contact us", {})) do missing[problem.field] = problem.errorType end
            assert(missing.email == "REQUIRED_FIELD" and missing.lastname == "REQUIRED_FIELD")
            """, fails: "hubspot.forms.check('Contact them', { email = 'x' })", "not_found"),
        SurfaceCase(
            "hubspot.forms.snippet", #"assert(hubspot.forms.snippet("Contact us", "curl"):find("curl", 1, true))"#,
            fails: "hubspot.forms.snippet('Contact us', 'html', { secure = true })", "invalid_argument"),
        SurfaceCase(
            "hubspot.forms.create",
            """
            local definition = hubspot.forms.get("Contact us")
            definition.name = "Made here"
            made = hubspot.forms.create(definition).id
            assert(hubspot.forms.open("Made here").id == made)
            """, fails: "hubspot.forms.create{ name = 7 }", "validation"),
        SurfaceCase(
            "hubspot.forms.update",
            """
            assert(hubspot.forms.update("Made here", { name = "Changed here" }).name == "Changed here")
            assert(not pcall(hubspot.forms.update, "Changed here", {}))
            """, fails: "hubspot.forms.update('Changed here', { nmae = 'x' })", "invalid_argument"),
        SurfaceCase(
            "hubspot.forms.delete",
            """
            hubspot.forms.delete("Changed here")
            assert(not pcall(hubspot.forms.open, "Changed here"))
            """, fails: "hubspot.forms.delete('Changed here')", "not_found"),
    ]

    static let files = [
        SurfaceCase(
            "hubspot.files.upload",
            """
            file = hubspot.files.upload("a,b\\n1,2\\n", { fileName = "numbers.csv", folderPath = "/uploads",
              access = "PRIVATE" })
            assert(file.id and file.url and file.name)
            local path = os.tmpname()
            local handle = assert(io.open(path, "wb"))
            handle:write("\\0\\1\\2\\255 bytes")
            handle:close()
            local from_disk = hubspot.files.upload(path)
            os.remove(path)
            assert(from_disk.size == 10, from_disk.size)
            """, fails: "hubspot.files.upload('/no/such/file')", "invalid_argument"),
        SurfaceCase(
            "hubspot.files.get", "assert(hubspot.files.get(file.id).name == file.name)",
            fails: "hubspot.files.get(987654)", "not_found"),
        SurfaceCase(
            "hubspot.files.delete",
            """
            hubspot.files.delete(file.id)
            assert(not pcall(hubspot.files.get, file.id))
            """, fails: "hubspot.files.delete(987654)", "not_found"),
    ]
}
