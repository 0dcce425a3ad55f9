import LuaRuntime

/// A module's source, read for what its annotations say. It is not run.
struct LuaSource {
    let comment: LuaComment
    let functions: [LuaDocumentation.Function]
    let classes: [LuaComment]
    /// Functions of other modules that the module has too: `writer = writing.writer`.
    let handedOn: [(name: String, origin: (module: String, name: String))]

    init?(_ module: String, library: Library) {
        guard let chunk = library.chunk(module) else { return nil }
        self.init(String(decoding: chunk.source, as: UTF8.self), module: module)
    }

    init(_ source: String, module: String) {
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        comment = LuaComment(lines.prefix(while: Self.isComment))
        let comments = lines.indices.filter { Self.isComment(lines[$0]) && !($0 > 0 && Self.isComment(lines[$0 - 1])) }
            .map { LuaComment(lines[$0...].prefix(while: Self.isComment)) }
        classes = comments.filter { $0.className != nil }
        let names = Set(classes.compactMap(\.className))
        functions = lines.indices.compactMap { index -> LuaDocumentation.Function? in
            guard let match = lines[index].firstMatch(of: /^function (\w+)([.:])([\w.:]+)\(([^)]*)\)/) else {
                return nil
            }
            var name = String(match.3)
            if match.1 != "M" {
                // A method of a class of the module's: `function File:write`.
                guard names.contains("\(module).\(match.1)") else { return nil }
                name = "\(match.1)\(match.2)\(name)"
            }
            let comment = Self.comment(above: index, in: lines)
            let arguments = match.4.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
            return LuaDocumentation.Function(
                name: name, signature: name + Self.parentheses(arguments, comment), comment: comment, module: module,
                line: index + 1)
        }
        handedOn = Self.handedOn(source)
    }

    /// The first line of a function, and what the comment above it says.
    static func function(atLine number: Int, of source: String) -> (line: String, comment: [String])? {
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.indices.contains(number - 1) else { return nil }
        let above = lines[..<(number - 1)].reversed().prefix(while: isComment).reversed()
        return (
            String(lines[number - 1].drop(while: \.isWhitespace)),
            above.map { String($0.drop { $0 == "-" }.drop { $0 == " " }) }
        )
    }

    private static func isComment(_ line: String) -> Bool { line.hasPrefix("---") }

    private static func comment(above index: Int, in lines: [String]) -> LuaComment {
        LuaComment(Array(lines[..<index].reversed().prefix(while: isComment).reversed()))
    }

    /// `(source [, opts])`
    private static func parentheses(_ names: [String], _ comment: LuaComment) -> String {
        var text = ""
        var depth = 0
        for (place, name) in names.enumerated() {
            if name == "..." || comment.parameters.contains(where: { $0.name == name && $0.isOptional }) {
                text += place == 0 ? "[" : " [, "
                depth += 1
            } else if place > 0 {
                text += ", "
            }
            text += name
        }
        return "(\(text)\(String(repeating: "]", count: depth)))"
    }

    private static func handedOn(_ source: String) -> [(name: String, origin: (module: String, name: String))] {
        var modules: [Substring: String] = [:]
        for match in source.matches(of: /(?m)^local (\w+) = require\("(\w+)"\)/) { modules[match.1] = String(match.2) }
        guard let table = source.firstMatch(of: /(?m)^local M = \{([^}]*)\}/) else { return [] }
        return table.1.matches(of: /(\w+) = (\w+)\.(\w+)/).compactMap { match in
            modules[match.2].map { (String(match.1), ($0, String(match.3))) }
        }
    }
}
