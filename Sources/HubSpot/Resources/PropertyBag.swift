/// Property values on their way to HubSpot, in the order given. HubSpot stores every value as text; the empty text
/// clears a property, and one that begins with `;` appends to a multiple choice (source: the Properties guide).
public struct PropertyBag: Sendable, Equatable {
    public private(set) var entries: [Entry]
    /// The names whose values came as a number or a date, and so mean a time where the property holds one.
    public var times: Set<String> = []

    public struct Entry: Sendable, Equatable {
        public var name: String
        public var value: String
    }

    public init(_ entries: [(String, String)] = []) {
        self.entries = entries.map { Entry(name: $0.0, value: $0.1) }
    }

    public subscript(_ name: String) -> String? {
        get { entries.last { $0.name == name }?.value }
        set {
            entries.removeAll { $0.name == name }
            if let newValue { entries.append(Entry(name: name, value: newValue)) }
        }
    }

    public var isEmpty: Bool { entries.isEmpty }

    /// Another value in the same place.
    mutating func replace(_ name: String, with value: String) {
        for index in entries.indices where entries[index].name == name { entries[index].value = value }
        times.remove(name)
    }

    var json: RequestJSON { .object(entries.map { RequestJSON.Field($0.name, .string($0.value)) }) }
}
