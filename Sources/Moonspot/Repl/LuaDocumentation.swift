import Bindings
import LuaRuntime
import Words

/// The help on a module of stdlib, made from the annotations in its source.
struct LuaDocumentation: Sendable {
    struct Function: Sendable {
        /// Below the module: `read`, `Reader:rows`.
        var name: String
        /// `read(source [, opts])`
        var signature: String
        var comment: LuaComment
        /// Where it is declared: the module may hand on what another one has.
        var module: String
        var line: Int
    }

    /// `csv`.
    let module: String
    let comment: LuaComment
    let functions: [Function]
    /// Tables that functions take or answer, by their full names: `csv.ReadOpts`.
    let classes: [LuaComment]

    /// Nil where no such module is in the library.
    init?(_ module: String, library: Library) {
        guard library.names.contains(module), let source = LuaSource(module, library: library) else { return nil }
        self.module = module
        comment = source.comment
        let handedOn = source.handedOn.compactMap {
            name, origin -> (name: String, source: LuaSource, theirs: String)? in
            LuaSource(origin.module, library: library).map { (name, $0, origin.name) }
        }
        functions =
            source.functions
            + handedOn.flatMap { name, source, theirs in
                source.functions.filter { $0.name == theirs }.map { function in
                    var function = function
                    function.signature = name + function.signature.dropFirst(theirs.count)
                    function.name = name
                    return function
                }
            }
        var seen: Set<String> = []
        classes = ([source] + handedOn.map(\.source)).flatMap(\.classes).filter {
            $0.className.map { seen.insert($0).inserted } ?? false
        }
    }

    /// The page of a module, or of a function or a table in it, by its name; nil for another name.
    static func page(_ path: String, library: Library, width: Int) -> String? {
        let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
        guard let first = parts.first, let found = LuaDocumentation(first, library: library) else { return nil }
        guard parts.count > 1 else { return found.modulePage(width: width) }
        if let function = found.functions.first(where: { $0.name.replacing(":", with: ".") == parts[1] }) {
            return found.page(on: function, width: width)
        }
        return found.classes.first { $0.className == path }.map { found.page(onClass: $0, width: width) }
    }

    /// The page of the function that begins at a line of a module; nil where none does that has a name.
    static func page(atLine line: Int, of module: String, library: Library, width: Int) -> String? {
        for name in library.modules {
            guard let found = LuaDocumentation(name, library: library),
                let function = found.functions.first(where: { $0.module == module && $0.line == line })
            else { continue }
            return found.page(on: function, width: width)
        }
        return nil
    }

    /// The names that have a page.
    static func topics(of library: Library) -> [String] {
        library.modules.flatMap { name in
            [name] + (LuaDocumentation(name, library: library)?.functions.map { "\(name).\($0.name)" } ?? [])
        }
    }

    /// The pages of the library that hold all of the words.
    static func pages(holding words: [String], library: Library) -> [HelpPage] {
        let words = words.map { $0.lowercased() }
        return library.modules.compactMap { LuaDocumentation($0, library: library) }.flatMap { module in
            let pages =
                [(HelpPage(name: module.module, summary: module.comment.summary), module.comment.prose)]
                + module.functions.map { function in
                    let page = HelpPage(
                        name: "\(module.module).\(function.name)", summary: function.comment.summary)
                    return (page, [module.page(on: function, width: .max)])
                }
            return pages.filter { page, text in
                let text = ([page.name] + text).joined(separator: " ").lowercased()
                return words.allSatisfy { text.contains($0) }
            }.map(\.0)
        }
    }

    // MARK: Pages

    private func modulePage(width: Int) -> String {
        var lines = Wrapping.lines("\(module) (local \(module) = require \"\(module)\")", columns: width)
        lines += comment.prose.flatMap { Wrapping.lines($0, columns: width) }
        let functions = functions.map { (name: $0.signature, text: $0.comment.summary) }
        if !functions.isEmpty { lines += [""] + DefinitionList.lines(functions, columns: width) }
        if !comment.example.isEmpty { lines += [""] + comment.example.map { $0.isEmpty ? "" : "  " + $0 } }
        return lines.joined(separator: "\n")
    }

    func page(on function: Function, width: Int) -> String {
        let comment = function.comment
        var told: Set<String> = []
        return FunctionPage(
            signature: "\(module).\(function.signature)", prose: comment.prose,
            arguments: comment.parameters.flatMap { described($0, margin: "", &told) },
            returns: comment.returns.map { result in
                let text = [result.type, result.text].filter { !$0.isEmpty }.joined(separator: ": ")
                return result.name.isEmpty ? text : "\(result.name), \(text)"
            }, raises: comment.raises ?? "nothing of its own", example: comment.example
        ).text(width: width)
    }

    private func page(onClass entry: LuaComment, width: Int) -> String {
        var told: Set<String> = [entry.className ?? ""]
        let rows = entry.fields.flatMap { described($0, margin: "", &told) }
        let lines = [entry.className ?? ""] + entry.prose.flatMap { Wrapping.lines($0, columns: width) }
        return (lines + (rows.isEmpty ? [] : [""] + DefinitionList.lines(rows, columns: width))).joined(separator: "\n")
    }

    /// An argument or a field, and below it the fields of the table that it is.
    private func described(
        _ entry: LuaComment.Entry, margin: String, _ told: inout Set<String>
    ) -> [(name: String, text: String)] {
        let type = entry.type.trimmingCommonEnds
        let text = entry.text.isEmpty ? "(\(entry.type))" : "\(entry.text) (\(entry.type))"
        let dot = margin.isEmpty || entry.name.first == "[" ? "" : "."
        let row = [(name: margin + dot + entry.name, text: text)]
        guard let table = classes.first(where: { $0.className == type }), told.insert(type).inserted else { return row }
        return row + table.fields.flatMap { described($0, margin: margin + "  ", &told) }
    }
}

extension String {
    /// The name of the class in `cli.Option[]`, `csv.ReadOpts?`.
    fileprivate var trimmingCommonEnds: String {
        var name = self[...]
        while let end = ["[]", "?"].first(where: { name.hasSuffix($0) }) { name = name.dropLast(end.count) }
        return String(name)
    }
}
