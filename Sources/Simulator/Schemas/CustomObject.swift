import JSON
import Wire

/// A custom object's definition as it is stored and shown, and the object type that it makes.
struct CustomObject: Sendable {
    /// Below are HubSpot's own types.
    static let firstOrdinal: Int64 = 10_000
    static let members = [
        "labels", "requiredProperties", "searchableProperties", "primaryDisplayProperty", "secondaryDisplayProperties",
        "description",
    ]

    /// The wire's members, without properties and associations.
    var json: JSONValue

    var name: String { json["name"]?.string ?? "" }
    var isArchived: Bool { json["archived"]?.bool ?? false }

    init(json: JSONValue) {
        self.json = json
    }

    /// - Parameter body: The body of a create; its members have been checked.
    init(_ body: JSONValue, ordinal: Int64, name: String, now: Int64) {
        let id = JSONValue.string("2-\(ordinal - Self.firstOrdinal)")
        let time = JSONValue.string(Timestamp.iso(now))
        json = [
            "id": id, "objectTypeId": id, "name": .string(name),
            "fullyQualifiedName": .string("p\(Portal.id)_\(name)"), "portalId": .integer(Portal.id),
            "createdAt": time, "updatedAt": time, "createdByUserId": 111, "updatedByUserId": 111, "archived": false,
            "labels": [:], "requiredProperties": [], "searchableProperties": [], "secondaryDisplayProperties": [],
            "primaryDisplayProperty": .null,
        ]
        set(body, now: now)
    }

    /// Sets the members that a body names.
    mutating func set(_ body: JSONValue, now: Int64) {
        for member in Self.members {
            if let value = body[member], !value.isNull { json = json.setting(member, to: value) }
        }
        if body["clearDescription"]?.bool == true { json = json.without("description") }
        json = json.setting("updatedAt", to: .string(Timestamp.iso(now)))
    }

    private func names(_ member: String) -> [String] { (json[member]?.array ?? []).compactMap(\.string) }

    /// The properties that the definition points to.
    var pointedTo: [String] {
        names("requiredProperties") + names("searchableProperties") + names("secondaryDisplayProperties")
            + [json["primaryDisplayProperty"]?.string].compactMap { $0 }
    }

    func objectType(ordinal: Int64) -> PortalObjectType {
        let primary = [json["primaryDisplayProperty"]?.string].compactMap { $0 }
        let required = names("requiredProperties")
        return PortalObjectType(
            ordinal: ordinal, id: json["objectTypeId"]?.string ?? "", name: "p\(Portal.id)_\(name)", singular: name,
            defaults: required + primary, requirement: required.isEmpty ? .none : .allOf(required),
            searched: names("searchableProperties"))
    }
}
