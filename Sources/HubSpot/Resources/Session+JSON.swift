import HTTPTypes
import JSON

extension Session {
    /// Sends a request whose answer is a JSON object. A dry run answers with what was given, `dry_run` added.
    func object(
        _ method: HTTPRequest.Method, _ path: String, query: [(name: String, value: String)] = [],
        body: JSONValue? = nil
    ) async throws(HubSpotError) -> JSONSlice {
        let request = APIRequest(method, path, query: query, body: body?.bytes)
        guard isDry(request) else { return try JSONSlice(answer: await send(request).body, to: request) }
        try showDry(request)
        let given = body.map { JSONSlice($0.bytes) } ?? JSONSlice("{}")
        return (given.isObject ? given : JSONSlice("{}")).adding("dry_run", "true".utf8)
    }

    /// Sends a request whose answer, if any, says nothing.
    func perform(
        _ method: HTTPRequest.Method, _ path: String, query: [(name: String, value: String)] = [],
        body: JSONValue? = nil
    ) async throws(HubSpotError) {
        let request = APIRequest(method, path, query: query, body: body?.bytes)
        guard isDry(request) else {
            _ = try await send(request)
            return
        }
        try showDry(request)
    }
}
