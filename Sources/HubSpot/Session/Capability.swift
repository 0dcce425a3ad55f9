/// Whether a call is open to a session, as far as that is known before it is made.
package struct Capability: Sendable, Equatable {
    package var isOpen: Bool
    /// The scopes of which any one opens it; empty where it needs none, or they are not known here.
    package var scopes: [String]
    /// Why it is closed, or why that is not known; nil where it is open.
    package var reason: String?

    /// - Parameter granted: What the credential may do; nil where that is not known.
    package init(
        of request: APIRequest, granted: [String]?, isReadOnly: Bool, permissions: PermissionList = .all,
        granting: ScopeGranting = .inSettings, wording: (HubSpotError.Remedy) -> String = { $0.description }
    ) {
        guard let rules = try? RequestRules(request) else {
            (isOpen, scopes, reason) = (true, [], nil)
            return
        }
        scopes = ScopeCatalogue.scopes(for: rules.permission) ?? []
        isOpen = false
        if isReadOnly, rules.isWrite {
            reason = "this session is read-only"
        } else if !permissions.allows(rules.permission) {
            reason = "this session is not allowed \(rules.permission) (it has \(permissions))"
        } else if let first = scopes.first, let granted, !scopes.contains(where: granted.contains) {
            reason = "the credential lacks the scope; \(wording(granting.remedy([first])))"
        } else {
            isOpen = true
            reason = granted == nil ? "nothing tells what this credential may do" : nil
        }
    }
}

extension Session {
    /// - Parameter scopes: What the credential may do; nil where that is not known.
    package func capability(of request: APIRequest, scopes: [String]?) -> Capability {
        Capability(
            of: request, granted: scopes, isReadOnly: configuration.isReadOnly,
            permissions: configuration.permissions, granting: configuration.credential?.granting ?? .inSettings,
            wording: configuration.wording)
    }
}
