/// A comment in the manner of LuaCATS, taken apart: prose, `Raises …`, `Example:` with lines of Lua below it, and tags.
struct LuaComment: Sendable, Equatable {
    struct Entry: Sendable, Equatable {
        /// Of a parameter or a field; of a result where it has one.
        var name: String
        var isOptional = false
        var type: String
        var text: String
    }

    /// Paragraphs.
    var prose: [String] = []
    /// Behind `Raises`, without the full stop.
    var raises: String?
    var example: [String] = []
    var parameters: [Entry] = []
    var returns: [Entry] = []
    var fields: [Entry] = []
    /// The name behind `@class`.
    var className: String?

    var summary: String { prose.first.map(Self.firstSentence) ?? "" }

    private enum Place { case prose, example, parameter, result, field, other }

    /// - Parameter lines: With their dashes.
    init(_ lines: some Sequence<String>) {
        var place = Place.prose
        var paragraph: [String] = []
        func endParagraph(_ comment: inout LuaComment) {
            let text = paragraph.joined(separator: " ")
            paragraph = []
            if text.isEmpty { return }
            guard text.hasPrefix("Raises ") else { return comment.prose.append(text) }
            comment.raises = String(text.dropFirst(7).trimming { $0 == "." })
        }
        for line in lines {
            let text = line.drop { $0 == "-" }
            let words = String(text.trimming(\.isWhitespace))
            if words.first == "@" {
                endParagraph(&self)
                place = take(tag: words)
            } else if place == .example {
                // The code stands five spaces in.
                let code = text.hasPrefix("     ") ? text.dropFirst(5) : text.drop(while: \.isWhitespace)
                example.append(String(code))
            } else if place != .prose {
                extend(place, by: words)
            } else if words == "Example:" {
                endParagraph(&self)
                place = .example
            } else if words.isEmpty || words.hasPrefix("Raises ") {
                endParagraph(&self)
                if !words.isEmpty { paragraph.append(words) }
            } else {
                paragraph.append(words)
            }
        }
        endParagraph(&self)
        while example.last?.isEmpty == true { example.removeLast() }
    }

    private mutating func take(tag line: String) -> Place {
        let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
        let rest = parts.count > 1 ? String(parts[1].trimming(\.isWhitespace)) : ""
        switch parts[0] {
        case "@param":
            parameters.append(Self.entry(rest))
            return .parameter
        case "@field":
            fields.append(Self.entry(rest))
            return .field
        case "@return":
            returns.append(Self.result(rest))
            return .result
        case "@class": className = rest.split(separator: " ").first.map(String.init)
        default: break
        }
        return .other
    }

    private mutating func extend(_ place: Place, by words: String) {
        func joined(_ text: String) -> String { text.isEmpty ? words : "\(text) \(words)" }
        switch place {
        case .parameter: parameters[parameters.count - 1].text = joined(parameters[parameters.count - 1].text)
        case .field: fields[fields.count - 1].text = joined(fields[fields.count - 1].text)
        case .result: returns[returns.count - 1].text = joined(returns[returns.count - 1].text)
        case .prose, .example, .other: break
        }
    }

    /// `name? type  text`, two spaces before the text.
    private static func entry(_ line: String) -> Entry {
        let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
        let name = parts.first ?? ""
        let (type, text) = typeAndText(parts.count > 1 ? parts[1] : "")
        let isOptional = name.hasSuffix("?")
        return Entry(name: isOptional ? String(name.dropLast()) : name, isOptional: isOptional, type: type, text: text)
    }

    /// `type name  text`, the name not always.
    private static func result(_ line: String) -> Entry {
        let (left, text) = typeAndText(line)
        guard let space = left.lastIndex(of: " "), !",:".contains(left[left.index(before: space)]) else {
            return Entry(name: "", type: left, text: text)
        }
        return Entry(name: String(left[left.index(after: space)...]), type: String(left[..<space]), text: text)
    }

    private static func typeAndText(_ line: String) -> (type: String, text: String) {
        let line = String(line.trimming(\.isWhitespace))
        guard let gap = line.firstRange(of: "  ") else { return (line, "") }
        return (String(line[..<gap.lowerBound]), String(line[gap.upperBound...].trimming(\.isWhitespace)))
    }

    private static func firstSentence(_ text: String) -> String {
        text.firstRange(of: ". ").map { String(text[..<$0.lowerBound]) + "." } ?? text
    }
}

extension StringProtocol {
    /// Without such characters at both ends.
    fileprivate func trimming(_ isCut: (Character) -> Bool) -> SubSequence {
        var text = self.drop(while: isCut)
        while let last = text.last, isCut(last) { text.removeLast() }
        return text
    }
}
