import GRDB

/// Makes links with HubSpot's rules.
enum AssociationLinks {
    static var invalid: APIError { .validation("One or more associations are invalid") }

    /// Links a record to `id` of the type that the association type leads to.
    static func link(
        _ from: Int64, _ type: ObjectType, _ id: Int64, category: String, typeID: Int64, _ call: Call, _ db: Database,
        to expected: ObjectType? = nil
    ) throws {
        guard let kind = try AssociationKinds.kind(typeID, category: category, from: type.id, to: expected?.id, db),
            let to = call.schema.type(named: kind.to), 0...ObjectType.largestID ~= id,
            try call.records(db, of: to).find(id: id, followingMerges: false) != nil
        else { throw invalid }
        let store = AssociationStore(db: db)
        try store.link(from, to.key(id), category: category, typeID: typeID, inverse: kind.inverse)
        guard let unlabelled = AssociationTypes.unlabelled(from: type.id, to: to.id) else { return }
        try store.link(
            from, to.key(id), category: "HUBSPOT_DEFINED", typeID: unlabelled.id, inverse: unlabelled.inverse)
        try makePrimary(from, type, to, to.key(id), call, db)
    }

    /// The first company of a contact or deal becomes its primary one.
    private static func makePrimary(
        _ from: Int64, _ type: ObjectType, _ to: ObjectType, _ toKey: Int64, _ call: Call, _ db: Database
    ) throws {
        // Contacts, deals and tickets have one primary company each; seen from the company, look at the other end.
        let (owner, ownerType, company) = to.id == "0-2" ? (from, type, toKey) : (toKey, to, from)
        guard type.id == "0-2" || to.id == "0-2", type.id != to.id,
            let companyType = call.schema.type(named: "0-2"),
            let primary = AssociationTypes.primary(from: ownerType.id, to: "0-2")
        else { return }
        let store = AssociationStore(db: db)
        let existing = try store.links(of: owner, to: companyType)
        guard !existing.contains(where: { $0.typeID == primary.id && $0.category == "HUBSPOT_DEFINED" }) else { return }
        try store.link(owner, company, category: "HUBSPOT_DEFINED", typeID: primary.id, inverse: primary.inverse)
    }
}

/// Association types: HubSpot's own, and labels that the portal has defined.
enum AssociationKinds {
    static func kind(
        _ id: Int64, category: String, from: String, to: String?, _ db: Database
    ) throws -> AssociationTypes.Kind? {
        if category == "HUBSPOT_DEFINED" {
            return AssociationTypes.all.first { $0.id == id && $0.from == from && (to == nil || $0.to == to) }
        }
        guard category == "USER_DEFINED" else { return nil }
        return try defined(from: from, to: to, db).first { $0.id == id }
    }

    /// The portal's own labels from one type.
    static func defined(from: String, to: String?, _ db: Database) throws -> [AssociationTypes.Kind] {
        try Row.fetchAll(
            db,
            sql:
                "SELECT from_type, to_type, id, inverse, label, name FROM association_labels WHERE from_type = ? ORDER BY id",
            arguments: [from]
        ).map {
            AssociationTypes.Kind(from: $0[0], to: $0[1], id: $0[2], inverse: $0[3], label: $0[4], name: $0[5])
        }.filter { to == nil || $0.to == to }
    }
}

/// The `associations` member of a record that was read with them.
enum AssociationsView {
    /// Appends `,"associations":{…}`; types without links are left out, and so is the member where there are none.
    static func write(
        _ types: [ObjectType], of record: Record, _ type: ObjectType, _ db: Database, to buffer: inout JSONBuffer
    ) throws {
        var members: [JSON.Member] = []
        for to in types {
            let links = try AssociationStore(db: db).links(of: record.key, to: to)
            guard !links.isEmpty else { continue }
            let own = try AssociationKinds.defined(from: type.id, to: to.id, db)
            let results = links.compactMap { link -> JSON? in
                let kind =
                    link.category == "HUBSPOT_DEFINED"
                    ? AssociationTypes.kind(link.typeID, from: type.id, to: to.id) : own.first { $0.id == link.typeID }
                guard let kind else { return nil }
                return ["id": .string(String(ObjectType.id(ofKey: link.toKey))), "type": .string(kind.name)]
            }
            members.append(.init(key: to.name, value: ["results": .array(results)]))
        }
        guard !members.isEmpty else { return }
        buffer.raw(",\"associations\":")
        buffer.value(.object(members))
    }
}
