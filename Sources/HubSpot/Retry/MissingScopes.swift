import JSON

/// The scopes that a 403 speaks of.
struct MissingScopes {
    let scopes: [String]
    /// Whether HubSpot has named them; else they are those that the call is known to need.
    private let areNamed: Bool

    /// The names that HubSpot's answers have had for them (source: the scopes page, older replies, the spec's example).
    private static let keys = ["requiredGranularScopes", "requiredScopes", "missingScopes"]

    /// Nil for a refusal that is about no scope.
    init?(_ body: JSONValue?, of request: APIRequest) {
        guard let body else { return nil }
        let errors = body["errors"]?.array ?? []
        let places = errors.compactMap { $0["context"] } + errors + [body["context"], body].compactMap { $0 }
        var named: [String] = []
        for place in places {
            for key in Self.keys {
                let value = place[key]
                for scope in value?.array?.compactMap(\.string) ?? [value?.string].compactMap({ $0 })
                where !named.contains(scope) { named.append(scope) }
            }
        }
        areNamed = !named.isEmpty
        if areNamed {
            scopes = named
            return
        }
        guard body["category"]?.string == "MISSING_SCOPES", let rules = try? RequestRules(request),
            let known = ScopeCatalogue.scopes(for: rules.permission)?.first
        else { return nil }
        scopes = [known]
    }

    var words: String {
        let list = scopes.joined(separator: ", ")
        return areNamed
            ? "the token lacks a scope that this call needs: \(list)"
            : "the token lacks a scope that this call needs, probably \(list)"
    }
}
