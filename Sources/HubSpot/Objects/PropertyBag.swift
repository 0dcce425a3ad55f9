import JSON
import Wire

/// Property values on their way to HubSpot, in the order given. HubSpot stores every value as text; the empty text
/// clears a property, and one that begins with `;` appends to a multiple choice (source: the Properties guide).
public struct PropertyBag: Sendable, Equatable {
    package private(set) var entries: [Entry]
    /// The values of these names as times, where the property holds one: they came as numbers or dates.
    package var times: [String: TimeInput] = [:]

    package struct Entry: Sendable, Equatable {
        package var name: String
        package var value: String
    }

    package init(_ entries: [(String, String)] = []) {
        self.entries = entries.map { Entry(name: $0.0, value: $0.1) }
    }

    /// In order of their names.
    public init(_ values: [String: String]) { self.init(values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }) }

    /// The value of a property; nil where it is not given. To set nil is to leave it out.
    public subscript(_ name: String) -> String? {
        get { entries.last { $0.name == name }?.value }
        set {
            entries.removeAll { $0.name == name }
            if let newValue { entries.append(Entry(name: name, value: newValue)) }
        }
    }

    /// Whether no property is given.
    public var isEmpty: Bool { entries.isEmpty }

    /// Another value in the same place.
    mutating func replace(_ name: String, with value: String) {
        for index in entries.indices where entries[index].name == name { entries[index].value = value }
        times[name] = nil
    }

    /// With an address that has no white space around it, where the type's records have one.
    func tidied(for type: ObjectType) -> PropertyBag {
        guard type.isContacts, let address = self["email"], case let trimmed = EmailAddress.trimmed(address),
            trimmed != address
        else { return self }
        var tidied = self
        tidied.replace("email", with: trimmed)
        return tidied
    }

    var json: JSONValue { .object(entries.map { JSONValue.Member($0.name, .string($0.value)) }) }
}

extension PropertyBag: ExpressibleByDictionaryLiteral {
    /// In the order that is written; of a name that is there twice the last value counts.
    public init(dictionaryLiteral values: (String, String)...) {
        self.init()
        for (name, value) in values { self[name] = value }
    }
}
