import JSON
import Wire

/// An answer before the common headers are added.
struct SimulatorResponse: Sendable {
    var status: Int
    var headers: [(String, String)] = []
    var body: [UInt8] = []
    var contentType: String? = "application/json;charset=utf-8"
    /// Only half of the body is sent, and then the connection closes.
    var isTruncated = false
    /// The second half of the body comes this much later than the first.
    var pause: Duration?

    init(_ status: Int, _ json: JSONValue) {
        self.status = status
        body = json.bytes
    }

    init(_ status: Int, json bytes: [UInt8]) {
        self.status = status
        body = bytes
    }

    /// An answer without a body.
    init(_ status: Int) {
        self.status = status
        contentType = nil
    }

    /// The same answer with the address of the thing that was made: the call's own path and its id.
    func located(_ id: String, _ call: Call) -> SimulatorResponse {
        var response = self
        let path = call.request.path.hasSuffix("/") ? String(call.request.path.dropLast()) : call.request.path
        response.headers.append(("Location", "\(call.portal.publicURL)\(path)/\(PercentEncoding.encode(id))"))
        return response
    }

    init(_ error: APIError, correlationID: String) {
        status = error.status
        headers = error.headers
        switch error.form {
        case .envelope, .oauth: body = error.json(correlationID: correlationID).bytes
        case .html:
            contentType = "text/html;charset=utf-8"
            body = Array(Self.page(error.status).utf8)
        case .empty: contentType = nil
        case .plain(let text):
            contentType = "text/plain;charset=UTF-8"
            body = Array(text.utf8)
        }
    }

    private static func page(_ status: Int) -> String {
        "<html>\n<head>\n<title>Error \(status)</title>\n</head>\n<body>\n<h2>HTTP ERROR \(status)</h2>\n</body>\n</html>\n"
    }
}
