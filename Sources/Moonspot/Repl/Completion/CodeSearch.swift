import Bindings
import HubSpot
import LuaRuntime

/// What may stand at a place in a piece of Lua.
struct CodeSearch: Sendable {
    let names: Completions.Names
    let portal: PortalKnowledge
    var surroundings = CommandSurroundings.nothing

    func candidates(at site: CompletionSite) async -> [Candidate] {
        if let call = site.call {
            let place = ArgumentPlace(call)
            let found = site.quote == nil && !call.isAtKey ? [] : await candidates(at: place, call, site)
            let isFound = found.contains { $0.text.hasPrefix(site.prefix) }
            if site.quote != nil || isFound || call.isAtKey && (place.isName || takesNames(call)) { return found }
        }
        return site.quote == nil ? await namesRead(at: site) : []
    }

    // MARK: Names

    private func namesRead(at site: CompletionSite) async -> [Candidate] {
        let found = await names(Self.resolved(site.path)).filter { !site.isMethod || $0.type == "function" }
            .filter { LuaText.isName($0.name) }
        var candidates = found.map { Candidate($0.name, type: $0.type) }
        if site.path.isEmpty, !site.prefix.isEmpty, site.quote == nil {
            candidates += LuaText.reservedWords.map { Candidate($0, .keyword) }
        }
        guard !site.path.isEmpty, !site.isMethod else { return candidates }
        if let type = Self.recordType(site) {
            candidates += ["id", "properties", "createdAt", "updatedAt", "archived"].map { Candidate($0, .value) }
            candidates += await portal.properties(of: type).map { Candidate($0.name, .property) }
        } else {
            let shown = found.filter { $0.type == "property" }.map(\.name)
            candidates += portal.properties(besides: shown).map { Candidate($0, .property) }
        }
        return candidates
    }

    /// `hubspot.objects("cars")` has the functions of every type, and `hubspot.connect("b")` those of `hubspot`.
    private static func resolved(_ path: [String]) -> [String] {
        if path.starts(with: ["hubspot", "connect", "()"]) { return resolved(["hubspot"] + path.dropFirst(3)) }
        return path.starts(with: ["hubspot", "objects", "()"]) ? ["hubspot", "deals"] + path.dropFirst(3) : path
    }

    /// The type of the record that a call answers: `hubspot.deals.get(7).`.
    private static func recordType(_ site: CompletionSite) -> String? {
        let path = resolved(site.path)
        guard path.count == 4, path[0] == "hubspot", path[3] == "()",
            ["get", "find", "create", "update", "upsert"].contains(path[2])
        else { return nil }
        return site.path.starts(with: ["hubspot", "objects", "()"]) ? site.given : path[1]
    }

    // MARK: Arguments

    private func candidates(
        at place: ArgumentPlace, _ call: CompletionSite.Call, _ site: CompletionSite
    ) async -> [Candidate] {
        var candidates: [Candidate] = []
        switch place {
        case .propertyName(let type): candidates = await properties(of: type)
        case .condition(let type): candidates = await properties(of: type) + [Candidate("any", .option)]
        case .propertyValue(let type, let name): candidates = await portal.values(of: name, type: type)
        case .operator: candidates = SearchQuery.operators.map { Candidate($0, .option) }
        case .form: candidates = await formNames()
        case .formField(let form):
            candidates = await fields(of: form).map {
                // A company's field is no name in Lua.
                Candidate($0.name.contains("/") ? "[\"\($0.name)\"]" : $0.name, .property)
            }
        case .formValue(let form, let name):
            candidates =
                await fields(of: form).first { $0.name == name }?.options.map {
                    Candidate($0.value, .option, label: $0.label == $0.value ? "" : $0.label)
                } ?? []
        case .list: candidates = await portal.names(.lists)
        case .owner: candidates = await portal.names(.owners)
        case .pipeline(let type): candidates = await portal.names(.pipelines(type))
        case .stage(let type): candidates = await portal.names(.stages(type))
        case .objectType, .linkedType: candidates = ObjectType.standard.map { Candidate($0.name, .option) }
        case .profile: candidates = surroundings.profiles().map { Candidate($0, .portal) }
        case .module: candidates = surroundings.modules.map { Candidate($0, .table) }
        case .file: candidates = FileSearch.entries(site.prefix)
        case .option: break
        }
        guard site.quote == nil || !call.isAtKey || candidates.isEmpty else { return candidates }
        return candidates + declared(call, isText: site.quote != nil)
    }

    private func properties(of type: String) async -> [Candidate] {
        await portal.properties(of: type).map { Candidate($0.name, .property) }
    }

    /// Fields of an option table, and texts that may be chosen, by the function's declaration.
    private func declared(_ call: CompletionSite.Call, isText: Bool) -> [Candidate] {
        guard let type = declaredType(call) else { return [] }
        if call.isAtKey { return type.fields.map { Candidate($0.name, .option) } }
        return isText ? type.choices.map { Candidate($0, .option) } : []
    }

    /// Whether a name in the table is none of Lua's: an option, a property.
    private func takesNames(_ call: CompletionSite.Call) -> Bool {
        declaredType(call)?.isNamed ?? false
    }

    /// The type of the argument, or of the place in its table.
    private func declaredType(_ call: CompletionSite.Call) -> LuaType? {
        let function = Self.resolved(call.function).joined(separator: ".")
        guard let parameters = MoonspotModules.reference.parameters(of: function), call.argument < parameters.count
        else { return nil }
        return call.keys.reduce(Optional(parameters[call.argument].type)) { $0?.type(under: $1) }
    }

    func formNames() async -> [Candidate] {
        (await portal.answer(.forms)?.names ?? []).flatMap { form in
            [Candidate(form.text, .portal, label: form.label)]
                + (form.label.isEmpty ? [] : [Candidate(form.label, .portal)])
        }
    }

    private func fields(of form: String) async -> [PropertySummary] {
        let forms = await portal.answer(.forms)?.names ?? []
        let found = forms.first { $0.text == form || $0.label.lowercased() == form.lowercased() }
        return found?.fields ?? []
    }
}
