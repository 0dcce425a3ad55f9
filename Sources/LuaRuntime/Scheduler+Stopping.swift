import CLuaBridge

/// Stops: which tasks end, and how long their to-be-closed variables may take.
extension Scheduler {
    func cancel(_ number: UInt64) {
        guard let task = tasks[number] else { return }
        stop(task, MS_STOP_CANCELLED)
    }

    /// A deadline has a timer of its own and a signal: the scheduler's timers do not fire while a coroutine is busy.
    func setDeadline(of number: UInt64, seconds: Double) {
        guard let task = tasks[number], !task.hasEnded else { return }
        let mailbox = mailbox
        let signal = signal
        takeDeadline(of: task)?()
        pendingDeadlines += 1
        task.deadline = schedule(after: seconds) {
            mailbox.post { $0.expire(number) }
            signal.send()
        }
    }

    private func expire(_ number: UInt64) {
        guard let task = tasks[number], takeDeadline(of: task) != nil, task.stop == MS_GO_ON else { return }
        task.isLate = true
        stop(task, MS_STOP_CANCELLED)
    }

    /// What takes back the deadline that is still to come, if there is one.
    func takeDeadline(of task: LuaTask) -> (@Sendable () -> Void)? {
        defer { task.deadline = nil }
        if task.deadline != nil { pendingDeadlines -= 1 }
        return task.deadline
    }

    func isLate(_ number: UInt64) -> Bool { tasks[number]?.isLate ?? false }

    /// Stops a task and all below it, deepest last: a chain of them may be long, so this does not recurse.
    func stop(_ task: LuaTask, _ reason: ms_stop) {
        var open = [task]
        while let task = open.popLast() {
            open += task.children.values
            guard !task.hasEnded, task.stop == MS_GO_ON else { continue }
            task.stop = reason
            if task === current { ms_set_stop(state, reason) }
            watch(task)
            guard case .waiting(let token) = task.state else { continue }
            if case .call(let work)? = waits[token]?.kind { work.cancel() }
            makeReady(task)
        }
    }

    /// `os.exit`: at once, or once the running task has run its to-be-closed variables and the state its finalizers.
    func exit(_ status: Int32, unwinds: Bool) {
        guard unwinds, let current else { return options.onExit(status) }
        exitStatus = status
        current.stop = MS_STOP_EXIT
        startClosing(current)
        watch(current)
    }

    /// Stops what `run` was asked to do, with all that it started; with `everything`, all tasks.
    func stopRuns(_ reason: ms_stop, everything: Bool) {
        for task in tasks.values where everything || task.onEnd != nil { stop(task, reason) }
    }

    /// Asked by the hook: is the running task to end?
    func poll() -> ms_stop {
        deliver(mailbox.take())
        guard let current, current.stop != MS_GO_ON, !mayGoOnClosing(current) else { return MS_GO_ON }
        startClosing(current)
        return current.stop
    }

    /// The stop of a task is raised: its to-be-closed variables run from now on.
    func startClosing(_ task: LuaTask) {
        if task.closesUntil == nil { task.closesUntil = monotonicNow() + Self.closingTime }
    }

    /// True while the to-be-closed variables of a stopped task have time left.
    func mayGoOnClosing(_ task: LuaTask) -> Bool { task.closesUntil.map { monotonicNow() < $0 } ?? false }

    /// Sees to it that a stopped task ends: after a second, and every 100 ms from then, whoever still runs is signalled.
    private func watch(_ task: LuaTask) {
        stopped[task.number] = task
        guard watchdog == nil else { return }
        let mailbox = mailbox
        let signal = signal
        watchdog = Task.detached {
            var pause = Duration.seconds(1)
            while (try? await Task.sleep(for: pause)) != nil {
                mailbox.post { $0.hurry() }
                signal.send()
                pause = .milliseconds(100)
            }
        }
    }

    /// Resumes the stopped tasks that wait although their time for closing is over.
    private func hurry() {
        for task in stopped.values {
            if case .waiting = task.state, !mayGoOnClosing(task) { makeReady(task) }
        }
    }

    func unwatch(_ task: LuaTask) {
        guard stopped.removeValue(forKey: task.number) != nil, stopped.isEmpty else { return }
        watchdog?.cancel()
        watchdog = nil
    }
}
