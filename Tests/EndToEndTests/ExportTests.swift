import Foundation
import Testing

@Suite("export.lua") struct ExportTests {
    private static func with(_ body: (Home, SimulatorServer) async throws -> Void) async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0", "--limits", "unlimited") { server in
                let made = try await home.run(
                    "-e",
                    """
                    local ada = hubspot.contacts.create{ email = "ada@example.org", city = "Rome" }
                    for i = 1, 5 do
                      local deal = hubspot.deals.create({ dealname = "D" .. i, amount = i * 100, dealstage = "qualifiedtobuy" })
                      if i < 3 then hubspot.associations.link("deals", deal.id, "contacts", ada.id) end
                    end
                    """, environment: server.environment)
                try #require(made.status == 0, "\(made.errors)")
                try await body(home, server)
            }
        }
    }

    private static func export(
        _ home: Home, _ server: SimulatorServer, _ arguments: String...
    ) async throws -> Child.Result {
        try await home.start([Home.automation("export.lua")] + arguments, environment: server.environment).finish()
    }

    @Test func `writes any type, with its links as columns`() async throws {
        try await Self.with { home, server in
            let all = try await Self.export(home, server, "deals", "-p", "dealname,amount", "-a", "contacts")
            #expect(all.status == 0, "\(all.errors)")
            let rows = all.output.split(separator: "\r\n").map(String.init)
            #expect(rows == ["dealname,amount,contacts", "D1,100,501", "D2,200,501", "D3,300,", "D4,400,", "D5,500,"])
            let usual = try await Self.export(home, server, "companies")
            #expect(usual.output == "id,name,domain,createdate,hs_lastmodifieddate\r\n", "\(usual.errors)")
        }
    }

    @Test func `writes every property of a type that has hundreds`() async throws {
        try await Self.with { home, server in
            let made = try await home.run(
                "-e",
                """
                local values = { dealname = "Wide", dealstage = "qualifiedtobuy" }
                local definitions = {}
                for i = 1, 250 do
                  definitions[i] = {
                    name = "extra_" .. i, label = "Extra " .. i, type = "string", fieldType = "text",
                    groupName = "dealinformation" }
                  values["extra_" .. i] = "value " .. i
                end
                hubspot.properties.batch.create("deals", definitions)
                values.extra_250 = 'a "quoted", one'
                hubspot.deals.create(values)
                """, environment: server.environment)
            try #require(made.status == 0, "\(made.errors)")
            let all = try await Self.export(home, server, "deals", "-p", "*")
            #expect(all.status == 0, "\(all.errors)")
            let rows = all.output.split(separator: "\r\n").map(String.init)
            let columns = rows[0].split(separator: ",", omittingEmptySubsequences: false)
            #expect(rows.count == 7 && columns.count > 250)
            #expect(rows[1].split(separator: ",", omittingEmptySubsequences: false).count == columns.count)
            #expect(rows[6].contains(#""a ""quoted"", one""#) && rows[6].contains(",value 249,"), "\(rows[6])")
            let wide = try await Self.export(
                home, server, "deals", "-p", (1...90).map { "extra_\($0)" }.joined(separator: ","))
            #expect(wide.status == 0 && wide.output.contains("value 1,value 2,value 3,"), "\(wide.errors)")
        }
    }

    @Test(arguments: [
        ("dealname=D2", "D2"), ("amount:gte=400", "D4 D5"), ("amount:lt=200", "D1"),
        ("amount:between=200,300", "D2 D3"),
        ("dealname:one_of=D1,D5", "D1 D5"), ("dealname:neq=D1", "D2 D3 D4 D5"), ("closedate:has=true", ""),
    ])
    func `takes every operator`(condition: String, names: String) async throws {
        try await Self.with { home, server in
            let found = try await Self.export(home, server, "deals", "-p", "dealname", "-w", condition)
            #expect(found.status == 0, "\(found.errors)")
            #expect(
                found.output.split(separator: "\r\n").dropFirst().joined(separator: " ") == names, "\(found.errors)")
        }
    }

    @Test func `writes a database, and what changed since`() async throws {
        try await Self.with { home, server in
            let path = home.path("deals.sqlite")
            let made = try await Self.export(
                home, server, "deals", "-o", path, "-p", "id,dealname", "--updated-since", "1h")
            #expect(made.status == 0, "\(made.errors)")
            let rows = try await home.shell("sqlite3 '\(path)' 'SELECT dealname FROM deals ORDER BY dealname'")
            #expect(rows.output == "D1\nD2\nD3\nD4\nD5\n")
            let none = try await Self.export(home, server, "deals", "--updated-since", "2199-01-01")
            #expect(none.status == 0 && none.errors.contains("0 records written"), "\(none.errors)")
        }
    }

    @Test(
        arguments: [
            (["deals", "-p", "dealnam"], 1, "there is no property 'dealnam' of deals; did you mean 'dealname'?"),
            (["deals", "-w", "amont:gt=1"], 1, "did you mean 'amount'?"),
            (["deals", "-w", "amount:more=1"], 2, "no operator"),
            (["deals", "-w", "amount:between=1"], 2, "A,B expected"),
            (["deals", "--updated-since", "soon"], 2, "an age such as"),
            ([], 2, "TYPE is missing"), (["deals", "-f", "sqlite"], 2, "give --output"), (["a b"], 1, "a type's name"),
            (["nosuch"], 1, "nosuch"),
        ] as [([String], Int32, String)])
    func `refuses what it does not know`(arguments: [String], status: Int32, text: String) async throws {
        try await Home.with { home in
            let result = try await home.start(["--simulator", Home.automation("export.lua")] + arguments).finish()
            #expect(result.status == status, "\(result.errors)")
            #expect(result.errors.contains(text) && !result.errors.contains("traceback"), "\(result.errors)")
        }
    }
}
