import Bindings
import LuaRuntime
import Words

/// The comments of a module of stdlib as help: `---` lines at its top and above its functions.
struct LuaDocumentation: Sendable {
    /// `csv`.
    var module: String
    /// The function that is asked for; nil for the module.
    var function: Function?
    private let summary: [String]
    private let functions: [Function]

    struct Function: Sendable, Equatable {
        /// `read`, `Reader:rows`.
        var name: String
        /// `read(source, opts)`.
        var signature: String
        var comment: [String]
    }

    /// Nil where no such module or function is in the library.
    init?(path: String, library: Library) {
        let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
        guard let module = parts.first, library.names.contains(module), let chunk = library.chunk(module) else {
            return nil
        }
        self.module = module
        let lines = String(decoding: chunk.source, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
        summary = Self.comment(lines.prefix { $0.hasPrefix("---") })
        functions = Self.functions(in: lines)
        guard parts.count > 1 else { return }
        guard let function = functions.first(where: { $0.name.replacing(":", with: ".") == parts[1] }) else {
            return nil
        }
        self.function = function
    }

    func page(width: Int) -> String {
        if let function {
            return ([module + "." + function.signature] + function.comment).joined(separator: "\n")
        }
        let rows = functions.map { ["  " + $0.signature, $0.comment.first ?? ""] }
        let table = AlignedColumns(rows).lines(alignment: [1: .loose], room: width)
        return ([module + " (local \(module) = require \"\(module)\")"] + summary + (table.isEmpty ? [] : [""] + table))
            .joined(separator: "\n")
    }

    /// The modules and functions of the library whose comments hold all of the words.
    static func pages(holding words: [String], library: Library) -> [HelpPage] {
        let words = words.map { $0.lowercased() }
        return library.names.flatMap { name -> [HelpPage] in
            guard let module = LuaDocumentation(path: name, library: library) else { return [] }
            let pages =
                [(HelpPage(name: name, summary: module.summary.first ?? ""), module.summary)]
                + module.functions.map { function in
                    let full = "\(name).\(function.name)"
                    return (HelpPage(name: full, summary: function.comment.first ?? ""), function.comment)
                }
            return pages.filter { page, comment in
                let text = ([page.name] + comment).joined(separator: " ").lowercased()
                return words.allSatisfy { text.contains($0) }
            }.map(\.0)
        }
    }

    /// The comment above a line of a source, and the line itself without what comes behind the parameters.
    static func function(atLine number: Int, of source: String) -> (signature: String, comment: [String])? {
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.indices.contains(number - 1) else { return nil }
        let above = lines[..<(number - 1)].reversed().prefix { $0.hasPrefix("---") }.reversed()
        return (lines[number - 1].trimmingBlanks, comment(above))
    }

    private static func functions(in lines: [String]) -> [Function] {
        lines.indices.compactMap { index in
            guard let match = lines[index].firstMatch(of: /^function M[.:]([\w.:]+)(\([^)]*\))/) else { return nil }
            let above = lines[..<index].reversed().prefix { $0.hasPrefix("---") }.reversed()
            let name = String(match.1)
            return Function(name: name, signature: name + match.2, comment: comment(above))
        }
    }

    private static func comment(_ lines: some Collection<String>) -> [String] {
        lines.map { String($0.drop { $0 == "-" }.drop { $0 == " " }) }
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        String(drop { $0 == " " || $0 == "\t" })
    }
}
