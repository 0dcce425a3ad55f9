import HubSpot

/// The portal's names as Tab asks for them; each answer is there at once, or soon, or not at all.
struct PortalKnowledge: Sendable {
    var answer: @Sendable (PortalNames.Subject) async -> PortalNames.Answer?
    /// Definitions that are there without asking, by type.
    var known: @Sendable () -> [[PropertySummary]]

    static let nothing = PortalKnowledge(answer: { _ in nil }, known: { [] })

    func properties(of type: String) async -> [PropertySummary] {
        await answer(.properties(type))?.properties ?? []
    }

    func names(_ subject: PortalNames.Subject) async -> [Candidate] {
        (await answer(subject)?.names ?? []).map { Candidate($0.text, .portal, label: $0.label) }
    }

    /// The values of a property, by its definition or by what it names.
    func values(of property: String, type: String) async -> [Candidate] {
        switch property {
        case "hubspot_owner_id": return await names(.owners)
        case "pipeline", "hs_pipeline":
            let found = await names(.pipelines(type))
            if !found.isEmpty { return found }
        case "dealstage", "hs_pipeline_stage":
            let found = await names(.stages(type))
            if !found.isEmpty { return found }
        default: break
        }
        let definition = await properties(of: type).first { $0.name == property }
        return (definition?.options ?? []).map {
            Candidate($0.value, .option, label: $0.label == $0.value ? "" : $0.label)
        }
    }

    /// The further properties that a record may have: those of the type that has all that it shows.
    func properties(besides shown: [String]) -> [String] {
        guard !shown.isEmpty else { return [] }
        return known().filter { definitions in
            let names = Set(definitions.map(\.name))
            return shown.allSatisfy(names.contains)
        }.flatMap { $0.map(\.name) }
    }
}
