import LuaRuntime

/// What a checker needs of a piece of Lua that compiles: its locals, the names that it reads from globals, and the calls
/// of such names with the tables that stand in their arguments.
struct LuaOutline: Equatable {
    /// A place in the source, in bytes.
    typealias Place = Int

    struct Local: Equatable {
        enum Kind: Equatable { case variable, function, parameter, loop, closed }
        var name: String
        var place: Place
        var kind: Kind
        var isRead = false
    }

    /// A path of names that begins with a global: `hubspot.contacts.get`.
    struct Path: Equatable {
        var names: [String]
        /// Of each name.
        var places: [Place]
    }

    /// A table that is written out, by its keys. Positions have no name.
    struct Literal: Equatable {
        struct Field: Equatable {
            var name: String
            var place: Place
            /// Where the value is a table that is written out too.
            var value: Literal?
        }
        var fields: [Field] = []
    }

    struct Call: Equatable {
        var path: Path
        /// One for each argument; nil for one that is no table written out.
        var arguments: [Literal?]
    }

    var locals: [Local] = []
    /// Those that are read.
    var paths: [Path] = []
    /// Those that are assigned to, with the global itself.
    var assigned: [Path] = []
    var calls: [Call] = []

    init(_ source: [UInt8]) {
        var reader = LuaOutlineReader(source)
        self = reader.read()
    }

    fileprivate init() {}

    static let empty = LuaOutline()
}
