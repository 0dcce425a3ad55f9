import GRDB
import JSON
import Testing

@testable import Simulator

@Suite("Words and counts beside the records") struct SearchSideTablesTests {
    private static let firstNames = [
        "Ada", "ÁDA", "Zoë", "zoe\u{308}", "美咲", "O'Brien", "Mary-Ann", "K\u{212A}", "x\"y\\z", "Ⅷ 8th",
    ]
    private static let searched = ["firstname", "email", "company", "phone", "hs_additional_emails"]
    private static let addresses = ["a.b+c", "ada", "müller", "first.last", "ada_l", "9to5"]

    /// What the simulator finds is what looking at every record finds.
    private func check(_ bench: Bench, lagging: Bool = false) async throws {
        let all = try await bench.search(["limit": 200, "properties": .strings(Self.searched)]).json
        let records = all["results"]?.array ?? []
        #expect(all["total"] == .integer(records.count))
        for query in [
            "a", "ad", "ada", "zo", "zoë", "美", "brien", "ann mary", "k", "y", "8", "ⅷ", "ada exa", "org", "9to5 b",
            "555 49", "nothing",
        ] {
            let expected = records.filter { record in
                SearchText.tokens(query).allSatisfy { word in
                    Self.searched.contains {
                        SearchText.hasPrefix(record["properties"]?[$0]?.string ?? "", word)
                    }
                }
            }
            let answer = try await bench.search(["query": .string(query), "limit": 200]).json
            #expect(answer["results"]?.array?.map { $0["id"] } == expected.map { $0["id"] }, "\(query)")
            #expect(answer["total"] == .integer(expected.count), "\(query)")
            let newest = try await bench.search(["query": .string(query), "limit": 200, "sorts": ["-hs_object_id"]])
                .json
            #expect(newest["results"]?.array?.map { $0["id"] } == expected.reversed().map { $0["id"] }, "\(query)")
        }
        for pattern in [
            "ada*", "*ada", "*@example.org", "a.b*", "*.last@*", "müller", "*l@exam*", "first last", "*", "a*b*g",
        ] {
            let expected = records.filter { SearchText.hasToken($0["properties"]?["email"]?.string ?? "", pattern) }
            let answer = try await bench.search([
                "limit": 200,
                "filters": .array([["propertyName": "email", "operator": "CONTAINS_TOKEN", "value": .string(pattern)]]),
            ]).json
            #expect(answer["results"]?.array?.map { $0["id"] } == expected.map { $0["id"] }, "\(pattern)")
        }
        for bound in [0, 503, 510, 100_000] {
            let answer = try await bench.search([
                "filters": .array([["propertyName": "hs_object_id", "operator": "GT", "value": .integer(bound)]])
            ]).json
            let expected = records.count { ($0["id"]?.integer ?? 0) > bound }
            #expect(answer["total"] == .integer(expected), "above \(bound)")
        }
    }

    @Test(arguments: [false, true]) func `follow every kind of write`(isLagging: Bool) async throws {
        try await Bench.running { options in
            if isLagging { options.searchLag = .seconds(1) }
        } _: { bench in
            var ids: [String] = []
            for (index, name) in Self.firstNames.enumerated() {
                ids.append(
                    try await bench.contact([
                        "firstname": .string(name), "phone": .string("+49 30 555 \(index)"), "company": "Acme & Söhne",
                        "email": .string("\(Self.addresses[index % 6]).\(index)@example.org".replacing("ü", with: "u")),
                    ]))
            }
            bench.clock.advance(by: .seconds(2))
            try await check(bench)
            _ = try await bench.send(
                "PATCH", "\(Bench.contacts)/\(ids[0])", ["properties": ["firstname": "Zoë", "phone": ""]])
            _ = try await bench.send("PATCH", "\(Bench.contacts)/\(ids[1])", ["properties": ["city": "Oslo"]])
            _ = try await bench.send("DELETE", "\(Bench.contacts)/\(ids[2])")
            _ = try await bench.post(
                Bench.contacts + "/merge", ["primaryObjectId": .string(ids[3]), "objectIdToMerge": .string(ids[4])])
            _ = try await bench.post(Bench.contacts + "/gdpr-delete", ["objectId": .string(ids[5])])
            _ = try await bench.post(
                Bench.contacts + "/batch/archive",
                ["inputs": .array([["id": .string(ids[6])], ["id": .string(ids[7])]])])
            bench.clock.advance(by: .seconds(2))
            try await check(bench)
            #expect(try await bench.search([:]).json["total"] == 5)
            #expect(try await bench.send("POST", "/_simulator/reset", token: nil).status == 200)
            try await check(bench)
        }
    }

    @Test func `are made for a portal that has none yet, and a copy for searches is kept over a restart`() async throws
    {
        let path = "/tmp/simulator-test-\(UUIDs.version4()).sqlite"
        defer { for suffix in ["", "-wal", "-shm"] { unlinkFile(path + suffix) } }
        try await Bench.running(contacts: 30) {
            $0.database = path
        } _: { bench in
            try await check(bench)
        }
        let old = try DatabaseQueue(path: path)
        try await old.write { db in
            for table in ["records", "search_records"] {
                for trigger in ["made", "erased", "archived", "restored", "changed"] {
                    try db.execute(sql: "DROP TRIGGER \(table)_\(trigger)")
                }
                try db.execute(sql: "DROP TABLE \(table)_words; DROP TABLE \(table)_blocks")
            }
        }
        try old.close()
        for lag in [0, 1, 1, 0, 1] {
            try await Bench.running {
                $0.database = path
                $0.searchLag = .seconds(lag)
            } _: { bench in
                try await check(bench)
                // Not yet due when the simulator ends.
                try await bench.contact(["email": .string("\(UUIDs.version4())@example.org"), "firstname": "Late"])
            }
        }
        try await Bench.running {
            $0.database = path
        } _: { bench in
            #expect(try await bench.search(["query": "late"]).json["total"] == 5)
            try await check(bench)
        }
    }

    @Test func `are taken over from a file whose triggers write words at once`() async throws {
        let path = "/tmp/simulator-test-\(UUIDs.version4()).sqlite"
        defer { for suffix in ["", "-wal", "-shm"] { unlinkFile(path + suffix) } }
        try await Bench.running(contacts: 30) {
            $0.database = path
        } _: { _ in
        }
        let old = try DatabaseQueue(path: path)
        try await old.write { db in
            for table in ["records", "search_records"] {
                try db.execute(
                    sql: """
                        DROP TABLE \(table)_reworded; DROP TRIGGER \(table)_made;
                        CREATE TRIGGER \(table)_made AFTER INSERT ON \(table) WHEN new.archived = 0 BEGIN
                            INSERT INTO \(table)_words (rowid, text) VALUES (new.key, hs_words(new.type, new.properties));
                        END
                        """)
            }
        }
        try old.close()
        try await Bench.running {
            $0.database = path
        } _: { bench in
            let id = try await bench.contact(["email": "early@example.org", "firstname": "Early"])
            _ = try await bench.send("PATCH", "\(Bench.contacts)/\(id)", ["properties": ["firstname": "Late"]])
            #expect(try await bench.search(["query": "early"]).json["total"] == 1)
            #expect(try await bench.search(["query": "late"]).json["total"] == 1)
            try await check(bench)
        }
    }

    @Test func `leave no file where a portal could not be made whole`() async throws {
        let path = "/tmp/simulator-test-\(UUIDs.version4())/portal.sqlite"
        var options = SimulatorOptions()
        options.database = path
        await #expect(throws: (any Error).self) { _ = try await Simulator.start(options) }
        #expect(!PortalFile.exists(path + ".making"))
    }
}

@Suite("Indexes made on demand") struct SearchColumnsTests {
    /// The index that SQLite uses for a search's results and for its total.
    private func plans(_ body: JSONValue, _ database: any DatabaseReader) throws -> [String] {
        let schema = try database.read { try PortalDatabase.schema($0) }
        let query = try SearchRequest(body, length: 0)
        var sql = try SearchSQL(query, of: schema.type("contacts"), in: schema, lagging: false)
        sql.expectFew()
        return try database.read { db in
            try [
                "SELECT \(RecordStore.columns) FROM \(sql.source) WHERE \(sql.condition) ORDER BY \(sql.order) LIMIT 100",
                "SELECT count(*) FROM \(sql.countSource.table) WHERE \(sql.condition)",
            ].map { text in
                let statement = try db.makeStatement(sql: "EXPLAIN QUERY PLAN \(text)")
                let rows = try Row.fetchAll(
                    statement, arguments: StatementArguments(sql.arguments.map { $0 as any DatabaseValueConvertible }))
                return rows.map { $0["detail"] as String }.joined(separator: "; ")
            }
        }
    }

    private func one(_ property: String, _ op: String, _ value: JSONValue? = nil, sort: JSONValue? = nil) -> JSONValue {
        var filter: JSONValue = ["propertyName": .string(property), "operator": .string(op)]
        if let value { filter = filter.setting(value.array == nil ? "value" : "values", to: value) }
        return ["filters": .array([filter]), "sorts": .array(sort.map { [$0] } ?? []), "limit": 200]
    }

    /// Ids and total that a search finds; indexes are made where it asks for them.
    private func search(_ body: JSONValue, _ portal: Portal) async throws -> (ids: [Int64], total: Int64) {
        let run: @Sendable (Database) throws -> (ids: [Int64], total: Int64) = { db in
            let query = try SearchRequest(body, length: 0)
            let sql = try SearchSQL(query, of: portal.schema.type("contacts"), in: portal.schema, lagging: false)
            try sql.columns.check(db)
            let statement = try db.makeStatement(
                sql: "SELECT key FROM \(sql.source) WHERE \(sql.condition) ORDER BY \(sql.order) LIMIT 200")
            let keys = try Int64.fetchAll(
                statement, arguments: StatementArguments(sql.arguments.map { $0 as any DatabaseValueConvertible }))
            return (keys.map { PortalObjectType.id(ofKey: $0) }, try portal.totals.total(sql, db))
        }
        do {
            return try await portal.database.read(run)
        } catch let missing as SearchColumns.Missing {
            try await portal.database.write { try missing.make($0) }
            return try await portal.database.read(run)
        }
    }

    private struct Case: Sendable {
        var body: JSONValue
        var fits: @Sendable ([String: String]) -> Bool

        init(_ body: JSONValue, _ fits: @escaping @Sendable ([String: String]) -> Bool) {
            self.body = body
            self.fits = fits
        }
    }

    private var cases: [Case] {
        [
            Case(one("firstname", "EQ", "ADA")) { $0["firstname"] == "Ada" },
            Case(one("city", "IN", ["london", "paris"])) { ["London", "Paris"].contains($0["city"] ?? "") },
            Case(one("score", "GT", "990")) { Double($0["score"] ?? "-1")! > 990 },
            Case(one("birthday", "LT", "1960-01-01")) { ($0["birthday"] ?? "9") < "1960" },
            Case(one("jobtitle", "HAS_PROPERTY")) { $0["jobtitle"] != nil },
            Case(one("phone", "NOT_HAS_PROPERTY")) { $0["phone"] == nil },
            Case(one("newsletter", "EQ", "true")) { $0["newsletter"] == "true" },
        ]
    }

    @Test func `serve filters and sorts of a large portal, and find what looking at each record finds`() async throws {
        var options = SimulatorOptions()
        options.contacts = Int(SearchColumns.minimumRecords)
        options.clock = ManualSimulatorClock()
        let portal = try Portal(options)
        let people = try await portal.database.read { db in
            try Row.fetchAll(db, sql: "SELECT key, properties FROM records WHERE type = 1 ORDER BY key").map { row in
                (id: PortalObjectType.id(ofKey: row[0]), values: StoredProperties(stored: row[1]).values)
            }
        }
        for one in cases {
            let expected = people.filter { one.fits($0.values) }.map(\.id)
            let found = try await search(one.body, portal)
            #expect(!expected.isEmpty)
            #expect(found.ids == Array(expected.prefix(200)), "\(one.body.text)")
            #expect(found.total == Int64(expected.count), "\(one.body.text)")
            for plan in try plans(one.body, portal.database) {
                #expect(plan.contains("INDEX records_1_"), "\(one.body.text): \(plan)")
            }
        }
        let scored = people.compactMap { person in
            person.values["score"].flatMap { Double($0) }.map { (id: person.id, score: $0) }
        }
        for isAscending in [true, false] {
            let direction: JSONValue = isAscending ? "ASCENDING" : "DESCENDING"
            let body: JSONValue = ["sorts": .array([["propertyName": "score", "direction": direction]]), "limit": 200]
            let sorted = scored.sorted { a, b in
                isAscending ? (a.score, a.id) < (b.score, b.id) : (a.score, a.id) > (b.score, b.id)
            }
            #expect(try await search(body, portal).ids == sorted.prefix(200).map(\.id))
            let plan = try plans(body, portal.database)[0]
            #expect(plan.contains("INDEX records_1_score") && !plan.contains("TEMP B-TREE"), "\(plan)")
        }
    }
}
