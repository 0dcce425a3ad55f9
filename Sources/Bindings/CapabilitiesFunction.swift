import HTTPTypes
import HubSpot
import LuaRuntime

extension LuaFunction {
    /// `hubspot.capabilities()`.
    static func capabilities(_ source: SessionSource) -> LuaFunction {
        LuaFunction(
            "capabilities", "Tells what this session's credential opens here.",
            details:
                "`{ open, scope, reason }` for each function: whether a call would be let through, the scope that it "
                + "needs, and why it is closed. Scopes, `--read-only` and `--allow` are counted in; what HubSpot refuses "
                + "for other reasons shows when it is called.",
            returns: [LuaReturn(.table, "By the function's name: `hubspot.contacts.create`.")],
            source: "POST /oauth/v2/private-apps/get/access-token-info",
            example: "hubspot.capabilities()[\"hubspot.contacts.create\"].open",
            body: .suspending { call in
                let entries = try await source.use(for: call) { session -> [(String, LuaValue)] in
                    let scopes = try await session.scopes()
                    return Endpoint.all.map { endpoint in
                        let capability = session.capability(of: endpoint.request, scopes: scopes)
                        return (
                            endpoint.function,
                            .object([
                                ("open", .boolean(capability.isOpen)),
                                ("scope", LuaValue(capability.scopes.first)),
                                ("reason", LuaValue(capability.reason)),
                            ])
                        )
                    }
                }
                return [.object(entries)]
            })
    }

    /// A function, and the first call that it makes.
    private struct Endpoint: Sendable {
        let function: String
        let request: APIRequest

        /// Every function below `hubspot` that says which endpoint it calls.
        static let all: [Endpoint] = {
            func below(_ module: LuaModule) -> [LuaModule] {
                [module] + module.submodules.compactMap { module.submodule?($0) }.flatMap(below)
            }
            return MoonspotModules.reference.roots.filter { $0.name == "hubspot" }.flatMap(below).flatMap { module in
                module.functions.compactMap { function in
                    function.source.flatMap(request).map {
                        Endpoint(function: "\(module.name).\(function.name)", request: $0)
                    }
                }
            }
        }()

        /// Reads `GET /crm/objects/{version}/contacts/{contactId}`, the first where several are named.
        private static func request(_ source: String) -> APIRequest? {
            let words = source.split(separator: " ")
            guard words.count >= 2, let method = HTTPRequest.Method(String(words[0])) else { return nil }
            let path = words[1].prefix { $0 != "," }.replacing("{version}", with: "2026-09")
                .replacing(/\{[^}]*\}/, with: "1")
            return APIRequest(method, String(path), host: APIRequest.Host(path: String(path)))
        }
    }
}
