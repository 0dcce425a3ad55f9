import HTTPTypes
import HubSpot
import LuaRuntime

/// A function, and the first call that it makes.
struct DeclaredEndpoint: Sendable {
    /// By its full name: `hubspot.contacts.create`.
    let function: String
    let request: APIRequest

    /// Every function below `hubspot` that says which endpoint it calls.
    static let all: [DeclaredEndpoint] = {
        func below(_ module: LuaModule) -> [LuaModule] {
            [module] + module.submodules.compactMap { module.submodule?($0) }.flatMap(below)
        }
        return MoonspotModules.reference.roots.filter { $0.name == "hubspot" }.flatMap(below).flatMap { module in
            module.functions.compactMap { function in
                function.source.flatMap(request).map {
                    DeclaredEndpoint(function: "\(module.name).\(function.name)", request: $0)
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

extension SessionSource {
    /// What is known of whether a function is open to this session, for its help: `open to this credential by
    /// crm.objects.contacts.write`. Sends nothing, and opens nothing. Nil for one that makes no call.
    public func openness(of function: String) -> String? {
        guard let endpoint = DeclaredEndpoint.all.first(where: { $0.function == function }) else { return nil }
        let session = openSession
        let granted = session?.knownScopes
        let capability =
            session?.capability(of: endpoint.request, scopes: granted)
            ?? Capability(of: endpoint.request, granted: nil, isReadOnly: description.isReadOnly)
        let scopes = capability.scopes.prefix(1).joined()
        guard capability.isOpen else {
            return "closed: \(capability.reason ?? "")" + (scopes.isEmpty ? "" : " (it needs the scope \(scopes))")
        }
        guard !scopes.isEmpty else { return nil }
        guard let granted else {
            return "needs the scope \(scopes); hubspot.session.scopes asks which ones this credential has"
        }
        return "open to this credential, by \(capability.scopes.first(where: granted.contains) ?? scopes)"
    }
}
