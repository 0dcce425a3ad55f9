import HubSpot
import LuaRuntime

extension ReadOptions {
    /// HubSpot's largest page: 100 records, 50 with history.
    var pageSize: Int { propertiesWithHistory.isEmpty ? 100 : 50 }
}

extension LuaCall {
    /// Where a query holds the condition on a property.
    func condition(on property: String) -> String {
        let conditions = table("query")?["where"].asTable
        return conditions.map { $0[property] != .none } ?? false ? "query.where.\(property)" : "query"
    }

    /// A count of elements that an iterator yields at most.
    func maximum(_ path: String, _ value: LuaValue) throws -> Int? {
        guard let max = value.asInteger else { return nil }
        guard max >= 0 else { throw bad(path, "0 or more expected, got \(max)") }
        return Int(max)
    }
}
