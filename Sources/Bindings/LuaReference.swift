public import LuaRuntime

/// The documentation of a set of modules, made from their declarations: help for the REPL, annotations for editors, and
/// a reference page.
public struct LuaReference: Sendable {
    /// Modules that have no parent.
    let roots: [LuaModule]
    /// Modules that many others are like: they are written once, and the others refer to them.
    let shared: [LuaModule]
    /// The shared module that a module is like, by full names; nil for one of its own.
    let likeness: @Sendable (String) -> String?

    public init(
        _ roots: [LuaModule], shared: [LuaModule] = [], likeness: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
        self.roots = roots
        self.shared = shared
        self.likeness = likeness
    }

    /// The declaration that a dotted name leads to.
    enum Entry {
        case module(LuaModule)
        case function(LuaFunction, of: LuaModule)
        case constant(LuaConstant, of: LuaModule)
    }

    func entry(_ name: String) -> Entry? {
        var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard !parts.isEmpty else { return nil }
        let first = parts.removeFirst()
        // The functions of a global module go by their own names too.
        if parts.isEmpty {
            for module in roots where module.isGlobal {
                if let function = module.functions.first(where: { $0.name == first }) {
                    return .function(function, of: module)
                }
            }
        }
        guard var module = roots.first(where: { $0.name == first }) else { return nil }
        for (offset, part) in parts.enumerated() {
            let isLast = offset == parts.count - 1
            if isLast, let function = module.functions.first(where: { $0.name == part }) {
                return .function(function, of: module)
            }
            if isLast, let constant = module.plainConstants.first(where: { $0.name == part }) {
                return .constant(constant, of: module)
            }
            guard let next = module.submodule?(part) else { return nil }
            module = next
        }
        return .module(module)
    }

    /// A module and all below it, those that are like a shared one left out.
    func modules(below root: LuaModule) -> [LuaModule] {
        [root]
            + root.submodules.compactMap { root.submodule?($0) }.filter { likeness($0.name) == nil }
            .flatMap { modules(below: $0) }
    }
}

extension LuaModule {
    /// The constants that no submodule describes.
    var plainConstants: [LuaConstant] { constants.filter { !submodules.contains($0.name) } }
}

extension LuaFunction {
    /// `get(id_or_email [, opts])`
    var signature: String {
        var text = ""
        var depth = 0
        for (offset, parameter) in parameters.enumerated() {
            if parameter.isOptional {
                text += offset == 0 ? "[" : " [, "
                depth += 1
            } else if offset > 0 {
                text += ", "
            }
            text += parameter.name
        }
        return "\(name)(\(text)\(String(repeating: "]", count: depth)))"
    }
}

extension LuaType {
    /// As LuaCATS writes it.
    var annotation: String {
        switch self {
        case .any, .json: "any"
        case .boolean: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .choice(let choices): choices.map { "\"\($0)\"" }.joined(separator: "|")
        case .id: "string|integer"
        case .function: "function"
        case .list(let element): element.isUnion ? "(\(element.annotation))[]" : "\(element.annotation)[]"
        case .map(let element): "table<string, \(element.annotation)>"
        case .table: "table"
        case .shape(let shape): shape.name
        case .named(let name): name
        case .either(let types):
            types.flatMap {
                $0.annotation.isPlainUnion ? $0.annotation.split(separator: "|").map(String.init) : [$0.annotation]
            }
            .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.joined(separator: "|")
        case .described(_, let type): type.annotation
        }
    }

    private var isUnion: Bool {
        switch self {
        case .choice, .id, .either: true
        case .described(_, let type): type.isUnion
        default: false
        }
    }

    /// The shapes that the type mentions.
    var shapes: [LuaShape] {
        switch self {
        case .shape(let shape): [shape] + shape.fields.flatMap(\.type.shapes)
        case .list(let type), .map(let type): type.shapes
        case .either(let types): types.flatMap(\.shapes)
        case .described(_, let type): type.shapes
        default: []
        }
    }
}

extension String {
    fileprivate var isPlainUnion: Bool { contains("|") && !contains("(") && !contains("<") }
}

extension LuaModule {
    /// The shapes that the module declares or mentions, each once.
    var allShapes: [LuaShape] {
        let mentioned = functions.flatMap { function in
            function.parameters.flatMap(\.type.shapes) + function.returns.flatMap(\.type.shapes)
        }
        return (shapes + mentioned).reduce(into: [LuaShape]()) { all, shape in
            if !all.contains(where: { $0.name == shape.name }) { all.append(shape) }
        }
    }
}
