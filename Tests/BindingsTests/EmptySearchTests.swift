import LuaRuntime
import Testing

/// A variable that is misspelt is nil, and a condition without it is empty: it must not mean every record.
@Suite("An empty search") struct EmptySearchTests {
    @Test(arguments: [
        ("search('')", "query"), ("search('  ')", "query"), ("search{ query = '' }", "query"), ("count('')", "query"),
        ("search_each('')", "query"), ("search{ where = {} }", "query.where"),
        ("search{ where = { email = {} } }", "query.where.email"),
        ("search{ where = { email = { one_of = {} } } }", "query.where.email.one_of"),
        ("search{ filterGroups = {} }", "query.filterGroups"), ("count{ filterGroups = {} }", "query.filterGroups"),
        ("search{ filterGroups = { { filters = {} } } }", "query.filterGroups[1].filters"),
        ("search{ filters = {} }", "query.filters"), ("search{ any = {} }", "query.any"),
        ("search{ any = { {} } }", "query.any[1]"), ("search_each{ filters = {} }", "query.filters"),
    ])
    func `is refused, and says where`(call: String, place: String) async throws {
        try await withoutSession { (runtime: LuaRuntime) async throws in
            let chunk =
                "local ok, e = pcall(function() return hubspot.contacts.\(call) end) return ok, e.kind, e.message"
            let answer = try await runtime.run(LuaChunk(chunk, name: "=test"))
            #expect(answer.prefix(2) == [false, "invalid_argument"], "\(call) gave \(answer)")
            #expect(answer.last?.asString?.hasPrefix("bad argument '\(place)' to ") == true, "\(answer)")
        }
    }

    @Test(arguments: ["search{}", "search{ limit = 1 }", "search{ where = nil }"])
    func `finds all records where no condition is given`(call: String) async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                "hubspot.contacts.create{ email = 'a@example.org' } return hubspot.contacts.\(call).total")
            #expect(answer == [1])
        }
    }
}
