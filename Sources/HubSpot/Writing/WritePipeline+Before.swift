import JSON

/// What writes will change, read before they are sent: 100 records with one request.
extension WritePipeline {
    /// - Parameter operations: Of one request, so of one verb and type.
    /// - Returns: By their places; a record that there is not has no values.
    func valuesBefore(_ operations: [Operation]) async throws(HubSpotError) -> [Int: JSONSlice] {
        let meant = operations.map { operation -> Operation in
            guard case .element = operation.verb, let entry = operation.entry else { return operation }
            return entry.meaning
        }
        guard let first = meant.first, let type = first.type else { return [:] }
        switch first.verb {
        case .update, .upsert:
            let names = Set(meant.flatMap { $0.properties.entries.map(\.name) }).sorted()
            let found = try await records(meant, type, names)
            return found.mapValues { record in record.choosing(names) }
        case .archive:
            let names = try await CRMObjects(type, session: session).propertyNames().all
            let found = try await records(meant, type, names)
            let links = try await allLinks(meant.map { $0.record?.value ?? "" }, type)
            return Dictionary(
                uniqueKeysWithValues: found.map { index, record in
                    let list = JSONValue.array(links[meant[index].record?.value ?? ""] ?? [])
                    return (index, record.choosing(names).adding(Self.linksMember, list.bytes))
                })
        case .link, .unlink:
            guard let other = first.other?.type else { return [:] }
            return try await linksBefore(meant, type, other)
        case .read, .create, .gdprDelete, .merge, .other, .element: return [:]
        }
    }

    private func records(
        _ operations: [Operation], _ type: ObjectType, _ names: [String]
    ) async throws(HubSpotError) -> [Int: JSONSlice] {
        let references = operations.map { $0.record ?? .id("") }
        let outcome = await CRMObjects(type, session: session).read(references, ReadOptions(properties: names))
        for failure in outcome.failures where failure.error.kind != .notFound { throw failure.error }
        // Of doubles the first is read for all.
        var byKey: [RecordReference: JSONSlice] = [:]
        for success in outcome.successes { byKey[references[success.index].key] = success.record }
        var found: [Int: JSONSlice] = [:]
        for (index, reference) in references.enumerated() { found[index] = byKey[reference.key] }
        return found
    }

    /// Where the links of a record stand among its values: no property has such a name.
    private static let linksMember = "associations"

    /// The links of records, which HubSpot forgets with them: `{ type, id, kinds }` each, by their ids. Those to types that
    /// the session may not read are left out.
    private func allLinks(_ ids: [String], _ type: ObjectType) async throws(HubSpotError) -> [String: [JSONValue]] {
        var links: [String: [JSONValue]] = [:]
        for name in Associations.linkedTypes {
            let outcome = await Associations(session: session).read(type, ids, ObjectType(name))
            for failure in outcome.failures
            where ![.notFound, .forbidden, .notAllowed, .validation].contains(failure.error.kind) {
                throw failure.error
            }
            for success in outcome.successes {
                for link in success.record.field("to")?.elements() ?? [] {
                    guard let id = link.field("toObjectId")?.idText else { continue }
                    links[ids[success.index], default: []].append(
                        .object([
                            "type": .string(name), "id": .string(id),
                            "kinds": link.field("associationTypes").map(JSONValue.raw),
                        ]))
                }
            }
        }
        return links
    }

    /// The kinds of link that there are between the ends of each operation, as a list; between a company and a record that
    /// has a primary one, with that: `{ kinds, primary: { of: { type, id }, company } }`.
    private func linksBefore(
        _ operations: [Operation], _ type: ObjectType, _ other: ObjectType
    ) async throws(HubSpotError) -> [Int: JSONSlice] {
        let ids = operations.map { $0.record?.value ?? "" }
        let linked = try await linked(ids, type, other)
        var found = Self.between(operations, linked)
        guard let end = PrimaryCompany.owner(type, other) else { return found }
        let owners = end == .from ? ids : operations.map { $0.other?.id ?? "" }
        let companies = end == .from ? linked : try await self.linked(owners, other, type)
        let ownerType = JSONValue.string(ObjectType.canonical((end == .from ? type : other).name))
        for (index, owner) in owners.enumerated() {
            let primary = companies[owner]?.first { $0.value.elements()?.contains(where: \.marksPrimary) == true }?.key
            found[index] = JSONSlice(
                JSONValue.object([
                    "kinds": found[index].map(JSONValue.raw),
                    "primary": .object([
                        "of": .object(["type": ownerType, "id": .string(owner)]),
                        "company": primary.map(JSONValue.string),
                    ]),
                ]).bytes)
        }
        return found
    }

    /// The kinds of link that there are between the ends of each operation.
    func links(
        _ operations: [Operation], _ type: ObjectType, _ other: ObjectType
    ) async throws(HubSpotError) -> [Int: JSONSlice] {
        Self.between(operations, try await linked(operations.map { $0.record?.value ?? "" }, type, other))
    }

    private static func between(
        _ operations: [Operation], _ linked: [String: [String: JSONSlice]]
    ) -> [Int: JSONSlice] {
        var found: [Int: JSONSlice] = [:]
        for (index, operation) in operations.enumerated() {
            found[index] = linked[operation.record?.value ?? ""]?[operation.other?.id ?? ""] ?? JSONSlice("[]")
        }
        return found
    }

    /// The kinds of link of records to those of another type, by the ids of both.
    private func linked(
        _ ids: [String], _ type: ObjectType, _ other: ObjectType
    ) async throws(HubSpotError) -> [String: [String: JSONSlice]] {
        let outcome = await Associations(session: session).read(type, ids, other)
        for failure in outcome.failures where failure.error.kind != .notFound { throw failure.error }
        var linked: [String: [String: JSONSlice]] = [:]
        for success in outcome.successes {
            for link in success.record.field("to")?.elements() ?? [] {
                guard let id = link.field("toObjectId")?.idText else { continue }
                linked[ids[success.index], default: [:]][id] = link.field("associationTypes")
            }
        }
        return linked
    }
}

extension JSONSlice {
    /// The properties of a record that have these names and a value.
    fileprivate func choosing(_ names: [String]) -> JSONSlice {
        let wanted = Set(names)
        let chosen = (field("properties")?.fields() ?? []).filter { wanted.contains($0.name) && !$0.value.isNull }
        return JSONSlice(JSONValue.object(chosen.map { .init($0.name, .raw($0.value)) }).bytes)
    }
}
