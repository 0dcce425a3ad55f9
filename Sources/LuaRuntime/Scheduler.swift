import CLuaBridge
import DequeModule

/// Runs the tasks of one state, on its thread: which is ready, what each waits for, and when they end.
///
/// Not `Sendable`: made on the Lua thread and touched by it alone. Other threads reach it by letters in its mailbox.
final class Scheduler {
    /// The state, outside of tasks.
    private(set) var lua: LuaState!  // set in init, nil only while the host's table is made
    private let options: LuaRuntime.Options
    private let mailbox: Mailbox
    private let signal: StateSignal
    private let clock: SchedulerClock

    private let tasks: TaskTree
    private(set) var current: LuaTask?
    private var ready: Deque<LuaTask> = []
    private var waits = WaitTable()
    private var deadlines = TaskDeadlines()
    private var stopped: StoppedTasks
    /// To be called once no task is left.
    private var drains: [() -> Void] = []
    private var closings: [() -> Void] = []
    private var isClosing = false
    private var exitStatus: Int32 = 0
    /// Of tasks and tokens alike.
    private var lastNumber: UInt64 = 0

    /// Awaiting where Lua cannot yield runs other tasks on top of the waiter, while so many bytes of the thread's stack are
    /// left: Lua nests C calls up to 200 deep in each task.
    private static let stackForTask = 4 << 20

    /// - Returns: Nil where there is not enough memory for a state.
    init?(options: LuaRuntime.Options, mailbox: Mailbox, signal: StateSignal) {
        self.options = options
        self.mailbox = mailbox
        self.signal = signal
        clock = SchedulerClock(clock: options.clock)
        tasks = TaskTree(onUnawaitedFailure: options.onUnawaitedFailure)
        stopped = StoppedTasks {
            mailbox.post { $0.hurry() }
            signal.send()
        }
        guard let lua = LuaState(host: makeHost(), functions: .init(options), options: options) else { return nil }
        self.lua = lua
        signal.connect(lua.pointer)
        options.idle?.begin()
    }

    // MARK: The loop

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
    }

    /// Closes the state, after ``run()``: finalizers run.
    func close() {
        signal.invalidate()
        lua.close()
        options.idle?.becomeIdle()
        for action in closings { action() }
    }

    private func deliver(_ letters: [Mailbox.Letter]) {
        for letter in letters { letter(self) }
    }

    private func waitForLetters() -> [Mailbox.Letter] {
        clock.wait(for: mailbox, until: waits.firstDeadline, idle: options.idle)
    }

    private func popReady() -> LuaTask? {
        while let task = ready.popFirst() {
            if case .ready = task.state { return task }
        }
        return nil
    }

    /// Where every task waits for another and nothing else is under way, the oldest gets an error.
    private func breakDeadlock() -> Bool {
        guard !tasks.areAllEnded, !isAnythingUnderWay(), let victim = Deadlock.victim(among: tasks.all, waits) else {
            return false
        }
        let message = Deadlock.message(with: victim.task, token: victim.token, waits)
        answer(victim.token, .failure(.string(message)))
        return true
    }

    /// Whether anything is to come that may make a task ready.
    private func isAnythingUnderWay() -> Bool { waits.isAnythingUnderWay() || !deadlines.isEmpty }

    private func nextNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    // MARK: Tasks

    /// Runs a chunk as a task of its own.
    func run(
        _ chunk: LuaChunk, arguments: [LuaValue], snapshot: LuaRuntime.SnapshotLimit,
        _ answer: @escaping (Result<[LuaValue], LuaFailure>) -> Void
    ) {
        switch lua.load(chunk, arguments: arguments, showing: snapshot.showing) {
        case .failure(let failure): answer(.failure(failure))
        case .success(let (thread, count)):
            let task = add(thread: thread, arguments: count, isTyped: chunk.kind == .typed, parent: nil)
            task.hasHandle = false
            task.onEnd = { [unowned self] task in
                if chunk.kind == .typed { lua.keepOutcome(of: task) }
                if let failure = task.failure { return answer(.failure(failure)) }
                answer(lua.results(of: thread, snapshot: snapshot))
            }
        }
    }

    private func add(
        thread: OpaquePointer, arguments: Int32, isTyped: Bool = false, isQuiet: Bool = false, parent: LuaTask?
    ) -> LuaTask {
        let task = LuaTask(
            number: nextNumber(), thread: thread, arguments: arguments, isTyped: isTyped, isQuiet: isQuiet,
            parent: parent)
        tasks.add(task)
        ready.append(task)
        return task
    }

    func spawned(thread: OpaquePointer, arguments: Int32, isQuiet: Bool) -> UInt64 {
        let task = add(thread: thread, arguments: arguments, isQuiet: isQuiet, parent: current)
        task.reportsAtOnce = current?.isTyped ?? false || current?.reportsAtOnce ?? false
        task.inherit(current?.scope)
        return task.number
    }

    private func resume(_ task: LuaTask) {
        var arguments: Int32 = 0
        if case .ready(let count) = task.state { arguments = count }
        let begins = arguments >= 0
        let hasMemory = !begins || ms_has_memory(lua.pointer, MS_TO_BEGIN)
        task.state = .running
        let before = current
        current = task
        ms_set_stop(lua.pointer, task.stop)
        if task.stop != MS_GO_ON, begins { ms_arm(lua.pointer, task.thread) }
        var token: UInt64 = 0
        let progress =
            hasMemory
            ? ms_resume(lua.pointer, task.thread, max(arguments, 0), &token) : ms_refuse(lua.pointer, task.thread)
        if progress == MS_WAITING {
            park(task, token: token)
        } else {
            end(task, failed: progress == MS_FAILED)
        }
        current = before
        ms_set_stop(lua.pointer, before?.stop ?? MS_GO_ON)
    }

    /// Arguments of a task that goes on rather than begins: it gets its answer from `answer(_:)`.
    private static let goesOn: Int32 = -1

    private func park(_ task: LuaTask, token: UInt64) {
        task.state = .waiting(token: token)
        // A stray yield of a C function has token 0 and no wait: nothing would ever resume it.
        if token == 0 || waits[token]?.answer != nil || task.isToStop { makeReady(task) }
    }

    private func makeReady(_ task: LuaTask) {
        task.state = .ready(arguments: Self.goesOn)
        ready.append(task)
    }

    private func end(_ task: LuaTask, failed: Bool) {
        if task.stop == MS_STOP_EXIT {
            signal.invalidate()
            lua.close()
            options.onExit(exitStatus)
        }
        let failure = failed ? lua.failure(of: task) : nil
        stopped.remove(task)
        deadlines.cancel(task.number)
        task.leaveScopes()
        let waiters = tasks.markEnded(task, failed: failed)
        ms_retire(lua.pointer, task.thread)
        for token in waiters { answer(token, .values([.boolean(true)])) }
        tasks.settle(task, failure)
        task.onEnd?(task)  // reads the results off the thread, and may collect garbage on the way
        task.onEnd = nil
        ms_release(lua.pointer, task.thread)
        tasks.release(task)
    }

    func failed(_ number: UInt64) -> Bool { tasks[number]?.hasFailed ?? false }

    func forget(_ number: UInt64) { tasks.forget(number) }

    // MARK: Waiting

    private func newWait(_ kind: Wait.Kind, token: UInt64) {
        guard let current else { return }
        waits.add(kind, of: current, token: token)
    }

    private func answer(_ token: UInt64, _ answer: Wait.Answer) {
        guard let task = waits.answer(token, answer)?.task, case .waiting(token) = task.state else { return }
        makeReady(task)
    }

    func startCall(_ function: RegisteredFunction, _ call: LuaCall) -> UInt64 {
        let token = nextNumber()
        guard case .suspending(let body) = function.declaration.body else { return token }
        let progress = options.idle.map { CallProgress($0) }
        var call = call
        call.progress = progress
        let work = SuspendedCall.start(body, call, on: options.executor) { [mailbox] answer in
            mailbox.post { $0.answer(token, answer) }
            progress?.end()
        }
        newWait(.call(work), token: token)
        return token
    }

    func sleep(seconds: Double) -> UInt64 {
        let token = nextNumber()
        newWait(.timer, token: token)
        waits.addTimer(token, deadline: clock.time(after: seconds))
        return token
    }

    private func fireTimers() {
        guard waits.firstDeadline != nil else { return }
        let now = clock.now
        while let token = waits.takeDue(by: now) { answer(token, .values([.boolean(false)])) }
    }

    /// - Returns: A token, or 0 if the task has ended.
    func await(_ number: UInt64, seconds: Double, claims: Bool) -> UInt64 {
        guard let task = tasks[number] else { return 0 }
        if claims { tasks.claim(task) }
        if task.hasEnded { return 0 }
        let token = nextNumber()
        newWait(.task(task, claims: claims), token: token)
        task.waiters.append(token)
        if seconds >= 0 { waits.addTimer(token, deadline: clock.time(after: seconds)) }
        return token
    }

    /// The reply to a suspended call, asked for once, by the innermost frame of the coroutine.
    func takeAnswer(_ token: UInt64, below L: OpaquePointer) -> Reply {
        let wait = waits.take(token)
        let reply = reply(to: wait, below: L)
        if case .task(let target, true) = wait?.kind {
            if case .values = reply {} else { tasks.disclaim(target) }
        }
        return reply
    }

    private func reply(to wait: Wait?, below L: OpaquePointer) -> Reply {
        if let current, current.isToStop {
            // Lua swallows the errors of finalizers: the task is stopped where it goes on.
            if ms_is_in_finalizer(L) { ms_arm(lua.pointer, L) } else { current.startClosing() }
            if case .call(let work) = wait?.kind, wait?.answer == nil { work.cancel() }
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
        if case .task = waits[token]?.kind { runsOthers = ms_stack_left(lua.pointer) > Self.stackForTask }
        while waits[token]?.answer == nil {
            deliver(mailbox.take())
            fireTimers()
            if waiter.isToStop || waits[token]?.answer != nil { return }
            if runsOthers, let task = popReady() {
                resume(task)
                continue
            }
            if !isAnythingUnderWay() {
                let letters = mailbox.take()
                guard letters.isEmpty else {
                    deliver(letters)
                    continue
                }
                let message = ready.isEmpty ? Deadlock.message(with: waiter, token: token, waits) : Deadlock.tooDeep
                return answer(token, .failure(.string(message)))
            }
            deliver(waitForLetters())
        }
    }

    // MARK: Stopping

    func cancel(_ number: UInt64) {
        guard let task = tasks[number] else { return }
        stop(task, MS_STOP_CANCELLED)
    }

    /// A deadline has a timer of its own and a signal: the scheduler's timers do not fire while a coroutine is busy.
    func setDeadline(of number: UInt64, seconds: Double) {
        guard let task = tasks[number], !task.hasEnded else { return }
        let mailbox = mailbox
        let signal = signal
        let takeBack = clock.schedule(after: seconds) {
            mailbox.post { $0.expire(number) }
            signal.send()
        }
        deadlines.set(number, takeBack: takeBack)
    }

    private func expire(_ number: UInt64) {
        guard let task = tasks[number], deadlines.expire(number), task.stop == MS_GO_ON else { return }
        task.isLate = true
        stop(task, MS_STOP_CANCELLED)
    }

    func isLate(_ number: UInt64) -> Bool { tasks[number]?.isLate ?? false }

    /// Stops a task and all below it, deepest last: a chain of them may be long, so this does not recurse.
    private func stop(_ task: LuaTask, _ reason: ms_stop) {
        var open = [task]
        while let task = open.popLast() {
            open += task.children.values
            guard !task.hasEnded, task.stop == MS_GO_ON else { continue }
            task.stop = reason
            if task === current { ms_set_stop(lua.pointer, reason) }
            stopped.insert(task)
            guard case .waiting(let token) = task.state else { continue }
            if case .call(let work)? = waits[token]?.kind { work.cancel() }
            makeReady(task)
        }
    }

    /// Stops the tasks that `run` has made, with all that they started; with `everything`, all tasks.
    func stopRuns(_ reason: ms_stop, everything: Bool) {
        for task in tasks.all where everything || task.onEnd != nil { stop(task, reason) }
    }

    /// Resumes the stopped tasks that wait although their time for closing is over.
    private func hurry() {
        for task in stopped.overdue { makeReady(task) }
    }

    /// Asked by the hook: is the running task to end?
    func poll() -> ms_stop {
        deliver(mailbox.take())
        guard let current, current.isToStop else { return MS_GO_ON }
        current.startClosing()
        return current.stop
    }

    /// `os.exit`: at once, or once the running task has run its to-be-closed variables and the state its finalizers.
    func exit(_ status: Int32, unwinds: Bool) {
        guard unwinds, let current else { return options.onExit(status) }
        exitStatus = status
        current.stop = MS_STOP_EXIT
        current.startClosing()
        stopped.insert(current)
    }

    // MARK: The end

    /// Stops every task; ``run()`` returns when the last has ended.
    func beginClosing() {
        stopRuns(MS_STOP_CANCELLED, everything: true)
        drains.append { [unowned self] in isClosing = true }
    }

    /// Calls `action` once the state is closed.
    func onClosed(_ action: @escaping () -> Void) { closings.append(action) }

    /// Calls `action` once no task is left.
    func onDrained(_ action: @escaping (LuaRuntime.Drained) -> Void) {
        drains.append { [unowned self] in action(tasks.takeDrained()) }
    }

    private func finishDrains() {
        guard tasks.areAllEnded, !drains.isEmpty else { return }
        let actions = drains
        drains = []
        for action in actions { action() }
    }
}
