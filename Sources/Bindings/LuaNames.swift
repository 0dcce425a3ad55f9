/// The names under which metatables are registered.
enum LuaNames {
    static let record = "hubspot.record"
    static let page = "hubspot.page"
    static let session = "hubspot.session"
    static let plan = "hubspot.plan"
    static let day = "hubspot.day"
    static let calls = "hubspot.calls"
    /// Of tables whose counts may be infinite.
    static let limits = "hubspot.limits"
}
