import GRDB
import JSON

/// `/crm/objects/{type}/search`.
enum SearchAPI {
    static var routes: [Route] {
        [
            Route("POST", "crm/objects/{type}/search", lane: .search, ObjectsAPI.reading, .read(search))
        ]
    }

    /// So many rows are looked up and sorted within some milliseconds.
    static let few: Int64 = 10_000

    static func search(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let body = try call.object()
        let query = try SearchRequest(body, length: String(decoding: call.request.body, as: UTF8.self).count)
        let lagging = call.portal.searchLag != nil
        var sql = try SearchSQL(query, of: type, in: call.schema, lagging: lagging)
        try sql.columns.check(db)
        let arguments = StatementArguments(sql.arguments.map { $0 as any DatabaseValueConvertible })
        let total = try call.portal.totals.total(sql, db)
        if total < few { sql.expectFew() }
        let statement = try db.makeStatement(
            sql: """
                SELECT \(RecordStore.columns) FROM \(sql.source) WHERE \(sql.condition)
                ORDER BY \(sql.order) LIMIT \(query.limit) OFFSET \(query.offset)
                """)
        let selection = PropertySelection(query.properties, of: type, in: call.schema)
        let writer = RecordWriter(type: type, portalID: Portal.id, selection: selection)
        var buffer = JSONWriter(capacity: query.limit * 512)
        buffer.raw("{\"total\":")
        buffer.integer(total)
        buffer.raw(",\"results\":[")
        var count = 0
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        while let row = try rows.next() {
            if count > 0 { buffer.raw(",") }
            writer.write(RecordStore.record(row), to: &buffer)
            count += 1
        }
        buffer.raw("]")
        let end = query.offset + count
        if count > 0, Int64(end) < total { Paging.write(after: String(end), call, to: &buffer) }
        buffer.raw("}")
        return SimulatorResponse(200, json: buffer.bytes)
    }
}
