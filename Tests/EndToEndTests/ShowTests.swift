import Foundation
import Testing

@Suite("show, print and --output") struct ShowTests {
    @Test func `show prints in a script as the console does`() async throws {
        try await Home.with { home in
            let script = try home.write(
                """
                local page = hubspot.contacts.list{ limit = 2, properties = { "email", "phone" } }
                show(page)
                show(page[1].id, nil, { a = 1 })
                show(hubspot.contacts.each{ max = 3 })
                print(page[1])
                """, to: "script.lua")
            let result = try await home.run("--simulator", script)
            let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            #expect(lines[0].hasPrefix("id   email"))
            #expect(lines[0].contains("phone"))
            #expect(lines[3] == "2 records · more: page:next()")
            #expect(Array(lines[4...6]) == ["501", "nil", "{ a = 1 }"])
            #expect(lines[7].hasPrefix("id   email"))
            #expect(lines[11] == "3 records")
            #expect(lines[12].hasPrefix("record 501: email = "))
            #expect(result.errors.isEmpty)
        }
    }

    @Test func `show goes where output and errors of a script go`() async throws {
        try await Home.with { home in
            let order = "print('before') show('middle') io.write('after\\n') show()"
            #expect(try await home.run("-e", order).output == "before\nmiddle\nafter\n")
            let inCoroutine =
                "coroutine.wrap(function() show(setmetatable({}, { __tostring = function() return 'its own text' end })) end)()"
            #expect(try await home.run("-e", inCoroutine).output == "its own text\n")
            let inSort = "table.sort({ 2, 1 }, function(a, b) show('compared') return a < b end)"
            #expect(try await home.run("-e", inSort).output.hasPrefix("compared\n"))
            let cyclic = try await home.run("--output", "json", "-e", "local t = {} t.t = t show(t)")
            #expect(cyclic.errors.contains("a table that contains itself can be shown as text only"))
        }
    }

    @Test(arguments: [
        ("json", "[\n  {\n    \"email\""), ("jsonl", "{\"email\":\"a@example.org\"}\n{\"email\":\"b@example.org\"}\n"),
        ("csv", "email\na@example.org\nb@example.org\n"),
    ])
    func `show honours --output`(format: String, expected: String) async throws {
        try await Home.with { home in
            let code = #"show({ { email = "a@example.org" }, { email = "b@example.org" } })"#
            let result = try await home.run("--output", format, "-e", code)
            #expect(result.output.hasPrefix(expected), "\(result.output)")
        }
    }

    @Test func `iterators and definitions are a line for each element in files`() async throws {
        try await Home.with { home in
            func lines(_ format: String, _ code: String) async throws -> [Substring] {
                let result = try await home.run("--simulator", "--output", format, "-e", code)
                #expect(result.errors.isEmpty, "\(result.errors)")
                return result.output.split(separator: "\n")
            }
            #expect(try await lines("jsonl", "hubspot.contacts.each()").count == 25)
            #expect(try await lines("csv", "hubspot.contacts.each{ properties = { 'email', 'city' } }").count == 26)
            #expect(try await lines("jsonl", "hubspot.contacts.search_each{ max = 4 }").count == 4)
            #expect(try await lines("jsonl", "hubspot.owners.each()").count == 3)
            let definitions = try await lines("jsonl", #"hubspot.properties.list("contacts")"#)
            #expect(definitions.count > 20)
            #expect(definitions.allSatisfy { $0.contains(#""fieldType":"#) })
            #expect(try await lines("csv", #"hubspot.pipelines.list("deals")"#).count == 2)
            #expect(try await lines("csv", "hubspot.forms.each()").count == 5)
        }
    }

    @Test func `a batch is a line for each record, and its errors are told on standard error`() async throws {
        try await Home.with { home in
            let code = "hubspot.contacts.batch.read{ 501, 7, 502, 8 }"
            for (format, lines) in [("jsonl", 2), ("csv", 3), ("json", 1)] {
                let result = try await home.run("--simulator", "--output", format, "-e", code)
                #expect(result.status == 0)
                let isDocument = format == "json"
                if isDocument {
                    #expect(result.output.hasPrefix("{\n") && result.errors.isEmpty)
                } else {
                    #expect(result.output.split(separator: "\n").count == lines, "\(result.output)")
                    #expect(result.errors.hasPrefix("2 errors:\n"), "\(result.errors)")
                    #expect(result.errors.contains("not_found (404)") && result.errors.contains("at 2"))
                }
                let shown = try await home.run("--simulator", "--output", format, "-e", "show(\(code))")
                #expect(shown.output == result.output && shown.errors == result.errors)
            }
        }
    }

    @Test func `a requested column is there although it is empty`() async throws {
        try await Home.with { home in
            let code = #"hubspot.contacts.search{ limit = 3, properties = { "email", "fax", "mobilephone" } }"#
            let table = try await home.run("--simulator", "--output", "csv", "-e", code)
            let heading = table.output.split(separator: "\n").first ?? ""
            #expect(heading.split(separator: ",").contains("fax"), "\(heading)")
            let text = try await home.run("--simulator", "-e", code)
            #expect(text.output.split(separator: "\n").first?.contains("fax") == true)
        }
    }

    @Test func `an error tells the options that HubSpot takes on one line`() async throws {
        try await Home.with { home in
            let result = try await home.run(
                "--simulator", "-e", #"hubspot.contacts.create{ email = "x@example.org", lifecyclestage = "leed" }"#)
            #expect(
                result.errors.contains(
                    "lifecyclestage: leed was not one of the allowed options: subscriber, lead, marketingqualifiedlead")
            )
            #expect(result.errors.contains("did you mean 'lead'?"))
            #expect(!result.errors.contains("label:"))
        }
    }
}

@Suite("Looking at the console") struct LookingTests {
    @Test(
        arguments: [(["NO_COLOR": "1"], false), (["TERM": "dumb"], false), ([:], true)] as [([String: String], Bool)])
    func `values and errors are coloured on a terminal, unless declined`(
        environment: [String: String], isColored: Bool
    ) async throws {
        try await Home.with { home in
            let terminal = try Terminal(home, ["--simulator"], environment: environment)
            try await terminal.expect(ReplTests.prompt)
            terminal.enter("hubspot.contacts.list{ limit = 1 }")
            try await terminal.expect("1 record")
            try await terminal.expect(ReplTests.prompt)
            terminal.enter("hubspot.contacts.get(7)")
            try await terminal.expect("not_found (404)")
            try await terminal.expect(ReplTests.prompt)
            terminal.enter("{ a = 'text', b = 1, c = true }")
            try await terminal.expect("\n{ a = \"text\", b = 1, c = true }\n")
            #expect(terminal.transcript.contains("\u{1b}[1mid") == isColored)
            #expect(terminal.transcript.contains("\u{1b}[31mnot_found") == isColored)
            #expect(terminal.transcript.contains("\u{1b}[32m\"text\"") == isColored)
        }
    }

    @Test func `the last result is read whole in the pager`() async throws {
        try await Home.with { home in
            let pager = try await home.writeProgram("#!/bin/sh\necho paged; wc -l\n", to: "pager")
            let terminal = try Terminal(home, ["--simulator"], environment: ["PAGER": pager])
            try await terminal.expect(ReplTests.prompt)
            terminal.enter("list = {} for i = 1, 500 do list[i] = i end; list")
            try await terminal.expect(":last shows all")
            try await terminal.expect(ReplTests.prompt)
            terminal.enter(":last")
            try await terminal.expect("paged\n")
            let count = try await terminal.expect(ReplTests.prompt)
            #expect(Int(count.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0 >= 500, "\(count)")
            terminal.enter("'short'")
            try await terminal.expect("\nshort\n")
            terminal.enter(":last")
            let short = try await terminal.expect(ReplTests.prompt + ":last")
            #expect(!short.contains("paged"))
        }
    }

    @Test func `the last result is whole where the line was too short`() async throws {
        try await withConsole(environment: ["PAGER": "cat"], columns: 60) { _, terminal in
            terminal.enter("hubspot.contacts.list{ limit = 2, properties = { 'email' } }")
            try await terminal.expect("2 records")
            try await terminal.expect(ReplTests.prompt)
            terminal.enter(":last")
            let whole = try await terminal.expect(ReplTests.prompt)
            #expect(
                whole.contains("─ 2 ─") && whole.contains("url        https://app.hubspot.com/contacts/"), "\(whole)")
            #expect(!whole.contains("…"))
            terminal.enter("hubspot.contacts.get(501, { propertiesWithHistory = { 'email' } })")
            try await terminal.expect(ReplTests.prompt)
            terminal.enter(":last")
            let history = try await terminal.expect(ReplTests.prompt)
            #expect(history.contains("timestamp = ") && !history.contains("…"), "\(history)")
        }
    }

    @Test func `an iterator shows its first rows, which are still to come`() async throws {
        try await Home.with { home in
            let terminal = try Terminal(home, ["--simulator"], columns: 120)
            try await terminal.expect(ReplTests.prompt)
            terminal.enter("hubspot.contacts.each()")
            try await terminal.expect("the first 10 records · the rest: :next, or for x in _ do … end\n")
            try await terminal.expect(ReplTests.prompt)
            terminal.enter("n = 0 for x in _ do n = n + 1 end; n")
            try await terminal.expect("\n25\n")
        }
    }
}

@Suite("Help at the console") struct HelpTests {
    private func help(_ lines: [(String, [String])]) async throws {
        try await Home.with { home in
            let terminal = try Terminal(home, ["--simulator"], environment: ["PAGER": "cat"], columns: 110)
            try await terminal.expect(ReplTests.prompt)
            for (line, expected) in lines {
                terminal.enter(line)
                let shown = try await terminal.expect(ReplTests.prompt)
                for text in expected { #expect(shown.contains(text), "\(line) shows \(shown)") }
            }
        }
    }

    @Test func `is a page for a name, a function and a module`() async throws {
        try await help([
            (
                "?hubspot.contacts.get",
                [
                    "hubspot.contacts.get(id_or_email [, opts])", "raises not_found", "calls GET",
                    "  hubspot.contacts.get(",
                ]
            ),
            ("?contacts.search", ["hubspot.contacts.search(query)", ".where"]),
            ("help(hubspot.contacts.get)", ["hubspot.contacts.get(id_or_email [, opts])"]),
            ("help(task)", ["task.", "spawn(f"]), ("help()", [":quit", "hubspot"]), ("?", [":quit"]),
            (":help task.map", ["task.map(", "concurrency"]), ("?show", ["moonspot.show([...])"]),
            ("?csv", ["csv (local csv = require \"csv\")", "open(path [, opts])"]),
            ("?csv.open", ["csv.open(path [, opts])", ".separator", "raises csv.Error"]),
            ("help(require(\"csv\"))", ["csv (local csv = require \"csv\")"]),
            ("csv = require 'csv' help(csv.open)", ["csv.open(path [, opts])", ".separator"]),
            ("help(csv)", ["csv (local csv = require \"csv\")"]),
            (":help watch", [":watch", "CODE"]), ("?run", [":run FILE [ARGS]"]),
            ("?string.format", ["a function of Lua's own", "#pdf-string.format"]),
            ("function double(x) return 2 * x end", []), ("?double", ["double"]),
        ])
    }

    @Test func `finds the pages that hold some words, and near names where none does`() async throws {
        try await help([
            ("help \"recycle bin\"", ["hubspot.contacts.delete", "page"]), (":help merge", ["hubspot.contacts.merge"]),
            ("?serach", ["no help on serach; did you mean", "search"]),
            (":help hubspot.contacts.serach", ["did you mean hubspot.contacts.search?"]),
            ("?xyzzyplugh", ["no help on xyzzyplugh", ":help lists what there is"]),
        ])
    }

    @Test func `shows the source of a function, or where a binding is declared`() async throws {
        try await help([
            ("??csv.open", ["-- stdlib/csv.lua:", "function M.open(path, opts)", "end"]),
            (
                "??hubspot.contacts.get",
                [
                    "is a binding", "declared in Sources/Bindings/ObjectsModule.swift",
                    "calls GET /crm/objects/{version}/contacts/{id}",
                ]
            ),
            (
                "??task.map",
                ["declared in Sources/Bindings/TaskModule.swift", "its body is Lua", "function bodies.map("]
            ),
            ("??print", ["a function of Lua's own"]), ("function f() return 1 end", []),
            ("??f", ["is not kept: it was made at stdin:1"]), ("?f", ["stdin:1"]),
            ("??inspect", ["-- stdlib/inspect.lua"]),
            ("??csv.opne", ["did you mean 'open'?"]), ("??nosuch", ["there is no nosuch"]),
            ("??inspekt", ["there is no inspekt; did you mean 'inspect'?"]),
            ("??require('csv').read", ["function M.read(source, opts)"]), ("??hubspot", ["hubspot is a module"]),
            ("help(require('cli'))", ["cli (local cli"]), ("??", ["?? needs the name of a function"]),
            ("??tostring(1)", ["?? needs the name of a function"]), ("??string", ["a library of Lua's own"]),
            ("??:run", [":run is a command"]), ("a = {}", []), ("??a", ["a is no function"]),
        ])
    }
}
