import Bindings
import HubSpot
import LuaRuntime

/// What may stand at a place in a piece of Lua.
struct CodeSearch: Sendable {
    let names: Completions.Names
    let portal: PortalKnowledge
    /// Those that `require` finds, by name.
    var modules: [String] = []

    func candidates(at site: CompletionSite) async -> [Candidate] {
        if let call = site.call, let place = ArgumentPlace(call) {
            let found = site.quote == nil && !call.isAtKey ? [] : await candidates(at: place, call, site)
            if site.quote != nil || !found.isEmpty && found.contains(where: { $0.text.hasPrefix(site.prefix) }) {
                return found
            }
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
        if let type = Self.recordType(site.path) {
            candidates += ["id", "properties", "createdAt", "updatedAt", "archived"].map { Candidate($0, .value) }
            candidates += await portal.properties(of: type).map { Candidate($0.name, .property) }
        } else {
            let shown = found.filter { $0.type == "property" }.map(\.name)
            candidates += portal.properties(besides: shown).map { Candidate($0, .property) }
        }
        return candidates
    }

    /// `hubspot.objects("cars")` has the functions of every type.
    private static func resolved(_ path: [String]) -> [String] {
        path.starts(with: ["hubspot", "objects", "()"]) ? ["hubspot", "deals"] + path.dropFirst(3) : path
    }

    /// The type of the record that a call answers: `hubspot.deals.get(7).`.
    private static func recordType(_ path: [String]) -> String? {
        guard path.count == 4, path[0] == "hubspot", path[3] == "()",
            ["get", "find", "create", "update", "upsert"].contains(path[2])
        else { return nil }
        return path[1]
    }

    // MARK: Arguments

    private func candidates(
        at place: ArgumentPlace, _ call: CompletionSite.Call, _ site: CompletionSite
    ) async -> [Candidate] {
        let function = call.function.joined(separator: ".")
        var candidates: [Candidate] = []
        switch place {
        case .propertyName(let type):
            candidates = await portal.properties(of: type).map { Candidate($0.name, .property, label: "") }
        case .condition(let type):
            candidates = await portal.properties(of: type).map { Candidate($0.name, .property, label: "") }
            candidates.append(Candidate("any", .option))
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
        case .objectType: candidates = ObjectType.standard.map { Candidate($0.name, .option) }
        case .module: candidates = modules.map { Candidate($0, .file) }
        case .option: break
        }
        guard site.quote == nil || !call.isAtKey || candidates.isEmpty else { return candidates }
        return candidates + declared(function, call, isText: site.quote != nil)
    }

    /// Fields of an option table, and texts that may be chosen, by the function's declaration.
    private func declared(_ function: String, _ call: CompletionSite.Call, isText: Bool) -> [Candidate] {
        guard let parameters = MoonspotModules.reference.parameters(of: function), call.argument < parameters.count
        else { return [] }
        var type: LuaType? = parameters[call.argument].type
        for key in call.keys { type = type?.type(under: key) }
        guard let type else { return [] }
        if call.isAtKey { return type.fields.map { Candidate($0.name, .option) } }
        return isText ? type.choices.map { Candidate($0, .option) } : []
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
