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
        default: []
        }
    }

    /// The texts of which one is expected.
    public var choices: [String] {
        switch self {
        case .choice(let choices): choices
        case .either(let types): types.flatMap(\.choices)
        default: []
        }
    }

    /// What stands under a key of such a table: `[]` for any element of a list.
    public func type(under key: String) -> LuaType? {
        switch self {
        case .list(let element): key == "[]" ? element : nil
        case .map(let element): element
        case .shape(let shape): shape.fields.first { $0.name == key }?.type
        case .either(let types): types.lazy.compactMap { $0.type(under: key) }.first
        default: nil
        }
    }
}
