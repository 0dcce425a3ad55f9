import GRDB
import JSON
import Wire

/// `paging` of an answer.
enum Paging {
    /// The `after` of the query as a whole number from 0 on; 0 where it is left out.
    static func after(_ call: Call) throws(APIError) -> Int64 {
        guard let text = call.query.first("after"), !text.isEmpty else { return 0 }
        guard let value = Int64(text), value >= 0 else { throw .queryParameter("after") }
        return value
    }

    /// Where the next page is found: the same path with another `after`.
    static func link(after: String, _ call: Call) -> String {
        var items = call.query.items.filter { $0.name != "after" }.map {
            "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))"
        }
        items.append("after=\(PercentEncoding.encode(after))")
        return "\(call.portal.publicURL)\(call.request.path)?\(items.joined(separator: "&"))"
    }

    /// Appends `,"paging":{"next":{…}}` with a link to the same path.
    static func write(after: String, _ call: Call, to buffer: inout JSONWriter) {
        buffer.raw(",\"paging\":{\"next\":{\"after\":")
        buffer.string(after)
        buffer.raw(",\"link\":")
        buffer.string(link(after: after, call))
        buffer.raw("}}")
    }

    /// A page of documents: `{results, paging?}`.
    static func answer(_ results: [JSONValue], next: String?, _ call: Call) -> SimulatorResponse {
        var buffer = JSONWriter(capacity: 4096)
        buffer.raw("{\"results\":")
        buffer.value(.array(results))
        if let next { write(after: next, call, to: &buffer) }
        buffer.raw("}")
        return SimulatorResponse(200, json: buffer.bytes)
    }

    /// A page of documents that are stored as text.
    /// - Parameter rows: A number that pages are made by, and the document; one more than `limit` where there are more.
    static func answer(stored rows: [Row], limit: Int, _ call: Call) -> SimulatorResponse {
        var buffer = JSONWriter(capacity: 8192)
        buffer.raw("{\"results\":[")
        for (index, row) in rows.prefix(limit).enumerated() {
            if index > 0 { buffer.raw(",") }
            buffer.raw(row[1] as String)
        }
        buffer.raw("]")
        if rows.count > limit, let next = rows.last { write(after: String(next[0] as Int64), call, to: &buffer) }
        buffer.raw("}")
        return SimulatorResponse(200, json: buffer.bytes)
    }
}
