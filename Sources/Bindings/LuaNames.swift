/// The names under which metatables are registered.
enum LuaNames {
    static let record = "hubspot.record"
    static let page = "hubspot.page"
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
