import GRDB

/// `/crm/owners`.
enum OwnersAPI {
    static var routes: [Route] {
        let access = Route.Access.token { _ throws(APIError) in ["crm.objects.owners.read"] }
        return [
            Route("GET", "crm/owners", access, .read(list)),
            Route("GET", "crm/owners/{id}", access, .read(get)),
        ]
    }

    private static func list(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let limit = try call.query.integer("limit", default: 100, in: 1...500)
        let email = call.query.first("email").flatMap { $0.isEmpty ? nil : $0.lowercased() }
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT id, definition FROM owners WHERE archived = ?1 AND id >= ?2 AND (?3 IS NULL OR email = ?3)
                ORDER BY id LIMIT ?4
                """, arguments: [call.query.flag("archived"), Paging.after(call), email, limit + 1])
        return Paging.answer(stored: rows, limit: limit, call)
    }

    private static func get(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let property = call.query.first("idProperty") ?? "id"
        guard property == "id" || property == "userId" else { throw APIError.queryParameter("idProperty") }
        guard let id = Int64(call.parameter("id")) else { throw APIError.malformedID(call.parameter("id")) }
        let text = try String.fetchOne(
            db, sql: "SELECT definition FROM owners WHERE \(property == "id" ? "id" : "user_id") = ? AND archived = ?",
            arguments: [id, call.query.flag("archived")])
        guard let text else { throw APIError.recordNotFound }
        return SimulatorResponse(200, json: Array(text.utf8))
    }
}
