import GRDB
import Wire

/// `/marketing/…/forms`: form definitions.
enum FormsAPI {
    static var routes: [Route] {
        let access = Route.Access.token { _ throws(APIError) in ["forms"] }
        return [
            Route("GET", "marketing/forms", access, .read(list)),
            Route("GET", "marketing/forms/{form}", access, .read(get)),
        ]
    }

    private static let types: Set<String> = ["hubspot", "captured", "flow", "blog_comment", "all"]

    /// Archived forms are purged after about three months.
    private static let isKept = "coalesce(json_extract(definition, '$.archivedAt'), '9') > ?"

    private static func oldest(_ call: Call) -> String {
        Timestamp.iso(call.now - 90 * Timestamp.millisecondsPerDay)
    }

    private static func list(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let limit = try call.query.integer("limit", default: 20, in: 1...500)
        let wanted = call.query.list("formTypes")
        for type in wanted where !types.contains(type) { throw APIError.queryParameter("formTypes") }
        // Only HubSpot's own forms exist here.
        let matches = wanted.isEmpty || wanted.contains("hubspot") || wanted.contains("all")
        let rows = try Row.fetchAll(
            db,
            sql:
                "SELECT position, definition FROM forms WHERE archived = ? AND position >= ? AND \(isKept) ORDER BY position LIMIT ?",
            arguments: [call.query.flag("archived"), Paging.after(call), oldest(call), matches ? limit + 1 : 0])
        return Paging.answer(stored: rows, limit: limit, call)
    }

    private static func get(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let text = try String.fetchOne(
            db, sql: "SELECT definition FROM forms WHERE guid = ? AND archived = ? AND \(isKept)",
            arguments: [call.parameter("form").lowercased(), call.query.flag("archived"), oldest(call)])
        guard let text else { throw APIError.recordNotFound }
        return SimulatorResponse(200, json: Array(text.utf8))
    }
}
