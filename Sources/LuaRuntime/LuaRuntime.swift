import CLuaBridge
import Glibc
import Synchronization

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
        /// Called on the Lua thread with an unawaited failure of a task.
        public var onUnawaitedFailure: @Sendable (LuaFailure) -> Void = { _ in }
        /// Hears when the Lua thread has nothing left to run.
        public var idle: IdleSignal?
        /// The time that sleeps and timeouts go by; nil for the machine's.
        public var clock: (any RuntimeClock)?
        /// Where suspended calls go on; nil for Swift's own pool.
        public var executor: (any TaskExecutor)?
        /// Called on the Lua thread by `os.exit`; must end the process.
        public var onExit: @Sendable (Int32) -> Void = { exit($0) }
        public init() {}
    }

    /// How much of a value is copied out for printing.
    public struct SnapshotLimit: Sendable {
        /// Levels of nested tables.
        public var depth: Int
        /// Entries per table.
        public var entries: Int
        /// Entries in all.
        public var total: Int
        /// For people: values describe themselves (`__tostring`, `__name`), and a table that contains itself is
        /// marked. Otherwise such a table is an error.
        public var marksRepeats: Bool
        /// Of an iterator of a module's: so many of its elements are read in its place (``LuaTable/metatable`` says that it is
        /// one), and are still to come in a loop. `.max` for all, 0 to leave it a function.
        public var rows: Int
        /// Whether the elements that an iterator was last read for have passed, so that those behind them are read.
        public var passes = false
        public init(
            depth: Int = 12, entries: Int = 10_000, total: Int = 200_000, marksRepeats: Bool = true, rows: Int = 0
        ) {
            self.depth = depth
            self.entries = entries
            self.total = total
            self.marksRepeats = marksRepeats
            self.rows = rows
        }
        /// For callers that print nothing.
        public static let nothing = SnapshotLimit(depth: 0, entries: 0, total: 0, marksRepeats: false)
    }

    /// The release of Lua that it was built with: `Lua 5.4.6`.
    public static var luaRelease: String { String(cString: ms_lua_release()) }

    private let mailbox = Mailbox()
    private let signal = StateSignal()
    private let isClosed = Mutex(false)
    private let options: Options

    /// Opens the state on a thread of its own.
    /// - Throws: ``LuaFailure`` where memory is short or a module does not load.
    public init(_ options: Options) throws(LuaFailure) {
        self.options = options
        let opening = Opening()
        startThread(options: options, mailbox: mailbox, signal: signal, opening: opening)
        if let failure = opening.wait() { throw failure }
    }

    deinit { if !isClosed.withLock({ $0 }) { mailbox.post { $0.beginClosing() } } }

    /// Runs a chunk as a task of its own and answers copies of what it returned. Returns when that task ends; tasks that
    /// it spawned may go on (``drain()``).
    /// - Throws: ``LuaFailure``, also when the chunk does not compile.
    public func run(
        _ chunk: LuaChunk, arguments: [LuaValue] = [], snapshot: SnapshotLimit = SnapshotLimit()
    ) async throws(LuaFailure) -> [LuaValue] {
        try await ask { scheduler, answer in
            scheduler.run(chunk, arguments: arguments, snapshot: snapshot, answer)
        }.get()
    }

    /// Returns when no task is left: a script ends when its last task has ended.
    @discardableResult public func drain() async -> Drained {
        await ask { scheduler, answer in scheduler.onDrained(answer) }
    }
    public struct Drained: Sendable {
        /// Tasks whose failure no other task awaited, since the start.
        public var unawaitedFailures: Int
        /// The failure of the first task that ``LuaRuntime/stop(_:scope:)`` stopped after the chunk that spawned it had ended; nil if none was.
        public var stop: LuaFailure?
    }

    /// Stops the chunks that ``run(_:arguments:snapshot:)`` runs now, and the tasks they started: requests in flight are
    /// cancelled, and no `pcall` swallows it. `.all` also stops tasks that were spawned earlier. Callable from any thread.
    public func stop(_ reason: StopReason, scope: StopScope = .current) {
        let stop = reason == .interrupt ? MS_STOP_INTERRUPTED : MS_STOP_TIME_LIMIT
        mailbox.post { $0.stopRuns(stop, everything: scope == .all) }
        signal.send()
    }
    public enum StopReason: Sendable { case interrupt, timeLimit }
    public enum StopScope: Sendable { case current, all }

    /// Whether the text is a whole chunk: more lines are needed, it is fine, or it is wrong in a way that no more lines mend.
    public func completeness(of source: String) async -> Completeness {
        await ask { scheduler, answer in answer(scheduler.lua.completeness(of: source)) }
    }
    public enum Completeness: Sendable, Equatable { case complete, incomplete, invalid(String) }

    /// The names that could stand where `path` ends, for completion: `["hubspot", "contacts"]` -> its functions; `[]` -> the
    /// globals. Reads tables raw and the declarations: runs no script code.
    public func names(in path: [String]) async -> [(name: String, type: String)] {
        await ask { scheduler, answer in answer(scheduler.lua.names(in: path)) }
    }

    /// `value` as JSON text, with the rules of `json.encode`. Indented by two spaces where `pretty`.
    public func json(_ value: LuaValue, pretty: Bool = false) async throws(LuaFailure) -> [UInt8] {
        try await ask { scheduler, answer in answer(scheduler.lua.json(value, pretty: pretty)) }.get()
    }

    /// Sets a global, e.g. `arg`.
    public func setGlobal(_ name: String, _ value: LuaValue) async {
        await ask { scheduler, answer in
            _ = scheduler.lua.setGlobal(name, value)
            answer(())
        }
    }

    /// Has `require` look in that folder first; an untrusted script's `require`, `loadfile` and `dofile` look nowhere else.
    public func setScriptFolder(_ folder: String) async {
        await ask { scheduler, answer in
            scheduler.lua.setScriptFolder(folder)
            answer(())
        }
    }

    /// Bytes that Lua holds now.
    public func memoryInUse() async -> Int {
        await ask { scheduler, answer in answer(scheduler.lua.memoryInUse) }
    }

    /// Stops every task, closes the state (finalizers run) and ends the thread. Idempotent.
    public func close() async {
        guard
            !isClosed.withLock({ closed in
                defer { closed = true }
                return closed
            })
        else { return }
        await withCheckedContinuation { continuation in
            mailbox.post { scheduler in
                scheduler.beginClosing()
                scheduler.onClosed { continuation.resume() }
            }
            signal.send()
        }
    }

    func ask<Answer: Sendable>(
        _ question: @escaping @Sendable (Scheduler, @escaping (Answer) -> Void) -> Void
    ) async -> Answer {
        await withCheckedContinuation { continuation in
            mailbox.post { scheduler in question(scheduler) { continuation.resume(returning: $0) } }
        }
    }
}

/// Waits for a Lua thread to have opened its state.
private final class Opening: Sendable {
    private let opened = Mailbox()
    private let failure = Mutex<LuaFailure?>(nil)

    func finish(_ failure: LuaFailure?) {
        self.failure.withLock { $0 = failure }
        opened.post { _ in }
    }
    func wait() -> LuaFailure? {
        _ = opened.wait(until: nil)
        return failure.withLock { $0 }
    }
}

/// Lua nests C calls up to 200 deep, each with frames of the bridge and of Swift, and tasks run on top of waiting ones.
private let threadStackBytes = 64 << 20

private func startThread(options: LuaRuntime.Options, mailbox: Mailbox, signal: StateSignal, opening: Opening) {
    final class Start {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }
    let start = Start {
        guard let scheduler = Scheduler(options: options, mailbox: mailbox, signal: signal) else {
            opening.finish(
                LuaFailure(value: "not enough memory", message: "not enough memory to open a Lua state", cause: .memory)
            )
            return
        }
        let failure = scheduler.lua.installModules()
        opening.finish(failure)
        if failure == nil { scheduler.run() }
        scheduler.close()
    }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, threadStackBytes)
    pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let status = pthread_create(
        &thread, &attributes,
        { context in
            Unmanaged<Start>.fromOpaque(context!).takeRetainedValue().body()  // passed below
            return nil
        }, Unmanaged.passRetained(start).toOpaque())
    pthread_attr_destroy(&attributes)
    if status != 0 {
        opening.finish(
            LuaFailure(value: "no thread", message: "cannot start a thread: \(String(cString: strerror(status)))"))
    }
}
