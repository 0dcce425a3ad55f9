import LuaRuntime
import Words

/// Looks a script's names and option tables up in the declarations of moonspot's modules.
struct NameCheck {
    private let modules: [String: LuaModule]

    init(_ modules: [LuaModule]) {
        self.modules = Dictionary(uniqueKeysWithValues: modules.map { ($0.name, $0) })
    }

    func findings(_ outline: LuaOutline, _ lines: SourceLines) -> [Finding] {
        var found: [LuaOutline.Place: String] = [:]
        let assigned = Set(outline.assigned.map(\.names))
        for path in outline.paths + outline.calls.map(\.path) {
            guard let (index, message) = problem(of: path.names, assigned) else { continue }
            found[path.places[index]] = message
        }
        for call in outline.calls {
            guard let function = function(call.path.names) else { continue }
            let name = call.path.names.joined(separator: ".")
            for (parameter, literal) in zip(function.parameters, call.arguments) {
                guard let literal, let shape = Self.shape(parameter.type) else { continue }
                check(literal, shape, name, &found)
            }
        }
        return found.map { place, message in
            let (line, column) = lines.place(of: place)
            return Finding(line: line, column: column, message: message)
        }
    }

    /// Which of the names is wrong, and what is.
    private func problem(of names: [String], _ assigned: Set<[String]>) -> (Int, String)? {
        guard var module = names.first.flatMap({ modules[$0] }) else { return nil }
        for (index, name) in names.enumerated().dropFirst() {
            if assigned.contains(Array(names[...index])) { return nil }
            if let inner = module.submodules.contains(name) ? module.submodule?(name) : nil {
                module = inner
                continue
            }
            if module.functions.contains(where: { $0.name == name })
                || module.constants.contains(where: { $0.name == name })
            {
                return nil
            }
            if module.submodule?(name) != nil { return nil }
            return (index, LuaError.unknown(name, in: module).message)
        }
        return nil
    }

    private func function(_ names: [String]) -> LuaFunction? {
        guard names.count > 1, var module = modules[names[0]] else { return nil }
        for name in names.dropFirst().dropLast() {
            guard let inner = module.submodule?(name) else { return nil }
            module = inner
        }
        return module.functions.first { $0.name == names[names.count - 1] }
    }

    /// The fields that a table may have there; nil where any may stand.
    private static func shape(_ type: LuaType) -> LuaShape? {
        switch type {
        case .shape(let shape): shape.isOpen ? nil : shape
        case .either(let types): types.lazy.compactMap(shape).first
        case .described(let type, _): shape(type)
        default: nil
        }
    }

    private func check(
        _ literal: LuaOutline.Literal, _ shape: LuaShape, _ function: String,
        _ found: inout [LuaOutline.Place: String]
    ) {
        let known = shape.fields.map(\.name)
        for field in literal.fields {
            guard let declared = shape.fields.first(where: { $0.name == field.name }) else {
                let hint =
                    NearestName.nearest(to: field.name, among: known).map { "did you mean '\($0)'?" }
                    ?? "there are \(known.joined(separator: ", "))"
                found[field.place] = "'\(function)' takes no option '\(field.name)'; \(hint)"
                continue
            }
            if let value = field.value, let inner = Self.shape(declared.type) { check(value, inner, function, &found) }
        }
    }
}
