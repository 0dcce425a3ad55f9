import LuaRuntime
import Simulator
import Testing

@Suite("A record or a page that is printed") struct PrintedRecordsTests {
    private func text(_ code: String) async throws -> String {
        var text: LuaValue = .none
        try await Console.running { (console: Console) async throws in
            text = try await console.value(
                """
                local ada = hubspot.contacts.create{ email = "ada@example.org", firstname = "Ada", city = "London\\27[2J" }
                hubspot.contacts.create{ email = "grace@example.org" }
                local opts = { properties = { "email", "firstname", "city" } }
                return tostring(\(code))
                """)
        }
        return text.asString ?? "no text"
    }

    @Test func `tells the id and the properties that matter, on one line`() async throws {
        #expect(
            try await text("hubspot.contacts.get(ada.id, opts)").contains(
                #/^record \d+: email = ada@example.org, firstname = Ada, city = London\\27\[2J$/#))
    }

    @Test func `tells how many properties it leaves out`() async throws {
        #expect(try await text("ada").contains(#/, \d+ more$/#))
    }

    @Test func `tells a line for each record of a page, and whether there are more`() async throws {
        let all = try await text("hubspot.contacts.list(opts)").split(separator: "\n")
        #expect(all.first == "page of 2")
        #expect(all.last?.contains(#/^  record \d+: email = grace@example.org$/#) == true)
        do {
            let first = try await text("hubspot.contacts.search{ limit = 1 }").split(separator: "\n")
            #expect(first.first == "page of 1 of 2, with more behind it: page:next()")
        }
    }

    @Test func `tells what names the elements of a page of something else`() async throws {
        #expect(try await text("hubspot.owners.list()").contains("\n  41, email = rae.rep@example.org"))
        #expect(try await text("hubspot.forms.list()").contains("name = Contact us"))
    }

    @Test func `is read by #, by number and by ipairs`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                for i = 1, 3 do hubspot.contacts.create{ email = "p" .. i .. "@example.org" } end
                local page = hubspot.contacts.list()
                local seen = {}
                for i, record in ipairs(page) do seen[i] = record.email end
                return #page, page[2].email, table.concat(seen, " ")
                """)
            #expect(answer == [3, "p2@example.org", "p1@example.org p2@example.org p3@example.org"])
        }
    }
}
