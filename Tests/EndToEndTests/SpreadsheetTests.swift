import Foundation
import Testing

@Suite("CSV from spreadsheets") struct SpreadsheetTests {
    private static let script = Home.automation("import-contacts.lua")

    /// Runs an import into an empty portal and answers it with the contacts, each as `email first last`.
    private func imported(
        _ file: Data, _ options: [String] = [], prepare: String = ""
    ) async throws -> (result: Child.Result, contacts: [String]) {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--limits", "unlimited", "--contacts", "0") { server in
                if !prepare.isEmpty {
                    let made = try await home.run("-e", prepare, environment: server.environment)
                    try #require(made.status == 0, "\(made.errors)")
                }
                let path = home.path("people.csv")
                try file.write(to: URL(fileURLWithPath: path))
                let result = try await home.start([Self.script, path] + options, environment: server.environment)
                    .finish(input: "", within: .seconds(60))
                let found = try await home.run(
                    "-e",
                    """
                    local list = {}
                    for c in hubspot.contacts.each{ properties = { "email", "firstname", "lastname" } } do
                      list[#list + 1] = c.email .. " " .. (c.firstname or "-") .. " " .. (c.lastname or "-")
                    end
                    table.sort(list)
                    return table.concat(list, "\\n")
                    """, environment: server.environment)
                return (result, found.output.split(separator: "\n").map(String.init))
            }
        }
    }

    private func imported(
        _ text: String, _ options: String..., prepare: String = ""
    ) async throws -> (result: Child.Result, contacts: [String]) {
        try await imported(Data(text.utf8), options, prepare: prepare)
    }

    @Test(arguments: [
        "email,firstname,,,,,\r\na@example.org,Ä,,,,,\r\nb@example.org,B\r\n",
        ",email,,firstname\n,a@example.org,,Ä\n,b@example.org,,B\n",
        "sep=;\r\nemail;firstname\r\na@example.org;Ä\r\nb@example.org;B\r\n",
        "\u{FEFF}\u{FEFF}\"email\",firstname\na@example.org,Ä\nb@example.org,B\n",
        "\u{A0}e\u{200B}mail\u{200B},\u{2060}firstname\u{A0}\na@example.org,Ä\nb@example.org,B\n",
        "\u{FEFF}sep=\t\r\nEmail\tfirstname\t\t\r\na@example.org\tÄ\t\t\r\nb@example.org\tB\t\t\r\n",
    ])
    func `are understood as people write them`(text: String) async throws {
        let (result, contacts) = try await imported(text)
        #expect(result.status == 0, "\(result.errors)")
        #expect(contacts == ["a@example.org Ä -", "b@example.org B -"])
    }

    @Test(arguments: [String.Encoding.utf16LittleEndian, .utf16BigEndian], ["", "\u{FEFF}", "\u{FEFF}\u{FEFF}"])
    func `may be in UTF-16 of either order, with and without a mark`(encoding: String.Encoding, mark: String)
        async throws
    {
        let text = mark + "email\tfirstname\t\r\na@example.org\tÄ👋\t\r\n"
        let (result, contacts) = try await imported(try #require(text.data(using: encoding)), ["--separator", "tab"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(contacts == ["a@example.org Ä👋 -"])
    }

    @Test func `lose no data that stands in a column without a name`() async throws {
        let text = "email,,firstname\na@example.org,x,A\nb@example.org,,B\n"
        let (result, contacts) = try await imported(text)
        #expect(result.status == 1)
        #expect(result.errors.contains("row 2 (line 2): column 2 holds data and has no name"), "\(result.errors)")
        #expect(contacts == ["b@example.org B -"])
        let mapped = try await imported(text, "--map", "#2=lastname")
        #expect(mapped.contacts == ["a@example.org A x", "b@example.org B -"], "\(mapped.result.errors)")
        #expect(try await imported(text, "--map", "#2=").contacts == ["a@example.org A -", "b@example.org B -"])
    }

    @Test func `may name a column twice, which --map tells apart or leaves out`() async throws {
        let text = "Email,Name,Name,Email\na@example.org,A,B,other@example.org\n"
        let refused = try await imported(text)
        #expect(refused.result.status == 1)
        #expect(refused.result.errors.contains(#"the columns "Name#1" and "Name#2""#), "\(refused.result.errors)")
        let options = ["--map", "Name=firstname", "--map", "Name#2=lastname", "--map", "Email#2="]
        let told = try await imported(Data(text.utf8), options)
        #expect(told.result.errors == "left out: Email#2\n")
        #expect(told.contacts == ["a@example.org A B"])
        let numbered = try await imported(text, "--map", "#1=", "--map", "#2=firstname", "--map", "Name=")
        #expect(numbered.contacts == ["other@example.org A -"], "\(numbered.result.errors)")
        let missing = try await imported(text, "--map", "Name#3=firstname")
        #expect(missing.result.status == 2)
        #expect(missing.result.errors.contains("Name#3"))
    }

    @Test func `are applied in the file's order, whichever of its addresses a contact is called by`() async throws {
        let two =
            "local a = hubspot.contacts.create{ email = 'main@example.org' }\n"
            + "local b = hubspot.contacts.create{ email = 'other@example.org' } hubspot.contacts.merge(a.id, b.id)"
        // Rows that travel in one batch, in one chunk, and in several.
        for (rows, gap) in [
            (["main", "other"], 0), (["other", "main"], 0), (["main", "main", "other"], 0),
            (["other", "main", "OTHER"], 0),
            (["main", "other", "main", "main"], 0), (["other", "main", "main"], 150),
            (["main", "other", "main"], 1200),
        ] {
            var text = "email,firstname\n"
            for (index, name) in rows.enumerated() {
                text += "\(name)@example.org,\(index + 1)\n"
                for other in 0..<gap { text += "n\(index).\(other)@example.org,N\n" }
            }
            let (result, contacts) = try await imported(Data(text.utf8), [], prepare: two)
            #expect(result.status == 0, "\(result.errors)")
            let merged = contacts.filter { !$0.hasPrefix("n") }
            #expect(merged == ["main@example.org \(rows.count) -"], "\(rows) with \(gap) rows between")
        }
    }

    @Test func `apply each of two rows of one address by itself`() async throws {
        let (result, contacts) = try await imported(
            "email,firstname,lifecyclestage\na@example.org,A,lead\nA@example.org,,nonsense\na@example.org,C,\n")
        #expect(result.status == 1)
        #expect(result.output == "3 rows: 1 created, 1 updated, 1 bad\n", "\(result.errors)")
        #expect(result.errors.contains("row 3 (line 3)"))
        #expect(contacts == ["a@example.org C -"])
    }

    @Test func `are refused with one line, and never a traceback of Lua`() async throws {
        try await Home.with { home in
            for (name, bytes) in [
                ("book.csv", Data("PK\u{3}\u{4}\u{14}\0".utf8)), ("zero.csv", Data("email\0\n".utf8)),
                ("empty.csv", Data()),
                ("latin.csv", Data([0x65, 0xE9, 0x2C, 0x62, 0x0A])), ("quote.csv", Data("email\n\"a\n".utf8)),
                ("none.csv", Data("name\nA\n".utf8)),
            ] { try bytes.write(to: URL(fileURLWithPath: home.path(name))) }
            try home.write("email\na@example.org\n", to: "good.csv")
            let cases: [(arguments: [String], status: Int32, text: String)] = [
                ([home.path("missing.csv")], 1, "No such file or directory"), ([home.folder.path], 1, "Is a directory"),
                ([home.path("book.csv")], 1, "save it as CSV"), ([home.path("zero.csv")], 1, "zero byte"),
                ([home.path("empty.csv")], 1, "the file is empty"), ([home.path("latin.csv")], 1, "not UTF-8"),
                ([home.path("quote.csv")], 1, "never closed"), ([home.path("none.csv")], 1, "no column is named email"),
                ([home.path("good.csv"), "--separator", "xx"], 2, "one character"),
                ([home.path("good.csv"), "--separator", "a"], 2, "one character"),
                ([home.path("good.csv"), "--map", "x"], 2, "NAME=VALUE expected"),
                ([home.path("good.csv"), "--map", "x=email"], 2, "does not have"),
                ([], 2, "missing"),
            ]
            for (arguments, status, text) in cases {
                let result = try await home.start(["--simulator", Self.script] + arguments)
                    .finish(input: "", within: .seconds(60))
                #expect(result.status == status, "\(arguments) \(result.errors)")
                #expect(result.errors.contains(text), "\(arguments) \(result.errors)")
                #expect(!result.errors.contains("traceback"), "\(arguments) \(result.errors)")
                #expect(!result.errors.contains(#/\.lua:\d/#), "\(arguments) \(result.errors)")
            }
        }
    }
}

@Suite("CSV for spreadsheets") struct SpreadsheetExportTests {
    @Test func `begins with a mark where one is asked for, and quotes for the separator chosen`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--limits", "unlimited", "--contacts", "0") { server in
                let made = try await home.run(
                    "-e",
                    #"hubspot.contacts.create{ email = "a@example.org", firstname = 'a;b,"c"', lastname = "x\ty" }"#,
                    environment: server.environment)
                #expect(made.status == 0, "\(made.errors)")
                for (separator, row) in [
                    (";", "a@example.org;\"a;b,\"\"c\"\"\";x\ty"), (",", "a@example.org,\"a;b,\"\"c\"\"\",x\ty"),
                    ("tab", "a@example.org\t\"a;b,\"\"c\"\"\"\t\"x\ty\""),
                ] {
                    let character = separator == "tab" ? "\t" : separator
                    let header = ["email", "firstname", "lastname"].joined(separator: character)
                    for mark in ["", "\u{FEFF}"] {
                        let result = try await home.start(
                            ([Home.automation("export-contacts.lua"), "-p", "email,firstname,lastname"]
                                + ["--separator", separator] + (mark.isEmpty ? [] : ["--bom"])),
                            environment: server.environment
                        ).finish(input: "", within: .seconds(60))
                        #expect(result.output == "\(mark)\(header)\r\n\(row)\r\n", "\(result.errors)")
                        #expect(result.errors == "1 contact written\n")
                    }
                }
            }
        }
    }

    @Test func `is refused with one line, and never a traceback of Lua`() async throws {
        try await Home.with { home in
            let cases: [(arguments: [String], status: Int32, text: String)] = [
                (["--bom", "--format", "jsonl"], 2, "--bom is for csv"), (["--separator", "ab"], 2, "one character"),
                (["--output", home.folder.path], 1, "Is a directory"),
                (["--output", home.path("no/x")], 1, "No such file"),
                (["--where", "nosuch=1"], 1, "nosuch"), (["--properties", "a,a"], 2, "twice"),
            ]
            for (arguments, status, text) in cases {
                let result = try await home.start(["--simulator", Home.automation("export-contacts.lua")] + arguments)
                    .finish(input: "", within: .seconds(60))
                #expect(result.status == status, "\(arguments) \(result.errors)")
                #expect(result.errors.contains(text), "\(arguments) \(result.errors)")
                #expect(!result.errors.contains("traceback"), "\(arguments) \(result.errors)")
            }
        }
    }
}
