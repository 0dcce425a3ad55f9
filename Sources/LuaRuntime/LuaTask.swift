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
    /// Its failure is not reported when nobody awaits it: a page fetched ahead.
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
    /// False for what `run` started: no script can ask for its outcome.
    var hasHandle = true
    /// Tokens to be answered when it ends.
    var waiters: [UInt64] = []
    /// What its calls carry.
    var scope: (any LuaScope)?
    /// The scope that it was started in.
    var inheritedScope: (any LuaScope)?
    var stop: ms_stop = MS_GO_ON
    /// Until when its to-be-closed variables may run, by the monotonic clock: a second in all from when its stop was raised
    /// first; nil before.
    var closesUntil: UInt64?
    /// Takes back what stops it when its time is over (`task.timeout`).
    var deadline: (@Sendable () -> Void)?
    var isLate = false
    /// What `run` waits for.
    var onEnd: ((LuaTask) -> Void)?

    init(number: UInt64, thread: OpaquePointer, arguments: Int32, isTyped: Bool, isQuiet: Bool, parent: LuaTask?) {
        self.number = number
        self.thread = thread
        self.isTyped = isTyped
        self.isQuiet = isQuiet
        self.parent = parent
        state = .ready(arguments: arguments)
    }

    var hasEnded: Bool { if case .ended = state { true } else { false } }
    var hasFailed: Bool { if case .ended(let failed) = state { failed } else { false } }
}

/// What a suspended call waits for.
struct Wait {
    enum Kind {
        case call(Task<Void, Never>)
        /// The end of a task; with `claims` its outcome is taken over.
        case task(LuaTask, claims: Bool)
        case timer
    }
    enum Answer {
        case values([LuaValue])
        case failure(LuaValue)
    }
    let task: LuaTask
    let kind: Kind
    var answer: Answer?
}
