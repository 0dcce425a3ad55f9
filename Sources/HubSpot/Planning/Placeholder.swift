package import JSON
import Wire

/// What stands for a record that a plan creates for as long as there is none.
///
/// In a plan's file it is `plan:7`, by the number of the line. While the script runs it is `plan:7:k3x9`: the plan's own word
/// behind the number tells it from a text of the user's that merely looks like one. A line's `depends` says which of the texts
/// in it are placeholders; the numbers of lines that create something are none that stand in a user's text.
package struct Placeholder: Sendable, Hashable {
    package var line: Int64

    package init(_ line: Int64) { self.line = line }

    /// Nil where the text is anything else, or more.
    /// - Parameter tag: The plan's word, while the script runs.
    package init?(_ text: some StringProtocol, tag: String? = nil) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        var digits = text.dropFirst(Self.prefix.count)
        if let tag {
            guard digits.hasSuffix(":\(tag)") else { return nil }
            digits = digits.dropLast(tag.count + 1)
        }
        guard (1...18).contains(digits.utf8.count), digits.utf8.first != UInt8(ascii: "0"),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let line = Int64(digits)
        else { return nil }
        self.line = line
    }

    package var text: String { "\(Self.prefix)\(line)" }

    /// As the script has it.
    func text(tag: String) -> String { "\(text):\(tag)" }

    private static let prefix = "plan:"

    // MARK: In a path

    /// The lines that whole parts of a path name.
    package static func lines(inPath path: String, tag: String? = nil) -> Set<Int64> {
        var lines: Set<Int64> = []
        _ = mapped(path, tag) { placeholder in
            lines.insert(placeholder.line)
            return nil
        }
        return lines
    }

    /// A path with its placeholders as people read them: `plan:7`, not `plan%3A7`.
    package static func readable(_ path: String) -> String { mapped(path, nil) { $0.text } }

    /// A path with ids in the places of those placeholders that have one.
    package static func filled(_ path: String, _ ids: [Int64: String]) -> String {
        mapped(path, nil) { ids[$0.line].map { PercentEncoding.encode($0) } }
    }

    /// A path of the script's as a file has it.
    static func renumbered(_ path: String, tag: String, _ numbers: [Int64: Int64]) -> String {
        mapped(path, tag) { Placeholder(numbers[$0.line] ?? $0.line).text }
    }

    private static func mapped(_ path: String, _ tag: String?, _ replacement: (Placeholder) -> String?) -> String {
        guard path.contains("plan") else { return path }
        let halves = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let parts = halves[0].split(separator: "/", omittingEmptySubsequences: false).map { part in
            PercentEncoding.decode(part).flatMap { Placeholder($0, tag: tag) }.flatMap(replacement) ?? String(part)
        }
        return parts.joined(separator: "/") + (halves.count > 1 ? "?\(halves[1])" : "")
    }

    // MARK: In a body

    /// The lines that whole texts of a body name.
    package static func lines(in body: JSONSlice, tag: String? = nil) -> Set<Int64> {
        Set(found(in: body.bytes, tag).map(\.line))
    }

    /// A body with ids in the places of those placeholders that have one.
    package static func filled(_ body: JSONSlice, _ ids: [Int64: String]) -> JSONSlice {
        mapped(body, nil) { ids[$0] }
    }

    /// A body of the script's as a file has it.
    static func renumbered(_ body: JSONSlice, tag: String, _ numbers: [Int64: Int64]) -> JSONSlice {
        mapped(body, tag) { Placeholder(numbers[$0] ?? $0).text }
    }

    private static func mapped(
        _ body: JSONSlice, _ tag: String?, _ replacement: (Int64) -> String?
    ) -> JSONSlice {
        var bytes: [UInt8] = []
        var rest = body.bytes.startIndex
        for (range, line) in found(in: body.bytes, tag) {
            guard let text = replacement(line) else { continue }
            bytes += body.bytes[rest..<range.lowerBound]
            bytes += JSONValue.string(text).bytes
            rest = range.upperBound
        }
        return rest == body.bytes.startIndex ? body : JSONSlice(bytes + body.bytes[rest...])
    }

    private static let opening = Array("\"plan:".utf8)

    /// Where they stand, with their quotation marks. A mark within a text is escaped, so that none is mistaken for one.
    private static func found(
        in bytes: ArraySlice<UInt8>, _ tag: String?
    ) -> [(range: Range<Int>, line: Int64)] {
        var all: [(range: Range<Int>, line: Int64)] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            defer { index += 1 }
            guard bytes[index] == UInt8(ascii: "\""), bytes[index...].starts(with: opening) else { continue }
            let start = index + 1
            guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\"")), end - start <= 40,
                let placeholder = Placeholder(String(decoding: bytes[start..<end], as: UTF8.self), tag: tag)
            else { continue }
            all.append((index..<(end + 1), placeholder.line))
        }
        return all
    }
}
