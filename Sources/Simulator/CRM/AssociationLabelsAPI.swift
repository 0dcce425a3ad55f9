import GRDB

/// `/crm/associations/{from}/{to}/labels`: the kinds of links between two types.
enum AssociationLabelsAPI {
    static func list(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let to = try AssociationsAPI.toType(call)
        func json(_ kind: AssociationTypes.Kind, _ category: String) -> JSON {
            ["category": .string(category), "typeId": .integer(kind.id), "label": .optional(kind.label)]
        }
        let hubspot = AssociationTypes.all.filter { $0.from == type.id && $0.to == to.id }
        let own = try AssociationKinds.defined(from: type.id, to: to.id, db)
        return SimulatorResponse(
            200,
            ["results": .array(own.map { json($0, "USER_DEFINED") } + hubspot.map { json($0, "HUBSPOT_DEFINED") })])
    }

    static func create(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let to = try AssociationsAPI.toType(call)
        let body = try call.object()
        let label = try body.requiredScalar("label")
        let name = try body.requiredScalar("name")
        let inverseLabel = try body.scalar("inverseLabel")
        guard try !AssociationKinds.defined(from: type.id, to: to.id, db).contains(where: { $0.name == name }) else {
            throw APIError(
                409, "An association label named '\(name)' already exists.", category: "OBJECT_ALREADY_EXISTS")
        }
        let last = try Int64.fetchOne(db, sql: "SELECT max(id) FROM association_labels") ?? 30
        let forth = last + 1
        let back = inverseLabel == nil && type.id == to.id ? forth : last + 2
        func insert(_ id: Int64, _ a: String, _ b: String, _ inverse: Int64, _ label: String) throws {
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO association_labels (id, from_type, to_type, inverse, label, name)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """, arguments: [id, a, b, inverse, label, name])
        }
        try insert(forth, type.id, to.id, back, label)
        if back != forth { try insert(back, to.id, type.id, forth, inverseLabel ?? label) }
        func json(_ id: Int64, _ label: String) -> JSON {
            ["category": "USER_DEFINED", "typeId": .integer(id), "label": .string(label)]
        }
        let results = back == forth ? [json(forth, label)] : [json(back, inverseLabel ?? label), json(forth, label)]
        return SimulatorResponse(200, ["results": .array(results)])
    }

    private static func find(_ id: Int64?, _ call: Call, _ db: Database) throws -> AssociationTypes.Kind {
        let type = try call.objectType()
        let kinds = try AssociationKinds.defined(from: type.id, to: AssociationsAPI.toType(call).id, db)
        guard let id, let kind = kinds.first(where: { $0.id == id }) else { throw APIError.recordNotFound }
        return kind
    }

    static func update(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let body = try call.object()
        let kind = try find(body["associationTypeId"]?.integer, call, db)
        try rename(kind.id, try body.requiredScalar("label"), db)
        if let inverse = try body.scalar("inverseLabel"), kind.inverse != kind.id {
            try rename(kind.inverse, inverse, db)
        }
        return SimulatorResponse(204)
    }

    private static func rename(_ id: Int64, _ label: String, _ db: Database) throws {
        try db.execute(sql: "UPDATE association_labels SET label = ? WHERE id = ?", arguments: [label, id])
    }

    static func delete(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let kind = try find(Int64(call.parameter("label")), call, db)
        for id in Set([kind.id, kind.inverse]) {
            try db.execute(
                sql: "DELETE FROM associations WHERE category = 'USER_DEFINED' AND type_id = ?", arguments: [id])
            try db.execute(sql: "DELETE FROM association_labels WHERE id = ?", arguments: [id])
        }
        return SimulatorResponse(204)
    }
}
