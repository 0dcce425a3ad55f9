/// Whether a call is open to a session, as far as that is known before it is made.
package struct Capability: Sendable, Equatable {
    package var isOpen: Bool
    /// The scopes of which any one opens it; empty where it needs none, or they are not known here.
    package var scopes: [String]
    /// Why it is closed, or why that is not known; nil where it is open.
    package var reason: String?
}

extension Session {
    /// - Parameters:
    ///   - path: Without a query.
    ///   - scopes: What the credential may do; nil where that is not known.
    package func capability(of request: APIRequest, scopes: [String]?) -> Capability {
        guard let rules = try? RequestRules(request) else { return Capability(isOpen: true, scopes: [], reason: nil) }
        let needed = ScopeCatalogue.scopes(for: rules.permission) ?? []
        if configuration.isReadOnly, rules.isWrite {
            return Capability(isOpen: false, scopes: needed, reason: "this session is read-only")
        }
        guard configuration.permissions.allows(rules.permission) else {
            return Capability(
                isOpen: false, scopes: needed,
                reason: "this session is not allowed \(rules.permission) (it has \(configuration.permissions))")
        }
        guard let scopes else {
            return Capability(isOpen: true, scopes: needed, reason: "nothing tells what this credential may do")
        }
        if needed.isEmpty || needed.contains(where: scopes.contains) {
            return Capability(isOpen: true, scopes: needed, reason: nil)
        }
        return Capability(
            isOpen: false, scopes: needed, reason: "the credential lacks the scope; \(ScopeCatalogue.wayToGrant)")
    }
}
