/// The checked arguments of one call, by the names of the declaration.
public struct LuaCall: Sendable {
    /// The full name of the function, for messages: `hubspot.contacts.get`.
    public let function: String
    /// The arguments in the declaration's order, then the variadic ones.
    public let arguments: [LuaValue]
    /// True for a call typed at the REPL: it goes before bulk work.
    public let isTyped: Bool
    /// The scope of the task that calls.
    public let scope: (any LuaScope)?
    /// Where a suspended call tells that it goes on; nil where nothing listens.
    public internal(set) var progress: CallProgress?
    let parameters: [LuaParameter]

    public init(
        function: String, parameters: [LuaParameter], arguments: [LuaValue], isTyped: Bool,
        scope: (any LuaScope)? = nil, progress: CallProgress? = nil
    ) {
        self.scope = scope
        self.progress = progress
        self.function = function
        self.parameters = parameters
        self.arguments = arguments
        self.isTyped = isTyped
    }

    /// The argument of that name; `.none` where it was left out.
    public subscript(_ name: String) -> LuaValue {
        guard let index = parameters.firstIndex(where: { $0.name == name }), index < arguments.count else {
            return .none
        }
        return arguments[index]
    }

    /// The argument as a string: ids and strings. Nil where it was left out.
    public func string(_ name: String) -> String? { self[name].asString }
    public func integer(_ name: String) -> Int64? { self[name].asInteger }
    public func number(_ name: String) -> Double? { self[name].asNumber }
    public func boolean(_ name: String) -> Bool? { self[name].asBoolean }
    public func table(_ name: String) -> LuaTable? { self[name].asTable }
    /// The bytes of a ``LuaType/json`` argument, or of a string.
    public func bytes(_ name: String) -> [UInt8]? { self[name].asBytes }
}

/// A value that the calls of some tasks have in common: a task's scope (``LuaBody/scoping(_:)``) is that of the tasks that it
/// starts.
public protocol LuaScope: AnyObject, Sendable {
    /// A task has begun that inherits the scope.
    func taskBegan()
    /// Such a task has ended, in whatever way.
    func taskEnded()
}

extension LuaValue {
    public var asString: String? {
        switch self {
        case .string(let text): text
        case .integer(let number): String(number)
        default: nil
        }
    }
    public var asInteger: Int64? {
        switch self {
        case .integer(let number): number
        case .number(let number): Int64(exactly: number)
        default: nil
        }
    }
    public var asNumber: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }
    public var asBoolean: Bool? {
        if case .boolean(let flag) = self { flag } else { nil }
    }
    public var asTable: LuaTable? {
        if case .table(let table) = self { table } else { nil }
    }
    public var asBytes: [UInt8]? {
        switch self {
        case .bytes(let bytes): bytes
        case .string(let text): Array(text.utf8)
        default: nil
        }
    }
}

/// An error that a script may catch: a body throws it, and Lua gets ``luaValue`` raised.
public protocol LuaRaisable: Error {
    /// The value that `pcall` returns: usually a table with `kind` and `message` and the metatable ``LuaError/metatable``.
    var luaValue: LuaValue { get }
}

/// The error table of moonspot: `{ kind, message, ... }`, printing as one line.
public struct LuaError: LuaRaisable, Equatable {
    /// The registered name of the metatable whose `__tostring` prints the error.
    public static let metatable = "moonspot.error"

    /// One of the kinds of the contract: `invalid_argument`, `timeout`, ...
    public var kind: String
    public var message: String
    /// Further fields of the table.
    public var fields: [String: LuaValue]

    public init(_ kind: String, _ message: String, fields: [String: LuaValue] = [:]) {
        self.kind = kind
        self.message = message
        self.fields = fields
    }

    public static func invalidArgument(_ message: String) -> LuaError { LuaError("invalid_argument", message) }

    public var luaValue: LuaValue {
        .object(
            [("kind", .string(kind)), ("message", .string(message))]
                + fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            metatable: LuaError.metatable)
    }
}
