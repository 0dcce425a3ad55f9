import Wire

/// A kind of record: HubSpot's plural name (`contacts`), a type id (`0-1`), or a custom object's id, name or fully
/// qualified name (`p20000001_car`).
public struct ObjectType: Sendable, Hashable {
    /// HubSpot's name or id of the type, as it stands in paths.
    public let name: String

    /// Any name or id; HubSpot says whether there is such a type.
    public init(_ name: String) { self.name = Self.pathNames[name] ?? name }

    /// HubSpot's path names of types that are known by a shorter name.
    static let pathNames = ["goals": "goal_targets", "payments": "commerce_payments"]

    /// Contacts.
    public static let contacts = ObjectType("contacts")

    /// Contacts alone are known by a unique email address beside their id, and can be deleted for good.
    package var isContacts: Bool { ["contacts", "contact", "0-1"].contains(name.lowercased()) }

    /// The property that names a record of this type where nothing else is said. Nil where only the id does.
    package var naturalKey: String? { isContacts ? "email" : nil }

    /// HubSpot's standard types, by their names, and their type ids (source: Understanding the CRM).
    package static let standard: [(name: String, id: String, record: String)] = [
        ("contacts", "0-1", "contact"), ("companies", "0-2", "company"), ("deals", "0-3", "deal"),
        ("tickets", "0-5", "ticket"), ("products", "0-7", "product"), ("line_items", "0-8", "line item"),
        ("quotes", "0-14", "quote"), ("communications", "0-18", "communication"),
        ("feedback_submissions", "0-19", "feedback submission"), ("tasks", "0-27", "task"), ("notes", "0-46", "note"),
        ("meetings", "0-47", "meeting"), ("calls", "0-48", "call"), ("emails", "0-49", "email"),
        ("invoices", "0-53", "invoice"),
        ("marketing_events", "0-54", "marketing event"), ("subscriptions", "0-69", "subscription"),
        ("goals", "0-74", "goal"),
        ("discounts", "0-84", "discount"), ("fees", "0-85", "fee"), ("taxes", "0-86", "tax"),
        ("payments", "0-101", "payment"), ("users", "0-115", "user"), ("postal_mail", "0-116", "postal mail"),
        ("orders", "0-123", "order"), ("leads", "0-136", "lead"), ("carts", "0-142", "cart"),
        ("services", "0-162", "service"), ("courses", "0-410", "course"), ("listings", "0-420", "listing"),
        ("appointments", "0-421", "appointment"), ("projects", "0-970", "project"),
    ]

    /// Whether it is one of HubSpot's own.
    var isStandard: Bool {
        let name = Self.canonical(name)
        return Self.standard.contains { $0.name == name }
    }

    /// Whether the name may stand in a path: letters, digits, `_` and `-`.
    package var isWellFormed: Bool {
        !name.isEmpty && name.utf8.count <= 200
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            }
    }
}

/// Which record is meant: by its id, or by the value of a property whose values are unique.
public struct RecordReference: Sendable, Hashable {
    /// The id, or the property's value.
    public var value: String
    /// Nil where ``value`` is the record's id.
    public var idProperty: String?

    /// - Parameter idProperty: The property whose value it is; nil for an id.
    public init(_ value: String, idProperty: String? = nil) {
        self.value = idProperty == "email" ? EmailAddress.trimmed(value) : value
        self.idProperty = idProperty == "hs_object_id" ? nil : idProperty
    }

    /// By the record's id.
    public static func id(_ id: String) -> RecordReference { RecordReference(id) }
    /// For contacts: by an email address, the first one or a further one of the contact.
    public static func email(_ address: String) -> RecordReference { RecordReference(address, idProperty: "email") }

    /// The common key of references to the same record: HubSpot compares emails without regard to case.
    var key: RecordReference {
        idProperty == "email" ? RecordReference(value.lowercased(), idProperty: "email") : self
    }
}

/// The properties and associations to send along with a record.
public struct ReadOptions: Sendable, Equatable {
    /// HubSpot's default properties of the type where this is empty.
    public var properties: [String]
    /// Properties whose former values come along, newest first.
    public var propertiesWithHistory: [String]
    /// Object types whose links are listed.
    public var associations: [String]
    /// Archived records instead of the others.
    public var archived: Bool

    /// Without arguments: HubSpot's default properties, and no links.
    public init(
        properties: [String] = [], propertiesWithHistory: [String] = [], associations: [String] = [],
        archived: Bool = false
    ) {
        self.properties = properties
        self.propertiesWithHistory = propertiesWithHistory
        self.associations = associations
        self.archived = archived
    }

    /// HubSpot reads 50 records with history at a time, 100 without.
    var batchSize: Int { propertiesWithHistory.isEmpty ? 100 : 50 }

    /// As query items; lists with commas.
    func query(including extra: [(name: String, value: String)] = []) -> [(name: String, value: String)] {
        var items = extra
        if !properties.isEmpty { items.append(("properties", properties.joined(separator: ","))) }
        if !propertiesWithHistory.isEmpty {
            items.append(("propertiesWithHistory", propertiesWithHistory.joined(separator: ",")))
        }
        if !associations.isEmpty { items.append(("associations", associations.joined(separator: ","))) }
        if archived { items.append(("archived", "true")) }
        return items
    }

    /// Servers refuse URLs from about 8 KB on with a 414 (source: hubspot-api-python#334); names beyond half of that
    /// are asked for in a body.
    var isTooLongForURL: Bool {
        (properties + propertiesWithHistory).reduce(0) { $0 + $1.utf8.count + 3 } > 4_000
    }
}
