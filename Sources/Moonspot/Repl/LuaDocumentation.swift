import Bindings
import LuaRuntime
import Words

/// The comments of a module of stdlib as help: `---` lines at its top and above its functions.
struct LuaDocumentation: Sendable {
    /// `csv`.
    var module: String
    /// The function that is asked for; nil for the module.
    var function: Function?
    private let about: LuaComment
    private let functions: [Function]
    private let classes: [String: [LuaComment.Field]]

    struct Function: Sendable, Equatable {
        /// `read`, `Reader:rows`.
        var name: String
        /// `read(source, opts)`.
        var signature: String
        var comment: LuaComment
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
        about = LuaComment(lines.prefix { $0.hasPrefix("---") })
        functions = Self.functions(in: lines)
        classes = LuaComment(lines.filter { $0.hasPrefix("---") }).classes
        guard parts.count > 1 else { return }
        guard let function = functions.first(where: { $0.name.replacing(":", with: ".") == parts[1] }) else {
            return nil
        }
        self.function = function
    }

    func page(width: Int) -> String {
        if let function {
            let head = Wrapping.lines("\(module).\(function.signature)", columns: width)
            let example = LuaComment.wrapped(example(of: function.name), width)
            return (head + function.comment.lines(columns: width, classes: classes) + example).joined(separator: "\n")
        }
        let rows = functions.map { (name: $0.signature, text: $0.comment.summary) }
        let table = DefinitionList.lines(rows, columns: width)
        return
            ([module + " (local \(module) = require \"\(module)\")"] + about.lines(columns: width)
            + (table.isEmpty ? [] : [""] + table))
            .joined(separator: "\n")
    }

    /// The module's example, where it uses the function.
    private func example(of function: String) -> [String] {
        let lines = about.prose.filter { $0.hasPrefix(" ") }
        let name = function.split(whereSeparator: { $0 == ":" || $0 == "." }).last.map(String.init) ?? function
        guard lines.contains(where: { $0.contains("\(name)(") }) else { return ["", "?\(module) has an example"] }
        return [""] + lines
    }

    /// The modules and functions of the library whose comments hold all of the words.
    static func pages(holding words: [String], library: Library) -> [HelpPage] {
        let words = words.map { $0.lowercased() }
        return library.names.flatMap { name -> [HelpPage] in
            guard let module = LuaDocumentation(path: name, library: library) else { return [] }
            let pages =
                [(HelpPage(name: name, summary: module.about.summary), module.about)]
                + module.functions.map { function in
                    let full = "\(name).\(function.name)"
                    return (HelpPage(name: full, summary: function.comment.summary), function.comment)
                }
            return pages.filter { page, comment in
                let text = ([page.name] + comment.prose).joined(separator: " ").lowercased()
                return words.allSatisfy { text.contains($0) }
            }.map(\.0)
        }
    }

    /// The comment above a line of a source, and the line itself without what comes behind the parameters.
    static func function(atLine number: Int, of source: String) -> (signature: String, comment: LuaComment)? {
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.indices.contains(number - 1) else { return nil }
        let above = lines[..<(number - 1)].reversed().prefix { $0.hasPrefix("---") }.reversed()
        return (lines[number - 1].trimmingBlanks, LuaComment(above))
    }

    private static func functions(in lines: [String]) -> [Function] {
        lines.indices.compactMap { index in
            guard let match = lines[index].firstMatch(of: /^function M[.:]([\w.:]+)(\([^)]*\))/) else { return nil }
            let above = lines[..<index].reversed().prefix { $0.hasPrefix("---") }.reversed()
            let name = String(match.1)
            return Function(name: name, signature: name + match.2, comment: LuaComment(above))
        }
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        String(drop { $0 == " " || $0 == "\t" })
    }
}
