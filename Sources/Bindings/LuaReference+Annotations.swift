import LuaRuntime

extension LuaReference {
    /// LuaCATS annotations for editors: a file for each root module, named after it.
    public var annotationFiles: [(name: String, text: String)] {
        roots.map { root in ("\(root.name).lua", annotations(of: root)) }
    }

    private func annotations(of root: LuaModule) -> String {
        var lines = [
            "---@meta", "-- Made from the declarations in Sources/Bindings by `scripts/format --generated`.",
        ]
        let parts =
            modules(below: root) + shared.filter { $0.name.hasPrefix("\(root.name).") }.flatMap { modules(below: $0) }
        var written: Set<String> = []
        for module in parts {
            for shape in module.allShapes where written.insert(shape.name).inserted { lines += annotation(of: shape) }
        }
        for module in parts { lines += annotation(of: module, isRoot: module == root) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func annotation(of shape: LuaShape) -> [String] {
        var lines = ["", "--- \(shape.summary)", "---@class \(shape.name)"]
        for field in shape.fields {
            let name = field.isOptional ? "\(field.name)?" : field.name
            lines.append(trimmed("---@field \(name) \(field.type.annotation) \(field.summary)"))
        }
        if shape.isOpen { lines.append("---@field [string] any") }
        return lines
    }

    private func annotation(of module: LuaModule, isRoot: Bool) -> [String] {
        let variable = isRoot ? module.name : module.name.split(separator: ".").dropFirst().joined(separator: "_")
        var lines = ["", "--- \(module.summary)", "---@class \(module.name)"]
        for constant in module.plainConstants {
            lines.append(trimmed("---@field \(constant.name) \(constant.type.annotation) \(constant.summary)"))
        }
        for name in module.submodules {
            let full = "\(module.name).\(name)"
            lines.append("---@field \(name) \(likeness(full) ?? full)")
        }
        lines.append(isRoot ? "\(module.name) = {}" : "local \(variable) = {}")
        for function in module.functions { lines += annotation(of: function, in: variable) }
        if module.isGlobal {
            lines += [""] + module.functions.map { "\($0.name) = \(variable).\($0.name)" }
        }
        return lines
    }

    private func annotation(of function: LuaFunction, in variable: String) -> [String] {
        var lines = ["", "--- \(function.summary)"]
        if !function.details.isEmpty { lines += ["---", "--- \(function.details)"] }
        if let source = function.source { lines += ["---", "--- Calls `\(source)`."] }
        if !function.raises.isEmpty { lines += ["---", "--- Raises \(function.raises.joined(separator: ", "))."] }
        if let example = function.example { lines += ["---", "--- Example: `\(example)`"] }
        for parameter in function.parameters {
            let name = parameter.isOptional && !parameter.isVariadic ? "\(parameter.name)?" : parameter.name
            lines.append(trimmed("---@param \(name) \(parameter.type.annotation) \(parameter.summary)"))
        }
        for result in function.returns {
            lines.append(trimmed("---@return \(result.type.annotation) # \(result.summary)"))
        }
        lines.append(
            "function \(variable).\(function.name)(\(function.parameters.map(\.name).joined(separator: ", "))) end")
        return lines
    }

    private func trimmed(_ line: String) -> String {
        var line = line[...]
        while line.last == " " || line.last == "#" { line.removeLast() }
        return String(line)
    }
}
