/// A kind of CRM record: HubSpot's own or a custom object.
struct PortalObjectType: Sendable, Equatable {
    /// The properties that a create must carry.
    enum Requirement: Sendable, Equatable {
        case none
        case anyOf([String])
        case allOf([String])
    }

    /// The high part of the record keys of this type. Never reused.
    var ordinal: Int64
    /// As on the wire: `0-1`, `2-123`.
    var id: String
    /// Plural name in paths: `contacts`, `line_items`.
    var name: String
    /// Singular name, in association type names: `contact`, `line_item`.
    var singular: String
    /// The properties of an answer that names none, beside those in ``always``.
    var defaults: [String]
    var requirement: Requirement = .none
    /// Where the free-text `query` of a search looks.
    var searched: [String] = []
    /// Other names in paths, such as `p20000001_car`.
    var aliases: [String] = []

    /// In messages: `CONTACT`.
    var upper: String { singular.uppercased() }

    /// Contacts have no `hs_` before their time of last change.
    var modifiedProperty: String { id == "0-1" ? "lastmodifieddate" : "hs_lastmodifieddate" }
    var createdProperty: String { id == "0-1" || !id.hasPrefix("2-") ? "createdate" : "hs_createdate" }

    /// The properties that every answer carries.
    var always: [String] { [createdProperty, modifiedProperty, "hs_object_id"] }

    /// Records of this type hold keys from this one on.
    var firstKey: Int64 { ordinal << Self.idBits }
    /// The key after the last one of this type.
    var endKey: Int64 { (ordinal + 1) << Self.idBits }

    static let idBits: Int64 = 44
    static let largestID: Int64 = 1 << idBits - 1

    /// The key of an id; ids that cannot exist lead to keys that no record has.
    func key(_ id: Int64) -> Int64 { firstKey + max(-1, min(id, Self.largestID)) }
    static func id(ofKey key: Int64) -> Int64 { key & largestID }

    /// Scopes that allow reading or writing these records (HubSpot's scopes page).
    func scopes(writing: Bool) -> [String] {
        let verb = writing ? "write" : "read"
        switch id {
        case "0-5": return ["tickets", "crm.objects.tickets.\(verb)"]
        case "0-46", "0-47", "0-48", "0-49", "0-27", "0-18", "0-116": return ["crm.objects.contacts.\(verb)"]
        default:
            return id.hasPrefix("2-") ? ["crm.objects.custom.\(verb)"] : ["crm.objects.\(name).\(verb)"]
        }
    }

    func schemaScopes(writing: Bool) -> [String] {
        let verb = writing ? "write" : "read"
        switch id {
        case "0-5": return ["tickets", "crm.schemas.tickets.\(verb)"]
        default:
            return id.hasPrefix("2-") ? ["crm.schemas.custom.\(verb)"] : ["crm.schemas.\(name).\(verb)"]
        }
    }
}
