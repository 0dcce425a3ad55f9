/// What the calls of one batch have in common: nothing but the records may differ.
struct BatchKind: Hashable, Sendable {
    enum Operation: Hashable, Sendable {
        case read(ReadOptions, idProperty: String?)
        /// The first half of an upsert by email: which of the addresses have a record.
        case lookUp
        case create
        case update(appends: Bool)
        case upsert(idProperty: String, isWhole: Bool, appends: Bool)
        case archive
        case link(to: String, label: Associations.Label?)
    }

    /// As it stands in the path.
    var type: String
    var operation: Operation
    /// What a person typed does not wait for bulk work.
    var priority: CallPriority

    init(_ type: ObjectType, _ operation: Operation) {
        self.type = type.name
        self.operation = operation
        priority = .current
    }

    /// Whether two calls for one record are answered by one input.
    var joinsDoubles: Bool {
        switch operation {
        case .read, .lookUp: true
        default: false
        }
    }

    var isWrite: Bool {
        switch operation {
        case .read, .lookUp: false
        default: true
        }
    }

    /// For people: `contacts.update`.
    var description: String {
        let verb =
            switch operation {
            case .read: "read"
            case .lookUp: "look up"
            case .create: "create"
            case .update: "update"
            case .upsert: "upsert"
            case .archive: "archive"
            case .link(let to, _): "link to \(to)"
            }
        return "\(type) \(verb)"
    }
}

extension ReadOptions: Hashable {
    public func hash(into hasher: inout Hasher) {
        hasher.combine(properties)
        hasher.combine(propertiesWithHistory)
        hasher.combine(associations)
        hasher.combine(archived)
    }
}

extension Associations.Label: Hashable {
    public func hash(into hasher: inout Hasher) {
        hasher.combine(category)
        hasher.combine(typeID)
    }
}

extension PropertyBag {
    /// True where a value appends to what is there, so that a batch that holds it is not repeated as others are.
    var appends: Bool { entries.contains { $0.value.utf8.first == UInt8(ascii: ";") } }
}

extension RecordReference {
    /// Whether HubSpot's batch answers name this record as it is named here, and its own path raises nothing by itself.
    var isBatchable: Bool {
        switch idProperty {
        case nil:
            return (1...18).contains(value.utf8.count) && value.utf8.first != UInt8(ascii: "0")
                && value.utf8.allSatisfy { (0x30...0x39).contains($0) }
        case "email":
            return value.utf8.count <= 254 && value.utf8.contains(UInt8(ascii: "@"))
                && value.utf8.allSatisfy { byte in
                    (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "/") && byte != UInt8(ascii: "\\")
                }
        default: return false
        }
    }
}
