import Testing

@Suite("What would not be sent, or is sent all the same") struct DryRunTests {
    @Test func `counts the rows of an import that HubSpot would refuse`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                let path = try home.write(
                    "email,firstname,lifecyclestage,birthday\na@example.org,A,lead,2000-01-01\nb@example.org,B,leed,\n"
                        + "c@example.org,C,,yesterday\n", to: "people.csv")
                let result = try await home.run(
                    "--dry-run", Home.automation("import-contacts.lua"), path, environment: server.environment)
                #expect(result.output.contains("1 shown, none sent, 2 bad"), "\(result.output)")
                #expect(
                    result.errors.contains("row 3 (line 3) b@example.org: lifecyclestage has no option 'leed'"),
                    "\(result.errors)")
                #expect(
                    result.errors.contains("row 4 (line 4) c@example.org: birthday holds a date"), "\(result.errors)")
            }
        }
    }

    @Test func `says once what a form drops`() async throws {
        try await Home.with { home in
            let code = """
                for i = 1, 3 do
                  hubspot.forms.submit("44444444-4444-4444-8444-444444444444", { email = "a" .. i .. "@example.org", shoe = i })
                end
                print(#hubspot.forms.submissions("44444444-4444-4444-8444-444444444444").results)
                """
            let result = try await home.run("--simulator", "-e", code)
            #expect(result.output == "3\n")
            #expect(result.errors.matches(of: /PROPERTY_DOESNT_EXIST/).count == 1, "\(result.errors)")
            #expect(result.errors.contains("shoe: neither the form has a field 'shoe'"), "\(result.errors)")
        }
    }

    @Test func `names the reasons of a plan`() async throws {
        try await Home.with { home in
            let code = """
                hubspot.plan(function() hubspot.contacts.update(501, { lifecyclestage = "leed" }) end)
                """
            let result = try await home.run("--simulator", "-e", code)
            #expect(result.output.contains("1 would be refused:"), "\(result.output)")
            #expect(result.output.contains("contacts.update: lifecyclestage has no option 'leed'"), "\(result.output)")
        }
    }
}
