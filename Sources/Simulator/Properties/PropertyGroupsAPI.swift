import GRDB
import JSON

/// `/crm/properties/{type}/groups`.
enum PropertyGroupsAPI {
    static var routes: [Route] {
        let reading = PropertiesAPI.reading
        let writing = PropertiesAPI.writing
        return [
            Route("GET", "crm/properties/{type}/groups", reading, .read(list)),
            Route("POST", "crm/properties/{type}/groups", writing, .write(create)),
            Route("GET", "crm/properties/{type}/groups/{name}", reading, .read(get)),
            Route("PATCH", "crm/properties/{type}/groups/{name}", writing, .write(update)),
            Route("DELETE", "crm/properties/{type}/groups/{name}", writing, .write(archive)),
        ]
    }

    private static func json(_ row: Row) -> JSONValue {
        [
            "archived": .bool(row["archived"]), "name": .string(row["name"]), "label": .string(row["label"]),
            "displayOrder": .integer(row["display_order"] as Int64),
        ]
    }

    /// The group in use under a name; nil where there is none.
    static func find(_ name: String, _ type: PortalObjectType, _ db: Database) throws -> JSONValue? {
        try Row.fetchOne(
            db, sql: "SELECT * FROM property_groups WHERE type = ? AND name = ? AND archived = 0",
            arguments: [type.ordinal, name]
        ).map(json)
    }

    private static func find(_ call: Call, _ db: Database) throws -> JSONValue {
        guard let group = try find(call.parameter("name"), call.objectType(), db) else { throw APIError.recordNotFound }
        return group
    }

    private static func list(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let rows = try Row.fetchAll(
            db, sql: "SELECT * FROM property_groups WHERE type = ? AND archived = 0 ORDER BY display_order, name",
            arguments: [try call.objectType().ordinal])
        return SimulatorResponse(200, ["results": .array(rows.map(json))])
    }

    private static func get(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        SimulatorResponse(200, try find(call, db))
    }

    private static func create(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let body = try call.object()
        let missing = ["name", "label"].filter { body[$0]?.string?.isEmpty != false }
        if !missing.isEmpty { throw APIError.missing(missing) }
        let name = body["name"]?.string ?? ""
        if try find(name, type, db) != nil {
            throw APIError(409, "A property group named '\(name)' already exists.", category: "OBJECT_ALREADY_EXISTS")
        }
        try save(name, body["label"]?.string ?? name, body["displayOrder"]?.integer ?? -1, type, db)
        let group: JSONValue = [
            "archived": false, "name": .string(name), "label": body["label"] ?? "",
            "displayOrder": .integer(body["displayOrder"]?.integer ?? -1),
        ]
        return SimulatorResponse(201, group).located(name, call)
    }

    static func save(_ name: String, _ label: String, _ order: Int64, _ type: PortalObjectType, _ db: Database) throws {
        try db.execute(
            sql:
                "INSERT OR REPLACE INTO property_groups (type, name, label, display_order, archived) VALUES (?, ?, ?, ?, 0)",
            arguments: [type.ordinal, name, label, order])
    }

    private static func update(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        var group = try find(call, db)
        let body = try call.object()
        if let label = body["label"]?.string { group = group.setting("label", to: .string(label)) }
        if let order = body["displayOrder"]?.integer { group = group.setting("displayOrder", to: .integer(order)) }
        try save(
            call.parameter("name"), group["label"]?.string ?? "", group["displayOrder"]?.integer ?? -1,
            try call.objectType(), db)
        return SimulatorResponse(200, group)
    }

    private static func archive(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        _ = try find(call, db)
        let type = try call.objectType()
        let name = call.parameter("name")
        let members = try PropertyStore(db: db, type: type).definitions()
            .filter { $0.groupName == name && !$0.archived }.map(\.name)
        guard members.isEmpty else {
            throw APIError.validation(
                "Property group '\(name)' cannot be deleted: it holds the properties "
                    + "[\(members.joined(separator: ", "))]")
        }
        try db.execute(
            sql: "UPDATE property_groups SET archived = 1 WHERE type = ? AND name = ?",
            arguments: [type.ordinal, name])
        return SimulatorResponse(204)
    }
}
