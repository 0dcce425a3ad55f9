/// A function that scripts can call, declared once: the argument checks, the REPL's help and completion, the LuaCATS
/// annotations and the reference page are all made from this value.
public struct LuaFunction: Sendable, Equatable {
    /// The name within its module: `get`.
    public var name: String
    /// One sentence in the indicative: `Fetches one contact.`
    public var summary: String
    /// Further prose: shapes, units, limits. May be empty.
    public var details: String
    public var parameters: [LuaParameter]
    public var returns: [LuaReturn]
    /// The kinds of error that are particular to it (`not_found`, ...); every call may also raise the common ones.
    public var raises: [String]
    /// Where the fact comes from: the endpoint, such as `GET /crm/objects/{version}/contacts/{contactId}`.
    public var source: String?
    /// A line or two of Lua that can be typed as they are.
    public var example: String?
    /// The file that declares it: `Bindings/ObjectsModule.swift`.
    public var file: String
    public var body: LuaBody

    public init(
        _ name: String, _ summary: String, details: String = "", parameters: [LuaParameter] = [],
        returns: [LuaReturn] = [], raises: [String] = [], source: String? = nil, example: String? = nil,
        file: String = #fileID, body: LuaBody
    ) {
        self.name = name
        self.summary = summary
        self.details = details
        self.parameters = parameters
        self.returns = returns
        self.raises = raises
        self.source = source
        self.example = example
        self.file = file
        self.body = body
    }

    /// Declarations are compared by name: two functions of one name in one module are the same function.
    public static func == (a: LuaFunction, b: LuaFunction) -> Bool { a.name == b.name }
}

/// The code that runs when a ``LuaFunction`` is called, after its arguments were checked.
public enum LuaBody: Sendable {
    /// Answers at once, on the Lua thread. Must not block.
    case immediate(@Sendable (LuaCall) throws -> [LuaValue])
    /// Suspends the calling coroutine until it answers. Is cancelled when the calling Lua task is stopped.
    case suspending(@Sendable (LuaCall) async throws -> [LuaValue])
    /// The function of this name in the table that the module's ``LuaModule/prelude`` returns.
    case lua(String)
    /// Answers at once, and sets the scope of the calling task: from now on its calls carry it, and those of the tasks
    /// that it starts.
    case scoping(@Sendable (LuaCall) throws -> (scope: (any LuaScope)?, values: [LuaValue]))
}

public struct LuaParameter: Sendable {
    public var name: String
    public var type: LuaType
    public var summary: String
    public var isOptional: Bool
    /// True for `...`: must be the last parameter; its type is that of each extra argument.
    public var isVariadic: Bool
    /// Set where the values are copied as a chunk's results are for printing. The prelude asks them first:
    /// `primitives.described`.
    public var snapshot: (@Sendable () -> LuaRuntime.SnapshotLimit)?

    public static func required(_ name: String, _ type: LuaType, _ summary: String) -> LuaParameter {
        LuaParameter(name: name, type: type, summary: summary, isOptional: false, isVariadic: false)
    }
    public static func optional(_ name: String, _ type: LuaType, _ summary: String) -> LuaParameter {
        LuaParameter(name: name, type: type, summary: summary, isOptional: true, isVariadic: false)
    }
    /// Values that are printed.
    public static func shown(_ snapshot: @escaping @Sendable () -> LuaRuntime.SnapshotLimit) -> LuaParameter {
        var parameter = variadic("What is printed.")
        parameter.snapshot = snapshot
        return parameter
    }
    public static func variadic(_ summary: String, _ type: LuaType = .any) -> LuaParameter {
        LuaParameter(name: "...", type: type, summary: summary, isOptional: true, isVariadic: true)
    }
}

public struct LuaReturn: Sendable {
    public var type: LuaType
    public var summary: String
    public init(_ type: LuaType, _ summary: String = "") {
        self.type = type
        self.summary = summary
    }
}

/// The type of an argument, an option or a result: it is checked, and the annotations state it.
public indirect enum LuaType: Sendable {
    case any
    case boolean
    /// A number without a fraction (`2` and `2.0`).
    case integer
    case number
    case string
    /// One of a few strings.
    case choice([String])
    /// A record id: a string or an integer; arrives as `.string`.
    case id
    case function
    /// A list: a table with keys exactly 1..n.
    case list(LuaType)
    /// Any table with string keys and values of the given type.
    case map(LuaType)
    /// A table with known fields; an unknown one is refused with a hint at the nearest known name.
    case shape(LuaShape)
    /// Any table, copied.
    case table
    /// Any value that JSON can hold; arrives as `.bytes` that are its JSON text, encoded in the bridge.
    case json
    /// An instance of a class that the annotations name but that is not checked: `hubspot.Record`, `task.Task`.
    case named(String)
    case either([LuaType])
    /// Checked and read as the first type. The second, which it may fit more narrowly than it has to, is what help,
    /// annotations and completion tell: `.described(.table, by: .shape(context))`, whose fields the function's body checks.
    case described(LuaType, by: LuaType)
}

/// A table with named fields: an option table or a result. Becomes a LuaCATS `@class`.
public struct LuaShape: Sendable {
    /// The full name: `contacts.GetOpts`.
    public var name: String
    public var summary: String
    public var fields: [LuaParameter]
    /// True where fields beyond the declared ones are fine (a record's properties).
    public var isOpen: Bool

    public init(_ name: String, _ summary: String, isOpen: Bool = false, fields: [LuaParameter]) {
        self.name = name
        self.summary = summary
        self.isOpen = isOpen
        self.fields = fields
    }
}
