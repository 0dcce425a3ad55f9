import HubSpot
import LuaRuntime

extension LuaConstant {
    /// The value of `hubspot.session`: a table that can be printed and walked over, and not changed.
    /// ``LuaModule/session(_:)`` describes it.
    static func session(_ source: SessionSource) -> LuaConstant {
        let module = LuaModule.session(source)
        return LuaConstant("session", .named(module.name), module.summary) {
            var known = LuaTable(
                fields: module.constants.map { ($0.name, $0.value()) }.filter { $0.1 != .none },
                metatable: LuaNames.session(source))
            known.isSealed = true
            return .table(known)
        }
    }
}

extension LuaModule {
    /// `hubspot.session`: read-only. The account's details are asked of HubSpot when one is first read; the rest is
    /// known without opening the session.
    static func session(_ source: SessionSource) -> LuaModule {
        LuaModule(
            "hubspot.session", "What this session is. Read-only.",
            constants: [
                LuaConstant("profile", .string, "Name of the profile; nil without one.") {
                    LuaValue(source.description.profile)
                },
                LuaConstant("portalId", .integer, "Id of the portal. Asked of HubSpot when it is first read.") {
                    source.description.portalID.map { .integer($0) } ?? .none
                },
                LuaConstant(
                    "auth", .choice(["token", "oauth", "client_credentials", "api_key", "header", "query"]),
                    "How it authenticates; nil without a credential."
                ) {
                    LuaValue(source.description.auth)
                },
                LuaConstant(
                    "base_url", .string, "HubSpot's API; with the simulator nil until the first call starts it."
                ) {
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
                LuaConstant(
                    "dry_run", .boolean,
                    "Whether calls that would write send nothing: with `--dry-run`, and under `moonspot plan`."
                ) {
                    .boolean(source.description.isDryRun)
                },
                LuaConstant(
                    "accountType", .string,
                    "`STANDARD`, `SANDBOX`, `DEVELOPER_TEST` or `APP_DEVELOPER`. Asked of HubSpot when it is first read."
                ) {
                    LuaValue(source.description.accountType)
                },
                LuaConstant(
                    "region", .string,
                    "The account's data centre: `na1`, `eu1`. Asked of HubSpot when it is first read."
                ) {
                    LuaValue(source.description.region)
                },
                LuaConstant("scopes", .list(.string), "What the token may do. Asked of HubSpot when it is first read.")
                {
                    source.description.scopes.map { .strings($0) } ?? .none
                },
            ])
    }
}

extension LuaFunction {
    /// The name of the metatable of this session's `hubspot.session`, whose functions ask this session.
    static func sessionMetatable(_ source: SessionSource) -> LuaFunction {
        LuaFunction(
            "session_metatable", "The name of the metatable of hubspot.session.",
            body: .immediate { _ in [.string(LuaNames.session(source))] })
    }

    /// Refuses a name that `hubspot.session` does not have, as modules do; one that it has and that is nil passes.
    static func sessionName(_ source: SessionSource) -> LuaFunction {
        LuaFunction(
            "session_name", "Raises where there is no such field.",
            parameters: [.required("name", .string, "What was read.")],
            body: .immediate { call in
                let (name, module) = (call.string("name") ?? "", LuaModule.session(source))
                guard module.constants.contains(where: { $0.name == name }) else {
                    throw LuaError.unknown(name, in: module)
                }
                return []
            })
    }

    /// A field of `hubspot.session` that HubSpot has to be asked for, once in a session.
    static func sessionField(_ source: SessionSource) -> LuaFunction {
        LuaFunction(
            "session_field", "Reads what the account or the token says of itself.",
            parameters: [.required("name", .string, "Which field.")],
            body: .suspending { call in
                let name = call.string("name") ?? ""
                return [
                    try await source.use(for: call) { session -> LuaValue in
                        switch name {
                        case "portalId": .integer(try await session.portalID())
                        case "accountType": LuaValue(try await session.accountDetails().accountType)
                        case "region": LuaValue(try await session.accountDetails().region?.description)
                        case "scopes": try await session.scopes().map { .strings($0) } ?? .none
                        default: .none
                        }
                    }
                ]
            })
    }
}

extension LuaValue {
    fileprivate static func strings(_ list: [String]) -> LuaValue {
        .table(LuaTable(list: list.map { .string($0) }, isArray: true))
    }
}
