extension ObjectType {
    /// The plural name that all names of a type have in common (`0-1`, `contact`, `Contacts`: `contacts`); any other
    /// name, such as a custom object's, in lower case.
    static func canonical(_ name: some StringProtocol) -> String {
        let name = name.lowercased()
        return canonicalNames[name] ?? name
    }

    private static let canonicalNames: [String: String] = {
        var names: [String: String] = [:]
        for type in standard {
            names[type.id] = type.name
            names[type.name] = type.name
            if let path = pathNames[type.name] { names[path] = type.name }
            names[type.record.split(separator: " ").joined(separator: "_")] = type.name
        }
        return names
    }()
}
