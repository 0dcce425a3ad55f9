import GRDB
import JSON
import Wire

/// Making, changing and archiving form definitions.
enum FormWritesAPI {
    static var routes: [Route] {
        let access = Route.Access.token { _ throws(APIError) in ["forms"] }
        return [
            Route("POST", "marketing/forms", access, .write(create)),
            Route("PUT", "marketing/forms/{form}", access, .write(replace)),
            Route("PATCH", "marketing/forms/{form}", access, .write(update)),
            Route("DELETE", "marketing/forms/{form}", access, .write(archive)),
        ]
    }

    /// The members that PATCH takes.
    private static let changeable = [
        "archived", "configuration", "displayOptions", "fieldGroups", "legalConsentOptions", "name",
    ]

    private static func find(_ call: Call, _ db: Database) throws -> JSONValue {
        let text = try String.fetchOne(
            db, sql: "SELECT definition FROM forms WHERE guid = ? AND archived = 0",
            arguments: [call.parameter("form").lowercased()])
        guard let text else { throw APIError.recordNotFound }
        return try JSONValue.parse(text.utf8)
    }

    private static func save(_ form: JSONValue, _ guid: String, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE forms SET definition = ?, archived = ? WHERE guid = ?",
            arguments: [form.text, form["archived"]?.bool ?? false, guid])
    }

    private static func create(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let body = try call.object()
        try FormDefinitionRules.check(body)
        let time = JSONValue.string(Timestamp.iso(call.now))
        let guid = UUIDs.version4()
        let form = JSONValue.object([.init("id", .string(guid))] + (body.without("id").members ?? []))
            .setting("createdAt", to: time).setting("updatedAt", to: time).setting("archived", to: false)
            .setting("formType", to: "hubspot")
        try db.execute(
            sql: "INSERT INTO forms (guid, archived, definition) VALUES (?, 0, ?)", arguments: [guid, form.text])
        return SimulatorResponse(201, form).located(guid, call)
    }

    private static func replace(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let old = try find(call, db)
        let body = try call.object()
        try FormDefinitionRules.check(body)
        let form = body.setting("id", to: old["id"] ?? .null).setting("createdAt", to: old["createdAt"] ?? .null)
            .setting("updatedAt", to: .string(Timestamp.iso(call.now))).setting("formType", to: "hubspot")
            .setting("archived", to: .bool(body["archived"]?.bool ?? false))
        try save(form, call.parameter("form").lowercased(), db)
        return SimulatorResponse(200, form)
    }

    private static func update(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        var form = try find(call, db)
        let body = try call.object()
        for name in changeable { if let value = body[name], !value.isNull { form = form.setting(name, to: value) } }
        try FormDefinitionRules.check(form)
        form = form.setting("updatedAt", to: .string(Timestamp.iso(call.now)))
        try save(form, call.parameter("form").lowercased(), db)
        return SimulatorResponse(200, form)
    }

    private static func archive(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let form = try find(call, db)
        let time = JSONValue.string(Timestamp.iso(call.now))
        try save(
            form.setting("archived", to: true).setting("archivedAt", to: time), call.parameter("form").lowercased(), db)
        return SimulatorResponse(204)
    }
}
