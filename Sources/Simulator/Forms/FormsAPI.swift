import GRDB

/// `/marketing/…/forms`: form definitions.
enum FormsAPI {
    static var routes: [Route] {
        let access = Route.Access.token { _ throws(APIError) in ["forms"] }
        return [
            Route(method: "GET", pattern: "marketing/forms", access: access, work: .read(list)),
            Route(method: "GET", pattern: "marketing/forms/{form}", access: access, work: .read(get)),
        ]
    }

    private static let types: Set<String> = ["hubspot", "captured", "flow", "blog_comment", "all"]

    private static func list(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let limit = try call.query.integer("limit", default: 20, in: 1...500)
        let wanted = call.query.list("formTypes")
        for type in wanted where !types.contains(type) { throw APIError.queryParameter("formTypes") }
        // Only HubSpot's own forms exist here.
        let matches = wanted.isEmpty || wanted.contains("hubspot") || wanted.contains("all")
        let rows = try Row.fetchAll(
            db,
            sql:
                "SELECT position, definition FROM forms WHERE archived = ? AND position >= ? ORDER BY position LIMIT ?",
            arguments: [call.query.flag("archived"), Paging.after(call), matches ? limit + 1 : 0])
        return Paging.answer(stored: rows, limit: limit, call)
    }

    private static func get(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let text = try String.fetchOne(
            db, sql: "SELECT definition FROM forms WHERE guid = ? AND archived = ?",
            arguments: [call.parameter("form").lowercased(), call.query.flag("archived")])
        guard let text else { throw APIError.recordNotFound }
        return SimulatorResponse(200, json: Array(text.utf8))
    }
}
