import CLuaBridge

/// One task: a coroutine that the scheduler resumes, and its place in the tree of tasks. Lives on the Lua thread.
final class LuaTask {
    enum State {
        case ready(arguments: Int32)
        case running
        case waiting(token: UInt64)
        case ended(failed: Bool)
    }

    let number: UInt64
    let thread: OpaquePointer
    let isTyped: Bool
    /// Its failure is not reported when no task awaits it: a page fetched ahead.
    let isQuiet: Bool
    /// Children of typed lines are reported at once, others when their parent ends.
    var reportsAtOnce = false
    /// Cleared when either ends, so that the tree holds no cycle longer than its tasks live.
    var parent: LuaTask?
    var children: [UInt64: LuaTask] = [:]
    var state: State
    /// How many have asked for its outcome: the failure is theirs.
    var claims = 0
    /// Its handle was collected, so its outcome can be forgotten.
    var isForgotten = false
    /// Failed, not claimed, and not reported yet.
    var unreported: LuaFailure?
    /// Why it failed, once it has.
    var failure: LuaFailure?
    /// False for a chunk's own task: no script can ask for its outcome.
    var hasHandle = true
    /// Tokens to be answered when it ends.
    var waiters: [UInt64] = []
    /// The scope that its calls carry.
    private(set) var scope: (any LuaScope)?
    /// The scope that it was started in.
    private var inheritedScope: (any LuaScope)?
    /// Why it is to end; once set, it stays.
    var stop: ms_stop = MS_GO_ON
    /// Until when its to-be-closed variables may run, by the monotonic clock; nil until its stop is raised first.
    private var closesUntil: UInt64?
    /// Its deadline has stopped it.
    var isLate = false
    /// Called once it has ended: how `run` answers.
    var onEnd: ((LuaTask) -> Void)?

    init(number: UInt64, thread: OpaquePointer, arguments: Int32, isTyped: Bool, isQuiet: Bool, parent: LuaTask?) {
        self.number = number
        self.thread = thread
        self.isTyped = isTyped
        self.isQuiet = isQuiet
        self.parent = parent
        state = .ready(arguments: arguments)
    }

    // MARK: Its scope

    /// Begins in the scope of the task that spawned it.
    func inherit(_ scope: (any LuaScope)?) {
        (self.scope, inheritedScope) = (scope, scope)
        scope?.taskBegan()
    }

    /// From now on its calls carry this scope.
    func enter(_ scope: (any LuaScope)?) { self.scope = scope }

    func leaveScopes() {
        inheritedScope?.taskEnded()
        (scope, inheritedScope) = (nil, nil)
    }

    // MARK: Its stop

    /// How long to-be-closed variables may run after a stop, in nanoseconds, all of a task's together.
    private static let closingTime: UInt64 = 1_000_000_000

    /// The stop is raised: its to-be-closed variables run from now on.
    func startClosing() {
        if closesUntil == nil { closesUntil = monotonicNow() + Self.closingTime }
    }

    /// True while the to-be-closed variables of a stopped task have time left.
    var mayGoOnClosing: Bool { closesUntil.map { monotonicNow() < $0 } ?? false }

    /// Whether the task has to be stopped where it is.
    var isToStop: Bool { stop != MS_GO_ON && !mayGoOnClosing }

    // MARK: Its state

    var hasEnded: Bool { if case .ended = state { true } else { false } }
    var hasFailed: Bool { if case .ended(let failed) = state { failed } else { false } }
}
