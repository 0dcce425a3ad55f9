/// The object types and property definitions of the portal at one moment.
struct Schema: Sendable {
    private(set) var types: [PortalObjectType] = []
    private var byName: [String: Int] = [:]
    private var byOrdinal: [Int64: Int] = [:]
    private var properties: [Int64: [String: PropertyDefinition]] = [:]
    /// The names of the properties with unique values, by type: every write asks for them.
    private var unique: [Int64: Set<String>] = [:]
    private var pipelines: [Int64: PipelineRules] = [:]
    /// The ids of the owners that records can have.
    var owners: Set<Int64> = []

    mutating func add(_ type: PortalObjectType) {
        let index = types.count
        types.append(type)
        byOrdinal[type.ordinal] = index
        for name in [type.id, type.name, type.singular] + type.aliases { byName[name.lowercased()] = index }
    }

    mutating func add(_ property: PropertyDefinition, to ordinal: Int64) {
        properties[ordinal, default: [:]][property.name] = property
        if property.hasUniqueValue, !property.archived {
            unique[ordinal, default: []].insert(property.name)
        } else {
            unique[ordinal]?.remove(property.name)
        }
    }

    /// The rules of a type's pipelines for its records.
    mutating func add(_ rules: PipelineRules) {
        pipelines[rules.type.ordinal] = rules
        for definition in rules.definitions(in: self) { add(definition, to: rules.type.ordinal) }
    }

    func pipelines(of type: PortalObjectType) -> PipelineRules? { pipelines[type.ordinal] }

    func type(ordinal: Int64) -> PortalObjectType? {
        byOrdinal[ordinal].map { types[$0] }
    }

    func type(named name: String) -> PortalObjectType? {
        byName[name.lowercased()].map { types[$0] }
    }

    /// The type that a path or a body names.
    /// - Throws: 400 in HubSpot's words.
    func type(_ name: String) throws(APIError) -> PortalObjectType {
        if let type = type(named: name) { return type }
        let looksLikeID = name.split(separator: "-").count == 2 && name.allSatisfy { $0.isNumber || $0 == "-" }
        throw APIError(
            400, looksLikeID ? "Invalid object or event type id: \(name)" : "Unable to infer object type from: \(name)")
    }

    /// The definition in use under this name; archived ones do not count.
    func property(_ name: String, of type: PortalObjectType) -> PropertyDefinition? {
        guard let property = properties[type.ordinal]?[name], !property.archived else { return nil }
        return property
    }

    /// Every definition, archived ones too.
    func definition(_ name: String, of type: PortalObjectType) -> PropertyDefinition? {
        properties[type.ordinal]?[name]
    }

    func definitions(of type: PortalObjectType) -> [PropertyDefinition] {
        (properties[type.ordinal] ?? [:]).values.sorted { $0.name < $1.name }
    }

    /// The names of the properties in use whose values are unique.
    func uniqueProperties(of type: PortalObjectType) -> Set<String> { unique[type.ordinal] ?? [] }
}
