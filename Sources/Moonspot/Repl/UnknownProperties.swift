import HubSpot
import JSON
import Wire
import Words

/// Properties that a request asks for by name. HubSpot passes over one that it does not have, without a word.
struct AskedProperties: Equatable {
    var type: String
    var names: [String]

    /// Nil for a request that asks for none.
    init?(_ request: ShownRequest) {
        let parts = request.address.split(separator: "?", maxSplits: 1)
        let path = (parts.first ?? "").split(separator: "/")
        guard let objects = path.firstIndex(of: "objects") else { return nil }
        // The dated version stands behind it, the older one before.
        let type = path[(objects + 1)...].first { $0.wholeMatch(of: /\d{4}-\d\d/) == nil }
        guard let type else { return nil }
        let name = ObjectType(String(type)).name
        self.type = ObjectType.standard.first { $0.id == name }?.name ?? name
        let fields = (parts.count > 1 ? parts[1] : "").split(separator: "&")
        names = fields.filter { $0.hasPrefix("properties=") }.flatMap {
            PercentEncoding.decodeLeniently($0.dropFirst("properties=".count), plusIsSpace: true)
                .split(separator: ",").map(String.init)
        }
        if let body = request.body, case .array(let list)? = JSONValue(parsing: body)?["properties"] {
            names += list.compactMap(\.string)
        }
        if names.isEmpty { return nil }
    }

    /// What there is to say of those that the type does not have.
    func remarks(_ definitions: [PropertySummary]) -> [(name: String, text: String)] {
        let known = definitions.map(\.name)
        return names.filter { !known.contains($0) }.map { name in
            let hint = NearestName.hint(for: name, among: known)
            return (name, "\(type) have no property '\(Escaping.visible(name))', and nothing is fetched for it\(hint)")
        }
    }
}
