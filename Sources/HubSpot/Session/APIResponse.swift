public import HTTPTypes

/// An answer with its whole body, decompressed.
public struct APIResponse: Sendable {
    /// The status code.
    public var status: Int
    /// As they came, in the order of the wire.
    var rawHeaders: [(name: String, value: String)]
    /// The body, decompressed; empty where there was none.
    public var body: [UInt8]

    /// An answer, for tests and for what stands in for a server.
    public init(status: Int, headers: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.rawHeaders = headers.map { ($0.name.rawName, $0.value) }
        self.body = body
    }

    init(status: Int, rawHeaders: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.rawHeaders = rawHeaders
        self.body = body
    }

    /// Made on demand: most answers are never asked for theirs.
    public var headers: HTTPFields {
        var fields = HTTPFields()
        for (name, value) in rawHeaders {
            guard let name = HTTPField.Name(name) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        return fields
    }

    /// The first header of that name, which is given in lower case.
    public func header(_ name: String) -> String? {
        rawHeaders.first { $0.name.utf8.count == name.utf8.count && $0.name.lowercased() == name }?.value
    }

    /// Whether the status is 200 to 299.
    public var isSuccess: Bool { (200..<300).contains(status) }
}
