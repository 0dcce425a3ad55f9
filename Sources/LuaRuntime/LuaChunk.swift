/// A piece of Lua.
public struct LuaChunk: Sendable {
    public enum Kind: Sendable {
        /// A file or a module: text, or bytecode where that is allowed. A first line that begins with `#` is skipped.
        case script
        /// A line typed at the REPL: an expression or statements. Its first result becomes `_`. Counts as typed.
        case typed
        /// As `typed` without `_` and without counting as typed: `-e`.
        case expression
    }
    public var source: [UInt8]
    /// As in `luaL_loadbufferx`: `@file` or `=name`.
    public var name: String
    public var kind: Kind
    public init(_ source: String, name: String, kind: Kind = .script) {
        self.init(bytes: Array(source.utf8), name: name, kind: kind)
    }
    public init(bytes: [UInt8], name: String, kind: Kind = .script) {
        self.source = bytes
        self.name = name
        self.kind = kind
    }
}

/// Why a chunk or a task ended before its time.
public struct LuaFailure: Error, Sendable, Equatable {
    /// The value that was raised: a table with `kind` for moonspot's errors, a string for most of Lua's own.
    public var value: LuaValue
    /// `tostring` of it: one line for people, with the script's file and line.
    public var message: String
    public var traceback: String
    /// `kind` of the raised table: `not_found`, `cancelled`, ... Nil for other values.
    public var kind: String?
    /// Set where the failure is a stop (Ctrl-C, time limit), a syntax error or the memory limit rather than a raised value.
    public var cause: Cause

    public enum Cause: Sendable, Equatable {
        case raised, syntax, memory, interrupted, timeLimit
        var isStop: Bool { self == .interrupted || self == .timeLimit }
    }

    public init(value: LuaValue, message: String, traceback: String = "", kind: String? = nil, cause: Cause = .raised) {
        self.value = value
        self.message = message
        self.traceback = traceback
        self.kind = kind
        self.cause = cause
    }
}
