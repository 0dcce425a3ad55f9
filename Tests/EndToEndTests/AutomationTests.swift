import Foundation
import GRDB
import Testing

@Suite("The automation scripts") struct AutomationTests {
    /// People as a careless world writes them: what a CSV file holds, and what each contact should become.
    struct People {
        static let columns = ["email", "firstname", "lastname", "company", "address", "city"]
        var rows: [[String]] = []
        /// By address in lower case.
        var contacts: [String: [String: String]] = [:]
        /// Row numbers, the header being row 1.
        var bad: Set<Int> = []

        init(_ count: Int) {
            let first = ["Ada", "Zoë", "美咲", "지훈", "Анна", "O'Brien", "François 🎉"]
            let last = ["Lovelace", "Smith, \"Jr.\"", "山田", "Müller-Lüdenscheidt", "🦊 Fox"]
            let company = ["Acme, Inc.", "The \"Best\" Ltd", "a,b;c", "=SUM(A1)", "", "  padded  "]
            let address = ["1 Main St\nSuite 5", "Straße 7\r\nHinterhaus", "東京都千代田区", ""]
            let city = ["Berlin", "São Paulo", "ירושלים"]
            for index in 0..<count {
                var email = "person.\(index)@example.org"
                if index % 97 == 13 { email = "not-an-address-\(index)" }
                if index % 101 == 50 { email = "" }
                // Doubles close by and far away, in another case.
                if index % 37 == 20 { email = "PERSON.\(index - 3)@example.org" }
                if index % 89 == 88 { email = "person.\(index / 3 + 1)@Example.org" }
                let row = [
                    email, first[index % first.count], last[index % last.count], company[index % company.count],
                    address[index % address.count], city[index % city.count],
                ]
                rows.append(row)
                guard email.contains("@") else {
                    bad.insert(index + 2)
                    continue
                }
                for (name, value) in zip(Self.columns, row) where !value.isEmpty {
                    contacts[email.lowercased(), default: [:]][name] = name == "email" ? value.lowercased() : value
                }
            }
        }

        var csv: String {
            ([Self.columns] + rows).map { row in
                row.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ",") + "\r\n"
            }.joined()
        }
    }

    /// Every contact of an export in JSON lines, by address.
    private func exported(_ home: Home, _ server: SimulatorServer) async throws -> [String: [String: String]] {
        let result = try await home.run(
            Home.automation("export-contacts.lua"), "--format", "jsonl", "--properties",
            People.columns.joined(separator: ","), environment: server.environment)
        try #require(result.status == 0, "\(result.errors)")
        var contacts: [String: [String: String]] = [:]
        for line in result.output.split(separator: "\n") {
            let fields = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(fields.count == People.columns.count)
            let contact = fields.compactMapValues { $0 as? String }.filter { !$0.value.isEmpty }
            contacts[contact["email"] ?? ""] = contact
        }
        return contacts
    }

    /// The numbers of the rows that an import named on standard error.
    private func named(_ errors: String) -> Set<Int> {
        Set(errors.matches(of: #/(?m)^row (\d+) /#).compactMap { Int($0.1) })
    }

    @Test func `import people and export them again, nothing lost or altered`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--tier", "professional", "--contacts", "0") { server in
                let people = People(400)
                let path = try home.write(people.csv, to: "people.csv")
                let result = try await home.run(
                    Home.automation("import-contacts.lua"), path, environment: server.environment)
                #expect(result.status == 1, "bad rows are a failure: \(result.errors)")
                #expect(named(result.errors) == people.bad)
                let updated = 400 - people.bad.count - people.contacts.count
                #expect(
                    result.output
                        == "400 rows: \(people.contacts.count) created, \(updated) updated, \(people.bad.count) bad\n")
                #expect(try await exported(home, server) == people.contacts)
                #expect(try await server.control("GET", "/_simulator/stats")["throttled"] as? Int == 0)

                // A CSV export goes in again as it is, and changes nothing.
                let csv = try await home.run(
                    Home.automation("export-contacts.lua"), "-o", home.path("out.csv"), "-p",
                    (["id"] + People.columns + ["createdate"]).joined(separator: ","), environment: server.environment)
                #expect(csv.status == 0, "\(csv.errors)")
                #expect(csv.output.isEmpty)
                let again = try await home.run(
                    Home.automation("import-contacts.lua"), home.path("out.csv"), environment: server.environment)
                #expect(
                    again.output
                        == "\(people.contacts.count) rows: 0 created, \(people.contacts.count) updated, 0 bad\n")
                #expect(again.status == 0, "\(again.errors)")
                #expect(try await exported(home, server) == people.contacts)
            }
        }
    }

    @Test func `go on after a kill in mid import when they are started again`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(
                home, "--limits", "unlimited", "--contacts", "0", "--latency", "40ms"
            ) { server in
                let people = People(3000)
                let path = try home.write(people.csv, to: "people.csv")
                let child = try home.start(
                    ["--concurrency", "2", Home.automation("import-contacts.lua"), path],
                    environment: server.environment)
                // A chunk is through, and the next one under way.
                let journal = home.path(".local/state/moonspot/journal.sqlite")
                try await until {
                    let database = try? DatabaseQueue(path: journal)
                    let counts = try? database?.read { db in
                        (
                            try Int.fetchOne(db, sql: "SELECT count(*) FROM items") ?? 0,
                            try Int.fetchOne(db, sql: "SELECT count(*) FROM writes WHERE checkpoint IS NOT NULL") ?? 0
                        )
                    }
                    return counts.map { $0.0 >= 1 && $0.1 >= 1 } ?? false
                }
                child.signal(9)
                #expect(try await child.finish().status == 137)

                let result = try await home.run("resume", environment: server.environment)
                #expect(result.errors.contains("' goes on: "), "\(result.errors)")
                #expect(result.output.hasPrefix("3000 rows: "), "\(result.output)")
                #expect(try await exported(home, server) == people.contacts)
                let again = try await home.run(
                    Home.automation("import-contacts.lua"), path, environment: server.environment)
                #expect(!again.errors.contains("' goes on: "), "\(again.errors)")
            }
        }
    }

    @Test func `list a row whose fate is unknown, and look it up when they are started again`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--limits", "unlimited", "--contacts", "0") { server in
                let path = try home.write(
                    "email,firstname\na@example.org,A\nb@example.org,B\nbad,C\n", to: "people.csv")
                try await server.control(
                    "PUT", "/_simulator/faults",
                    body:
                        #"{"rules":[{"method":"POST","path":"*/batch/create","probability":1,"action":{"kind":"reset_after"}}]}"#
                )
                let lost = try await home.run(
                    Home.automation("import-contacts.lua"), path, environment: server.environment)
                #expect(lost.status == 1)
                #expect(lost.errors.contains("row 2 (line 2) a@example.org: fate unknown"), "\(lost.errors)")
                #expect(lost.errors.contains("row 3 (line 3) b@example.org: fate unknown"), "\(lost.errors)")

                try await server.control("PUT", "/_simulator/faults", body: #"{"rules":[]}"#)
                let result = try await home.run(
                    Home.automation("import-contacts.lua"), path, environment: server.environment)
                #expect(result.output == "3 rows: 2 created, 0 updated, 1 bad\n", "\(result.output) \(result.errors)")
                #expect(try await exported(home, server).keys.sorted() == ["a@example.org", "b@example.org"])
            }
        }
    }

    @Test func `stop at a failure that is the session's, with its status`() async throws {
        try await Home.with { home in
            let path = try home.write("email\na@example.org\n", to: "people.csv")
            let script = Home.automation("import-contacts.lua")
            #expect(try await home.run("--simulator", "--read-only", script, path).status == 3)
            #expect(try await home.run(script, path).status == 3)
            let nobody = try await home.run(
                "--base-url", "http://127.0.0.1:1", script, path, environment: ["HUBSPOT_ACCESS_TOKEN": "pat-na1-x"])
            #expect(nobody.status == 5, "\(nobody.errors)")
            #expect(nobody.errors.contains("people.csv: nothing was sent"))
        }
    }

    @Test func `send nothing from a file that is malformed`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                for (text, message) in [
                    ("email,firstname\na@example.org,\"A\nb@example.org,B\n", "people.csv:2: row 2"),
                    ("name,firstname\na@example.org,A\n", "no column is named email"),
                    ("email;firstname\na@example.org;A\n", "--separator ';'"),
                    ("email,email\na@example.org,A\n", "twice"),
                ] {
                    let path = try home.write(text, to: "people.csv")
                    let result = try await home.run(
                        Home.automation("import-contacts.lua"), path, environment: server.environment)
                    #expect(result.status == 1)
                    #expect(result.errors.contains(message), "\(result.errors)")
                }
                let stats = try await server.control("GET", "/_simulator/stats")
                #expect(stats["requests"] as? Int == 0)
            }
        }
    }

    @Test func `leave the old file where the disk is full`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--limits", "unlimited", "--contacts", "2000") { server in
                let path = try home.write("the old file", to: "contacts.csv")
                // A limit on the size of a file stands in for a full disk.
                let result = try await home.shell(
                    #"trap '' XFSZ; ulimit -f 16; exec "$@""#, "--store", "memory",
                    Home.automation("export-contacts.lua"), "--output", path, environment: server.environment)
                #expect(result.status == 1)
                #expect(result.errors.contains("cannot write \(path)"), "\(result.errors)")
                #expect(try home.read("contacts.csv") == "the old file")
                let left = try FileManager.default.contentsOfDirectory(atPath: home.folder.path)
                #expect(!left.contains { $0.hasSuffix(".partial") })

                let full = try await home.run(
                    Home.automation("export-contacts.lua"), "--output", "/dev/full", environment: server.environment)
                #expect(full.status == 1)
                #expect(full.errors.contains("No space left on device"), "\(full.errors)")
            }
        }
    }

    @Test func `end an export quietly when its reader has seen enough`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--limits", "unlimited", "--contacts", "3000") { server in
                let result = try await home.shell(
                    #""$@" | head -n 1"#, Home.automation("export-contacts.lua"), environment: server.environment)
                #expect(result.output == "id,email,firstname,lastname,createdate,lastmodifieddate\r\n")
                #expect(result.errors.isEmpty, "\(result.errors)")
            }
        }
    }

    @Test func `submit a form, or show what is wrong with it`() async throws {
        let form = "11111111-1111-4111-8111-111111111111"
        try await Home.with { home in
            try await SimulatorServer.with(home) { server in
                let script = Home.automation("submit-form.lua")
                let preview = try await home.run(
                    script, "--preview", form, "email=not an address", environment: server.environment)
                #expect(preview.status == 1, "\(preview.output) \(preview.errors)")
                #expect(preview.output.hasPrefix("POST "))
                #expect(preview.errors.contains("INVALID_EMAIL"))

                let refused = try await home.run(script, form, "email=not an address", environment: server.environment)
                #expect(refused.status == 1)
                #expect(refused.errors.contains("INVALID_EMAIL"), "\(refused.errors)")

                let accepted = try await home.run(
                    script, form, "email=grace@example.org", "firstname=Grace", "lastname=Hopper, née Murray",
                    "--page-uri", "https://www.example.org/contact", environment: server.environment)
                #expect(accepted.status == 0, "\(accepted.errors)")
                let stored = try await server.control("GET", "/_simulator/submissions")
                let submissions = stored["results"] as? [[String: Any]] ?? []
                #expect(submissions.count == 1)
                let found = try await home.run(
                    "-e", "hubspot.contacts.get('grace@example.org').lastname", environment: server.environment)
                #expect(found.output == "Hopper, née Murray\n", "\(found.errors)")
            }
        }
    }

    @Test(arguments: ["export.lua", "export-contacts.lua", "import.lua", "import-contacts.lua", "submit-form.lua"])
    func `explain themselves and refuse what they do not know`(name: String) async throws {
        try await Home.with { home in
            let help = try await home.run(Home.automation(name), "--help")
            #expect(help.status == 0)
            #expect(help.output.hasPrefix("usage: \(name) "))
            let wrong = try await home.run(Home.automation(name), "--no-such-option")
            #expect(wrong.status == 2)
            #expect(wrong.errors.contains("unknown option --no-such-option"))
            #expect(wrong.output.isEmpty)
        }
    }

    /// Waits for a condition that another process brings about.
    private func until(within limit: Duration = .seconds(60), _ condition: () -> Bool) async throws {
        let deadline = ContinuousClock.now + limit
        while !condition() {
            guard ContinuousClock.now < deadline else { throw Child.Failure("what was waited for did not come") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
