import LuaRuntime
import Words

extension LuaReference {
    /// The text that `:help` prints for a dotted name, such as `hubspot.contacts.get`; nil where there is no such name.
    /// The empty name means all modules.
    public func help(for name: String, width: Int = 100) -> String? {
        if name.isEmpty {
            return table(roots.map { ($0.name, $0.summary) }, width: width).joined(separator: "\n")
        }
        switch entry(name) {
        case .module(let module)?: return help(on: module, width: width)
        case .function(let function, let module)?: return help(on: function, of: module, width: width)
        case .constant(let constant, let module)?:
            return "\(module.name).\(constant.name): \(constant.type.annotation)\n" + wrapped(constant.summary, width)
        case nil: return nil
        }
    }

    /// The functions of the module of that dotted name; nil where there is no such module.
    public func functionNames(of module: String) -> [String]? {
        guard case .module(let module)? = entry(module) else { return nil }
        return module.functions.map(\.name)
    }

    private func help(on module: LuaModule, width: Int) -> String {
        var lines = [module.name, wrapped(module.summary, width)]
        if !module.functions.isEmpty {
            lines += [""] + table(module.functions.map { ($0.signature, $0.summary) }, width: width)
        }
        if !module.plainConstants.isEmpty {
            lines += [""] + table(module.plainConstants.map { ($0.name, $0.summary) }, width: width)
        }
        if !module.submodules.isEmpty {
            lines += ["", wrapped("below it: " + module.submodules.joined(separator: ", "), width)]
        }
        return lines.joined(separator: "\n")
    }

    private func help(on function: LuaFunction, of module: LuaModule, width: Int) -> String {
        let arguments = function.parameters.flatMap { parameter in
            [(name: parameter.name, text: described(parameter))]
                + parameter.type.shapes.prefix(1).flatMap(\.fields).flatMap { field in
                    [(name: "  .\(field.name)", text: described(field))]
                        + nested(field).map { (name: "    .\($0.name)", text: described($0)) }
                }
        }
        return FunctionPage(
            signature: "\(module.name).\(function.signature)",
            prose: [function.summary] + (function.details.isEmpty ? [] : [function.details]), arguments: arguments,
            returns: function.returns.map { "\($0.type.annotation): \($0.summary)" },
            raises: Self.errors(of: function), endpoint: function.source,
            example: function.example.map { [$0] } ?? []
        ).text(width: width)
    }

    /// The fields of a table within an option's, where no other page tells of them.
    private func nested(_ option: LuaParameter) -> [LuaParameter] {
        guard case .described(_, let type) = option.type, case .shape(let shape) = type else { return [] }
        return shape.fields
    }

    /// The kinds that every call of an endpoint may raise.
    private static let common = [
        "invalid_argument", "unauthenticated", "forbidden", "rate_limited", "daily_limit", "unavailable", "timeout",
        "network",
    ]

    private static func errors(of function: LuaFunction) -> String {
        let own = function.raises
        guard function.source != nil else {
            return (own.filter { $0 != "invalid_argument" } + ["invalid_argument"]).joined(separator: ", ")
        }
        let usual = common.filter { !own.contains($0) }.joined(separator: ", ")
        return own.isEmpty
            ? "what every call may: \(usual)" : "\(own.joined(separator: ", ")); and as every call \(usual)"
    }

    private func described(_ parameter: LuaParameter) -> String {
        let type = parameter.type.expectation
        return parameter.summary.isEmpty ? "(\(type))" : "\(parameter.summary) (\(type))"
    }

    private func table(_ rows: [(String, String)], width: Int) -> [String] {
        DefinitionList.lines(rows, columns: width)
    }

    private func wrapped(_ text: String, _ width: Int) -> String {
        Wrapping.lines(text, columns: width).joined(separator: "\n")
    }
}
