import HTTPTypes
import Wire

/// A request as the handlers see it.
struct SimulatorRequest: Sendable {
    let method: String
    /// Path and query, as sent.
    let target: String
    /// Without the query, as sent.
    let path: String
    /// The path's parts, percent-decoded.
    let segments: [String]
    let query: Query
    let headers: HTTPFields
    /// The `Host` by which it was asked.
    let host: String?
    let body: [UInt8]
    /// The sender's address without the port.
    let remoteAddress: String
    /// When its head had come, in microseconds since 1970.
    let arrival: Int64
    let correlationID: String

    init(_ head: HTTPRequest, body: [UInt8], remoteAddress: String?, arrival: Int64, correlationID: String) {
        method = head.method.rawValue
        target = head.path ?? "/"
        let path = target.prefix { $0 != "?" }
        self.path = String(path)
        segments = path.split(separator: "/").map { PercentEncoding.decodeLeniently($0, plusIsSpace: false) }
        query = Query(target.dropFirst(path.count + 1))
        headers = head.headerFields
        host = head.authority
        self.body = body
        self.remoteAddress = remoteAddress ?? "127.0.0.1"
        self.arrival = arrival
        self.correlationID = correlationID
    }

    var contentType: String { headers[.contentType] ?? "" }

    /// The bearer token, or nil where the header is absent, of another scheme, or has a doubled prefix.
    var bearerToken: String? {
        guard let value = headers[.authorization] else { return nil }
        let parts = value.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }
}

/// A query string's parameters in order.
struct Query: Sendable {
    var items: [(name: String, value: String)] = []
    /// As it was sent.
    let text: String

    init(_ text: Substring) {
        self.text = String(text)
        for pair in text.split(separator: "&") {
            let equals = pair.firstIndex(of: "=") ?? pair.endIndex
            let value = equals < pair.endIndex ? pair[pair.index(after: equals)...] : ""
            items.append(
                (
                    PercentEncoding.decodeLeniently(pair[..<equals], plusIsSpace: true),
                    PercentEncoding.decodeLeniently(value, plusIsSpace: true)
                ))
        }
    }

    func first(_ name: String) -> String? {
        items.first { $0.name == name }?.value
    }

    /// Comma lists and repeated keys alike.
    func list(_ name: String) -> [String] {
        items.filter { $0.name == name }.flatMap { $0.value.split(separator: ",").map { $0.trimmed } }
            .filter { !$0.isEmpty }
    }

    /// Only the first value counts, and only `true` in any case switches on.
    func flag(_ name: String) -> Bool {
        first(name)?.lowercased() == "true"
    }

    /// - Throws: 400 where the value is no integer in the range.
    func integer(_ name: String, default fallback: Int, in range: ClosedRange<Int>) throws(APIError) -> Int {
        guard let text = first(name), !text.isEmpty else { return fallback }
        guard let value = Int(text) else { throw .queryParameter(name) }
        guard range ~= value else {
            throw .validation(
                "\(name) must be between \(range.lowerBound) and \(range.upperBound), but was \(value).")
        }
        return value
    }
}
