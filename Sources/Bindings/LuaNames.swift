/// The names under which metatables are registered.
enum LuaNames {
    static let record = "hubspot.record"
    static let page = "hubspot.page"
    /// A record's field, and the metatable of what it holds: registered where a person types, who is told of a name that was
    /// not fetched.
    static let properties = (field: "properties", metatable: "hubspot.properties")
    /// Each session's own.
    static func session(_ source: SessionSource) -> String {
        source.connection.map { "hubspot.session@\($0)" } ?? "hubspot.session"
    }
    static let plan = "hubspot.plan"
    static let day = "hubspot.day"
    static let calls = "hubspot.calls"
    /// Of tables whose counts may be infinite.
    static let limits = "hubspot.limits"
}
