import Foundation
import Testing

@Suite("Silence at the console") struct SilenceTests {
    @Test func `is broken once for a property that was not fetched`() async throws {
        try await withConsole(columns: 120) { _, terminal in
            terminal.enter("ada = hubspot.contacts.get(501, { properties = { 'email', 'phone' } })")
            try await terminal.expect(ReplTests.prompt)
            terminal.enter("ada.city")
            let told = try await terminal.expect(ReplTests.prompt)
            #expect(told.contains("'city' was not fetched with this record, so nil does not say that it is empty"))
            #expect(told.contains("nil\n"))
            terminal.enter("ada.city == nil, ada.phone")
            let again = try await terminal.expect(ReplTests.prompt)
            #expect(!again.contains("was not fetched"))
            #expect(again.contains("true\t"))
            terminal.enter("ada.emial")
            try await terminal.expect("did you mean 'email'?")
            try await terminal.expect(ReplTests.prompt)
            terminal.enter("ada.properties.fax")
            let inside = try await terminal.expect(ReplTests.prompt)
            #expect(inside.contains("'fax' was not fetched with this record"))
            #expect(inside.hasSuffix("nil\n"))
            terminal.enter("ada.properties.phone, ada.properties.emial")
            let both = try await terminal.expect(ReplTests.prompt)
            #expect(!both.contains("was not fetched"), "one is empty, and the other was told: \(both)")
            terminal.enter("print(ada) show(ada.properties)")
            let printed = try await terminal.expect(ReplTests.prompt)
            #expect(printed.contains("record 501: email = ") && !printed.contains("was not fetched"))
            terminal.enter("ada")
            let shown = try await terminal.expect(ReplTests.prompt)
            #expect(shown.contains("email") && !shown.contains("city"))
        }
    }

    @Test(arguments: [
        ("local csv = require 'csv' csv.raed('x.csv')", "(command line):1: 'csv' has no 'raed'; did you mean 'read'?"),
        ("require('inspect').txet(1)", "'inspect' has no 'txet'; did you mean 'text'?"),
        ("if require('dates').wombat then end", "'dates' has no 'wombat'; it has add, days"),
    ])
    func `follows no misspelt name of a module of stdlib`(code: String, said: String) async throws {
        try await Home.with { home in
            let result = try await home.run("-e", code)
            #expect(result.errors.contains(said), "\(result.errors)")
            #expect(result.status == 1)
            let table = try await home.run("-e", "return rawget(require('csv'), 'raed'), next(require('csv')) ~= nil")
            #expect(table.output == "nil\ttrue\n", "\(table.errors)")
        }
    }

    @Test func `is broken for a property that the portal does not have`() async throws {
        try await withConsole(columns: 120) { _, terminal in
            terminal.enter(":props contacts emai")  // by now the definitions are known
            try await terminal.expect(ReplTests.prompt)
            terminal.type("hubspot.contacts.get(501, { properties = { 'emai")
            for _ in 0..<50 {
                terminal.type("\t")
                if (try? await terminal.expect("'email'", within: .milliseconds(300))) != nil { break }
            }
            terminal.enter(", 'emial' } })")
            try await terminal.expect(
                "contacts have no property 'emial', and nothing is fetched for it; did you mean 'email'?")
        }
    }

    @Test func `does not hide nil`() async throws {
        try await withConsole(columns: 120) { _, terminal in
            terminal.enter("nil")
            try await terminal.expect("\nnil\n")
            terminal.enter("rawget(_G, 'wombat')")
            try await terminal.expect("\nnil\n")
        }
    }

    @Test(arguments: [
        (["simulatr"], "did you mean the command 'simulator'?"), (["limts"], "did you mean the command 'limits'?"),
        (["no-such-file.lua"], "cannot open no-such-file.lua: No such file or directory\n"),
    ])
    func `follows no misspelt command`(words: [String], said: String) async throws {
        try await Home.with { home in
            let result = try await home.start(words).finish()
            #expect(result.errors.contains(said), "\(result.errors)")
            #expect(result.status == 2)
        }
    }

    @Test func `follows no misspelt global in a script`() async throws {
        try await Home.with { home in
            let result = try await home.run("--simulator", "-e", "hubspt.contacts.count()")
            #expect(result.errors.contains("attempt to index a nil value (global 'hubspt')"))
            #expect(result.errors.contains("there is no 'hubspt'; did you mean 'hubspot'?"))
            #expect(result.status == 1)
        }
    }
}
