/// A Lua value as it crosses between a Lua state and the rest of the program: a copy, so it may go anywhere.
///
/// Lua strings are bytes. One that is valid UTF-8 arrives as ``string(_:)``, any other as ``bytes(_:)``.
public enum LuaValue: Sendable, Equatable {
    case none
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case bytes([UInt8])
    case table(LuaTable)
    /// `json.null`: an explicit null, told apart from an absent field.
    case null
    /// A JSON document that becomes Lua tables in the bridge, with no Swift tree between. Only ever goes into Lua.
    case document(JSONDocument)
    /// Only goes into Lua: a Swift function as a Lua function.
    case function(LuaFunction)
    /// Only goes into Lua: the table of a module, made on first use and cached under its name.
    case module(LuaModule)
    /// Only comes out of Lua: a value that cannot be copied (a function, userdata, thread), as `tostring` prints it.
    case opaque(type: String, description: String)
}

/// A copied table: every entry in the order of `lua_next`, the list part first.
public struct LuaTable: Sendable, Equatable {
    /// Elements 1, 2, 3 ... up to the first gap.
    public var list: [LuaValue]
    /// Every other entry.
    public var fields: [Field]
    /// The name under which the table's metatable was registered (``LuaModule/prelude``), e.g. `hubspot.record`.
    public var metatable: String?
    /// True for a table made by `json.array` or decoded from a JSON array: encodes as `[]` when empty.
    public var isArray: Bool
    /// True where the copy stopped early (depth or count limit of the snapshot), and where the table contains itself: a copy
    /// inside of it with the same ``identity``.
    public var isTruncated: Bool = false
    /// On its way into Lua: the script sees an empty table with the metatable, whose `__index` reads the fields
    /// (`primitives.fields`); printed and written as JSON are the fields. On its way out it is a table like others.
    public var isSealed = false
    /// Entries that a limit of the snapshot left out.
    public var omitted = 0
    /// Set in a snapshot of an object decoded from JSON: the names that were null in it, which Lua has as absent.
    public var nulls: [String] = []
    /// `__name` of a metatable of the script's own.
    public var typeName: String?
    /// Set in a snapshot: which table this is a copy of.
    public var identity = Identity()

    /// Tells copies of one table from copies of others. It is no part of the value, so two of them are always equal.
    public struct Identity: Sendable, Equatable {
        /// Nil for a table that is no copy of one.
        public var number: UInt?
        public init(number: UInt? = nil) { self.number = number }
        public static func == (a: Identity, b: Identity) -> Bool { true }
    }

    public struct Field: Sendable, Equatable {
        public var key: LuaValue
        public var value: LuaValue
        public init(_ key: LuaValue, _ value: LuaValue) {
            self.key = key
            self.value = value
        }
    }

    public init(
        list: [LuaValue] = [], fields: [(String, LuaValue)] = [], metatable: String? = nil, isArray: Bool = false
    ) {
        self.list = list
        self.fields = fields.map { Field(.string($0.0), $0.1) }
        self.metatable = metatable
        self.isArray = isArray
    }

    /// The value under a string key; `.none` where there is none.
    public subscript(_ name: String) -> LuaValue {
        for field in fields {
            if case .string(let key) = field.key, key == name { return field.value }
        }
        return .none
    }
}

/// A JSON text on its way into Lua, and the metatables that its root and the elements of one of its lists get.
public struct JSONDocument: Sendable, Equatable {
    public var bytes: ArraySlice<UInt8>
    /// Registered name of the root's metatable, or nil.
    public var root: String?
    /// Name of the root's field that holds a list (e.g. `results`), and the registered name of its elements' metatable.
    public var elements: (field: String, metatable: String)?
    /// Name of the field of the root and of each element whose null members are remembered (``LuaTable/nulls``), and the
    /// registered name of that field's metatable; one that is not registered is passed over.
    public var nulls: (field: String, metatable: String)?

    public init(
        _ bytes: ArraySlice<UInt8>, root: String? = nil, elements: (field: String, metatable: String)? = nil,
        nulls: (field: String, metatable: String)? = nil
    ) {
        self.bytes = bytes
        self.root = root
        self.elements = elements
        self.nulls = nulls
    }

    public static func == (a: JSONDocument, b: JSONDocument) -> Bool {
        a.bytes == b.bytes && a.root == b.root && a.elements?.field == b.elements?.field
            && a.elements?.metatable == b.elements?.metatable && a.nulls?.field == b.nulls?.field
            && a.nulls?.metatable == b.nulls?.metatable
    }
}

extension LuaValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(arrayLiteral elements: LuaValue...) { self = .table(LuaTable(list: elements, isArray: true)) }
    public init(nilLiteral: ()) { self = .none }
}

extension LuaValue {
    /// A table of string keys; absent (`.none`) values are left out.
    public static func object(_ fields: [(String, LuaValue)], metatable: String? = nil) -> LuaValue {
        .table(LuaTable(fields: fields.filter { $0.1 != .none }, metatable: metatable))
    }

    /// Lua's own name of the value's type: `nil`, `boolean`, `number`, `string`, `table`, `function`, ...
    public var typeName: String {
        switch self {
        case .none: "nil"
        case .boolean: "boolean"
        case .integer, .number: "number"
        case .string, .bytes: "string"
        case .table, .document, .module: "table"
        case .null: "json.null"
        case .function: "function"
        case .opaque(let type, _): type
        }
    }
}
