import LuaRuntime

extension LuaConstant {
    /// The value of `hubspot.session`: a table that can be printed and walked over. ``LuaModule/session(_:)`` describes
    /// it.
    static func session(_ source: SessionSource) -> LuaConstant {
        let module = LuaModule.session(source)
        return LuaConstant("session", .named(module.name), module.summary) {
            .object(module.constants.map { ($0.name, $0.value()) }, metatable: LuaNames.session)
        }
    }
}

extension LuaModule {
    /// `hubspot.session`: read-only, and known without opening the session.
    static func session(_ source: SessionSource) -> LuaModule {
        LuaModule(
            "hubspot.session", "What this session is. Read-only.",
            constants: [
                LuaConstant("profile", .string, "Name of the profile; nil without one.") {
                    LuaValue(source.description.profile)
                },
                LuaConstant("portalId", .integer, "Id of the portal; nil until known.") {
                    source.description.portalID.map { .integer($0) } ?? .none
                },
                LuaConstant(
                    "auth", .choice(["token", "oauth", "api_key"]), "How it authenticates; nil without a credential."
                ) {
                    LuaValue(source.description.auth)
                },
                LuaConstant("base_url", .string, "HubSpot's API; with the simulator nil until the first call starts it.") {
                    LuaValue(source.description.baseURL)
                },
                LuaConstant("api_version", .string, "`2026-09`, `2026-03` or `v3`.") {
                    .string(source.description.apiVersion)
                },
                LuaConstant("simulator", .boolean, "Whether it talks to the simulator.") {
                    .boolean(source.description.isSimulator)
                },
                LuaConstant("read_only", .boolean, "Whether calls that would write raise an error.") {
                    .boolean(source.description.isReadOnly)
                },
            ])
    }
}
