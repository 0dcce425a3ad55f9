/// The JSON of a request's body: written in the order given, so that the same call always sends the same bytes.
public enum RequestJSON: Sendable, Equatable {
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    case list([RequestJSON])
    case object([Field])
    /// JSON text that is sent as it stands.
    case raw(JSONSlice)

    public struct Field: Sendable, Equatable {
        public var name: String
        public var value: RequestJSON
        public init(_ name: String, _ value: RequestJSON) {
            self.name = name
            self.value = value
        }
    }

    /// An object without the fields whose value is nil.
    public static func object(_ fields: KeyValuePairs<String, RequestJSON?>) -> RequestJSON {
        .object(fields.compactMap { name, value in value.map { Field(name, $0) } })
    }

    public static func strings(_ list: some Sequence<String>) -> RequestJSON { .list(list.map(RequestJSON.string)) }

    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    func write(to bytes: inout [UInt8]) {
        switch self {
        case .string(let text): Self.write(text, to: &bytes)
        case .integer(let number): bytes.append(contentsOf: String(number).utf8)
        case .boolean(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .raw(let slice): bytes.append(contentsOf: slice.bytes)
        case .list(let list):
            bytes.append(UInt8(ascii: "["))
            for (offset, value) in list.enumerated() {
                if offset > 0 { bytes.append(UInt8(ascii: ",")) }
                value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let fields):
            bytes.append(UInt8(ascii: "{"))
            for (offset, field) in fields.enumerated() {
                if offset > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.write(field.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                field.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, to bytes: inout [UInt8]) {
        let hex = Array("0123456789abcdef".utf8)
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
            case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0..<0x20, 0x7F:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(hex[Int(byte >> 4)])
                bytes.append(hex[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension RequestJSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral {
    public init(stringLiteral value: String) { self = .string(value) }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
}
