import GRDB
import JSON

/// `/crm/associations/{from}/{to}/labels`: the kinds of links between two types.
enum AssociationLabelsAPI {
    static func list(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let to = try AssociationsAPI.toType(call)
        func json(_ kind: AssociationTypes.Kind, _ category: String) -> JSONValue {
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
        let kind = try AssociationKinds.insert(
            from: type.id, to: to.id, label: (label, inverseLabel ?? label), name: (name, name),
            isSymmetric: inverseLabel == nil && type.id == to.id, db)
        let (forth, back) = (kind.id, kind.inverse)
        func json(_ id: Int64, _ label: String) -> JSONValue {
            ["category": "USER_DEFINED", "typeId": .integer(id), "label": .string(label)]
        }
        let results = back == forth ? [json(forth, label)] : [json(back, inverseLabel ?? label), json(forth, label)]
        return SimulatorResponse(200, ["results": .array(results)])
    }

    private static func find(_ id: Int64?, _ call: Call, _ db: Database) throws -> AssociationTypes.Kind {
        let type = try call.objectType()
        let kinds = try AssociationKinds.defined(from: type.id, to: AssociationsAPI.toType(call).id, db)
        guard let id, let kind = kinds.first(where: { $0.id == id && $0.label != nil }) else {
            throw APIError.recordNotFound
        }
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
        try AssociationKinds.remove(kind, db)
        return SimulatorResponse(204)
    }
}
