import HTTPTypes

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
            items.append((PercentEncoding.decode(pair[..<equals]), PercentEncoding.decode(value)))
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

/// Percent-encoding of paths and queries; `+` is a space.
enum PercentEncoding {
    static func decode(_ text: Substring, plusIsSpace: Bool = true) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let high = digit(rest.first), let low = digit(rest.dropFirst().first) {
                bytes.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") && plusIsSpace ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Encodes everything but RFC 3986's unreserved characters.
    static func encode(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                result += hex.count == 1 ? "%0\(hex)" : "%\(hex)"
            }
        }
        return result
    }

    private static func digit(_ byte: UInt8?) -> UInt8? {
        byte.flatMap { Character(Unicode.Scalar($0)).hexDigitValue }.map { UInt8($0) }
    }
}
