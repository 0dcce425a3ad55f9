import CLuaBridge
import DequeModule
import HeapModule

/// Runs the tasks of one state, on its thread: which is ready, what each waits for, and when they end.
///
/// Not `Sendable`: made on the Lua thread and touched by it alone. Other threads reach it by letters in its mailbox.
final class Scheduler {
    let options: LuaRuntime.Options
    let mailbox: Mailbox
    private(set) var state: OpaquePointer!  // set in init, nil only while the host's table is made
    let functions: FunctionTable
    let signal: StateSignal

    var tasks: [UInt64: LuaTask] = [:]
    var liveCount = 0
    private var ready: Deque<LuaTask> = []
    var waits: [UInt64: Wait] = [:]
    var timers: Heap<Timer> = []
    var callsInFlight = 0
    private var lastNumber: UInt64 = 0
    private(set) var current: LuaTask?
    /// Tasks that `task.timeout` will stop.
    var pendingDeadlines = 0
    private var drains: [() -> Void] = []
    private var closings: [() -> Void] = []
    private var unawaitedFailures = 0
    /// Of the first task that was stopped from outside and that no `run` waited for, since the last drain.
    private var stopFailure: LuaFailure?
    var isClosing = false
    /// Stopped tasks that have not ended.
    var stopped: [UInt64: LuaTask] = [:]
    var watchdog: Task<Void, Never>?
    var exitStatus: Int32 = 0

    /// Awaiting where Lua cannot yield runs other tasks on top of the waiter, while so many bytes of the thread's stack are
    /// left: Lua nests C calls up to 200 deep in each task.
    static let stackForTask = 4 << 20
    /// How long to-be-closed variables may run after a stop, in nanoseconds.
    static let closingTime: UInt64 = 1_000_000_000

    struct Timer: Comparable {
        let deadline: UInt64
        let token: UInt64
        static func < (a: Timer, b: Timer) -> Bool { (a.deadline, a.token) < (b.deadline, b.token) }
        static func == (a: Timer, b: Timer) -> Bool { a.token == b.token }
    }

    /// - Returns: Nil where there is not enough memory for a state.
    init?(options: LuaRuntime.Options, mailbox: Mailbox, signal: StateSignal) {
        self.options = options
        self.mailbox = mailbox
        self.signal = signal
        functions = FunctionTable(options)
        guard let state = ms_open(makeHost(), options.memoryLimit ?? 0, options.isUntrusted) else { return nil }
        self.state = state
        ms_adopt_thread(state)
        signal.connect(state)
        if let folder = options.scriptFolder { setScriptFolder(folder) }
        options.idle?.becomeBusy()
    }

    /// The loop of the Lua thread; returns when the runtime closes.
    func run() {
        while !isClosing {
            deliver(mailbox.take())
            fireTimers()
            if let task = popReady() {
                resume(task)
                continue
            }
            if breakDeadlock() { continue }
            finishDrains()
            if isClosing { break }
            deliver(waitForLetters())
        }
        signal.invalidate()
        ms_close(state)
        options.idle?.becomeIdle()
        for action in closings { action() }
    }

    func deliver(_ letters: [Mailbox.Letter]) {
        for letter in letters { letter(self) }
    }

    private func popReady() -> LuaTask? {
        while let task = ready.popFirst() {
            if case .ready = task.state { return task }
        }
        return nil
    }

    func nextNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    // MARK: Tasks

    func add(thread: OpaquePointer, arguments: Int32, isTyped: Bool = false, isQuiet: Bool = false, parent: LuaTask?)
        -> LuaTask
    {
        let task = LuaTask(
            number: nextNumber(), thread: thread, arguments: arguments, isTyped: isTyped, isQuiet: isQuiet,
            parent: parent)
        tasks[task.number] = task
        parent?.children[task.number] = task
        liveCount += 1
        ready.append(task)
        return task
    }

    func spawned(thread: OpaquePointer, arguments: Int32, isQuiet: Bool) -> UInt64 {
        let task = add(thread: thread, arguments: arguments, isQuiet: isQuiet, parent: current)
        task.reportsAtOnce = current?.isTyped ?? false || current?.reportsAtOnce ?? false
        task.scope = current?.scope
        task.inheritedScope = task.scope
        task.scope?.taskBegan()
        return task.number
    }

    private func resume(_ task: LuaTask) {
        var arguments: Int32 = 0
        if case .ready(let count) = task.state { arguments = count }
        let begins = arguments >= 0
        let hasMemory = !begins || ms_has_memory(state, MS_TO_BEGIN)
        task.state = .running
        let before = current
        current = task
        ms_set_stop(state, task.stop)
        if task.stop != MS_GO_ON, begins { ms_arm(state, task.thread) }
        var token: UInt64 = 0
        let progress =
            hasMemory ? ms_resume(state, task.thread, max(arguments, 0), &token) : ms_refuse(state, task.thread)
        if progress == MS_WAITING {
            park(task, token: token)
        } else {
            end(task, failed: progress == MS_FAILED)
        }
        current = before
        ms_set_stop(state, before?.stop ?? MS_GO_ON)
    }

    /// Arguments of a task that goes on rather than begins: it gets its answer from `answer(_:)`.
    private static let goesOn: Int32 = -1

    private func park(_ task: LuaTask, token: UInt64) {
        task.state = .waiting(token: token)
        // A stray yield of a C function has token 0 and no wait: nothing would ever resume it.
        let isStopped = task.stop != MS_GO_ON && !mayGoOnClosing(task)
        if token == 0 || waits[token]?.answer != nil || isStopped { makeReady(task) }
    }

    func makeReady(_ task: LuaTask) {
        task.state = .ready(arguments: Self.goesOn)
        ready.append(task)
    }

    private func end(_ task: LuaTask, failed: Bool) {
        if task.stop == MS_STOP_EXIT {
            signal.invalidate()
            ms_close(state)
            options.onExit(exitStatus)
        }
        let failure = failed ? describeFailure(of: task) : nil
        unwatch(task)
        takeDeadline(of: task)?()
        task.inheritedScope?.taskEnded()
        (task.scope, task.inheritedScope) = (nil, nil)
        task.state = .ended(failed: failed)
        liveCount -= 1
        ms_retire(state, task.thread)
        let waiters = task.waiters
        task.waiters = []
        for token in waiters { answer(token, .values([.boolean(true)])) }
        if let failure, task.stop == MS_GO_ON, task.claims == 0, task.onEnd == nil {
            reportOrKeep(failure, of: task)
        }
        task.failure = failure
        if task.onEnd == nil, stopFailure == nil, let failure, failure.cause.isStop { stopFailure = failure }
        adopt(childrenOf: task)
        task.onEnd?(task)  // reads what the thread holds, and may collect garbage on the way
        task.onEnd = nil
        ms_release(state, task.thread)
        if task.isForgotten || !task.hasHandle { tasks[task.number] = nil }
        if task.unreported == nil {
            task.parent?.children[task.number] = nil
            task.parent = nil
        }
    }

    /// When a task ends, the failures of its children that nobody awaited are reported; its other children become its parent's.
    private func adopt(childrenOf task: LuaTask) {
        for child in task.children.values.sorted(by: { $0.number < $1.number }) {
            if child.unreported != nil { report(child) }
            child.parent = child.hasEnded ? nil : task.parent
            if !child.hasEnded { task.parent?.children[child.number] = child }
        }
        task.children = [:]
    }

    /// A failure that nobody awaits is reported when the parent ends, or now.
    private func reportOrKeep(_ failure: LuaFailure, of task: LuaTask) {
        guard !task.isQuiet else { return }
        task.unreported = failure
        if task.parent == nil || task.reportsAtOnce { report(task) }
    }

    /// Whoever awaited the task gave up before it got the outcome: a failure is nobody's again.
    private func disclaim(_ task: LuaTask) {
        task.claims -= 1
        guard task.claims == 0, task.stop == MS_GO_ON, let failure = task.failure else { return }
        reportOrKeep(failure, of: task)
    }

    private func report(_ task: LuaTask) {
        guard let failure = task.unreported else { return }
        task.unreported = nil
        task.parent?.children[task.number] = nil
        task.parent = nil
        unawaitedFailures += 1
        options.onUnawaitedFailure(failure)
    }

    // MARK: Waiting

    func newWait(_ kind: Wait.Kind, token: UInt64) {
        guard let current else { return }
        waits[token] = Wait(task: current, kind: kind)
    }

    func answer(_ token: UInt64, _ answer: Wait.Answer) {
        guard let wait = waits[token], wait.answer == nil else { return }
        waits[token]?.answer = answer
        switch wait.kind {
        case .call: callsInFlight -= 1
        case .task(let target, _): target.waiters.removeAll { $0 == token }
        case .timer: break
        }
        if case .waiting(token) = wait.task.state { makeReady(wait.task) }
    }

    func startCall(_ function: RegisteredFunction, _ call: LuaCall) -> UInt64 {
        let token = nextNumber()
        let mailbox = mailbox
        guard case .suspending(let body) = function.declaration.body else { return token }
        let operation: @Sendable () async -> Void = {
            let answer: Wait.Answer
            do {
                answer = .values(try await body(call))
            } catch {
                answer = .failure(error.luaValue(in: call.function))
            }
            mailbox.post { $0.answer(token, answer) }
        }
        // Begun here and now, up to where it waits: calls take their places in queues in the order in which scripts make
        // them, and have taken them by the time that the thread is idle.
        let work: Task<Void, Never>
        if #available(macOS 26.0, *) {
            work = Task.immediateDetached(executorPreference: options.executor) { await operation() }
        } else {
            work = Task.detached(executorPreference: options.executor) { await operation() }
        }
        callsInFlight += 1
        newWait(.call(work), token: token)
        return token
    }

    func sleep(seconds: Double) -> UInt64 {
        let token = nextNumber()
        newWait(.timer, token: token)
        addTimer(token, seconds: seconds)
        return token
    }

    private func addTimer(_ token: UInt64, seconds: Double) {
        timers.insert(Timer(deadline: Self.sum(now, Self.nanoseconds(seconds)), token: token))
    }

    private func fireTimers() {
        guard let first = timers.min else { return }
        let now = now
        guard first.deadline <= now else { return }
        while let timer = timers.min, timer.deadline <= now {
            timers.removeMin()
            answer(timer.token, .values([.boolean(false)]))
        }
    }

    /// - Returns: A token, or 0 if the task has ended.
    func await(_ number: UInt64, seconds: Double, claims: Bool) -> UInt64 {
        guard let task = tasks[number] else { return 0 }
        if claims {
            task.claims += 1
            task.unreported = nil
        }
        if task.hasEnded { return 0 }
        let token = nextNumber()
        newWait(.task(task, claims: claims), token: token)
        task.waiters.append(token)
        if seconds >= 0 { addTimer(token, seconds: seconds) }
        return token
    }

    /// What a suspended call gets, asked for once, by the innermost frame of the coroutine.
    func takeAnswer(_ token: UInt64, below L: OpaquePointer) -> Reply {
        let wait = waits.removeValue(forKey: token)
        let reply = reply(to: wait, below: L)
        if case .task(let target, true) = wait?.kind {
            if case .values = reply {} else { disclaim(target) }
        }
        return reply
    }

    private func reply(to wait: Wait?, below L: OpaquePointer) -> Reply {
        if let current, current.stop != MS_GO_ON, !mayGoOnClosing(current) {
            // Lua swallows the errors of finalizers: the task is stopped where it goes on.
            if ms_is_in_finalizer(L) { ms_arm(state, L) } else { startClosing(current) }
            if case .call(let work) = wait?.kind, wait?.answer == nil {
                work.cancel()
                callsInFlight -= 1
            }
            return .stopped
        }
        switch wait?.answer {
        case .values(let values): return .values(values)
        case .failure(let value): return .raise(value)
        case nil: return .raise("attempt to yield from outside a coroutine")
        }
    }

    /// Blocks until `token` has an answer, where Lua cannot yield. Other tasks run meanwhile only if the wait is for one of them.
    func wait(on token: UInt64) {
        guard let waiter = current else { return }
        var runsOthers = false
        if case .task = waits[token]?.kind { runsOthers = ms_stack_left(state) > Self.stackForTask }
        while waits[token]?.answer == nil {
            deliver(mailbox.take())
            fireTimers()
            if waiter.stop != MS_GO_ON, !mayGoOnClosing(waiter) { return }
            if waits[token]?.answer != nil { return }
            if runsOthers, let task = popReady() {
                resume(task)
                continue
            }
            if !isAnythingUnderWay {
                let letters = mailbox.take()
                guard letters.isEmpty else {
                    deliver(letters)
                    continue
                }
                answer(
                    token, .failure(.string(ready.isEmpty ? deadlockMessage(with: waiter, token: token) : Self.tooDeep))
                )
                return
            }
            deliver(waitForLetters())
        }
    }

    private static let tooDeep =
        "too many tasks wait on top of each other where Lua cannot yield: await outside of the comparator, the replacement function "
        + "or the metamethod, or run fewer at a time"

    /// Whether anything is to come that may make a task ready.
    var isAnythingUnderWay: Bool {
        while let timer = timers.min, waits[timer.token] == nil { timers.removeMin() }  // of one that was stopped
        return callsInFlight > 0 || !timers.isEmpty || pendingDeadlines > 0
    }

    // MARK: Draining

    var isIdle: Bool { liveCount == 0 }

    func onClosed(_ action: @escaping () -> Void) { closings.append(action) }

    func onDrained(_ action: @escaping () -> Void) { drains.append(action) }

    func takeDrained() -> LuaRuntime.Drained {
        defer { stopFailure = nil }
        return LuaRuntime.Drained(unawaitedFailures: unawaitedFailures, stop: stopFailure)
    }

    private func finishDrains() {
        guard isIdle, !drains.isEmpty else { return }
        let actions = drains
        drains = []
        for action in actions { action() }
    }

    func failed(_ number: UInt64) -> Bool { tasks[number]?.hasFailed ?? false }

    func forget(_ number: UInt64) {
        guard let task = tasks[number] else { return }
        task.isForgotten = true
        if task.hasEnded { tasks[number] = nil }
    }
}
