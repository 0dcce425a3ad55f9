import JSON

/// What a new record of a type has to have (source: the guides of the object types; of custom objects, their schema).
struct RequiredProperties: Sendable, Equatable {
    /// All of these.
    var all: [String] = []
    /// One of these at least; none where there is no such choice.
    var oneOf: [String] = []

    /// Of HubSpot's own types; nothing is known of others.
    init(of type: ObjectType) {
        switch ObjectType.canonical(type.name) {
        case "contacts": oneOf = ["email", "firstname", "lastname"]
        case "companies": oneOf = ["domain", "name"]
        case "deals": all = ["dealname", "dealstage"]
        case "tickets": all = ["subject", "hs_pipeline_stage"]
        case "notes", "tasks", "meetings", "calls": all = ["hs_timestamp"]
        default: break
        }
    }

    /// The property that says which pipeline a record is in, of types whose records are in one.
    static func pipeline(of type: ObjectType) -> String? {
        switch ObjectType.canonical(type.name) {
        case "deals": "pipeline"
        case "tickets": "hs_pipeline"
        default: nil
        }
    }

    /// What HubSpot would refuse about a new record with these values.
    func problems(of properties: PropertyBag, _ type: ObjectType) -> [PropertyProblem] {
        func has(_ name: String) -> Bool { properties[name]?.isEmpty == false }
        func problem(_ name: String, _ message: String) -> PropertyProblem {
            PropertyProblem(property: name, code: "MISSING_REQUIRED_PROPERTY", message: message)
        }
        var problems = all.filter { !has($0) }.map { name in
            problem(name, "\(name) is missing: a new \(type.noun) needs it")
        }
        if let first = oneOf.first, !oneOf.contains(where: has) {
            problems.append(problem(first, "a new \(type.noun) needs \(oneOf.joined(separator: " or "))"))
        }
        return problems
    }
}

extension CRMObjects {
    /// What new records have to have, as far as that may be read. Read once in a while, as all definitions are, and counted
    /// in no plan.
    /// - Parameter given: The new records' values: what all of them have is not asked for.
    func required(of given: [PropertyBag]) async -> RequiredProperties {
        var required = RequiredProperties(of: type)
        func read(_ body: () async throws(HubSpotError) -> JSONSlice) async -> JSONSlice? {
            try? await WritePlan.uncounted { () async throws(HubSpotError) in try await body() }
        }
        if let pipeline = RequiredProperties.pipeline(of: type) {
            guard given.contains(where: { $0[pipeline]?.isEmpty != false }) else { return required }
            let known = await read { () async throws(HubSpotError) in try await Pipelines(type, session: session).list()
            }
            if let count = known?.field("results")?.elements()?.count, count > 1 { required.all.append(pipeline) }
        } else if !type.isStandard {
            let schema = await read { () async throws(HubSpotError) in
                try await ObjectSchemas(session: session).get(type)
            }
            required.all = (schema?.field("requiredProperties")?.elements() ?? []).compactMap(\.string)
        }
        return required
    }
}
