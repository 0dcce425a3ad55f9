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
                    // Not bound by permissions: it tells what they leave.
                    let scopes = try await session.ownScopes()
                    return DeclaredEndpoint.all.map { endpoint in
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
}
