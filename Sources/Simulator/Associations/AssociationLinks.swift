import GRDB

/// Makes links with HubSpot's rules.
enum AssociationLinks {
    static var invalid: APIError { .validation("One or more associations are invalid") }

    /// Links a record to `id` of the type that the association type leads to.
    static func link(
        _ from: Int64, _ type: PortalObjectType, _ id: Int64, category: String, typeID: Int64, _ call: Call,
        _ db: Database,
        to expected: PortalObjectType? = nil
    ) throws {
        if category == "HUBSPOT_DEFINED" { try AssociationTypes.checkOrigin(of: typeID, type) }
        guard let kind = try AssociationKinds.kind(typeID, category: category, from: type.id, to: expected?.id, db),
            let to = call.schema.type(named: kind.to), 0...PortalObjectType.largestID ~= id,
            try call.records(db, of: to).find(id: id, followingMerges: false) != nil
        else { throw invalid }
        let store = AssociationStore(db: db)
        // A record has one primary company: making another one primary moves the mark.
        let isMark = category == "HUBSPOT_DEFINED" && AssociationTypes.isPrimary(kind)
        let moved = isMark ? try primaryCompany(from, type, to, to.key(id), call, db) : nil
        if let maximum = try AssociationConfigurationsAPI.maximum(kind, category: category, db) {
            let linked = Set(
                try store.links(of: from, to: to).filter { $0.typeID == typeID && $0.category == category }.map(\.toKey)
            ).subtracting([moved?.owner == from ? moved?.company : nil].compactMap(\.self))
            guard linked.contains(to.key(id)) || linked.count < maximum else {
                throw APIError.validation(
                    "The record already has \(linked.count) associations of this type, which is the limit")
            }
        }
        if let moved { try store.unlink(moved.owner, moved.company, moved.kind) }
        try store.link(from, to.key(id), category: category, typeID: typeID, inverse: kind.inverse)
        guard let (unlabelled, category) = try AssociationKinds.unlabelled(from: type.id, to: to.id, db) else { return }
        try store.link(
            from, to.key(id), category: category, typeID: unlabelled.id, inverse: unlabelled.inverse)
        try makePrimary(from, type, to, to.key(id), call, db)
    }

    /// The end of a link that has a primary company, the company, and the type of the mark; nil for other links.
    private static func ends(
        _ from: Int64, _ type: PortalObjectType, _ to: PortalObjectType, _ toKey: Int64
    ) -> (owner: Int64, company: Int64, mark: AssociationTypes.Kind)? {
        let (owner, ownerType, company) = to.id == "0-2" ? (from, type, toKey) : (toKey, to, from)
        guard (type.id == "0-2") != (to.id == "0-2"),
            let mark = AssociationTypes.primary(from: ownerType.id, to: "0-2")
        else { return nil }
        return (owner, company, mark)
    }

    /// The company that the owner's mark is on, and the mark.
    private static func marked(
        _ owner: Int64, _ mark: AssociationTypes.Kind, _ call: Call, _ db: Database
    ) throws -> Int64? {
        guard let companies = call.schema.type(named: "0-2") else { return nil }
        return try AssociationStore(db: db).links(of: owner, to: companies)
            .first { $0.typeID == mark.id && $0.category == "HUBSPOT_DEFINED" }?.toKey
    }

    /// The mark of another primary company than the one that a link leads to.
    private static func primaryCompany(
        _ from: Int64, _ type: PortalObjectType, _ to: PortalObjectType, _ toKey: Int64, _ call: Call, _ db: Database
    ) throws -> (owner: Int64, company: Int64, kind: AssociationTypes.Kind)? {
        guard let (owner, company, mark) = ends(from, type, to, toKey),
            let present = try marked(owner, mark, call, db), present != company
        else { return nil }
        return (owner, present, mark)
    }

    /// The first company of a contact, deal or ticket becomes its primary one.
    private static func makePrimary(
        _ from: Int64, _ type: PortalObjectType, _ to: PortalObjectType, _ toKey: Int64, _ call: Call, _ db: Database
    ) throws {
        guard let (owner, company, mark) = ends(from, type, to, toKey), try marked(owner, mark, call, db) == nil
        else { return }
        try AssociationStore(db: db).link(
            owner, company, category: "HUBSPOT_DEFINED", typeID: mark.id, inverse: mark.inverse)
    }

    /// Before the links of one record become another's: where both have a primary company, the other's mark is kept.
    static func leaveMark(
        _ lost: StoredRecord, for kept: StoredRecord, _ type: PortalObjectType, _ call: Call, _ db: Database
    ) throws {
        guard let mark = AssociationTypes.primary(from: type.id, to: "0-2"),
            let ours = try marked(kept.key, mark, call, db), let theirs = try marked(lost.key, mark, call, db),
            ours != theirs
        else { return }
        try AssociationStore(db: db).unlink(lost.key, theirs, mark)
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

    /// The portal's own kinds of links from one type: labels, and those of custom objects.
    static func defined(from: String, to: String?, _ db: Database) throws -> [AssociationTypes.Kind] {
        try fetch("from_type = ?", [from], db).filter { to == nil || $0.to == to }
    }

    /// The portal's own kinds of links from and to one type that have no label.
    static func stored(touching type: String, _ db: Database) throws -> [AssociationTypes.Kind] {
        try fetch("(from_type = ?1 OR to_type = ?1) AND label IS NULL", [type], db)
    }

    /// Every label that the portal has defined.
    static func labelled(_ db: Database) throws -> [AssociationTypes.Kind] {
        try fetch("label IS NOT NULL", [], db)
    }

    private static func fetch(_ condition: String, _ arguments: StatementArguments, _ db: Database) throws
        -> [AssociationTypes.Kind]
    {
        try Row.fetchAll(
            db,
            sql: """
                SELECT from_type, to_type, id, inverse, label, name FROM association_labels WHERE \(condition)
                ORDER BY id
                """, arguments: arguments
        ).map {
            AssociationTypes.Kind(from: $0[0], to: $0[1], id: $0[2], inverse: $0[3], label: $0[4], name: $0[5])
        }
    }

    /// The kind of a link without a label, HubSpot's own or that of a custom object, and its category.
    static func unlabelled(
        from: String, to: String, _ db: Database
    ) throws -> (kind: AssociationTypes.Kind, category: String)? {
        if let kind = AssociationTypes.unlabelled(from: from, to: to) { return (kind, "HUBSPOT_DEFINED") }
        guard from.hasPrefix("2-") || to.hasPrefix("2-") else { return nil }
        return try defined(from: from, to: to, db).first { $0.label == nil }.map { ($0, "USER_DEFINED") }
    }

    /// Stores a kind of link, there and back; one that is the same from both ends is stored once.
    static func insert(
        from: String, to: String, label: (String?, String?), name: (String, String), isSymmetric: Bool, _ db: Database
    ) throws -> AssociationTypes.Kind {
        let last = try Int64.fetchOne(db, sql: "SELECT max(id) FROM association_labels") ?? 30
        let forth = AssociationTypes.Kind(
            from: from, to: to, id: last + 1, inverse: isSymmetric ? last + 1 : last + 2, label: label.0, name: name.0)
        let back = AssociationTypes.Kind(
            from: to, to: from, id: forth.inverse, inverse: forth.id, label: label.1, name: name.1)
        for kind in isSymmetric ? [forth] : [forth, back] {
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO association_labels (id, from_type, to_type, inverse, label, name)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """, arguments: [kind.id, kind.from, kind.to, kind.inverse, kind.label, kind.name])
        }
        return forth
    }

    /// Removes a kind of link and every link of it, seen from either end.
    static func remove(_ kind: AssociationTypes.Kind, _ db: Database) throws {
        for id in Set([kind.id, kind.inverse]) {
            try db.execute(
                sql: "DELETE FROM associations WHERE category = 'USER_DEFINED' AND type_id = ?", arguments: [id])
            try db.execute(sql: "DELETE FROM association_labels WHERE id = ?", arguments: [id])
        }
    }
}
