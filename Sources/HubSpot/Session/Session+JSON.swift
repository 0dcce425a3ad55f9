import HTTPTypes
import JSON

extension Session {
    /// Sends a request whose answer is a JSON object. A dry run answers with what was given, `dry_run` added.
    func object(
        _ method: HTTPRequest.Method, _ path: String, query: [(name: String, value: String)] = [],
        body: JSONValue? = nil
    ) async throws(HubSpotError) -> JSONSlice {
        let request = APIRequest(method, path, query: query, body: body?.bytes)
        let write = Operation.spelledOut(request)
        guard let response = try await WritePipeline(session: self).request(write, request, raises: true) else {
            return write.echo
        }
        return try JSONSlice(answer: response.body, to: request)
    }

    /// Sends a request whose answer, if any, says nothing.
    func perform(
        _ method: HTTPRequest.Method, _ path: String, query: [(name: String, value: String)] = [],
        body: JSONValue? = nil
    ) async throws(HubSpotError) {
        _ = try await request(APIRequest(method, path, query: query, body: body?.bytes))
    }
}
