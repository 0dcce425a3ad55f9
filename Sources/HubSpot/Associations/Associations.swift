import HTTPTypes
package import JSON

/// Links between records (source: the Associations v4 guide).
package struct Associations: Sendable {
    /// The types whose records are linked to others as a rule.
    package static let linkedTypes = [
        "contacts", "companies", "deals", "tickets", "notes", "tasks", "calls", "meetings", "emails",
    ]

    package let session: Session

    package init(session: Session) { self.session = session }

    /// One kind of link: HubSpot's own or the account's.
    package struct Label: Sendable, Equatable {
        package var category: String
        package var typeID: Int64

        package init(category: String = "USER_DEFINED", typeID: Int64) {
            self.category = category
            self.typeID = typeID
        }
    }

    /// One page of the records of `to` that a record is linked to:
    /// `{ results: [{ toObjectId, associationTypes }], paging }`.
    package func list(_ from: ObjectType, _ id: String, _ to: ObjectType, limit: Int = 500, after: String? = nil)
        async throws(HubSpotError) -> AnswerPage
    {
        var query: [(name: String, value: String)] = [("limit", String(limit))]
        if let after { query.append(("after", after)) }
        return try AnswerPage(
            await session.object(.get, session.paths.associations(of: from.name, id, to.name), query: query),
            after: after)
    }

    /// Links two records, without a label where none is given.
    package func link(_ from: ObjectType, _ id: String, _ to: ObjectType, _ toID: String, label: Label? = nil)
        async throws(HubSpotError) -> JSONSlice
    {
        try await WritePipeline(session: session).perform(Operation(.link(label), from: from, id, to: to, toID))
    }

    /// Removes every link between two records, of every label.
    package func unlink(_ from: ObjectType, _ id: String, _ to: ObjectType, _ toID: String) async throws(HubSpotError) {
        _ = try await WritePipeline(session: session).perform(Operation(.unlink(nil), from: from, id, to: to, toID))
    }

    /// Removes one kind of link between two records.
    package func unlink(_ from: ObjectType, _ id: String, _ to: ObjectType, _ toID: String, label: Label)
        async throws(HubSpotError)
    {
        _ = try await WritePipeline(session: session).perform(Operation(.unlink(label), from: from, id, to: to, toID))
    }

    /// The kinds of link between two types: `{ results: [{ category, typeId, label }] }`. Kept by the session for some
    /// minutes, until it changes a kind itself.
    package func labels(_ from: ObjectType, _ to: ObjectType, refresh: Bool = false) async throws(HubSpotError)
        -> JSONSlice
    {
        try await session.definitions(session.paths.associations(from.name, to.name, "labels"), refresh: refresh)
    }

    /// Plain links of a new record to others, as a create takes them: `[{ to: { id }, types }]`.
    /// - Throws: kind `invalidArgument` where HubSpot knows no link without a label between the types.
    package func links(of from: ObjectType, to ids: [(type: ObjectType, id: String)]) async throws(HubSpotError)
        -> JSONSlice
    {
        var links: [JSONValue] = []
        for (type, id) in ids {
            let kinds = try await labels(from, type).field("results")?.elements() ?? []
            let plain = kinds.first {
                $0.field("category")?.string == "HUBSPOT_DEFINED" && $0.field("label")?.isNull ?? true
            }
            guard let typeID = plain?.field("typeId")?.integer else {
                throw .invalidArgument("HubSpot knows no link without a label from \(from.name) to \(type.name)")
            }
            links.append(
                .object([
                    "to": .object(["id": .string(id)]),
                    "types": .array([Label(category: "HUBSPOT_DEFINED", typeID: typeID).json]),
                ]))
        }
        return JSONSlice(JSONValue.array(links).bytes)
    }

    /// Makes a kind of link. HubSpot makes its way back along with it.
    /// - Parameter definition: `{ label, name, inverseLabel }`.
    package func createLabel(_ from: ObjectType, _ to: ObjectType, _ definition: JSONSlice) async throws(HubSpotError)
        -> JSONSlice
    {
        try await session.object(
            .post, session.paths.associations(from.name, to.name, "labels"), body: .raw(definition))
    }

    /// - Parameter changes: `{ label, inverseLabel }`.
    package func updateLabel(_ from: ObjectType, _ to: ObjectType, _ typeID: Int64, _ changes: JSONSlice)
        async throws(HubSpotError)
    {
        let fields = (changes.fields() ?? []).map { JSONValue.Member($0.name, .raw($0.value)) }
        try await session.perform(
            .put, session.paths.associations(from.name, to.name, "labels"),
            body: .object([JSONValue.Member("associationTypeId", .integer(typeID))] + fields))
    }

    /// Removes a kind of link, and every link of that kind.
    package func deleteLabel(_ from: ObjectType, _ to: ObjectType, _ typeID: Int64) async throws(HubSpotError) {
        try await session.perform(
            .delete, session.paths.associations(from.name, to.name, "labels", String(typeID)))
    }

    /// The kind of link that a script names: by its number, or by its label as HubSpot shows it.
    /// - Throws: kind `invalidArgument` with the labels that there are.
    package func label(named name: String, _ from: ObjectType, _ to: ObjectType) async throws(HubSpotError) -> Label {
        let known = try await labels(from, to).field("results")?.elements() ?? []
        let number = Int64(name)
        for kind in known {
            guard let typeID = kind.field("typeId")?.integer, let category = kind.field("category")?.string else {
                continue
            }
            let label = kind.field("label")?.string
            if typeID == number || label?.lowercased() == name.lowercased() {
                return Label(category: category, typeID: typeID)
            }
        }
        let names = known.compactMap { $0.field("label")?.string }
        throw .invalidArgument(
            "no label '\(name)' between \(from.name) and \(to.name); "
                + (names.isEmpty ? "there are none" : "there are \(names.joined(separator: ", "))"))
    }
}
