import GRDB
import JSON

/// `/crm/associations/definitions/configurations`: how many records one may be linked to.
enum AssociationConfigurationsAPI {
    static let tables = PortalTables.associationLimits

    static var routes: [Route] {
        let base = "crm/associations/definitions/configurations"
        let pair = "\(base)/{type}/{to}"
        let all = Route.Access.token { _ throws(APIError) in ["crm.objects.contacts.read"] }
        func batch(_ name: String, _ work: @escaping @Sendable (Call, Database) throws -> SimulatorResponse) -> Route {
            Route("POST", "\(pair)/batch/\(name)", lane: .associations, ObjectsAPI.writing, .write(work))
        }
        return [
            Route("GET", "\(base)/all", lane: .associations, all, .read(list)),
            Route("GET", pair, lane: .associations, ObjectsAPI.reading, .read(get)),
            batch("create") { call, db in try set(call, db, isNew: true) },
            batch("update") { call, db in try set(call, db, isNew: false) },
            batch("purge", purge),
        ]
    }

    /// The limit of a kind of link; nil for none.
    static func maximum(_ kind: AssociationTypes.Kind, category: String, _ db: Database) throws -> Int64? {
        try Int64.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT maximum FROM association_limits
                    WHERE from_type = ? AND to_type = ? AND category = ? AND type_id = ?
                    """), arguments: [kind.from, kind.to, category, kind.id])
    }

    private static func rows(_ condition: String, _ arguments: StatementArguments, _ db: Database) throws -> [JSONValue]
    {
        try Row.fetchAll(
            db, sql: "SELECT * FROM association_limits WHERE \(condition) ORDER BY from_type, to_type, type_id",
            arguments: arguments
        ).map { row in
            let (from, to, category): (String, String, String) = (row["from_type"], row["to_type"], row["category"])
            let id: Int64 = row["type_id"]
            let kind = try AssociationKinds.kind(id, category: category, from: from, to: to, db)
            return [
                "category": .string(category), "typeId": .integer(id), "label": .optional(kind?.label),
                "userEnforcedMaxToObjectIds": .integer(row["maximum"] as Int64), "fromObjectTypeId": .string(from),
                "toObjectTypeId": .string(to),
            ]
        }
    }

    private static func list(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        SimulatorResponse(200, ["results": .array(try rows("1", [], db))])
    }

    private static func get(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let (from, to) = (try call.objectType(), try AssociationsAPI.toType(call))
        let found = try rows("from_type = ? AND to_type = ?", [from.id, to.id], db)
        return SimulatorResponse(
            200, ["results": .array(found.map { $0.without("fromObjectTypeId").without("toObjectTypeId") })])
    }

    /// The kind that an input names.
    private static func kind(_ input: JSONValue, _ call: Call, _ db: Database) throws -> (Int64, String) {
        let category = try input.requiredScalar("category")
        guard let id = input["typeId"]?.integer else { throw APIError.missing(["typeId"]) }
        let kind = try AssociationKinds.kind(
            id, category: category, from: call.objectType().id, to: AssociationsAPI.toType(call).id, db)
        guard kind != nil else { throw AssociationLinks.invalid }
        return (id, category)
    }

    private static func set(_ call: Call, _ db: Database, isNew: Bool) throws -> SimulatorResponse {
        let (from, to) = (try call.objectType(), try AssociationsAPI.toType(call))
        var results: [JSONValue] = []
        for input in try call.object().requiredArray("inputs") {
            let (id, category) = try kind(input, call, db)
            guard let maximum = input["maxToObjectIds"]?.integer else { throw APIError.missing(["maxToObjectIds"]) }
            guard maximum > 0 else { throw APIError.validation("maxToObjectIds must be above zero") }
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO association_limits (from_type, to_type, category, type_id, maximum)
                    VALUES (?, ?, ?, ?, ?)
                    """, arguments: [from.id, to.id, category, id, maximum])
            results.append([
                "category": .string(category), "typeId": .integer(id), "userEnforcedMaxToObjectIds": .integer(maximum),
            ])
        }
        return SimulatorResponse(isNew ? 201 : 200, BatchAPI.envelope(results, [], call))
    }

    private static func purge(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let (from, to) = (try call.objectType(), try AssociationsAPI.toType(call))
        for input in try call.object().requiredArray("inputs") {
            let (id, category) = try kind(input, call, db)
            try db.execute(
                sql: """
                    DELETE FROM association_limits
                    WHERE from_type = ? AND to_type = ? AND category = ? AND type_id = ?
                    """, arguments: [from.id, to.id, category, id])
        }
        return SimulatorResponse(204)
    }
}
