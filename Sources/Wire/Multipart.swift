import Glibc

/// A `multipart/form-data` body (RFC 7578), cut into its parts.
public struct Multipart: Sendable {
    public struct Part: Sendable {
        public var name: String
        /// Nil for a plain field.
        public var fileName: String?
        public var contentType: String?
        public var content: ArraySlice<UInt8>

        public var text: String { String(decoding: content, as: UTF8.self) }
    }

    /// Why a body cannot be cut: one sentence.
    public struct Malformed: Error, Equatable {
        public var reason: String
    }

    public private(set) var parts: [Part] = []

    public func first(_ name: String) -> Part? { parts.first { $0.name == name } }

    /// A field's text; nil where it is absent or empty.
    public func text(_ name: String) -> String? { first(name).map(\.text).flatMap { $0.isEmpty ? nil : $0 } }

    /// - Parameter contentType: The header's value, which names the boundary.
    /// - Throws: ``Malformed`` where the body is not cut as its content type says.
    public init(_ body: [UInt8], contentType: String) throws(Malformed) {
        guard let boundary = Self.parameter("boundary", of: contentType), !boundary.isEmpty, boundary.utf8.count <= 70
        else { throw Malformed(reason: "The multipart body has no boundary") }
        // The first delimiter begins the body or follows a preamble's line end.
        let delimiter = Array("--\(boundary)".utf8)
        let inner = Array("\r\n--\(boundary)".utf8)
        var position: Int
        if body.starts(with: delimiter) {
            position = delimiter.count
        } else if let start = Self.find(inner, in: body, from: 0) {
            position = start + inner.count
        } else {
            throw Malformed(reason: "The multipart body does not begin with its boundary")
        }
        while !body[position...].starts(with: Array("--".utf8)) {
            while position < body.count, body[position] == 0x20 || body[position] == 0x09 { position += 1 }
            guard body[position...].starts(with: [0x0D, 0x0A]),
                let end = Self.find(inner, in: body, from: position)
            else { throw Malformed(reason: "The multipart body ends within a part") }
            // A part without headers has its blank line right after the delimiter's.
            let blank = Array("\r\n\r\n".utf8)
            guard let head = Self.find(blank, in: body, from: position), head + blank.count <= end else {
                throw Malformed(reason: "A part of the multipart body has no headers")
            }
            parts.append(try Self.part(body[position..<head], content: body[(head + blank.count)..<end]))
            guard parts.count <= 1000 else { throw Malformed(reason: "The multipart body has too many parts") }
            position = end + inner.count
        }
    }

    private static func part(_ head: ArraySlice<UInt8>, content: ArraySlice<UInt8>) throws(Malformed) -> Part {
        var part = Part(name: "", content: content)
        for line in head.split(separator: 0x0A) {
            let text = String(decoding: line, as: UTF8.self).trimmingSpaces
            guard let colon = text.firstIndex(of: ":") else { continue }
            let value = String(text[text.index(after: colon)...])
            switch text[..<colon].lowercased() {
            case "content-disposition":
                part.name = parameter("name", of: value) ?? ""
                part.fileName = parameter("filename", of: value)
                if let encoded = parameter("filename*", of: value), encoded.lowercased().hasPrefix("utf-8''") {
                    part.fileName = PercentEncoding.decodeLeniently(encoded.dropFirst(7), plusIsSpace: false)
                }
            case "content-type": part.contentType = value.trimmingSpaces
            default: break
            }
        }
        guard !part.name.isEmpty else { throw Malformed(reason: "A part of the multipart body has no name") }
        return part
    }

    /// The value of `name=value` or `name="value"` after a semicolon.
    private static func parameter(_ name: String, of header: String) -> String? {
        var rest = header[...]
        while let semicolon = rest.firstIndex(of: ";") {
            rest = rest[rest.index(after: semicolon)...].drop { $0.isWhitespace }
            guard let equals = rest.firstIndex(of: "=") else { return nil }
            let key = rest[..<equals].lowercased()
            rest = rest[rest.index(after: equals)...]
            var value = ""
            if rest.first == "\"" {
                rest.removeFirst()
                while let character = rest.popFirst(), character != "\"" {
                    value.append(character == "\\" ? rest.popFirst() ?? character : character)
                }
            } else {
                value = rest.prefix { $0 != ";" }.trimmingSpaces
            }
            if key == name { return value }
        }
        return nil
    }

    private static func find(_ needle: [UInt8], in body: [UInt8], from start: Int) -> Int? {
        body.withUnsafeBytes { body -> Int? in
            guard let base = body.baseAddress else { return nil }
            var position = start
            while position + needle.count <= body.count {
                let rest = body.count - needle.count - position + 1
                guard let hit = memchr(base + position, Int32(needle[0]), rest) else { return nil }
                position = base.distance(to: UnsafeRawPointer(hit))
                if memcmp(hit, needle, needle.count) == 0 { return position }
                position += 1
            }
            return nil
        }
    }
}

extension StringProtocol {
    /// Without white space at its ends.
    fileprivate var trimmingSpaces: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
