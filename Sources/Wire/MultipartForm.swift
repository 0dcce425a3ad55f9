/// A body of type `multipart/form-data` (RFC 7578) that is being made.
public struct MultipartForm: Sendable {
    private let boundary: String
    private var parts: [UInt8] = []

    /// - Parameter content: Bytes in which the boundary must not occur. The same content gets the same boundary.
    public init(avoiding content: [UInt8]) {
        var number = 0
        while content.firstRange(of: Array(Self.boundary(number).utf8)) != nil { number += 1 }
        boundary = Self.boundary(number)
    }

    public var contentType: String { "multipart/form-data; boundary=\(boundary)" }
    public var body: [UInt8] { parts + Array("--\(boundary)--\r\n".utf8) }

    public mutating func add(_ name: String, _ value: String) {
        parts += Array(
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
    }

    public mutating func add(_ name: String, fileName: String, _ content: [UInt8]) {
        let quoted = fileName.replacing("\"", with: "%22").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
        parts += Array(
            ("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"\(quoted)\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n").utf8)
        parts += content
        parts += Array("\r\n".utf8)
    }

    private static func boundary(_ number: Int) -> String { "moonspot-boundary-\(number)-7d1c2f90" }
}
