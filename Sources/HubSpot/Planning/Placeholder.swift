package import JSON
import Wire

/// What stands for a record that a plan creates for as long as there is none: `plan:7`, by the number of the plan's line.
package struct Placeholder: Sendable, Hashable {
    package var line: Int64

    package init(_ line: Int64) { self.line = line }

    /// Nil where the text is anything else, or more.
    package init?(_ text: some StringProtocol) {
        guard text.hasPrefix(Self.prefix), case let digits = text.dropFirst(Self.prefix.count),
            (1...18).contains(digits.utf8.count), digits.utf8.first != UInt8(ascii: "0"),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let line = Int64(digits)
        else { return nil }
        self.line = line
    }

    package var text: String { "\(Self.prefix)\(line)" }

    private static let prefix = "plan:"

    // MARK: In a path

    /// The lines that whole parts of a path name.
    package static func lines(inPath path: String) -> Set<Int64> {
        var lines: Set<Int64> = []
        _ = mapped(path) { placeholder in
            lines.insert(placeholder.line)
            return nil
        }
        return lines
    }

    /// A path with its placeholders as people read them: `plan:7`, not `plan%3A7`.
    package static func readable(_ path: String) -> String { mapped(path) { $0.text } }

    /// A path with ids in the places of those placeholders that have one.
    package static func filled(_ path: String, _ ids: [Int64: String]) -> String {
        mapped(path) { ids[$0.line].map { PercentEncoding.encode($0) } }
    }

    private static func mapped(_ path: String, _ replacement: (Placeholder) -> String?) -> String {
        guard path.contains("plan") else { return path }
        let halves = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let parts = halves[0].split(separator: "/", omittingEmptySubsequences: false).map { part in
            PercentEncoding.decode(part).flatMap { Placeholder($0) }.flatMap(replacement) ?? String(part)
        }
        return parts.joined(separator: "/") + (halves.count > 1 ? "?\(halves[1])" : "")
    }

    // MARK: In a body

    /// The lines that whole texts of a body name.
    package static func lines(in body: JSONSlice) -> Set<Int64> { Set(found(in: body.bytes).map(\.line)) }

    /// A body with ids in the places of those placeholders that have one.
    package static func filled(_ body: JSONSlice, _ ids: [Int64: String]) -> JSONSlice {
        var bytes: [UInt8] = []
        var rest = body.bytes.startIndex
        for (range, line) in found(in: body.bytes) {
            guard let id = ids[line] else { continue }
            bytes += body.bytes[rest..<range.lowerBound]
            bytes += JSONValue.string(id).bytes
            rest = range.upperBound
        }
        return rest == body.bytes.startIndex ? body : JSONSlice(bytes + body.bytes[rest...])
    }

    private static let opening = Array("\"plan:".utf8)

    /// Where they stand, with their quotation marks. A mark within a text is escaped, so that none is mistaken for one.
    private static func found(in bytes: ArraySlice<UInt8>) -> [(range: Range<Int>, line: Int64)] {
        var all: [(range: Range<Int>, line: Int64)] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            defer { index += 1 }
            guard bytes[index] == UInt8(ascii: "\""), bytes[index...].starts(with: opening) else { continue }
            var end = index + opening.count
            while end < bytes.endIndex, (0x30...0x39).contains(bytes[end]) { end += 1 }
            guard end < bytes.endIndex, bytes[end] == UInt8(ascii: "\""),
                let placeholder = Placeholder(String(decoding: bytes[(index + 1)..<end], as: UTF8.self))
            else { continue }
            all.append((index..<(end + 1), placeholder.line))
        }
        return all
    }
}
