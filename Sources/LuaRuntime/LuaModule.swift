/// A table of functions that scripts see under a dotted name: `hubspot.contacts`, `task`. Any other name below it raises
/// `invalid_argument` with the nearest one; a script may add names of its own.
public struct LuaModule: Sendable, Equatable {
    /// The full dotted name. The first part becomes a global and can be required.
    public var name: String
    /// Which of several modules of this name it is; empty for the one that is a global. Each has functions and a prelude's
    /// run of its own.
    public private(set) var instance = ""
    public var summary: String
    public var functions: [LuaFunction]
    /// Constants of the module.
    public var constants: [LuaConstant]
    /// Shapes that the annotations declare beside those that parameters mention: records, pages.
    public var shapes: [LuaShape]
    /// Swift functions that only the prelude sees, as fields of its second argument.
    public var primitives: [LuaFunction]
    /// Lua source, run once when the module is first used, as `local module, primitives = ...`. It returns a table with
    /// the bodies of the module's ``LuaBody/lua(_:)`` functions. `primitives` also holds
    /// `metatable(name, table)`, which registers a metatable under a name that ``JSONDocument`` and ``LuaTable`` use.
    public var prelude: String?
    /// Modules below this one, made when a script first names them: `hubspot.contacts`.
    /// Returns nil for a name that does not exist.
    public var submodule: (@Sendable (String) -> LuaModule?)?
    /// The names that ``submodule`` answers to, for completion and the annotations.
    public var submodules: [String]
    /// Its functions are globals, beside its table.
    public var isGlobal: Bool

    public init(
        _ name: String, _ summary: String, functions: [LuaFunction] = [], constants: [LuaConstant] = [],
        shapes: [LuaShape] = [], primitives: [LuaFunction] = [], prelude: String? = nil,
        submodules: [String] = [], submodule: (@Sendable (String) -> LuaModule?)? = nil,
        isGlobal: Bool = false
    ) {
        self.name = name
        self.summary = summary
        self.functions = functions
        self.constants = constants
        self.shapes = shapes
        self.primitives = primitives
        self.prelude = prelude
        self.submodules = submodules
        self.isGlobal = isGlobal
        self.submodule = submodule
    }

    /// The same module, with those below it, as another instance.
    public func instance(_ instance: String) -> LuaModule {
        var module = self
        module.instance = instance
        if let submodule { module.submodule = { submodule($0)?.instance(instance) } }
        return module
    }

    /// What a state knows it by.
    var key: String { instance.isEmpty ? name : "\(name)@\(instance)" }

    public static func == (a: LuaModule, b: LuaModule) -> Bool { a.key == b.key }
}

public struct LuaConstant: Sendable {
    public var name: String
    public var type: LuaType
    public var summary: String
    /// Read each time a script reads the field, so that it may change (`hubspot.session.portalId`).
    public var value: @Sendable () -> LuaValue

    public init(_ name: String, _ type: LuaType, _ summary: String, value: @escaping @Sendable () -> LuaValue) {
        self.name = name
        self.type = type
        self.summary = summary
        self.value = value
    }
}
