import HTTPTypes
import Wire

/// A request as the handlers see it.
struct SimulatorRequest: Sendable {
    var method: String
    /// Without the query, as sent.
    var path: String
    /// The path's parts, percent-decoded.
    var segments: [String]
    var query: Query
    var headers: HTTPFields
    var body: [UInt8]
    /// The sender's address without the port.
    var remoteAddress: String
    var correlationID: String

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
