public import LuaRuntime

extension LuaReference {
    /// The parameters of the function of that dotted name; nil where there is none.
    public func parameters(of name: String) -> [LuaParameter]? {
        guard case .function(let function, _)? = entry(name) else { return nil }
        return function.parameters
    }
}

extension LuaType {
    /// The fields that a table of this type may have; those of all alternatives.
    public var fields: [LuaParameter] {
        switch self {
        case .shape(let shape): shape.fields
        case .either(let types): types.flatMap(\.fields)
        case .described(_, let type): type.fields
        default: []
        }
    }

    /// The texts of which one is expected.
    public var choices: [String] {
        switch self {
        case .choice(let choices): choices
        case .either(let types): types.flatMap(\.choices)
        case .described(_, let type): type.choices
        default: []
        }
    }

    /// What stands under a key of such a table: `[]` for any element of a list.
    public func type(under key: String) -> LuaType? {
        switch self {
        case .list(let element): key == "[]" ? element : nil
        case .map(let element): element
        case .shape(let shape): shape.fields.first { $0.name == key }?.type
        case .either(let types):
            types.compactMap { $0.type(under: key) }.reduce(nil) { found, type in
                found.map { .either([$0, type]) } ?? type
            }
        case .described(_, let type): type.type(under: key)
        default: nil
        }
    }

    /// Whether it takes tables of names alone: a shape, or a map of any names.
    public var isNamed: Bool {
        switch self {
        case .shape, .map: true
        case .either(let types): types.contains(where: \.isNamed) && types.allSatisfy { $0.isNamed || !$0.isTable }
        case .described(_, let type): type.isNamed
        default: false
        }
    }
}
