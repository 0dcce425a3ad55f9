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
        var after: Int64 = 0
        if let text = call.query.first("after"), !text.isEmpty {
            guard let number = Int64(text), number >= 0 else { throw APIError.queryParameter("after") }
            after = number
        }
        let rows = try Row.fetchAll(
            db,
            sql:
                "SELECT position, definition FROM forms WHERE archived = ? AND position >= ? ORDER BY position LIMIT ?",
            arguments: [call.query.flag("archived"), after, matches ? limit + 1 : 0])
        var buffer = JSONBuffer(capacity: 8192)
        buffer.raw("{\"results\":[")
        for (index, row) in rows.prefix(limit).enumerated() {
            if index > 0 { buffer.raw(",") }
            buffer.raw(row[1] as String)
        }
        buffer.raw("]")
        if rows.count > limit, let next = rows.last { Paging.write(after: String(next[0] as Int64), call, to: &buffer) }
        buffer.raw("}")
        return SimulatorResponse(200, json: buffer.bytes)
    }

    private static func get(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let text = try String.fetchOne(
            db, sql: "SELECT definition FROM forms WHERE guid = ? AND archived = ?",
            arguments: [call.parameter("form").lowercased(), call.query.flag("archived")])
        guard let text else { throw APIError.recordNotFound }
        return SimulatorResponse(200, json: Array(text.utf8))
    }
}
