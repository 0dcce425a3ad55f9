/// One Lua state on a thread of its own, the tasks that run in it, and the modules it offers.
///
/// Every call may come from any thread; the state itself is touched by the Lua thread alone. Knows no HubSpot.
public final class LuaRuntime: Sendable {
    public struct Options: Sendable {
        public var modules: [LuaModule] = []
        /// The most that Lua may allocate, in bytes; nil for no limit.
        public var memoryLimit: Int?
        /// No io, os.execute, debug, package.loadlib, C modules, bytecode; files only from `scriptFolder` and stdlib.
        public var isUntrusted = false
        public var scriptFolder: String?
        /// Sources of the Lua modules that `require` finds: `csv` -> text. Asked before `package.path`.
        public var library: @Sendable (String) -> LuaChunk? = { _ in nil }
        /// Called on the Lua thread with the failure of a task that nobody awaited.
        public var onUnawaitedFailure: @Sendable (LuaFailure) -> Void = { _ in }
        public init() {}
    }

    /// How much of a value is copied out for printing.
    public struct SnapshotLimit: Sendable {
        public var depth = 12
        /// Entries per table.
        public var entries = 10_000
        public init(depth: Int = 12, entries: Int = 10_000) {
            self.depth = depth
            self.entries = entries
        }
    }

    public init(_ options: Options) throws(LuaFailure) { fatalError("to come") }

    /// Runs a chunk as a task of its own and answers copies of what it returned.
    /// - Throws: ``LuaFailure``, also when the chunk does not compile.
    public func run(
        _ chunk: LuaChunk, arguments: [LuaValue] = [], snapshot: SnapshotLimit = SnapshotLimit()
    ) async throws(LuaFailure) -> [LuaValue] { fatalError("to come") }

    /// Returns when no task is left (a script ends when its last task has ended).
    /// The number of tasks that failed with nobody awaiting them, since the start.
    public func drain() async -> Int { 0 }

    /// Stops the tasks that run on behalf of `run` now (Ctrl-C): requests in flight are cancelled, `pcall` cannot swallow it.
    /// `.all` also stops what was spawned earlier. Callable from any thread.
    public func stop(_ reason: StopReason, scope: StopScope = .current) {}
    public enum StopReason: Sendable { case interrupt, timeLimit }
    public enum StopScope: Sendable { case current, all }

    /// Whether the text is a whole chunk: more lines are needed, it is fine, or it is wrong in a way that no more lines mend.
    public func completeness(of source: String) async -> Completeness { .complete }
    public enum Completeness: Sendable, Equatable { case complete, incomplete, invalid(String) }

    /// The names that could stand where `path` ends, for completion: `hubspot.contacts.` -> its functions. Runs no script code.
    public func names(in path: [String]) async -> [(name: String, type: String)] { [] }

    /// `value` as JSON text, with the rules of `json.encode`. Indented by two spaces where `pretty`.
    public func json(_ value: LuaValue, pretty: Bool = false) async throws(LuaFailure) -> [UInt8] { [] }

    /// Sets a global, e.g. `arg`.
    public func setGlobal(_ name: String, _ value: LuaValue) async {}

    /// Stops every task, closes the state and ends the thread. Idempotent.
    public func close() async {}
}

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
public struct LuaFailure: Error, Sendable {
    /// What was raised: a table with `kind` for moonspot's errors, a string for most of Lua's own.
    public var value: LuaValue
    /// `tostring` of it: one line for people, with the script's file and line.
    public var message: String
    public var traceback: String
    /// `kind` of the raised table: `not_found`, `cancelled`, ... Nil for other values.
    public var kind: String?
    /// Set where the failure is a stop (Ctrl-C, time limit), a syntax error or the memory limit rather than a raised value.
    public var cause: Cause

    public enum Cause: Sendable, Equatable { case raised, syntax, memory, interrupted, timeLimit }

    public init(value: LuaValue, message: String, traceback: String = "", kind: String? = nil, cause: Cause = .raised) {
        self.value = value
        self.message = message
        self.traceback = traceback
        self.kind = kind
        self.cause = cause
    }
}
