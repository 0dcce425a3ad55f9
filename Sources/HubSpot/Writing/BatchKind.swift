import Quota

/// What the calls of one batch have in common: nothing but the records may differ.
struct BatchKind: Hashable, Sendable {
    enum Verb: Hashable, Sendable {
        case read(ReadOptions, idProperty: String?)
        case create
        case update(appends: Bool)
        case upsert(idProperty: String, isWhole: Bool, appends: Bool)
        case archive
        case link(to: String, label: Associations.Label?)
    }

    /// As it stands in the path.
    var type: String
    var verb: Verb
    /// A typed call does not wait for bulk work.
    var priority: CallPriority

    init(_ type: ObjectType, _ verb: Verb) {
        self.type = type.name
        self.verb = verb
        priority = .current
    }

    /// Nil for an operation that fits into no batch, means something else in one, or cannot be told apart in its answer.
    init?(_ operation: Operation) {
        guard let type = operation.type, let verb = Verb(operation, of: type) else { return nil }
        self.init(type, verb)
    }

    /// Whether two calls for one record are answered by one input.
    var joinsDoubles: Bool { !isWrite }

    var isWrite: Bool { if case .read = verb { false } else { true } }

    /// For people: `contacts.update`.
    var description: String {
        let name =
            switch verb {
            case .read: "read"
            case .create: "create"
            case .update: "update"
            case .upsert: "upsert"
            case .archive: "archive"
            case .link(let to, _): "link to \(to)"
            }
        return "\(type) \(name)"
    }
}

extension BatchKind.Verb {
    fileprivate init?(_ operation: Operation, of type: ObjectType) {
        let (record, properties) = (operation.record, operation.properties)
        let isNamed = record.map { $0.isBatchable && type.isWellFormed && ($0.idProperty == nil || type.isContacts) }
        switch operation.verb {
        case .read(let options):
            guard options.associations.isEmpty, isNamed == true else { return nil }
            self = .read(options, idProperty: record?.idProperty)
        case .create:
            guard operation.associations == nil else { return nil }
            self = .create
        case .update:
            // An update without properties is refused by itself, which a batch does not say.
            guard record?.idProperty == nil, !properties.isEmpty, isNamed == true else { return nil }
            self = .update(appends: properties.appends)
        case .upsert(let isWhole):
            guard let idProperty = record?.idProperty, type.isWellFormed, idProperty != "email" || isNamed == true
            else { return nil }
            // Without anything to change it is a read, which answers other properties than a write.
            guard isWhole || idProperty == "email" || !operation.changes.isEmpty else { return nil }
            self = .upsert(idProperty: idProperty, isWhole: isWhole, appends: properties.appends)
        case .archive:
            guard isNamed == true else { return nil }
            self = .archive
        case .link(let label):
            guard let other = operation.other, type.isWellFormed, other.type.isWellFormed, record?.isBatchable == true,
                RecordReference.id(other.id).isBatchable
            else { return nil }
            self = .link(to: other.type.name, label: label)
        case .gdprDelete, .merge, .unlink, .other, .element: return nil
        }
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
