import Foundation
import Testing

@Suite("moonspot forms") struct FormsCommandTests {
    /// Presses Tab until `text` shows: a busy machine may take longer than Tab waits.
    private func press(_ terminal: Terminal, until text: String) async throws {
        for _ in 0..<50 {
            terminal.type("\t")
            if (try? await terminal.expect(text, within: .milliseconds(500))) != nil { return }
        }
        try await terminal.expect(text, within: .seconds(1))
    }

    @Test func `lists the portal's forms, and shows one`() async throws {
        try await Home.with { home in
            let list = try await home.run("--simulator", "forms")
            #expect(list.output.contains("Contact us"), "\(list.output)")
            #expect(list.output.contains("33333333-3333-4333-8333-333333333333       1  captcha"), "\(list.output)")
            let json = try await home.run("forms", "--simulator", "--output", "json")
            #expect(
                json.output.hasPrefix(
                    #"[{"id":"11111111-1111-4111-8111-111111111111","name":"Contact us","fields":4,"consent":"none","captcha":false"#
                ))
            let csv = try await home.run("forms", "--simulator", "--output", "csv")
            #expect(csv.output.hasPrefix("id,name,fields,consent,captcha,updatedAt"), "\(csv.output)")
            #expect(csv.output.contains("Newsletter,2,explicit_consent_to_process,false"), "\(csv.output)")
            let shown = try await home.run("forms", "show", "every field", "--simulator")
            for words in [
                "favourite_food", "one of: soup, bread, cake", "7 to 20 digits", "0-2/name", "then     to https://",
            ] {
                #expect(shown.output.contains(words), "\(words): \(shown.output)")
            }
            let consent = try await home.run("--simulator", "forms", "show", "Newsletter")
            #expect(consent.output.contains("consent  to subscription type 999: Newsletter"), "\(consent.output)")
            let none = try await home.run("--simulator", "forms", "show", "Contact you")
            #expect(none.status == 1)
            #expect(
                none.errors.contains("no form is named 'Contact you'; did you mean 'Contact us'?"), "\(none.errors)")
        }
    }

    @Test(arguments: [
        ("shw", "there is no command 'forms shw'; did you mean 'show'?"),
        ("Contact us", "moonspot forms show 'Contact us' shows the form of that name"),
    ])
    func `tells a word that is none of its commands`(word: String, text: String) async throws {
        try await Home.with { home in
            let result = try await home.run("--simulator", "forms", word)
            #expect(result.status == 2)
            #expect(result.output == "" && result.errors.contains(text), "\(result.errors)")
        }
    }

    @Test func `fills in a form from its arguments and its input, and sends it after a yes`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                func fill(_ arguments: String..., input: String = "") async throws -> Child.Result {
                    try await home.start(["forms", "fill"] + arguments, environment: server.environment)
                        .finish(input: input, within: .seconds(60))
                }
                let sent = try await fill(
                    "Contact us", "email=ada@example.org", "context.pageUri=https://example.org/c",
                    input: "Ada\nLovelace\n\nyes\n")
                #expect(sent.status == 0, "\(sent.errors)")
                #expect(sent.output == "accepted: Thanks for getting in touch.\n")
                #expect(sent.errors.contains("/secure/submit/20000001/11111111"), "\(sent.errors)")
                for answers in ["\n\nno\n", ""] {
                    let declined = try await fill("Contact us", "email=b@example.org", "lastname=B", input: answers)
                    #expect(declined.status == 1)
                    #expect(declined.errors.contains("nothing was sent: it takes a yes"), "\(declined.errors)")
                }
                let bare = try await fill("Contact us", "firstname=B", "--yes")
                #expect(bare.status == 2)
                #expect(bare.errors.contains("cannot be sent without email=VALUE, lastname=VALUE"), "\(bare.errors)")
                let silent = try await fill("Newsletter", "email=c@example.org", "--yes")
                #expect(silent.status == 2)
                #expect(silent.errors.contains("cannot be sent without consent=yes"), "\(silent.errors)")
                let refusing = try await fill("Newsletter", "email=c@example.org", "consent=no", "--yes")
                #expect(refusing.status == 2)
                let twice = try await fill("Contact us", "email=a@example.org", "email=b@example.org", "--yes")
                #expect(twice.status == 2 && twice.errors.contains("email is given twice"), "\(twice.errors)")
                let unattended = try await fill("Newsletter", "email=c@example.org", "consent=yes", "--yes")
                #expect(unattended.status == 0, "\(unattended.errors)")
                let food = try await fill(
                    "Every field", "email=d@example.org", "favourite_food=Soup", "birthday=2000-01-01", "--yes",
                    "--output", "json")
                #expect(food.output == #"{"redirectUri":"https://www.example.org/thanks"}"# + "\n", "\(food.errors)")
                let refused = try await fill("Contact us", "email=nonsense", "lastname=L", "--yes")
                #expect(refused.status == 1)
                #expect(
                    refused.errors.contains("refused  email: 'nonsense' is not an email address"), "\(refused.errors)")
                let misspelt = try await fill("Contact us", "emial=a@example.org", "--yes")
                #expect(misspelt.status == 2)
                #expect(misspelt.errors.contains("has no field 'emial'; did you mean 'email'?"), "\(misspelt.errors)")
                let guarded = try await fill("Guarded", "email=a@example.org", "--yes")
                #expect(guarded.status == 1 && guarded.errors.contains("captcha"), "\(guarded.errors)")
                let submissions =
                    try await server.control("GET", "/_simulator/submissions")["results"] as? [[String: any Sendable]]
                #expect(submissions?.count == 3)
                let first = "\(submissions?.first ?? [:])"
                #expect(first.contains("Lovelace") && first.contains("https://example.org/c"), "\(first)")
                let last = "\(submissions?.last ?? [:])"
                #expect(last.contains("946684800000"), "\(last)")
            }
        }
    }

    @Test func `asks at a terminal with Tab for options, and again after a wrong answer`() async throws {
        try await Home.with { home in
            let terminal = try Terminal(home, ["--simulator", "forms", "fill", "Every field"])
            try await terminal.expect("email: ")
            terminal.enter("ada@blocked.example")
            try await terminal.expect("takes no addresses of blocked.example")
            terminal.enter("ada@example.org")
            for name in ["phone", "mobilephone", "firstname", "message", "score", "newsletter"] {
                try await terminal.expect("\(name): ")
                terminal.enter("")
            }
            try await terminal.expect("interests: ")
            terminal.type("soup;te")
            try await press(terminal, until: "tea")
            terminal.enter("")
            try await terminal.expect("favourite_food: ")
            terminal.type("br")
            try await press(terminal, until: "bread")
            terminal.enter("")
            for name in ["hs_lead_status", "birthday", "attachment", "0-2/name"] {
                try await terminal.expect("\(name): ")
                terminal.enter("")
            }
            try await terminal.expect(#""value": "soup;tea""#)
            try await terminal.expect(#""value": "bread""#)
            try await terminal.expect("Send it to portal 20000001? [y/N]")
            terminal.enter("y")
            try await terminal.expect("accepted; the form leads to https://www.example.org/thanks")
        }
    }
}
