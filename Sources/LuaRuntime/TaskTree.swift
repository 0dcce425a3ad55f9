import CLuaBridge

/// The tasks of a state, their tree, and the failures that no task awaits. Lives on the Lua thread.
final class TaskTree {
    /// Those that have not ended, and those that have while a script may still ask for their outcome.
    private var tasks: [UInt64: LuaTask] = [:]
    /// Tasks that have not ended.
    private var liveCount = 0
    private var unawaitedFailures = 0
    /// Of the first task that was stopped from outside and that no `run` waited for, since the last report.
    private var stopFailure: LuaFailure?
    private let onUnawaitedFailure: @Sendable (LuaFailure) -> Void

    init(onUnawaitedFailure: @escaping @Sendable (LuaFailure) -> Void) { self.onUnawaitedFailure = onUnawaitedFailure }

    subscript(number: UInt64) -> LuaTask? { tasks[number] }
    var all: some Collection<LuaTask> { tasks.values }
    var areAllEnded: Bool { liveCount == 0 }

    func add(_ task: LuaTask) {
        tasks[task.number] = task
        task.parent?.children[task.number] = task
        liveCount += 1
    }

    /// - Returns: The tokens of those that wait for its end.
    func markEnded(_ task: LuaTask, failed: Bool) -> [UInt64] {
        task.state = .ended(failed: failed)
        liveCount -= 1
        defer { task.waiters = [] }
        return task.waiters
    }

    /// Says how an ended task failed, and gives its children to its parent.
    func settle(_ task: LuaTask, _ failure: LuaFailure?) {
        if let failure, task.stop == MS_GO_ON, task.claims == 0, task.onEnd == nil { reportOrKeep(failure, of: task) }
        task.failure = failure
        if task.onEnd == nil, stopFailure == nil, let failure, failure.cause.isStop { stopFailure = failure }
        adopt(childrenOf: task)
    }

    /// Forgets an ended task whose outcome no script can ask for, and takes it from its parent unless its failure is to be
    /// reported when that ends.
    func release(_ task: LuaTask) {
        if task.isForgotten || !task.hasHandle { tasks[task.number] = nil }
        if task.unreported == nil { detach(task) }
    }

    /// The handle of a task was collected.
    func forget(_ number: UInt64) {
        guard let task = tasks[number] else { return }
        task.isForgotten = true
        if task.hasEnded { tasks[number] = nil }
    }

    /// When a task ends, the unawaited failures of its children are reported; its other children become its parent's.
    private func adopt(childrenOf task: LuaTask) {
        for child in task.children.values.sorted(by: { $0.number < $1.number }) {
            if child.unreported != nil { report(child) }
            child.parent = child.hasEnded ? nil : task.parent
            if !child.hasEnded { task.parent?.children[child.number] = child }
        }
        task.children = [:]
    }

    private func detach(_ task: LuaTask) {
        task.parent?.children[task.number] = nil
        task.parent = nil
    }

    // MARK: Failures

    /// A task has asked for the outcome: a failure is raised there.
    func claim(_ task: LuaTask) {
        task.claims += 1
        task.unreported = nil
    }

    /// The awaiting task gave up before it got the outcome: a failure counts as unawaited again.
    func disclaim(_ task: LuaTask) {
        task.claims -= 1
        guard task.claims == 0, task.stop == MS_GO_ON, let failure = task.failure else { return }
        reportOrKeep(failure, of: task)
    }

    /// An unawaited failure is reported when the parent ends, or now.
    private func reportOrKeep(_ failure: LuaFailure, of task: LuaTask) {
        guard !task.isQuiet else { return }
        task.unreported = failure
        if task.parent == nil || task.reportsAtOnce { report(task) }
    }

    private func report(_ task: LuaTask) {
        guard let failure = task.unreported else { return }
        task.unreported = nil
        detach(task)
        unawaitedFailures += 1
        onUnawaitedFailure(failure)
    }

    /// The failures to tell of once all tasks have ended.
    func takeDrained() -> LuaRuntime.Drained {
        defer { stopFailure = nil }
        return LuaRuntime.Drained(unawaitedFailures: unawaitedFailures, stop: stopFailure)
    }
}
