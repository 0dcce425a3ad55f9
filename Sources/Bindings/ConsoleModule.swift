public import LuaRuntime

/// What the program does with a value that a script shows, and with a question of its for help.
public struct ConsoleFunctions: Sendable {
    /// What help is asked for.
    public enum Topic: Sendable, Equatable {
        case overview
        /// The name of a declared function or module, or words to look for.
        case words(String)
        /// A Lua function: the chunk that holds it, as Lua names it, and its lines; none for a function of C.
        case lua(chunk: String, lines: ClosedRange<Int>?)
    }

    /// How much of a value is copied.
    public var limit: @Sendable () -> LuaRuntime.SnapshotLimit
    public var show: @Sendable ([LuaValue]) async throws -> Void
    /// - Parameter showsSource: Whether the source is asked for.
    public var help: @Sendable (_ topic: Topic, _ showsSource: Bool) -> Void
    /// Hears, where a person types, of a property that was read and not fetched, with the names that were.
    public var unfetched: (@Sendable (_ name: String, _ fetched: [String]) -> Void)?

    public init(
        limit: @escaping @Sendable () -> LuaRuntime.SnapshotLimit,
        show: @escaping @Sendable ([LuaValue]) async throws -> Void,
        help: @escaping @Sendable (_ topic: Topic, _ showsSource: Bool) -> Void,
        unfetched: (@Sendable (_ name: String, _ fetched: [String]) -> Void)? = nil
    ) {
        self.limit = limit
        self.show = show
        self.help = help
        self.unfetched = unfetched
    }

    /// Where nothing is printed.
    public static let none = ConsoleFunctions(limit: { .nothing }, show: { _ in }, help: { _, _ in })
}

extension LuaModule {
    /// `show` and `help`, which are globals; `require "moonspot"` answers both.
    static func moonspot(_ console: ConsoleFunctions) -> LuaModule {
        LuaModule(
            "moonspot", "What the console does, for scripts too: its functions are globals, `show` and `help`.",
            functions: [.show, .help],
            primitives: [.refuse, .showing(console.limit), .print(console), .helpOn(console)],
            prelude: Prelude.moonspot,
            isGlobal: true)
    }
}

extension LuaFunction {
    fileprivate static let show = LuaFunction(
        "show", "Prints values as the console does.",
        details:
            "Records and pages are tables; of an iterator the first rows are shown, and are still to come in a loop. "
            + "`--output` decides the format.",
        parameters: [.variadic("What is printed, one below the other.")],
        example: "show(hubspot.contacts.list{ limit = 3 })", body: .lua("show"))

    private static let helpOptions = LuaShape(
        "moonspot.HelpOpts", "What is shown.",
        fields: [
            .optional("source", .boolean, "The source of a Lua function, or where a binding is declared.")
        ])

    fileprivate static let help = LuaFunction(
        "help", "Prints what a function or a module does, or the pages that hold some words.",
        details: "`?name` at the prompt is the same.",
        parameters: [
            .optional("what", .any, "A function, a module, a name, or words; without it, what there is."),
            .optional(
                "opts", .described(.either([.shape(helpOptions), .string]), by: .shape(helpOptions)), "What is shown."),
        ], example: "help(hubspot.contacts.get) help \"recycle bin\"", body: .lua("help"))

    fileprivate static func showing(_ limit: @escaping @Sendable () -> LuaRuntime.SnapshotLimit) -> LuaFunction {
        LuaFunction(
            "showing", "Whether values describe themselves, and how many elements of an iterator are shown.",
            body: .immediate { _ in
                let limit = limit()
                return [.boolean(limit.marksRepeats), .integer(limit.rows == .max ? -1 : Int64(limit.rows))]
            })
    }

    fileprivate static func print(_ console: ConsoleFunctions) -> LuaFunction {
        LuaFunction(
            "print", "Prints.", parameters: [.shown(console.limit)],
            body: .suspending { call in
                try await console.show(call.arguments)
                return []
            })
    }

    fileprivate static func helpOn(_ console: ConsoleFunctions) -> LuaFunction {
        LuaFunction(
            "help", "Prints help.",
            parameters: [
                .optional("source", .boolean, ""), .optional("name", .string, ""), .optional("chunk", .string, ""),
                .optional("first", .integer, ""),
                .optional("last", .integer, ""),
            ],
            body: .immediate { call in
                let showsSource = call.boolean("source") ?? false
                if let name = call.string("name") {
                    console.help(.words(name), showsSource)
                } else if let chunk = call.string("chunk") {
                    let first = Int(call.integer("first") ?? -1), last = Int(call.integer("last") ?? -1)
                    console.help(
                        .lua(chunk: chunk, lines: first >= 1 && last >= first ? first...last : nil), showsSource)
                } else {
                    console.help(.overview, showsSource)
                }
                return []
            })
    }

    /// Tells a person of a property that was read and not fetched; nil where no person types.
    static func unfetched(_ console: ConsoleFunctions) -> LuaFunction? {
        guard let tell = console.unfetched else { return nil }
        return LuaFunction(
            "unfetched", "Tells of a property that was not fetched.",
            parameters: [.required("name", .string, ""), .required("known", .list(.string), "")],
            body: .immediate { call in
                tell(call.string("name") ?? "", call.table("known")?.list.compactMap(\.asString) ?? [])
                return []
            })
    }
}
