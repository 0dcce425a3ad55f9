import Glibc
import JSON

/// One CRM record as stored.
struct StoredRecord: Sendable {
    var key: Int64
    /// Milliseconds since 1970.
    var created: Int64
    var updated: Int64
    /// When the record went to the recycle bin; nil for a live one.
    var archivedAt: Int64?
    var properties: StoredProperties

    var id: Int64 { PortalObjectType.id(ofKey: key) }
}

/// A record's properties that have a value, as the JSON object that the database holds: keys sorted, every value a
/// string. Answers copy values out of it without decoding them.
struct StoredProperties: Sendable {
    /// The JSON text. Only ``init(_:)`` makes it, so its shape is known: no spaces, names without escapes.
    let text: String
    /// The values, where they have been decoded.
    private let known: [String: String]?

    init(stored text: String) {
        self.text = text
        known = nil
    }

    private init(_ text: String, _ values: [String: String]) {
        self.text = text
        known = values
    }

    init(_ values: [String: String]) {
        var buffer = JSONWriter(capacity: 64 + values.count * 32)
        buffer.raw("{")
        var isFirst = true
        for (name, value) in values.sorted(by: { $0.key < $1.key }) where !value.isEmpty {
            if !isFirst { buffer.raw(",") }
            isFirst = false
            buffer.string(name)
            buffer.raw(":")
            buffer.string(value)
        }
        buffer.raw("}")
        text = String(decoding: buffer.bytes, as: UTF8.self)
        known = values.values.contains(where: \.isEmpty) ? values.filter { !$0.value.isEmpty } : values
    }

    /// The same with the values at hand, for several that ask for them.
    var decoded: StoredProperties { known == nil ? StoredProperties(text, values) : self }

    /// The values by name, decoded.
    var values: [String: String] {
        if let known { return known }
        guard let json = try? JSONValue.parse(text.utf8), let members = json.members else { return [:] }
        return Dictionary(members.map { ($0.key, $0.value.string ?? "") }) { $1 }
    }

    /// Appends an object with these names in their order, null for those without a value.
    /// - Parameter names: Sorted, without doubles.
    func appendSelection(_ names: [String], to buffer: inout JSONWriter) {
        var text = text
        text.withUTF8 { bytes in
            buffer.raw("{")
            var scanner = Scanner(bytes: bytes)
            var entry = scanner.next()
            for (index, name) in names.enumerated() {
                if index > 0 { buffer.raw(",") }
                buffer.raw("\"")
                buffer.raw(name)
                buffer.raw("\":")
                while let current = entry, Self.order(bytes[current.key], name) < 0 { entry = scanner.next() }
                if let current = entry, Self.order(bytes[current.key], name) == 0 {
                    buffer.raw(bytes[current.value])
                } else {
                    buffer.raw("null")
                }
            }
            buffer.raw("}")
        }
    }

    /// The words of these properties' values, in lower case with blanks between them.
    /// - Parameter names: Sorted, without doubles.
    func words(of names: [String]) -> String {
        var text = text
        return text.withUTF8 { bytes in
            var words: [UInt8] = []
            var scanner = Scanner(bytes: bytes)
            var rest = names[...]
            while let entry = scanner.next(), !rest.isEmpty {
                var order = -1
                while let name = rest.first {
                    order = Self.order(bytes[entry.key], name)
                    guard order > 0 else { break }
                    rest = rest.dropFirst()
                }
                guard order == 0 else { continue }
                SearchText.appendTokens(quoted: bytes[entry.value], to: &words)
            }
            return String(decoding: words, as: UTF8.self)
        }
    }

    /// Less than, equal to or greater than zero, as a key stands before, at or behind a name in the order of their bytes.
    private static func order(_ key: Slice<UnsafeBufferPointer<UInt8>>, _ name: String) -> Int {
        var name = name
        return name.withUTF8 { name in
            let key = UnsafeBufferPointer(rebasing: key)
            guard let left = key.baseAddress, let right = name.baseAddress else { return key.count - name.count }
            let order = memcmp(left, right, min(key.count, name.count))
            return order == 0 ? key.count - name.count : Int(order)
        }
    }

    /// Walks the members: the key without its quotes, the value with them.
    private struct Scanner {
        let bytes: UnsafeBufferPointer<UInt8>
        var position = 1

        /// Nil at the end, and where the text is not of the shape that ``StoredProperties`` makes: the file may be
        /// another program's work.
        mutating func next() -> (key: Range<Int>, value: Range<Int>)? {
            guard let key = string(), take(UInt8(ascii: ":")), let value = string() else { return nil }
            position += 1
            return (key.lowerBound + 1..<key.upperBound - 1, value)
        }

        private mutating func take(_ byte: UInt8) -> Bool {
            guard position < bytes.count, bytes[position] == byte else { return false }
            position += 1
            return true
        }

        /// The range of the quoted string at the position, which moves past it.
        private mutating func string() -> Range<Int>? {
            let start = position
            guard take(UInt8(ascii: "\"")) else { return nil }
            while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
                position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
            }
            guard take(UInt8(ascii: "\"")) else { return nil }
            return start..<position
        }
    }
}

/// Which properties an answer shows.
enum PropertySelection: Sendable {
    /// Every property that has a value.
    case all
    /// These, sorted and without doubles; null where there is no value.
    case names([String])

    /// The defaults of the type, or, where names are given, those that are defined and those that are always shown.
    init(_ requested: [String], of type: PortalObjectType, in schema: Schema) {
        let names = requested.isEmpty ? type.defaults : requested.filter { schema.property($0, of: type) != nil }
        self = .names(Set(names + type.always).sorted())
    }
}
