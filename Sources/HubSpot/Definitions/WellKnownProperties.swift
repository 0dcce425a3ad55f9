/// Properties that every portal has and none can change (source: HubSpot's default properties): nothing needs to be
/// read to know what they hold.
enum WellKnownProperties {
    static func of(_ type: ObjectType) -> [String: PropertyTypes.Property] {
        ObjectType.canonical(type.name) == "contacts" ? contacts : common
    }

    /// An owner is one of the portal's, of whom the definition says nothing.
    private static let common: [String: PropertyTypes.Property] = [
        "hubspot_owner_id": .init(kind: .unknown), "hs_object_id": .init(kind: .number, isReadOnly: true),
    ]

    private static let contacts: [String: PropertyTypes.Property] = {
        var properties = common
        for name in [
            "firstname", "lastname", "jobtitle", "company", "website", "phone", "mobilephone", "address", "city", "zip",
        ] {
            properties[name] = .init(kind: .text)
        }
        properties["email"] = .init(kind: .email)
        for name in ["createdate", "lastmodifieddate"] { properties[name] = .init(kind: .moment, isReadOnly: true) }
        return properties
    }()
}
