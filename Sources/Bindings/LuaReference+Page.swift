import LuaRuntime

extension LuaReference {
    /// Everything as one Markdown page: the modules with their functions, then the tables that go in and come out.
    public var page: String {
        let modules = roots.flatMap { self.modules(below: $0) } + shared.flatMap(generic)
        let shapes = modules.flatMap(\.allShapes).reduce(into: [LuaShape]()) { all, shape in
            if !all.contains(where: { $0.name == shape.name }) { all.append(shape) }
        }
        let writer = PageWriter(shapes: Set(shapes.map(\.name)))
        let contents = modules.map { "- \(writer.link($0.name)): \($0.summary)" } + ["- [Tables](#tables)"]
        var parts = [
            "# Lua reference",
            """
            Made from the declarations in `Sources/Bindings` by `scripts/format --generated`. An argument in brackets may be left
            out. `:help NAME` in the console says the same.
            """,
            contents.joined(separator: "\n"),
        ]
        for module in modules { parts += described(module, writer) }
        parts += ["## Tables", "What functions take as options, and what they return."]
        for shape in shapes { parts += writer.described(shape) }
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// A shared module and those below it, named by the call that gives one: `hubspot.objects(type)`.
    private func generic(_ root: LuaModule) -> [LuaModule] {
        modules(below: root).map { module in
            var module = module
            module.name = Self.generic(root.name) + module.name.dropFirst(root.name.count)
            return module
        }
    }

    private static func generic(_ name: String) -> String { "\(name)(type)" }

    private func described(_ module: LuaModule, _ writer: PageWriter) -> [String] {
        var parts = ["## \(module.name)", module.summary]
        let alike = Dictionary(grouping: module.submodules) { likeness("\(module.name).\($0)") }
        for (like, names) in alike {
            guard let like else { continue }
            let list = names.sorted().map { "`\($0)`" }.joined(separator: ", ")
            parts.append("Like \(writer.link(Self.generic(like))): \(list).")
        }
        if !module.plainConstants.isEmpty {
            parts.append(
                writer.table(
                    ["Field", "Type", "Meaning"],
                    module.plainConstants.map { ["`\($0.name)`", writer.type($0.type), $0.summary] }))
        }
        return parts + module.functions.flatMap { writer.described($0, of: module) }
    }
}

/// Writes the page's parts, and links the names of tables that have a section of their own.
private struct PageWriter {
    let shapes: Set<String>

    func described(_ function: LuaFunction, of module: LuaModule) -> [String] {
        var parts = [
            "### \(module.name).\(function.name)", "```lua\n\(module.name).\(function.signature)\n```",
            function.summary,
        ]
        if !function.details.isEmpty { parts.append(function.details) }
        if !function.parameters.isEmpty {
            parts.append(
                table(
                    ["Argument", "Type", "Meaning"],
                    function.parameters.map { ["`\($0.name)`", type($0.type), $0.summary] }))
        }
        for result in function.returns { parts.append("Returns \(type(result.type)): \(result.summary)") }
        if !function.raises.isEmpty {
            parts.append("Raises \(function.raises.map { "`\($0)`" }.joined(separator: ", ")).")
        }
        if let source = function.source { parts.append("Calls `\(source)`.") }
        if let example = function.example { parts.append("```lua\n\(example)\n```") }
        return parts
    }

    func described(_ shape: LuaShape) -> [String] {
        var parts = ["### \(shape.name)", shape.summary]
        if !shape.fields.isEmpty {
            let rows = shape.fields.map { field in
                ["`\(field.name)`\(field.isOptional ? " (optional)" : "")", type(field.type), field.summary]
            }
            parts.append(table(["Field", "Type", "Meaning"], rows))
        }
        if shape.isOpen { parts.append("Other fields are taken as well.") }
        return parts
    }

    func table(_ head: [String], _ rows: [[String]]) -> String {
        let rule = head.map { _ in "---" }
        return ([head, rule] + rows).map { "| \($0.map(cell).joined(separator: " | ")) |" }.joined(separator: "\n")
    }

    /// A type as annotations write it. One that is, or lists, a table with a section of its own leads there.
    func type(_ type: LuaType) -> String {
        let text = type.annotation
        let name = text.hasSuffix("[]") ? String(text.dropLast(2)) : text
        guard shapes.contains(name) else { return "`\(text)`" }
        return "[`\(text)`](\(anchor(name)))"
    }

    func link(_ heading: String) -> String { "[\(heading)](\(anchor(heading)))" }

    /// As GitHub names the place of a heading.
    private func anchor(_ heading: String) -> String {
        "#" + heading.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
    }

    /// A bar ends a cell, in code too.
    private func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
