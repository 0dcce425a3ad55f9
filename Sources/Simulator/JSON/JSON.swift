/// A JSON document: what a request body is read into, and what small answers are made from. Record pages are
/// written directly by ``JSONBuffer`` instead.
///
/// Objects keep the order of their members; of doubled keys the last one counts. Numbers keep their text.
enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])

    struct Member: Sendable, Equatable {
        var key: String
        var value: JSON
    }

    /// The value of the last member with this key; nil where there is none or this is no object.
    subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    var array: [JSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    var bool: Bool? {
        if case .bool(let flag) = self { flag } else { nil }
    }

    /// The integer that a number, or a string of digits, holds.
    var integer: Int64? {
        switch self {
        case .number(let text):
            if let exact = Int64(text) { return exact }
            guard let value = Double(text), let exact = Int64(exactly: value) else { return nil }
            return exact
        case .string(let text): return Int64(text)
        default: return nil
        }
    }

    var double: Double? {
        switch self {
        case .number(let text), .string(let text): Double(text)
        default: nil
        }
    }

    var isNull: Bool { self == .null }

    /// The same object with one member set, at its old place or at the end.
    func setting(_ key: String, to value: JSON) -> JSON {
        guard case .object(var members) = self else { return self }
        if let index = members.lastIndex(where: { $0.key == key }) {
            members[index].value = value
        } else {
            members.append(Member(key: key, value: value))
        }
        return .object(members)
    }

    static func strings(_ list: some Sequence<String>) -> JSON { .array(list.map { .string($0) }) }
    static func integer(_ value: some BinaryInteger) -> JSON { .number(String(value)) }

    /// A string, or null for nil.
    static func optional(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }

    /// The document as compact UTF-8 text.
    var bytes: [UInt8] {
        var buffer = JSONBuffer()
        buffer.value(self)
        return buffer.bytes
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(integerLiteral value: Int64) { self = .number(String(value)) }
    init(arrayLiteral elements: JSON...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { Member(key: $0.0, value: $0.1) })
    }
}
