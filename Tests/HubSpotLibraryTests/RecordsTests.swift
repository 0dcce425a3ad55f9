import Foundation
import HubSpot
import Testing

@Suite("A session's records") struct RecordsTests {
    @Test func `hold what HubSpot says of them`() async throws {
        try await Portal.with { session in
            let company = try await session.companies.create(["name": "Engines"])
            let made = try await session.contacts.create(
                ["email": "ada@example.com", "firstname": "Ada"], links: ["companies": [company.id]])
            let ada = try await session.contacts.get(
                .email("ada@example.com"),
                ReadOptions(properties: ["firstname", "lastname"], associations: ["companies"]))
            #expect(ada.id == made.id && ada["firstname"] == "Ada" && ada["lastname"] == nil)
            #expect(ada.properties.keys.contains("lastname") == false)
            let age = try #require(ada.createdAt).timeIntervalSinceNow
            #expect(abs(age) < 60 && ada.updatedAt != nil && !ada.archived && ada.isNew == nil)
            #expect(ada.associations["companies"]?.contains { $0.id == company.id } == true)
        }
    }

    @Test func `are created or changed by an upsert, which says which`() async throws {
        try await Portal.with { session in
            let made = try await session.contacts.upsert(.email("ada@example.com"), ["firstname": "Ada"])
            let changed = try await session.contacts.upsert(.email("ada@example.com"), ["lastname": "Lovelace"])
            #expect(made.isNew == true && changed.isNew == false && made.id == changed.id)
            try await session.contacts.archive(.id(made.id))
            #expect(try await session.contacts.find(.id(made.id)) == nil)
        }
    }

    @Test func `come one by one and page by page`() async throws {
        try await Portal.with(contacts: 250) { session in
            var ids: [String] = []
            for try await contact in session.contacts.all() { ids.append(contact.id) }
            #expect(ids.count == 250 && Set(ids).count == 250)

            var sizes: [Int] = []
            for try await page in session.contacts.all().pages { sizes.append(page.records.count) }
            #expect(sizes == [100, 100, 50])

            var pages = session.contacts.list(limit: 10).makeAsyncIterator()
            let first = try #require(try await pages.next())
            let rest = session.contacts.list(limit: 10, after: first.next)
            let second = try #require(try await rest.first { _ in true })
            #expect(first.records.map(\.id) + second.records.map(\.id) == Array(ids.prefix(20)))
        }
    }

    @Test func `come out of a search in order of their ids`() async throws {
        try await Portal.with(contacts: 250) { session in
            let all = SearchQuery(matching: SearchFilter("email", .has))
            var found: [Int] = []
            for try await contact in session.contacts.search(all) { found.append(Int(contact.id) ?? 0) }
            #expect(found.count == 250 && found == found.sorted())
            #expect(try await session.contacts.count(all) == 250)

            var totals: [Int64?] = []
            for try await page in session.contacts.search(all).pages { totals.append(page.total) }
            #expect(totals.first == 250)
        }
    }

    @Test func `are answered by an error that names what was looked for`() async throws {
        try await Portal.with { session in
            let error = await #expect(throws: HubSpotError.self) {
                try await session.contacts.get(.email("nobody@example.com"))
            }
            #expect(error?.kind == .notFound && error?.status == 404)
            #expect(error?.message.contains("nobody@example.com") == true)
            let refused = await #expect(throws: HubSpotError.self) {
                try await session.contacts.create(["no_such_property": "1"])
            }
            #expect(refused?.kind == .validation && refused?.details.isEmpty == false)
        }
    }
}

@Suite("A session") struct SessionOpeningTests {
    @Test func `takes no text that cannot be a token`() {
        let error = #expect(throws: HubSpotError.self) { try Session(token: "pat na1") }
        #expect(error?.kind == .unauthenticated)
    }

    @Test func `takes the account's limits as HubSpot's tiers name them, or spelled out`() throws {
        var configuration = SessionConfiguration()
        try configuration.setLimits("professional")
        try configuration.setLimits("190/10s,search=5/s")
        let error = #expect(throws: ConfigurationError.self) { try configuration.setLimits("plenty") }
        #expect(error?.message.contains("professional") == true)
    }

    @Test func `says what mends an error, in words that its program may choose`() async throws {
        var configuration = SessionConfiguration()
        configuration.wording = { "see \($0 == .configureCredential ? "settings" : "elsewhere")" }
        let session = Session(configuration)
        let error = await #expect(throws: HubSpotError.self) { try await session.contacts.count() }
        #expect(error?.remedy == .configureCredential && error?.message == "no credential: see settings")
        await session.close()
    }
}
